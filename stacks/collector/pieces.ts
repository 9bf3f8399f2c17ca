import type { Environment } from "../../environment";

/** Pieces that agent, gateway and sampler share. */

export const ports = {
  otlpGrpc: 4317,
  otlpHttp: 4318,
  statsd: 8125,
  fluentForward: 24224,
  /** Where Jaeger (thrift over HTTP) and Zipkin clients send, when Tempo has tenants: those clients name none. */
  jaeger: 14268,
  zipkin: 9411,
  health: 13133,
  metrics: 8888,
} as const;

/** Where queues and checkpoints lie: on the volume, or on the node for the agent. */
export const storagePath = "/var/lib/otelcol";

/** First in every pipeline: refuses data before memory runs out, so that the sender keeps it. */
export const memoryLimiter = { check_interval: "1s", limit_percentage: 75, spike_limit_percentage: 20 };

export const otlpReceiver = {
  protocols: {
    grpc: { endpoint: `0.0.0.0:${ports.otlpGrpc}` },
    http: { endpoint: `0.0.0.0:${ports.otlpHttp}` },
  },
};

/** Where it was seen: on every signal. What an application says of itself stays, except `cluster`. */
export function whereProcessor(environment: Environment): object {
  return {
    attributes: [
      { key: "cluster", value: environment.cluster, action: "upsert" },
      { key: "k8s.cluster.name", value: environment.cluster, action: "insert" },
      { key: "deployment.environment.name", value: environment.name, action: "insert" },
    ],
  };
}

/** Kubernetes' metadata of the pod that sent something; `node` bounds what is watched to the agent's own node. */
export function kubernetesAttributes(node?: string): object {
  return {
    auth_type: "serviceAccount",
    ...(node === undefined ? {} : { filter: { node_from_env_var: node } }),
    extract: {
      metadata: [
        "k8s.namespace.name",
        "k8s.pod.name",
        "k8s.pod.uid",
        "k8s.node.name",
        "k8s.deployment.name",
        "k8s.statefulset.name",
        "k8s.daemonset.name",
        "k8s.cronjob.name",
        "k8s.job.name",
        "k8s.container.name",
        "service.namespace",
        "service.name",
        "service.version",
        "service.instance.id",
      ],
      otel_annotations: true,
    },
    // They pass on what others said: their own pod is not where it comes from.
    ...(node === undefined ? { exclude: { pods: [{ name: "^collector-(agent|events)-" }] } } : {}),
    pod_association: [
      { sources: [{ from: "resource_attribute", name: "k8s.pod.uid" }] },
      { sources: [{ from: "resource_attribute", name: "k8s.pod.ip" }] },
      { sources: [{ from: "connection" }] },
    ],
  };
}

/**
 * Bytes of the largest request that a queue makes, before compression. Tempo and the Collector take 4 MiB by gRPC (grpc-go's
 * default); what is larger is refused for good, and thrown away.
 */
const largestRequest = 3_000_000;

/**
 * A queue on disk: what was accepted survives the process, and is tried again until the server takes it. Batches are
 * made inside the queue, where they are kept too.
 * @param bytes most that waits: what a disk holds is counted as a disk counts
 */
export function onDisk(bytes: number, overflow: "refuse" | "wait" = "refuse"): object {
  return {
    sending_queue: {
      storage: "file_storage",
      sizer: "bytes",
      queue_size: Math.round(bytes),
      num_consumers: 4,
      block_on_overflow: overflow === "wait",
      batch: { sizer: "bytes", flush_timeout: "1s", min_size: 1_000_000, max_size: largestRequest },
    },
    retry_on_failure: { initial_interval: "1s", max_interval: "30s", max_elapsed_time: "0s" },
    timeout: "10s",
  };
}

export function lokiExporter(environment: Environment, loki: string, queue: object): object {
  return { endpoint: `${loki}/otlp`, headers: { "X-Scope-OrgID": environment.tenant }, compression: "gzip", ...queue };
}

/** Extensions and telemetry of the Collector itself. */
export function serviceOf(pipelines: object): object {
  return {
    extensions: ["health_check", "file_storage"],
    telemetry: {
      logs: { encoding: "json" },
      metrics: {
        level: "normal",
        readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: ports.metrics } } } }],
      },
    },
    pipelines,
  };
}

export const extensions = {
  health_check: { endpoint: `0.0.0.0:${ports.health}` },
  file_storage: {
    directory: storagePath,
    create_directory: false,
  },
};
