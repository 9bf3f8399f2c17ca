import type { Exemption } from "../../environment";

/** Where its workloads depart from a policy, and why. */
export const exemptions: readonly Exemption[] = [
  {
    policy: "replicas-in-prod",
    resource: "StatefulSet loki-compactor",
    subjects: ["replicas"],
    reason:
      "Loki has one: two would merge the same index twice. While it is away nothing is lost, merging and deleting wait",
    profiles: ["prod"],
    granted: "2026-11-28",
    expires: "2027-11-28",
  },
];
