import { grafanaHost, isDeployed, urlOf, type Environment } from "../environment";
import { runbookUid, servesRunbooks } from "../dashboards/runbooks";
import { recordingRules } from "../signals";
import { subjectsOf } from "./catalogue";
import { rulesOf, type Alert, type Links } from "./kit";
import type { Slo } from "./kit/slo";
import { logAlerts } from "./logs";
import type { RuleFiles, RuleGroup } from "./rule";
import { limitsOf, tuned } from "./settings";
import { keptBy, objectives } from "./slos";

export { nobody, receiverSecrets, receiverSecretsPath, routing, type Routing } from "./routing";
export { alertingFaults, checkAlerting } from "./settings";
export type { AlertRule, RecordingRule, RuleFiles, RuleGroup, Severity } from "./rule";

const evaluatesAlerts = ({ stages }: Environment) => stages.includes("alerts");

/**
 * Rule groups that Prometheus evaluates, by the name of their file: recording rules always, for pages read them too;
 * alerts from their stage on.
 */
export function prometheusRules(environment: Environment): RuleFiles {
  const recording: RuleFiles = { "recording.yaml": recordingRules() };
  if (!evaluatesAlerts(environment)) return recording;
  const limits = limitsOf(environment);
  const files = subjectsOf(environment).map(({ name, alerts }) => [
    `${name}.yaml`,
    groupsOf(environment, name, tuned(environment, alerts(environment, limits))),
  ]);
  const slos = objectives(limits).map((slo) => slo.within(keptBy(environment).prometheus));
  const burning = groupsOf(
    environment,
    "slos",
    tuned(
      environment,
      slos.map(({ alert }) => alert),
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
  const alerts = tuned(environment, logAlerts(limits, environment));
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
  );
  const groups = [...slos.flatMap(({ recording }) => recording), ...groupsOf(environment, "slos-long", alerts)];
  return groups.length === 0 ? {} : { "slos-long.yaml": groups };
}

function groupsOf(environment: Environment, name: string, alerts: readonly Alert[]): RuleGroup[] {
  const rules = alerts.flatMap((alert) => rulesOf(alert, linksOf(environment), environment.alerting.escalation));
  return rules.length === 0 ? [] : [{ name, rules }];
}

/** Where links of annotations lead: Grafana as people reach it, else as the cluster does. Runbooks: see decision 12. */
export function linksOf(environment: Environment): Links {
  const host = grafanaHost(environment);
  const grafana = host === undefined ? urlOf(environment, "grafana") : `https://${host}`;
  const elsewhere = environment.alerting.runbooksUrl?.replace(/\/$/, "");
  return {
    grafana,
    runbook: (name) => {
      if (elsewhere !== undefined) return { runbook_url: `${elsewhere}/${name}.md` };
      if (grafana !== undefined && servesRunbooks(environment)) {
        return { runbook_url: `${grafana}/d/${runbookUid(name)}` };
      }
      return { runbook: `docs/runbooks/${name}.md` };
    },
  };
}
