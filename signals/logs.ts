/** The JSON log line of the applications (D1), and what Loki adds to it. */

type FieldType = "string" | "number" | "object" | "array" | "time";

/** One field of the log line. */
export interface LogField {
  readonly type: FieldType;
  readonly required: boolean;
  readonly help: string;
}

const field = <const T extends FieldType, const R extends boolean>(type: T, required: R, help: string) => ({
  type,
  required,
  help,
});

/** Every field of the line, under its own name. */
export const logFields = {
  timestamp: field("time", true, "When it happened, RFC 3339 in UTC"),
  level: field("string", true, "trace, debug, info, warn, error or fatal"),
  correlation_id: field("string", false, "The same for everything that one outer request caused"),
  plan_id: field("string", false, "The plan that was worked on"),
  task_id: field("string", false, "The task that was worked on"),
  component: field("string", true, "The part of the service that writes"),
  message: field("string", true, "What happened, for people"),
  span_id: field("string", false, "The span in which it happened, 16 hex digits"),
  trace_id: field("string", false, "The trace in which it happened, 32 hex digits"),
  user_id: field("string", false, "Who asked"),
  request_id: field("string", false, "The request that was served"),
  environment: field("string", true, "The environment's name"),
  version: field("string", true, "Version of the service"),
  metadata: field("object", true, "Further facts, by name"),
  tags: field("array", true, "Words to find the line by"),
  duration_ms: field("number", false, "How long the work took, in milliseconds"),
  caller: field("string", false, "File and line that wrote it"),
} as const satisfies Record<string, LogField>;

export type LogFieldName = keyof typeof logFields;

/** Index labels of Loki's streams: few values each. */
export const streamLabels = ["cluster", "service_name", "k8s_namespace_name", "k8s_container_name"] as const;
/** Index labels that no query of ours reads; those of other teams may. */
export const furtherStreamLabels = [
  "service_namespace",
  "deployment_environment_name",
  "k8s_cluster_name",
  "k8s_deployment_name",
  "k8s_statefulset_name",
  "k8s_daemonset_name",
  "k8s_cronjob_name",
] as const;
export type StreamLabel = (typeof streamLabels)[number];

/** Structured metadata: kept with each line, not indexed. `detected_level` is Loki's own, always lower case. */
export const metadataLabels = ["k8s_pod_name", "trace_id", "span_id", "severity_text", "detected_level"] as const;
export type MetadataLabel = (typeof metadataLabels)[number];

/** Values of `detected_level`, from worst to least. */
export const levels = ["fatal", "error", "warn", "info", "debug", "trace", "unknown"] as const;
