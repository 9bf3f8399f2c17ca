import { grafanaHost, isDeployed, urlOf, type Environment } from "../environment";
import { recordingRules } from "../signals";
import { everyAlert, subjectsOf } from "./catalogue";
import { rulesOf, type Alert, type Links } from "./kit";
import type { Slo } from "./kit/slo";
import { logAlerts } from "./logs";
import { escalationsOf } from "./routing/settings";
import type { RuleFiles, RuleGroup } from "./rule";
import { limitsOf, ruleSettings, tuned } from "./settings";
import { keptBy, objectives } from "./slos";

export { nobody, receiverSecrets, receiverSecretsPath, routing, type Routing } from "./routing";
export type { AlertRule, RecordingRule, RuleFiles, RuleGroup, Severity } from "./rule";

const evaluatesAlerts = ({ stages }: Environment) => stages.includes("alerts");

/**
 * Rule groups that Prometheus evaluates, by the name of their file: recording rules always, for pages read them too;
 * alerts from their stage on.
 * @throws EnvironmentError when the environment tunes what there is not
 */
export function prometheusRules(environment: Environment): RuleFiles {
  const recording: RuleFiles = { "recording.yaml": recordingRules() };
  if (!evaluatesAlerts(environment)) return recording;
  const limits = limitsOf(environment);
  const known = everyAlert(environment, limits);
  const files = subjectsOf(environment).map(({ name, alerts }) => [
    `${name}.yaml`,
    groupsOf(environment, name, tuned(environment, alerts(environment, limits), known)),
  ]);
  const slos = objectives(limits).map((slo) => slo.within(keptBy(environment).prometheus));
  const burning = groupsOf(
    environment,
    "slos",
    tuned(
      environment,
      slos.map(({ alert }) => alert),
      known,
    ),
  );
  return {
    ...recording,
    ...Object.fromEntries(files),
    "slos.yaml": [...slos.flatMap(({ recording }) => recording), ...burning],
  } as RuleFiles;
}

/** The objectives that the rules of an environment watch; none without the stage that alerts. */
export const objectivesOf = (environment: Environment): readonly Slo[] =>
  evaluatesAlerts(environment) ? objectives(limitsOf(environment)) : [];

/** Rule groups that Loki's ruler evaluates, by the name of their file. */
export function lokiRules(environment: Environment): RuleFiles {
  if (!evaluatesAlerts(environment) || !isDeployed(environment, "loki")) return {};
  const limits = limitsOf(environment);
  const alerts = tuned(environment, logAlerts(limits, environment), everyAlert(environment, limits));
  return { "logs.yaml": groupsOf(environment, "logs", alerts) };
}

/**
 * Rule groups with windows longer than Prometheus keeps, for vmalert on VictoriaMetrics. Those longer than the long-term
 * store keeps are left out.
 */
export function vmalertRules(environment: Environment): RuleFiles {
  if (!evaluatesAlerts(environment) || !isDeployed(environment, "victoriametrics")) return {};
  const limits = limitsOf(environment);
  const { prometheus, store } = keptBy(environment);
  const slos = objectives(limits).flatMap((slo) => slo.beyond(prometheus, store) ?? []);
  const alerts = tuned(
    environment,
    slos.map(({ alert }) => alert),
    everyAlert(environment, limits),
  );
  const groups = [...slos.flatMap(({ recording }) => recording), ...groupsOf(environment, "slos-long", alerts)];
  return groups.length === 0 ? {} : { "slos-long.yaml": groups };
}

function groupsOf(environment: Environment, name: string, alerts: readonly Alert[]): RuleGroup[] {
  const rules = alerts.flatMap((alert) => rulesOf(alert, linksOf(environment), escalationsOf(environment)));
  return rules.length === 0 ? [] : [{ name, rules }];
}

/** Where links of annotations lead: Grafana as people reach it, else as the cluster does. */
export function linksOf(environment: Environment): Links {
  const host = grafanaHost(environment);
  return {
    grafana: host === undefined ? urlOf(environment, "grafana") : `https://${host}`,
    runbooks: ruleSettings(environment).runbooksUrl?.replace(/\/$/, "") ?? "docs/runbooks",
  };
}
