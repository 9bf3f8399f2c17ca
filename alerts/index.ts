import {
  grafanaUrl,
  isDeployed,
  logCountsKept,
  metricsTiers,
  urlOf,
  type Environment,
  type EvaluatorName,
} from "../environment";
import { shownUids } from "../dashboards";
import { runbookUid, servesRunbooks } from "../dashboards/runbooks";
import { logCountRules, thresholdsOf } from "../signals";
import { alertsBySubject } from "./catalogue";
import { rulesOf, type Alert, type Links } from "./language";
import type { Slo } from "./language/slo";
import { logAlerts } from "./logs";
import { outlasting } from "./routing/inhibition";
import type { RuleFiles, RuleGroup } from "./rule";
import { keptBy, objectives } from "./slos";
import { metaAlerts, targetDownName, watchdog, watchdogName } from "./stack";
import { takenDownRules } from "./taken-down";
import { teamRules } from "./teams";
import { tuned } from "./tuning";

/** The language of alerts, for packs. */
export { alert, levels, pageReasons, slo, ticket, type Alert, type PageReason, type Slo, type Team } from "./language";
export {
  messageTemplates,
  nobody,
  receiverSecrets,
  receiverSecretsPath,
  routing,
  templatesFile,
  type Routing,
} from "./routing";
export { everyOwned } from "./catalogue";
export type { Objectives, Subject } from "./system";
export { alertingFaults, checkAlerting } from "./settings";
export { isOfTeam } from "./teams";
export { isAlert, type AlertRule, type RecordingRule, type RuleFiles, type RuleGroup, type Severity } from "./rule";

const evaluatesAlerts = ({ stages }: Environment) => stages.includes("alerts");

/** Each shard knows a part of the targets: what looks at several of them is evaluated on the store that has all. */
const sharded = ({ systems }: Environment) => systems.prometheus.shards > 1;

/**
 * What each shard can still say of its own targets, and has to: it watches the store and vmalert, which evaluate the rest.
 */
const ofOneTarget: readonly string[] = [watchdogName, targetDownName];

/**
 * Rule groups that Prometheus evaluates, by the name of their file: recording rules always, for pages read them too;
 * alerts from their stage on. Of several shards each evaluates only what concerns a single target.
 */
export function prometheusRules(environment: Environment): RuleFiles {
  if (!sharded(environment)) return allRules(environment, () => true);
  return evaluatesAlerts(environment) ? aloneRules(environment) : {};
}

function aloneRules(environment: Environment): RuleFiles {
  const alerts = tuned(environment, metaAlerts());
  const own = alerts.filter(({ name }) => ofOneTarget.includes(name));
  return { "stack.yaml": groupsOf(environment, "stack", own) };
}

function allRules(environment: Environment, wanted: (alert: Alert) => boolean): RuleFiles {
  const recorded = environment.composition.packs.flatMap((pack) => pack.recorded ?? []);
  const recording: RuleFiles = recorded.length === 0 ? {} : { "recording.yaml": recorded };
  if (!evaluatesAlerts(environment)) return { ...recording, ...teamRules(environment, "prometheus") };
  const thresholds = thresholdsOf(environment);
  const files = alertsBySubject(environment, thresholds).map(([name, alerts]) => [
    `${name}.yaml`,
    groupsOf(environment, name, tuned(environment, alerts).filter(wanted)),
  ]);
  const slos = objectives(thresholds, environment).map((slo) => slo.within(keptBy(environment).short));
  const burning = groupsOf(
    environment,
    "slos",
    tuned(
      environment,
      slos.flatMap(({ alerts }) => alerts),
    ),
  );
  return {
    ...recording,
    ...Object.fromEntries(files),
    "slos.yaml": [...slos.flatMap(({ recording }) => recording), takenDownRules, ...burning],
    ...teamRules(environment, "prometheus"),
  } as RuleFiles;
}

/** The objectives that the rules of an environment watch; none without the stage that alerts. */
export const objectivesOf = (environment: Environment): readonly Slo[] =>
  evaluatesAlerts(environment) ? objectives(thresholdsOf(environment), environment) : [];

/** Rule groups that Loki's ruler evaluates, by the name of their file: counts where something keeps them, and alerts. */
export function lokiRules(environment: Environment): RuleFiles {
  const counts = logCountsKept(environment) === undefined ? {} : { "log-counts.yaml": logCountRules };
  if (!isDeployed(environment, "loki")) return counts;
  const given = teamRules(environment, "loki");
  if (!evaluatesAlerts(environment)) return { ...counts, ...given };
  const alerts = tuned(environment, logAlerts(thresholdsOf(environment), environment));
  return {
    ...counts,
    "logs.yaml": groupsOf(environment, "logs", alerts),
    ...watchdogFile(environment, "loki"),
    ...given,
  };
}

