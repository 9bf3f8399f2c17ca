import type { AlertRule } from "../rule";
import { Duration, type Environment } from "../../environment";
import { shownInAddress } from "./text";
import type { Alert, Level } from "./alert";

/** Where the annotations of an alert lead: a link, or where it stands when no link leads there. */
export interface Links {
  /**
   * The annotation that leads to a page; none for a page that is not shown.
   * @param query what the page's variables are set to, `?` in front; empty when it has none
   */
  readonly dashboard: (uid: string, query: string) => Pick<AlertRule["annotations"], "dashboard" | "dashboard_url">;
  /** The annotation that leads to a runbook: a link, or its path in this project where nothing serves it. */
  readonly runbook: (name: string) => Pick<AlertRule["annotations"], "runbook" | "runbook_url">;
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
  const { name, team, component, runbook, dashboard } = alert;
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
      ...(dashboard === undefined ? {} : links.dashboard(dashboard, variablesOf(alert))),
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
      // What nobody is told at first, nobody is told later.
      const wait = severity === "critical" || severity === "warning" ? after[severity] : undefined;
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

/** The variables of a page, set to the labels of the alert: a value may hold what means something in an address. */
function variablesOf({ labels }: Alert): string {
  const chosen = labels.flatMap((label) =>
    variables[label] === undefined ? [] : [`var-${variables[label]}=${shownInAddress(label)}`],
  );
  return chosen.length === 0 ? "" : `?${chosen.join("&")}`;
}
