import type { AlertRule } from "../rule";
import { Duration, type Environment } from "../../environment";
import { shownLabels } from "./text";
import type { Alert, Level } from "./alert";

/** Where the links of annotations lead. */
export interface Links {
  /** Base URL of Grafana; undefined when there is none. */
  readonly grafana: string | undefined;
  /** Whether a page is shown: a link to one that is not leads nowhere. */
  readonly shows: (uid: string) => boolean;
  /** The annotation that leads to a runbook: a link, or its path in this project where nothing serves it. */
  readonly runbook: (name: string) => Readonly<Record<"runbook_url", string> | Record<"runbook", string>>;
}

/** Further levels of support that hear of an alert that nobody silenced (G5), by what stands as label `escalation`. */
export type Escalations = Environment["alerting"]["escalation"];

/** Labels that a page has a variable for. */
const variables: Readonly<Record<string, string>> = {
  cluster: "cluster",
  instance: "instance",
  service_name: "service",
  namespace: "namespace",
  workload: "workload",
};

/** The rules of an alert, one for each level; after them one for each level and escalation. */
export function rulesOf(alert: Alert, links: Links, escalations: Escalations = {}): AlertRule[] {
  const { name, team, component, runbook } = alert;
  const dashboard = dashboardUrl(alert, links);
  const rules = alert.levels.map((level: Level): AlertRule => ({
    alert: name,
    expr: level.expr.text,
    ...(level.for === "0s" ? {} : { for: level.for }),
    ...(level.keepFiringFor === undefined ? {} : { keep_firing_for: level.keepFiringFor }),
    labels: { severity: level.severity, team, component, ...level.labels },
    annotations: {
      summary: level.summary,
      description: level.description,
      ...links.runbook(runbook),
      ...(dashboard === undefined ? {} : { dashboard_url: dashboard }),
    },
  }));
  return escalated(rules, escalations);
}

/**
 * Rules, and after them one for each rule and escalation. An escalation is the same rule held for longer: it has the same
 * labels but one, so that the silence of the alert is the silence of all.
 */
export function escalated(rules: readonly AlertRule[], escalations: Escalations): AlertRule[] {
  const later = Object.entries(escalations).flatMap(([to, { after }]) =>
    rules.flatMap(({ alert, expr, for: held, ...rule }): AlertRule[] => {
      const { severity } = rule.labels;
      const wait = severity === "none" ? undefined : after[severity];
      if (wait === undefined) return [];
      return [{ alert, expr, for: longer(held ?? "0s", wait), ...rule, labels: { ...rule.labels, escalation: to } }];
    }),
  );
  return [...rules, ...later];
}

function longer(held: string, wait: Duration): string {
  const base = held === "0s" ? 0 : Duration.parse(held).seconds;
  return Duration.seconds(base + wait.seconds).toString();
}

function dashboardUrl({ dashboard, labels }: Alert, { grafana, shows }: Links): string | undefined {
  if (dashboard === undefined || grafana === undefined || !shows(dashboard)) return undefined;
  const shown = shownLabels(labels);
  const chosen = labels.flatMap((label) =>
    variables[label] === undefined ? [] : [`var-${variables[label]}=${shown[label] ?? ""}`],
  );
  return `${grafana}/d/${dashboard}${chosen.length === 0 ? "" : `?${chosen.join("&")}`}`;
}
