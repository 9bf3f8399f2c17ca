import type { Environment } from "../environment";
import { lokiRules, prometheusRules, vmalertRules } from "./index";

/** How much alerting there is, for `summary.json`. */
export interface AlertFigures {
  /** By name: several levels of one alert are one. */
  readonly alerts: number;
  /** One for each level, window and escalation. */
  readonly alertingRules: number;
  readonly recordingRules: number;
  /** Runbooks that an alert leads to; several may share one. */
  readonly runbooks: number;
  readonly receivers: number;
}

/** Counts the rules of an environment, whoever evaluates them, and whom they can reach. */
export function alertFigures(environment: Environment): AlertFigures {
  const rules = [prometheusRules(environment), vmalertRules(environment), lokiRules(environment)]
    .flatMap((files) => Object.values(files).flat())
    .flatMap((group) => group.rules);
  const alerting = rules.flatMap((rule) => ("alert" in rule ? [rule] : []));
  const runbooks = alerting.map(({ annotations }) => annotations.runbook_url ?? annotations.runbook);
  return {
    alerts: new Set(alerting.map(({ alert }) => alert)).size,
    alertingRules: alerting.length,
    recordingRules: rules.length - alerting.length,
    runbooks: new Set(runbooks).size,
    receivers: environment.alerting.receivers.length,
  };
}
