import {
  deepMerge,
  replicaUrls,
  samplesTraces,
  serviceHost,
  tenantHeader,
  traceTiers,
  urlOf,
  type Environment,
} from "../../environment";
import { spanLimits } from "./limits";
import {
  extensions,
  kubernetesAttributes,
  lokiExporter,
  memoryLimiter,
  onDisk,
  otlpReceiver,
  ports,
  serviceOf,
  whereProcessor,
} from "./pieces";
import { gatewayQueues, type Queues } from "./queues";

/** To a tier of Tempo; without a name to the only one there is. */
export function tempoExporter(
  environment: Environment,
  tempo: string,
  tier: "full" | "sampled",
  queueBytes: number,
): object {
  const headers = tenantHeader(environment, tier);
  return {
    endpoint: `${new URL(tempo).hostname}:4317`,
    tls: { insecure: true },
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...onDisk(queueBytes),
  };
}

/** Whether traces are kept in two tiers: then everything goes to the full one, and what is chosen to the other as well. */
const hasTiers = (environment: Environment) => traceTiers(environment).length > 1;

/** Where the gateway sends traces: to Tempo, to samplers that choose, or to both. */
function traceExporters(environment: Environment, tempo: string, queueBytes: number): Record<string, object> {
  const exporter = (tier: "full" | "sampled") => tempoExporter(environment, tempo, tier, queueBytes);
  const chosen: Record<string, object> = samplesTraces(environment)
    ? { load_balancing: toSamplers(environment, queueBytes) }
    : hasTiers(environment)
      ? { "otlp_grpc/tempo-sampled": exporter("sampled") }
      : {};
  const everything = hasTiers(environment) || !samplesTraces(environment);
  return { ...(everything ? { "otlp_grpc/tempo": exporter("full") } : {}), ...chosen };
}

/** One queue before each that keeps a copy of what arrives. */
const queuesOf = (environment: Environment): Queues => ({
  metrics: replicaUrls(environment, "prometheus").length,
  logs: urlOf(environment, "loki", "write") === undefined ? 0 : 1,
  traces: urlOf(environment, "tempo", "write") === undefined ? 0 : hasTiers(environment) ? 2 : 1,
});

/** The gateway: everything that applications send, to the servers that keep it. */
export function gatewayConfig(environment: Environment): object {
  const loki = urlOf(environment, "loki", "write");
  const tempo = urlOf(environment, "tempo", "write");
  const queues = gatewayQueues(environment, queuesOf(environment));
  // Each replica of Prometheus gets every sample: either must be able to answer alone.
  const prometheus = Object.fromEntries(
    replicaUrls(environment, "prometheus").map((url, index) => [
      `otlp_http/prometheus-${index}`,
      { endpoint: `${url}/api/v1/otlp`, compression: "gzip", ...onDisk(queues.metrics) },
    ]),
  );
  const traces = tempo === undefined ? {} : traceExporters(environment, tempo, queues.traces);
  const others = hasTiers(environment) && tempo !== undefined ? ["jaeger", "zipkin"] : [];
  const logs: Record<string, object> =
    loki === undefined ? {} : { "otlp_http/loki": lokiExporter(environment, loki, onDisk(queues.logs)) };
  const pipeline = (receivers: string[], processors: string[], exporters: object) => ({
    receivers,
    processors: ["memory_limiter", ...processors],
    exporters: Object.keys(exporters),
  });
  const enrich = ["k8s_attributes", "resource"];
  const has = (exporters: object) => Object.keys(exporters).length > 0;
  const config = {
    extensions,
    receivers: {
      otlp: environment.systems.collector.autoscaling === undefined ? otlpReceiver : rebalanced,
      ...(has(prometheus)
        ? {
            statsd: {
              endpoint: `0.0.0.0:${ports.statsd}`,
              aggregation_interval: "10s",
              timer_histogram_mapping: timers,
            },
          }
        : {}),
      ...(others.length > 0
        ? {
            jaeger: { protocols: { thrift_http: { endpoint: `0.0.0.0:${ports.jaeger}` } } },
            zipkin: { endpoint: `0.0.0.0:${ports.zipkin}` },
          }
        : {}),
      ...(has(logs) ? { fluent_forward: { endpoint: `0.0.0.0:${ports.fluentForward}` } } : {}),
    },
    processors: {
      memory_limiter: memoryLimiter,
      k8s_attributes: kubernetesAttributes(),
      resource: whereProcessor(environment),
      ...(has(logs) ? { "transform/fluentd": serviceFromTag } : {}),
      ...(has(traces) ? spanLimits(environment) : {}),
      ...(has(prometheus)
        ? {
            // StatsD counts since the last flush, Prometheus since the start.
            delta_to_cumulative: { max_stale: "1h" },
            "resource/statsd": {
              attributes: [
                { key: "service.name", value: "statsd", action: "insert" },
                { key: "service.instance.id", value: "${env:POD_NAME}", action: "upsert" },
              ],
            },
          }
        : {}),
    },
    exporters: { ...prometheus, ...logs, ...traces },
    service: serviceOf({
      ...(has(prometheus)
        ? {
            metrics: pipeline(["otlp"], enrich, prometheus),
            "metrics/statsd": pipeline(["statsd"], ["delta_to_cumulative", "resource", "resource/statsd"], prometheus),
          }
        : {}),
      ...(has(logs)
        ? {
            logs: pipeline(["otlp"], enrich, logs),
            "logs/fluentd": pipeline(["fluent_forward"], ["transform/fluentd", ...enrich], logs),
          }
        : {}),
      ...(has(traces)
        ? { traces: pipeline(["otlp", ...others], [...enrich, ...Object.keys(spanLimits(environment))], traces) }
        : {}),
    }),
  };
  return deepMerge(config, environment.systems.collector.config.gateway ?? {});
}

/**
 * With a changing number of gateways, connections end after a minute: a gRPC client stays with the pod it has, and a new
 * one would get nothing.
 */
const rebalanced = deepMerge(otlpReceiver, {
  protocols: {
    grpc: { keepalive: { server_parameters: { max_connection_age: "60s", max_connection_age_grace: "10s" } } },
  },
});

/** Fluentd knows no service: its tag is the nearest thing. */
const serviceFromTag = {
  error_mode: "ignore",
  log_statements: [
    'set(resource.attributes["service.name"], log.attributes["fluent.tag"]) where resource.attributes["service.name"] == nil',
  ],
};

/** Timers as exponential histograms would be native ones in Prometheus, which VictoriaMetrics can't keep: explicit buckets. */
const timers = [
  {
    statsd_type: "timing",
    observer_type: "histogram",
    histogram: {
      explicit_buckets: [
        { matcher_pattern: ".*", buckets: [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000] },
      ],
    },
  },
  { statsd_type: "histogram", observer_type: "summary" },
];

/**
 * To the sampler that has the rest of a trace. The exporters inside keep no queue and try nothing again: theirs would be in
 * memory, behind one on disk that has let go. What they can't pass on, the outer one keeps, and routes anew.
 */
function toSamplers(environment: Environment, queueBytes: number): object {
  return {
    routing_key: "traceID",
    protocol: {
      otlp: {
        tls: { insecure: true },
        timeout: "10s",
        sending_queue: { enabled: false },
        retry_on_failure: { enabled: false },
      },
    },
    resolver: {
      dns: {
        hostname: serviceHost(environment, "collector-sampler-headless"),
        port: String(ports.otlpGrpc),
        interval: "5s",
      },
    },
    ...onDisk(queueBytes),
  };
}
