import { deepMerge, serviceHost, urlOf, type Environment } from "../../environment";
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
import { agentQueues } from "./queues";

/**
 * What the log line says of itself, when it is JSON (D1): level, trace and correlation ids. The line stays as it was
 * written; only what people search by becomes a field.
 */
const jsonLines = {
  error_mode: "ignore",
  log_statements: [
    {
      context: "log",
      conditions: ['IsString(log.body) and IsMatch(log.body, "^\\\\s*\\\\{")'],
      statements: [
        'merge_maps(log.cache, ParseJSON(log.body), "upsert")',
        'set(log.severity_text, ToUpperCase(log.cache["level"])) where IsString(log.cache["level"])',
        ...["correlation_id", "request_id", "plan_id", "task_id", "component"].map(
          (field) => `set(log.attributes["${field}"], log.cache["${field}"]) where log.cache["${field}"] != nil`,
        ),
        'set(log.trace_id.string, log.cache["trace_id"]) where IsString(log.cache["trace_id"]) and IsMatch(log.cache["trace_id"], "^[0-9a-f]{32}$")',
        'set(log.span_id.string, log.cache["span_id"]) where IsString(log.cache["span_id"]) and IsMatch(log.cache["span_id"], "^[0-9a-f]{16}$")',
      ],
    },
  ],
};

/** The node agent: the logs of its node's pods, and OTLP on the node's own address for what has no cluster DNS. */
export function agentConfig(environment: Environment): object {
  const loki = urlOf(environment, "loki", "write");
  const gateway = serviceHost(environment, "collector-gateway");
  const queues = agentQueues(environment);
  const config = {
    extensions,
    receivers: {
      otlp: otlpReceiver,
      ...(loki === undefined
        ? {}
        : {
            file_log: {
              include: ["/var/log/pods/*/*/*.log"],
              // Its own lines about a failed export would make more of them.
              exclude: [`/var/log/pods/${environment.namespace}*_collector-agent-*/*/*.log`],
              start_at: "beginning",
              include_file_path: true,
              storage: "file_storage",
              retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
              operators: [{ type: "container", id: "container" }],
            },
          }),
    },
    processors: {
      memory_limiter: memoryLimiter,
      k8s_attributes: kubernetesAttributes("NODE_NAME"),
      resource: whereProcessor(environment),
      "transform/json": jsonLines,
    },
    exporters: {
      "otlp_grpc/gateway": {
        endpoint: `${gateway}:${ports.otlpGrpc}`,
        tls: { insecure: true },
        ...onDisk(queues.gateway),
      },
      // Full: reading waits, the lines stay in their files.
      ...(loki === undefined
        ? {}
        : { "otlp_http/loki": lokiExporter(environment, loki, onDisk(queues.lines, "wait")) }),
    },
    service: serviceOf({
      ...(loki === undefined
        ? {}
        : {
            "logs/pods": {
              receivers: ["file_log"],
              processors: ["memory_limiter", "k8s_attributes", "resource", "transform/json"],
              exporters: ["otlp_http/loki"],
            },
          }),
      ...Object.fromEntries(
        ["logs", "metrics", "traces"].map((signal) => [
          signal,
          { receivers: ["otlp"], processors: ["memory_limiter", "k8s_attributes"], exporters: ["otlp_grpc/gateway"] },
        ]),
      ),
    }),
  };
  return deepMerge(config, environment.systems.collector.config.agent ?? {});
}
