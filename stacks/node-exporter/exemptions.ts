import type { Exemption } from "../../environment";

/** Where its workloads depart from a policy, and why. */
export const exemptions: readonly Exemption[] = [
  {
    policy: "pods-off-the-host",
    resource: "DaemonSet node-exporter",
    subjects: ["hostNetwork", "hostPID", "hostPath /"],
    reason: "measures the node itself: its network and processes; its file systems, mounted read-only",
    granted: "2026-11-21",
    expires: "2027-11-21",
  },
];
