import type { Environment } from "../environment";
import { lokiRules, prometheusRules, vmalertRules, type RuleGroup } from "./index";
import provenJson from "./proven.json";
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
  /** Tests that prove the levels of these alerts against the real evaluators (test/alerts). */
  readonly alertTests: number;
  /** Of the rules that teams bring along; those above are ours. */
  readonly teamAlerts: number;
  readonly teamAlertingRules: number;
  readonly teamRecordingRules: number;
}

/** Counts the rules of an environment, whoever evaluates them, and whom they can reach. */
export function alertFigures(environment: Environment): AlertFigures {
  const files = [prometheusRules(environment), vmalertRules(environment), lokiRules(environment)].flatMap((each) =>
    Object.entries(each),
  );
  const teams = countsOf(files.filter(([name]) => isOfTeam(name)));
  return {
    ...countsOf(files.filter(([name]) => !isOfTeam(name))),
    alertTests: testsOf(files.filter(([name]) => !isOfTeam(name))),
    receivers: environment.alerting.receivers.length,
    teamAlerts: teams.alerts,
    teamAlertingRules: teams.alertingRules,
    teamRecordingRules: teams.recordingRules,
  };
}

/** How many tests prove each severity of an alert. test/alerts/rules.test.ts writes it, and fails where it is not so. */
const proven: Readonly<Record<string, Readonly<Record<string, number>>>> = provenJson;

function testsOf(files: Files): number {
  const alerting = files
    .flatMap(([, groups]) => groups)
    .flatMap(({ rules }) => rules.filter((rule) => "alert" in rule));
  const levels = new Set(alerting.map(({ alert, labels }) => JSON.stringify([alert, labels.severity])));
  return [...levels].reduce((sum, level) => {
    const [alert, severity] = JSON.parse(level) as [string, string];
    return sum + (proven[alert]?.[severity] ?? 0);
  }, 0);
}

type Files = readonly (readonly [name: string, groups: readonly RuleGroup[]])[];

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
