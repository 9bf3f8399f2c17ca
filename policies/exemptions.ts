import type { Exemption } from "./exemption";

const granted = "2026-11-21";
/** What the purpose of a workload makes necessary: looked at once a year. */
const year = { granted, expires: "2027-11-21" };
const singletons = { granted: "2026-11-28", expires: "2027-11-28" };
/** What only waits for somebody to do it. */
const halfYear = { granted, expires: "2027-05-21" };

/** The departures of this stack, each with its reason. Past its date each fails the check until it is decided again. */
export const exemptions: readonly Exemption[] = [
  {
    policy: "pods-off-the-host",
    resource: "DaemonSet node-exporter",
    subjects: ["hostNetwork", "hostPID", "hostPath /"],
    reason: "measures the node itself: its network and processes; its file systems, mounted read-only",
    ...year,
  },
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
    ...year,
  },
  {
    policy: "pods-unprivileged",
    resource: "DaemonSet collector-agent",
    subjects: ["root in collector"],
    reason: "the log files of pods belong to root and are readable by root alone; it keeps no capability",
    ...year,
  },
  {
    policy: "namespaces-restricted",
    resource: "Namespace *-agents",
    subjects: ["pod-security.kubernetes.io/enforce"],
    reason: "holds the two agents above, which the restricted standard refuses; everything else is in the other one",
    ...year,
  },
  {
    policy: "network-closed-to-anyone",
    resource: "NetworkPolicy collector-agent",
    subjects: ["to 4317/TCP", "to 4318/TCP"],
    reason:
      "pods reach the agent through the node's port, so that their address is the node's, which nobody knows before",
    ...year,
  },
  {
    policy: "containers-probed",
    resource: "StatefulSet grafana",
    subjects: ["container team-dashboards"],
    reason: "k8s-sidecar 1.30.3 has no health endpoint (kiwigrid/k8s-sidecar#417 adds one to later releases)",
    ...halfYear,
  },
  ...["victoriametrics", "victoriametrics-raw", "victoriametrics-1m", "victoriametrics-alerts"].map((name) => ({
    policy: "replicas-in-prod",
    resource: `StatefulSet ${name}`,
    subjects: ["replicas"],
    reason:
      "two single nodes would each hold half; while one is away, both Prometheus answer for the last two days and vmagent keeps its samples",
    profiles: ["prod" as const],
    ...year,
  })),
  {
    policy: "replicas-in-prod",
    resource: "StatefulSet tempo",
    subjects: ["replicas"],
    reason: 'Tempo 3 needs Kafka for more than one replica; tempo.majorVersion: "2" is highly available without',
    profiles: ["prod"],
    ...year,
  },
  {
    policy: "replicas-in-prod",
    resource: "StatefulSet loki-compactor",
    subjects: ["replicas"],
    reason:
      "Loki has one: two would merge the same index twice. While it is away nothing is lost, merging and deleting wait",
    profiles: ["prod"],
    ...singletons,
  },
  {
    policy: "replicas-in-prod",
    resource: "StatefulSet tempo-backend-scheduler",
    subjects: ["replicas"],
    reason:
      "Tempo 3 has one, which gives out the jobs of all workers. While it is away nothing is lost, merging and deleting wait",
    profiles: ["prod"],
    ...singletons,
  },
  {
    policy: "replicas-in-prod",
    resource: "StatefulSet grafana",
    subjects: ["replicas"],
    reason: "replicas share users and sessions only through a database; alerts neither start nor end in Grafana",
    profiles: ["prod"],
    ...year,
  },
  {
    policy: "replicas-in-prod",
    resource: "Deployment kube-state-metrics",
    subjects: ["replicas"],
    reason: "each replica would report every object once more",
    profiles: ["prod"],
    ...year,
  },
  {
    policy: "replicas-in-prod",
    resource: "Deployment collector-events",
    subjects: ["replicas"],
    reason:
      "each replica would forward every event once more; after a restart what happened meanwhile is listed and sent",
    profiles: ["prod"],
    ...year,
  },
  {
    policy: "doors-authenticated",
    resource: "* grafana",
    subjects: ["authentication"],
    reason: "Grafana asks for the login itself; doors-with-login sees to it",
    ...year,
  },
];
