import type { RuleGroup } from "../recording";
import { hostRules } from "./hosts";
import { serviceRules } from "./services";
import { workloadRules } from "./workloads";

export { hosts, hostShares } from "./hosts";
export { services } from "./services";
export { workloads } from "./workloads";

/** Every recording rule, in groups of a Prometheus rule file: `{ groups: recordingRules() }`. */
export function recordingRules(): readonly RuleGroup[] {
  return [...hostRules, ...serviceRules, ...workloadRules];
}
