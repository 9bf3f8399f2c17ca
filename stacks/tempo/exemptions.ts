import type { Exemption } from "../../environment";

/** Where its workloads depart from a policy, and why. */
export const exemptions: readonly Exemption[] = [
  {
    policy: "replicas-in-prod",
    resource: "StatefulSet tempo",
    subjects: ["replicas"],
    reason: 'Tempo 3 needs Kafka for more than one replica; tempo.majorVersion: "2" is highly available without',
    profiles: ["prod"],
    granted: "2026-11-21",
    expires: "2027-11-21",
  },
  {
    policy: "replicas-in-prod",
    resource: "StatefulSet tempo-backend-scheduler",
    subjects: ["replicas"],
    reason:
      "Tempo 3 has one, which gives out the jobs of all workers. While it is away nothing is lost, merging and deleting wait",
    profiles: ["prod"],
    granted: "2026-11-28",
    expires: "2027-11-28",
  },
];
