import type { Exemption } from "../../environment";

/** Where its workloads depart from a policy, and why. */
export const exemptions: readonly Exemption[] = [
  {
    policy: "containers-probed",
    resource: "StatefulSet grafana",
    subjects: ["container team-dashboards"],
    reason: "k8s-sidecar 1.30.3 has no health endpoint (kiwigrid/k8s-sidecar#417 adds one to later releases)",
    granted: "2026-11-21",
    expires: "2027-05-21",
  },
  {
    policy: "replicas-in-prod",
    resource: "StatefulSet grafana",
    subjects: ["replicas"],
    reason: "replicas share users and sessions only through a database; alerts neither start nor end in Grafana",
    profiles: ["prod"],
    granted: "2026-11-21",
    expires: "2027-11-21",
  },
  {
    policy: "doors-authenticated",
    resource: "* grafana",
    subjects: ["authentication"],
    reason: "Grafana asks for the login itself; doors-with-login sees to it",
    granted: "2026-11-21",
    expires: "2027-11-21",
  },
];
