import { counter, gauge, source } from "../../signals/source";

/** Where an exporter sends to, as OpenTelemetry names it. */
const destination = ["server.address", "server.port"] as const;

/** The OpenTelemetry Collector 0.160 about itself; its counters carry no `_total` (see signals/naming.ts). */
export const collector = source(
  {
    name: "OpenTelemetry Collector",
    jobs: ["collector-gateway", "collector-agent", "collector-sampler"],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
  },
  {
    otelcol_process_uptime: counter("seconds", [], "Time since the start"),
    otelcol_process_cpu_seconds: counter("core-seconds", [], "Processor time"),
    otelcol_process_memory_rss: gauge("bytes", [], "Total physical memory (resident set size)"),
    otelcol_process_runtime_heap_alloc_bytes: gauge(
      "bytes",
      [],
      "Bytes of allocated heap objects (see 'go doc runtime.MemStats.HeapAlloc')",
    ),
    otelcol_receiver_accepted_spans: counter(
      "spans",
      ["receiver", "transport"],
      "Number of spans successfully pushed into the pipeline",
    ),
    otelcol_receiver_refused_spans: counter(
      "spans",
      ["receiver", "transport"],
      "Number of spans that could not be pushed into the pipeline",
    ),
    otelcol_receiver_failed_spans: counter(
      "spans",
      ["receiver", "transport"],
      "The number of spans that failed to be processed by the receiver due to internal errors",
    ),
    otelcol_receiver_accepted_metric_points: counter(
      "samples",
      ["receiver", "transport"],
      "Number of metric points successfully pushed into the pipeline",
    ),
    otelcol_receiver_refused_metric_points: counter(
      "samples",
      ["receiver", "transport"],
      "Number of metric points that could not be pushed into the pipeline",
    ),
    otelcol_receiver_failed_metric_points: counter(
      "samples",
      ["receiver", "transport"],
      "The number of metric points that failed to be processed by the receiver due to internal errors",
    ),
    otelcol_receiver_accepted_log_records: counter(
      "lines",
      ["receiver", "transport"],
      "Number of log records successfully pushed into the pipeline",
    ),
    otelcol_receiver_refused_log_records: counter(
      "lines",
      ["receiver", "transport"],
      "Number of log records that could not be pushed into the pipeline",
    ),
    otelcol_receiver_failed_log_records: counter(
      "lines",
      ["receiver", "transport"],
      "The number of log records that failed to be processed by the receiver due to internal errors",
    ),
    otelcol_exporter_sent_spans: counter(
      "spans",
      ["exporter", ...destination],
      "Number of spans successfully sent to destination",
    ),
    otelcol_exporter_sent_metric_points: counter(
      "samples",
      ["exporter", ...destination, "url.path"],
      "Number of metric points successfully sent to destination",
    ),
    otelcol_exporter_sent_log_records: counter(
      "lines",
      ["exporter", ...destination, "url.path"],
      "Number of log record successfully sent to destination",
    ),
    otelcol_exporter_send_failed_spans: counter(
      "spans",
      ["exporter"],
      "Number of spans in failed attempts to send to destination",
    ),
    otelcol_exporter_send_failed_metric_points: counter(
      "samples",
      ["exporter"],
      "Number of metric points in failed attempts to send to destination",
    ),
    otelcol_exporter_send_failed_log_records: counter(
      "lines",
      ["exporter"],
      "Number of log records in failed attempts to send to destination",
    ),
    otelcol_exporter_enqueue_failed_spans: counter(
      "spans",
      ["exporter", "data_type"],
      "Spans that the full queue refused",
    ),
    otelcol_exporter_enqueue_failed_metric_points: counter(
      "samples",
      ["exporter", "data_type"],
      "Metric points that the full queue refused",
    ),
    otelcol_exporter_enqueue_failed_log_records: counter(
      "lines",
      ["exporter", "data_type"],
      "Log records that the full queue refused",
    ),
    otelcol_exporter_queue_size: gauge(
      "count",
      ["data_type", "exporter"],
      "Current size of the retry queue (in batches)",
    ),
    otelcol_exporter_queue_capacity: gauge(
      "count",
      ["data_type", "exporter"],
      "Fixed capacity of the retry queue (in batches)",
    ),
    otelcol_exporter_in_flight_requests: gauge("requests", ["data_type", "exporter"], "Requests on their way"),
    otelcol_processor_incoming_items: counter(
      "count",
      ["processor", "otel.signal"],
      "Number of items passed to the processor",
    ),
    otelcol_processor_outgoing_items: counter(
      "count",
      ["processor", "otel.signal"],
      "Number of items emitted from the processor",
    ),
    otelcol_processor_memory_limiter_refused_spans: counter("spans", ["processor"], "Spans refused for lack of memory"),
    otelcol_processor_memory_limiter_refused_log_records: counter(
      "lines",
      ["processor"],
      "Log records refused for lack of memory",
    ),
    otelcol_processor_memory_limiter_refused_metric_points: counter(
      "samples",
      ["processor"],
      "Metric points refused for lack of memory",
    ),
    otelcol_processor_tail_sampling_count_traces_sampled: counter(
      "count",
      ["decision", "policy", "sampled"],
      "Count of traces that were sampled or not per sampling policy",
    ),
    otelcol_processor_tail_sampling_global_count_traces_sampled: counter(
      "count",
      ["decision", "sampled"],
      "Global count of traces that were sampled or not by at least one policy",
    ),
    otelcol_processor_tail_sampling_sampling_trace_dropped_too_early: counter(
      "count",
      [],
      "Count of traces that needed to be dropped before the configured wait time",
    ),
    otelcol_processor_tail_sampling_sampling_traces_on_memory: gauge(
      "count",
      [],
      "Tracks the number of traces current on memory",
    ),
    otelcol_processor_tail_sampling_sampling_policy_evaluation_error: counter(
      "count",
      [],
      "Count of sampling policy evaluation errors",
    ),
  },
  [
    {
      of: [
        "otelcol_exporter_send_failed_spans",
        "otelcol_exporter_send_failed_metric_points",
        "otelcol_exporter_send_failed_log_records",
        "otelcol_exporter_enqueue_failed_spans",
        "otelcol_exporter_enqueue_failed_metric_points",
        "otelcol_exporter_enqueue_failed_log_records",
      ],
      only: "once sending failed",
    },
    {
      of: [
        "otelcol_processor_memory_limiter_refused_spans",
        "otelcol_processor_memory_limiter_refused_log_records",
        "otelcol_processor_memory_limiter_refused_metric_points",
      ],
      only: "once memory ran short",
    },
    {
      of: [
        "otelcol_processor_tail_sampling_count_traces_sampled",
        "otelcol_processor_tail_sampling_global_count_traces_sampled",
        "otelcol_processor_tail_sampling_sampling_trace_dropped_too_early",
        "otelcol_processor_tail_sampling_sampling_traces_on_memory",
        "otelcol_processor_tail_sampling_sampling_policy_evaluation_error",
      ],
      only: "where traces are sampled",
    },
  ],
);
