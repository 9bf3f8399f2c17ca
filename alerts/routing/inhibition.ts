/** What is silent while something it depends on is broken (G7). */

/** An inhibition between alerts by name; `equal` are the labels in which cause and effect must agree. */
export interface Inhibition {
  readonly cause: string;
  readonly effects: readonly string[];
  readonly equal: readonly string[];
  readonly why: string;
}

export const inhibitions: readonly Inhibition[] = [
  {
    cause: "KubeNodeNotReady",
    effects: [
      "TargetDown",
      "KubeNodeFlapping",
      "KubeNodePressure",
      "KubeletRelistSlow",
      "HostClockNotSynchronised",
      "HostCollectorFailed",
    ],
    equal: ["cluster", "node"],
    why: "what runs on a node that is gone is gone too",
  },
  {
    cause: "KubeNodeNotReady",
    effects: [
      "KubeDaemonSetPodsMissing",
      "KubeDaemonSetMisscheduled",
      "KubePodNotReady",
      "KubeMemoryOvercommitted",
      "KubeCpuOvercommitted",
    ],
    equal: ["cluster"],
    why: "the pods of a lost node are missing and have not found a place yet",
  },
  {
    cause: "ObjectStoreDown",
    effects: [
      "LokiFlushFails",
      "LokiStorageErrors",
      "LokiCompactionStalled",
      "LokiRetentionStalled",
      "TempoFlushFails",
      "TempoStorageErrors",
      "TempoPollFails",
      "TempoTenantIndexFails",
      "TempoCompactionFails",
      "TempoRetentionFails",
      "TempoJobsFail",
      "TempoJobsNotKept",
      "KubeStatefulSetReplicasMissing",
    ],
    equal: ["cluster", "namespace"],
    why: "without S3 nothing can be flushed, listed or deleted",
  },
  {
    cause: "VictoriaMetricsReadOnly",
    effects: [
      "PrometheusRemoteWriteFails",
      "PrometheusRemoteWriteBehind",
      "PrometheusRemoteWriteShards",
      "VictoriaMetricsDiskHigh",
      "VictoriaMetricsDiskRunsOut",
      "VmalertWriteFails",
      "VmalertDropsRows",
    ],
    equal: ["cluster", "namespace"],
    why: "a store that takes nothing makes everybody before it wait",
  },
  {
    cause: "KubePodCrashLooping",
    effects: ["KubeContainerRestarts", "KubePodNotReady"],
    equal: ["cluster", "namespace", "pod"],
    why: "one crashing pod is one problem",
  },
  {
    cause: "EtcdNoLeader",
    effects: ["EtcdLeaderChanges", "EtcdFsyncSlow", "EtcdCommitSlow", "KubeApiSlow"],
    equal: ["cluster"],
    why: "without a leader every request waits",
  },
  {
    cause: "CollectorDropsLogs",
    effects: ["CollectorQueueFills", "CollectorCantSendLogs"],
    equal: ["cluster", "namespace", "exporter"],
    why: "a queue that overflows is full",
  },
  {
    cause: "CollectorDropsSpans",
    effects: ["CollectorQueueFills", "CollectorCantSendSpans"],
    equal: ["cluster", "namespace", "exporter"],
    why: "a queue that overflows is full",
  },
  {
    cause: "CollectorDropsMetrics",
    effects: ["CollectorQueueFills", "CollectorCantSendMetrics"],
    equal: ["cluster", "namespace", "exporter"],
    why: "a queue that overflows is full",
  },
  {
    cause: "TargetMissing",
    effects: ["TargetDown"],
    equal: ["cluster", "job"],
    why: "when none of a job is up, each of them is down",
  },
  {
    cause: "AnnotatedPodsDown",
    effects: ["TargetDown"],
    equal: ["cluster", "job", "namespace", "service_name"],
    why: "when no pod of a service answers, each of them is down",
  },
  {
    cause: "ServiceTrafficGone",
    effects: ["ServiceLatencyTrafficGone"],
    equal: ["cluster", "service_name"],
    why: "what is not asked takes no time either",
  },
  {
    cause: "HostDiskFillsInHours",
    effects: ["HostDiskFillsInADay", "HostDiskHigh"],
    equal: ["cluster", "instance", "mountpoint"],
    why: "the nearer date counts",
  },
];

/** What says what an alert fires for: two of a name with these alike are levels of one problem. */
export const identity = [
  "alertname",
  "cluster",
  "namespace",
  "pod",
  "container",
  "node",
  "instance",
  "device",
  "mountpoint",
  "persistentvolumeclaim",
  "service_name",
  "service",
  "agent",
  "queue",
  "cache",
  "route",
  "job",
  "exporter",
  "receiver",
  "operation",
  "integration",
  "slo",
] as const;
