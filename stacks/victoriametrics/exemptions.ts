import type { Exemption } from "../../environment";

/** The store of each tier, and that of alerts, where one node is the store. */
const singleNodes = ["victoriametrics", "victoriametrics-raw", "victoriametrics-1m", "victoriametrics-alerts"];

/** Where its workloads depart from a policy, and why. */
export const exemptions: readonly Exemption[] = singleNodes.map((name) => ({
  policy: "replicas-in-prod",
  resource: `StatefulSet ${name}`,
  subjects: ["replicas"],
  reason:
    "two single nodes would each hold half; while one is away, both Prometheus answer for the last two days and vmagent keeps its samples",
  profiles: ["prod"],
  granted: "2026-11-21",
  expires: "2027-11-21",
}));
