import type { Environment } from "../environment";
import { lokiRules, prometheusRules, vmalertRules, type RuleGroup } from "./index";
import { isOfTeam } from "./teams";

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
  /** Of the rules that teams bring along; those above are ours. */
  readonly teamAlerts: number;
  readonly teamAlertingRules: number;
  readonly teamRecordingRules: number;
}

/** Counts the rules of an environment, whoever evaluates them, and whom they can reach. */
export function alertFigures(environment: Environment): AlertFigures {
  const files = filesOf(environment);
  const teams = countsOf(files.filter(([name]) => isOfTeam(name)));
  return {
    ...countsOf(files.filter(([name]) => !isOfTeam(name))),
    receivers: environment.alerting.receivers.length,
    teamAlerts: teams.alerts,
    teamAlertingRules: teams.alertingRules,
    teamRecordingRules: teams.recordingRules,
  };
}

/** Each severity of each of our alerts once, whoever evaluates it: `HostCpuHigh warning`. */
export function alertLevels(environment: Environment): readonly string[] {
  const levels = filesOf(environment)
    .filter(([name]) => !isOfTeam(name))
    .flatMap(([, groups]) => groups)
    .flatMap(({ rules }) =>
      rules.flatMap((rule) => ("alert" in rule ? [`${rule.alert} ${rule.labels.severity}`] : [])),
    );
  return [...new Set(levels)].sort();
}

type Files = readonly (readonly [name: string, groups: readonly RuleGroup[]])[];

/** Every file of rules of an environment, whoever evaluates it. */
export const filesOf = (environment: Environment): Files =>
  [prometheusRules(environment), vmalertRules(environment), lokiRules(environment)].flatMap((each) =>
    Object.entries(each),
  );

function countsOf(files: Files) {
  const rules = files.flatMap(([, groups]) => groups).flatMap((group) => group.rules);
  const alerting = rules.flatMap((rule) => ("alert" in rule ? [rule] : []));
  const runbooks = alerting.map(({ annotations }) => annotations.runbook_url ?? annotations.runbook);
  return {
    alerts: new Set(alerting.map(({ alert }) => alert)).size,
    alertingRules: alerting.length,
    recordingRules: rules.length - alerting.length,
    runbooks: new Set(runbooks).size,
  };
}
