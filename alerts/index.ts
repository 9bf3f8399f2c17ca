import type { Environment } from "../environment";
import type { RuleGroup } from "./rule";
import { stackAlerts } from "./stack";

export type { AlertRule, RecordingRule, RuleGroup, Severity } from "./rule";

/** Rule groups that Prometheus evaluates, by the name of their file. */
export function prometheusRules(environment: Environment): Readonly<Record<string, readonly RuleGroup[]>> {
  return environment.stages.includes("alerts") ? { "stack.yaml": [stackAlerts()] } : {};
}

/** Rule groups that Loki's ruler evaluates, by the name of their file. */
export function lokiRules(_environment: Environment): Readonly<Record<string, readonly RuleGroup[]>> {
  return {};
}
