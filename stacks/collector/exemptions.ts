import type { Exemption } from "../../environment";

/** Where its workloads depart from a policy, and why. */
export const exemptions: readonly Exemption[] = [
  {
    policy: "pods-off-the-host",
    resource: "DaemonSet collector-agent",
    subjects: [
      "hostPath /var/log/pods",
      "hostPath /var/lib/observability/collector-agent",
      "hostPort 4317",
      "hostPort 4318",
    ],
    reason: "reads the pods' log files, keeps its place in them over restarts, takes OTLP from pods of its own node",
    granted: "2026-11-21",
    expires: "2027-11-21",
  },
  {
    policy: "pods-unprivileged",
    resource: "DaemonSet collector-agent",
    subjects: ["root in collector"],
    reason: "the log files of pods belong to root and are readable by root alone; it keeps no capability",
    granted: "2026-11-21",
    expires: "2027-11-21",
  },
  {
    policy: "network-closed-to-anyone",
    resource: "NetworkPolicy collector-agent",
    subjects: ["to 4317/TCP", "to 4318/TCP"],
    reason:
      "pods reach the agent through the node's port, so that their address is the node's, which nobody knows before",
    granted: "2026-11-21",
    expires: "2027-11-21",
  },
  {
    policy: "replicas-in-prod",
    resource: "Deployment collector-events",
    subjects: ["replicas"],
    reason:
      "each replica would forward every event once more; after a restart what happened meanwhile is listed and sent",
    profiles: ["prod"],
    granted: "2026-11-21",
    expires: "2027-11-21",
  },
];
