import type { RuleGroup } from "../recording";
import { controlPlaneRules } from "./control-plane";
import { hostRules } from "./hosts";
import { logCountRules } from "./logs";
import { serviceRules } from "./services";
import { workloadRules } from "./workloads";

export { controlPlaneRates } from "./control-plane";
export { hosts, hostShares } from "./hosts";
export { logCounts } from "./logs";
export { services } from "./services";
export { workloads } from "./workloads";

/** Every recording rule, in groups of a Prometheus rule file: `{ groups: recordingRules() }`. */
export function recordingRules(): readonly RuleGroup[] {
  return [...hostRules, ...serviceRules, ...workloadRules, ...controlPlaneRules];
}

/** Every recording rule of Loki's ruler: counts of lines that outlive them. */
export function logRecordingRules(): readonly RuleGroup[] {
  return logCountRules;
}
