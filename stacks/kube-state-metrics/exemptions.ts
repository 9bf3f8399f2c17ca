import type { Exemption } from "../../environment";

/** Where its workloads depart from a policy, and why. */
export const exemptions: readonly Exemption[] = [
  {
    policy: "replicas-in-prod",
    resource: "Deployment kube-state-metrics",
    subjects: ["replicas"],
    reason: "each replica would report every object once more",
    profiles: ["prod"],
    granted: "2026-11-21",
    expires: "2027-11-21",
  },
];
