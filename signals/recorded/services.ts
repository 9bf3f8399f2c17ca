import { avg, histogramQuantile, max, min, quantile, rate, sum } from "../functions";
import { record, ruleGroup } from "../recording";
import { application } from "../sources/application";
import { spans } from "../sources/span-metrics";

const service = ["cluster", "service_name"] as const;
const route = [...service, "route"] as const;

const requests = (window: string) => sum(rate(application.requests_total.over(window))).by(...service);
/** A service that never failed has no error series: its errors are 0, not unknown. */
const errors = (window: string) =>
  sum(rate(application.request_errors_total.over(window)))
    .by(...service)
    .or(requests(window).times(0));
const spanCalls = sum(rate(spans.traces_spanmetrics_calls_total.over("5m"))).by("cluster", "service");

const latencyBuckets = record(
  "service:request_duration_seconds_bucket:rate5m",
  "Buckets of request durations, by service",
  sum(rate(application.request_duration_seconds.buckets.over("5m"))).by(...service, "le"),
);

const spanErrors = sum(
  rate(spans.traces_spanmetrics_calls_total.where({ status_code: "STATUS_CODE_ERROR" }).over("5m")),
)
  .by("cluster", "service")
  .or(spanCalls.times(0));
const routeLatencyBuckets = record(
  "service_route:request_duration_seconds_bucket:rate5m",
  "Buckets of request durations, by route",
  sum(rate(application.request_duration_seconds.buckets.over("5m"))).by(...route, "le"),
);
const spanLatencyBuckets = record(
  "service:span_latency_seconds_bucket:rate5m",
  "Buckets of span durations, by service, before sampling",
  sum(rate(spans.traces_spanmetrics_latency.buckets.over("5m"))).by("cluster", "service", "le"),
);
const queue = [...service, "queue"] as const;
const edge = ["cluster", "client", "server"] as const;

