import { counter, gauge, histogram, info, source } from "../source";

/** What OTLP ingestion puts on every series of an application: promoted resource attributes and the target. */
export const applicationLabels = [
  "cluster",
  "job",
  "instance",
  "service_name",
  "service_namespace",
  "service_version",
  "deployment_environment_name",
  "k8s_namespace_name",
  "k8s_pod_name",
  "k8s_container_name",
  "k8s_node_name",
] as const;

const origin = { name: "application", jobs: [], targetLabels: applicationLabels } as const;

/** What OTLP ingestion says of each process that sends: all that it and the Collector's gateway know of it. */
export const otlp = source(
  { name: "OTLP ingestion", jobs: [], targetLabels: applicationLabels },
  {
    target_info: info(
      ["k8s_deployment_name", "k8s_statefulset_name", "k8s_daemonset_name"],
      "Resource attributes of what sends by OTLP",
    ),
  },
  [
    { of: ["target_info"], labels: "others", only: "as each sender describes itself" },
    {
      of: ["target_info"],
      labels: ["k8s_deployment_name", "k8s_statefulset_name", "k8s_daemonset_name"],
      only: "one of them, for what runs in a pod",
    },
  ],
);

/** What every service emits about its requests, tasks, process and caches (C1), spelled as the requirements spell it. */
export const application = source(
  origin,
  {
    requests_total: counter("requests", ["route", "method", "status"], "Requests served, by HTTP status"),
    request_duration_seconds: histogram("seconds", ["route", "method", "status"], "How long a request took"),
    request_size_bytes: histogram("bytes", ["route", "method"], "Size of request bodies"),
    response_size_bytes: histogram("bytes", ["route", "method"], "Size of response bodies"),
    request_errors_total: counter("requests", ["route", "method", "type"], "Requests that failed, by type of error"),
    tasks_queued_total: counter("count", ["queue"], "Tasks put into a queue"),
    tasks_completed_total: counter("count", ["queue"], "Tasks done"),
    tasks_failed_total: counter("count", ["queue", "type"], "Tasks that failed, by type of error"),
    task_duration_seconds: histogram("seconds", ["queue"], "How long a task ran"),
    task_queue_time_seconds: histogram("seconds", ["queue"], "How long a task waited before it ran"),
    memory_usage_bytes: gauge("bytes", [], "Resident memory of the process"),
    cpu_usage_percent: gauge("percent", [], "Processor use of the process, of one core"),
    goroutines_total: gauge("count", [], "Concurrent tasks of the runtime"),
    open_connections: gauge("count", [], "Open client connections"),
    file_descriptors: gauge("count", [], "Open file descriptors"),
    cache_hits_total: counter("requests", ["cache"], "Lookups that the cache answered"),
    cache_misses_total: counter("requests", ["cache"], "Lookups that the cache could not answer"),
    cache_size_bytes: gauge("bytes", ["cache"], "Bytes in the cache"),
    cache_items_total: gauge("count", ["cache"], "Items in the cache"),
    cache_evictions_total: counter("count", ["cache"], "Items that the cache pushed out"),
  },
  [
    { of: ["request_errors_total", "tasks_failed_total"], only: "once one failed" },
    { of: ["cache_evictions_total"], only: "once the cache was full" },
  ],
);

/** Agents: Git, LLM router, Obsidian (C1, C3). Label `agent` is one of {@link agentNames}. */
export const agents = source(
  { ...origin, name: "agents" },
  {
    agent_calls_total: counter("requests", ["agent", "operation"], "Calls to an agent"),
    agent_errors_total: counter(
      "requests",
      ["agent", "operation", "type"],
      "Calls to an agent that failed, by type of error",
    ),
    agent_duration_seconds: histogram("seconds", ["agent", "operation"], "How long a call to an agent took"),
    agent_queue_depth: gauge("count", ["agent"], "Calls that wait for an agent"),
    agent_state: gauge("state", ["agent", "state"], "1 for the state an agent is in: idle, busy, degraded or down"),
    agent_last_success_timestamp_seconds: gauge("timestamp", ["agent"], "When an agent last answered without error"),
    llm_tokens_total: counter("count", ["agent", "model", "direction"], "Tokens sent to and received from models"),
    git_operations_total: counter("operations", ["agent", "operation", "outcome"], "Git operations, by outcome"),
    obsidian_notes_processed_total: counter("count", ["agent", "outcome"], "Notes read or written, by outcome"),
  },
  [{ of: ["agent_errors_total"], only: "once one failed" }],
);

export const agentNames = ["git", "llm_router", "obsidian"] as const;

/** What the business looks at (C4). */
export const business = source(
  { ...origin, name: "business" },
  {
    plan_success_rate: gauge("ratio", [], "Share of plans that succeeded lately"),
    agent_health_score: gauge("ratio", ["agent"], "Health of an agent, 1 is best"),
    system_load_score: gauge("ratio", [], "Load of the whole system, 1 is full"),
    plans_total: counter("count", ["outcome"], "Plans finished, by outcome: succeeded or failed"),
    plan_duration_seconds: histogram("seconds", ["outcome"], "How long a plan took"),
  },
);