const watchdogGroups = (environment: Environment, evaluator: EvaluatorName): RuleGroup[] =>
  groupsOf(environment, "watchdog", tuned(environment, [watchdog(evaluator)]));

/** The Watchdog of an evaluator that has no other alerts on alerting itself; nothing where it is switched off. */
function watchdogFile(environment: Environment, evaluator: EvaluatorName): RuleFiles {
  const groups = watchdogGroups(environment, evaluator);
  return groups.length === 0 ? {} : { "watchdog.yaml": groups };
}

/** Who evaluates rules in an environment with a Watchdog that is not switched off. */
export function watchdogsOf(environment: Environment): readonly EvaluatorName[] {
  const files = [prometheusRules(environment), vmalertRules(environment), lokiRules(environment)];
  const rules = files.flatMap((each) => Object.values(each).flat()).flatMap((group) => group.rules);
  const evaluators = rules.flatMap((rule) =>
    "alert" in rule && rule.alert === watchdogName ? [rule.labels["evaluator"] as EvaluatorName] : [],
  );
  return [...new Set(evaluators)];
}

/** Names of rule files that belong to no subject. */
export const reservedRuleFiles: readonly string[] = [
  "recording",
  "stack",
  "slos",
  "slos-long",
  "logs",
  "log-counts",
  "watchdog",
];

/** Whether a file of rules can be called so: it is a key of a ConfigMap, and those of teams have a folder in front. */
export const isRuleFileName = (name: string): boolean => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);

/** The file of rules whose windows are longer than whoever evaluates the short ones can look back. */
export const longWindowsFile = "slos-long.yaml";

/**
 * Rule groups for vmalert on VictoriaMetrics: those with windows longer than Prometheus keeps, and of a sharded
 * Prometheus everything that looks at several targets. Windows longer than the long-term store keeps are left out.
 */
export function vmalertRules(environment: Environment): RuleFiles {
  if (!isDeployed(environment, "vmalert")) return {};
  const across = sharded(environment) ? allRules(environment, ({ name }) => !ofOneTarget.includes(name)) : {};
  if (!evaluatesAlerts(environment)) return across;
  const thresholds = thresholdsOf(environment);
  const { short, store } = keptBy(environment);
  const slos = objectives(thresholds, environment).flatMap((slo) => slo.beyond(short, store) ?? []);
  const alerts = tuned(
    environment,
    slos.flatMap(({ alerts: ofSlo }) => ofSlo),
  );
  const groups = [...slos.flatMap(({ recording }) => recording), ...groupsOf(environment, "slos-long", alerts)];
  const first = { ...across, ...watchdogFile(environment, "vmalert") };
  if (groups.length === 0) return first;
  // With shards and tiers a second one takes the long windows: see `evaluators` of stacks/vmalert.
  const apart = sharded(environment) && metricsTiers(environment).length > 1;
  const second = apart ? watchdogGroups(environment, "vmalert-long") : [];
  return { ...first, [longWindowsFile]: [...groups, ...second] };
}

function groupsOf(environment: Environment, name: string, alerts: readonly Alert[]): RuleGroup[] {
  const { escalation } = environment.alerting;
  const rules = alerts.flatMap((alert) => rulesOf(outlasting(alert), linksOf(environment), escalation));
  return rules.length === 0 ? [] : [{ name, rules }];
}

/**
 * Where annotations lead: to Grafana where people can reach it, else to a path and no link. Runbooks: see decision 12.
 */
export function linksOf(environment: Environment): Links {
  const grafana = grafanaUrl(environment);
  const elsewhere = environment.alerting.runbooksUrl?.replace(/\/$/, "");
  const shown = shownUids(environment);
  return {
    dashboard: (uid, query) => {
      if (urlOf(environment, "grafana") === undefined || !shown.has(uid)) return {};
      const path = `/d/${uid}${query}`;
      return grafana === undefined ? { dashboard: path } : { dashboard_url: `${grafana}${path}` };
    },
    runbook: (name) => {
      if (elsewhere !== undefined) return { runbook_url: `${elsewhere}/${name}.md` };
      if (grafana !== undefined && servesRunbooks(environment)) {
        return { runbook_url: `${grafana}/d/${runbookUid(name)}` };
      }
      return { runbook: `docs/runbooks/${name}.md` };
    },
  };
}