/** Rate, errors and duration of each service, aggregated once so that pages and alerts load fast (C8, C14). */
export const services = {
  requests: record("service:requests:rate5m", "Requests of a service", requests("5m")),
  routeRequests: record(
    "service_route:requests:rate5m",
    "Requests of a route",
    sum(rate(application.requests_total.over("5m"))).by(...route),
  ),
  errors: record("service:request_errors:rate5m", "Failed requests of a service", errors("5m")),
  errorRatio: record(
    "service:request_errors:ratio_rate5m",
    "Share of a service's requests that fail",
    errors("5m").dividedBy(requests("5m")),
  ),
  latencyBuckets,
  latencyP50: record(
    "service:request_duration_seconds:p50_5m",
    "Median time to answer",
    histogramQuantile(0.5, latencyBuckets),
  ),
  latencyP95: record(
    "service:request_duration_seconds:p95_5m",
    "Time in which 95 % are answered",
    histogramQuantile(0.95, latencyBuckets),
  ),
  latencyP99: record(
    "service:request_duration_seconds:p99_5m",
    "Time in which 99 % are answered",
    histogramQuantile(0.99, latencyBuckets),
  ),
  latencyAverage: record(
    "service:request_duration_seconds:avg_5m",
    "Average time to answer",
    sum(rate(application.request_duration_seconds.sum.over("5m")))
      .by(...service)
      .dividedBy(sum(rate(application.request_duration_seconds.count.over("5m"))).by(...service)),
  ),
  routeLatencyBuckets,
  routeLatencyP95: record(
    "service_route:request_duration_seconds:p95_5m",
    "Time in which 95 % of a route's requests are answered",
    histogramQuantile(0.95, routeLatencyBuckets),
  ),
  requestSizeP95: record(
    "service:request_size_bytes:p95_5m",
    "Size that 95 % of request bodies stay below",
    histogramQuantile(0.95, sum(rate(application.request_size_bytes.buckets.over("5m"))).by(...service, "le")),
  ),
  responseSizeP95: record(
    "service:response_size_bytes:p95_5m",
    "Size that 95 % of response bodies stay below",
    histogramQuantile(0.95, sum(rate(application.response_size_bytes.buckets.over("5m"))).by(...service, "le")),
  ),
  tasksQueued: record(
    "service_queue:tasks_queued:rate5m",
    "Tasks that are put into a queue",
    sum(rate(application.tasks_queued_total.over("5m"))).by(...queue),
  ),
  tasksCompleted: record(
    "service_queue:tasks_completed:rate5m",
    "Tasks of a queue that are done",
    sum(rate(application.tasks_completed_total.over("5m"))).by(...queue),
  ),
  tasksFailed: record(
    "service_queue:tasks_failed:rate5m",
    "Tasks of a queue that fail",
    sum(rate(application.tasks_failed_total.over("5m"))).by(...queue),
  ),
  taskDurationP95: record(
    "service_queue:task_duration_seconds:p95_5m",
    "Time in which 95 % of a queue's tasks end",
    histogramQuantile(0.95, sum(rate(application.task_duration_seconds.buckets.over("5m"))).by(...queue, "le")),
  ),
  taskQueueTimeP95: record(
    "service_queue:task_queue_time_seconds:p95_5m",
    "Time that 95 % of a queue's tasks wait at most",
    histogramQuantile(0.95, sum(rate(application.task_queue_time_seconds.buckets.over("5m"))).by(...queue, "le")),
  ),
  memoryAverage: record(
    "service:memory_usage_bytes:avg",
    "Memory of a service's processes, on average",
    avg(application.memory_usage_bytes).by(...service),
  ),
  memoryMax: record(
    "service:memory_usage_bytes:max",
    "Memory of a service's largest process",
    max(application.memory_usage_bytes).by(...service),
  ),
  memoryMin: record(
    "service:memory_usage_bytes:min",
    "Memory of a service's smallest process",
    min(application.memory_usage_bytes).by(...service),
  ),
  memoryP90: record(
    "service:memory_usage_bytes:p90",
    "Memory that 90 % of a service's processes stay below",
    quantile(0.9, application.memory_usage_bytes).by(...service),
  ),
  spanCalls: record("service:spans:rate5m", "Spans of a service, before sampling", spanCalls),
  spanErrorRatio: record(
    "service:span_errors:ratio_rate5m",
    "Share of a service's spans that end in an error, before sampling",
    spanErrors.dividedBy(spanCalls),
  ),
  spanErrors: record(
    "service:span_errors:rate5m",
    "Spans of a service that end in an error, before sampling",
    spanErrors,
  ),
  spanLatencyBuckets,
  spanLatencyP95: record(
    "service:span_latency_seconds:p95_5m",
    "Time in which 95 % of a service's spans end, before sampling",
    histogramQuantile(0.95, spanLatencyBuckets),
  ),
  edgeRequests: record(
    "client_server:requests:rate5m",
    "Requests from one service to another",
    sum(rate(spans.traces_service_graph_request_total.over("5m"))).by(...edge),
  ),
  edgeLatencyP95: record(
    "client_server:request_duration_seconds:p95_5m",
    "Time in which 95 % of the requests from one service to another are answered, seen by the server",
    histogramQuantile(
      0.95,
      sum(rate(spans.traces_service_graph_request_server_seconds.buckets.over("5m"))).by(...edge, "le"),
    ),
  ),
  /** Requests answered within 500 ms; bucket `le="0.5"` must exist in the histogram (see signals/naming.ts). */
  fastRequests: record(
    "service:requests_fast:rate5m",
    "Requests answered within 500 ms",
    sum(rate(application.request_duration_seconds.buckets.where({ le: "0.5" }).over("5m")))
      .by(...service)
      .as("requests per second"),
  ),
  timedRequests: record(
    "service:requests_timed:rate5m",
    "Requests whose duration was measured",
    sum(rate(application.request_duration_seconds.count.over("5m"))).by(...service),
  ),
} as const;

export const serviceRules = [ruleGroup("services", "30s", Object.values(services))];
