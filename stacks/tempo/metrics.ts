import { counter, gauge, histogram, info, source } from "../../signals/source";

const origin = {
  name: "Tempo",
  jobs: ["tempo"],
  targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
} as const;

/** How often it lists its blocks: `storage.trace.blocklist_poll`, left at its default. */
const polled = "5m";

/** Tempo about itself: what both lines have. Names and labels of 2.10.8 and 3.0.3. */
export const tempo = source(
  origin,
  {
    tempo_build_info: info(
      ["branch", "goarch", "goos", "goversion", "revision", "tags", "version"],
      "A metric with a constant '1' value labeled by version, revision, branch, goversion from which tempo was",
    ),
    tempo_request_duration_seconds: histogram(
      "seconds",
      ["method", "route", "status_code", "ws"],
      "How long requests take",
    ),
    tempo_distributor_spans_received_total: counter(
      "spans",
      ["tenant"],
      "The total number of spans received per tenant",
    ),
    tempo_distributor_bytes_received_total: counter(
      "bytes",
      ["tenant"],
      "The total number of proto bytes received per tenant",
    ),
    tempo_distributor_push_duration_seconds: histogram(
      "seconds",
      [],
      "Records the amount of time to push a batch to the ingester",
    ),
    tempo_discarded_spans_total: counter("spans", ["reason", "tenant"], "Spans discarded, by reason"),
    tempo_receiver_accepted_spans: counter("spans", ["receiver", "transport"], "Spans accepted"),
    tempo_receiver_refused_spans: counter("spans", ["receiver", "transport"], "Spans refused"),
    tempo_metrics_generator_spans_received_total: counter(
      "spans",
      ["tenant"],
      "The total number of spans received per tenant",
    ),
    tempo_metrics_generator_spans_discarded_total: counter(
      "spans",
      ["processor", "reason", "tenant"],
      "Spans that the metrics generator discarded",
    ),
    tempo_metrics_generator_registry_active_series: gauge("count", ["tenant"], "The active series per tenant"),
    tempo_metrics_generator_registry_max_active_series: gauge(
      "count",
      ["tenant"],
      "The maximum active series per tenant",
    ),
    tempo_metrics_generator_registry_series_limited_total: counter(
      "count",
      ["tenant"],
      "The total amount of series not created because of limits per tenant",
    ),
    tempo_metrics_generator_registry_collections_failed_total: counter(
      "count",
      ["error_type", "tenant"],
      "The total amount of failed metrics collections per tenant",
    ),
    tempo_metrics_generator_processor_service_graphs_edges: counter("count", ["tenant"], "Edges of the service graph"),
    tempo_metrics_generator_processor_service_graphs_expired_edges: counter(
      "count",
      ["tenant"],
      "Edges that never found their other half",
    ),
    tempo_metrics_generator_processor_service_graphs_dropped_spans: counter(
      "spans",
      ["tenant"],
      "Spans that the service graph dropped",
    ),
    tempo_metrics_generator_active_processors_update_failed_total: counter(
      "count",
      ["tenant"],
      "The total number of times updating the active processors failed",
    ),
    tempo_query_frontend_queue_duration_seconds: histogram("seconds", [], "Time spend by requests queued"),
    tempo_query_frontend_queue_length: gauge("count", ["user"], "Queries waiting for a querier"),
    tempo_query_frontend_retries: histogram("count", [], "Number of times a request is retried"),
    tempo_overrides_user_configurable_overrides_reload_failed_total: counter(
      "count",
      [],
      "How often reloading the user-configurable overrides has failed",
    ),
    tempo_runtime_config_last_reload_successful: gauge(
      "state",
      ["config"],
      "Whether the last runtime-config reload attempt was successful",
    ),
    tempo_ring_members: gauge("count", ["name", "state"], "Number of members in the ring"),
    tempodb_blocklist_length: gauge("count", ["tenant"], "Total number of blocks per tenant"),
    tempodb_blocklist_poll_errors_total: counter("count", ["tenant"], "Polls of the block list that failed", {
      every: polled,
    }),
    tempodb_blocklist_poll_duration_seconds: histogram(
      "seconds",
      [],
      "Records the amount of time to poll and update the blocklist",
    ),
    tempodb_blocklist_tenant_index_age_seconds: gauge(
      "seconds",
      ["tenant"],
      "Age in seconds of the last pulled tenant index",
    ),
    tempodb_blocklist_tenant_index_errors_total: counter(
      "count",
      ["tenant"],
      "Failures to read or write a tenant's index",
      { every: polled },
    ),
    tempodb_blocklist_tenant_index_builder: gauge(
      "state",
      ["tenant"],
      "A value of 1 indicates this instance of tempodb is building the tenant index",
    ),
    tempodb_compaction_blocks_total: counter("count", ["level"], "Blocks compacted"),
    tempodb_compaction_errors_total: counter("count", [], "Total number of errors occurring during compaction"),
    tempodb_compaction_outstanding_blocks: gauge(
      "count",
      ["tenant"],
      "Number of blocks remaining to be compacted before next maintenance cycle",
    ),
    tempodb_retention_deleted_total: counter("count", [], "Total number of blocks deleted"),
    tempodb_retention_errors_total: counter(
      "count",
      [],
      "Total number of times an error occurred while performing retention tasks",
    ),
    tempodb_backend_request_duration_seconds: histogram(
      "seconds",
      ["operation", "status_code"],
      "How long requests to the object store take",
    ),
    tempodb_work_queue_length: gauge("count", [], "Current length of the work queue"),
    tempodb_work_queue_max: gauge("count", [], "Maximum number of items in the work queue"),
  },
  [
    { of: ["tempo_metrics_generator_registry_collections_failed_total"], only: "once a collection failed" },
    { of: ["tempo_discarded_spans_total"], only: "once a span was discarded" },
    { of: ["tempo_query_frontend_queue_length"], only: "once somebody has searched" },
    { of: ["tempo_runtime_config_last_reload_successful"], only: "where tenants have limits of their own" },
    { of: ["tempo_ring_members"], only: "where parts of Tempo find each other in a ring" },
    {
      of: ["tempo_metrics_generator_active_processors_update_failed_total"],
      only: "once changing the processors of a tenant failed",
    },
    {
      of: [
        "tempodb_blocklist_length",
        "tempodb_blocklist_poll_errors_total",
        "tempodb_blocklist_poll_duration_seconds",
        "tempodb_blocklist_tenant_index_age_seconds",
        "tempodb_blocklist_tenant_index_builder",
        "tempodb_blocklist_tenant_index_errors_total",
        "tempodb_compaction_blocks_total",
        "tempodb_compaction_errors_total",
        "tempodb_compaction_outstanding_blocks",
      ],
      only: "once a block was written, listed or compacted",
    },
    { of: ["tempo_build_info"], labels: ["branch"], only: "in binaries built from a release branch" },
  ],
);

/** What holds recent traces in Tempo 2: ingesters. */
export const tempo2 = source(
  { ...origin, majorVersion: "2" },
  {
    tempo_ingester_live_traces: gauge("count", ["tenant"], "The current number of lives traces per tenant"),
    tempo_ingester_traces_created_total: counter("count", ["tenant"], "The total number of traces created per tenant"),
    tempo_ingester_blocks_flushed_total: counter("count", [], "The total number of blocks flushed"),
    tempo_ingester_failed_flushes_total: counter("count", [], "The total number of failed traces"),
    tempo_ingester_flush_failed_retries_total: counter(
      "count",
      [],
      "The total number of failed retries after a failed flush",
    ),
    tempo_ingester_flush_queue_length: gauge("count", [], "The total number of series pending in the flush queue"),
    tempo_ingester_flush_duration_seconds: histogram(
      "seconds",
      [],
      "Records the amount of time to flush a complete block",
    ),
  },
);

/** What Tempo 3 has in their place: live stores, and jobs that a scheduler gives to workers. */
export const tempo3 = source(
  { ...origin, majorVersion: "3" },
  {
    tempo_live_store_ready: gauge("state", [], "1 if ready to serve queries, 0 otherwise"),
    tempo_live_store_live_traces: gauge("count", ["tenant"], "The current number of live traces per tenant"),
    tempo_live_store_traces_created_total: counter(
      "count",
      ["tenant"],
      "The total number of traces created per tenant",
    ),
    tempo_live_store_complete_queue_length: gauge("count", [], "Number of wal blocks waiting for completion"),
    tempo_live_store_blocks_completed_total: counter("count", [], "The total number of blocks completed"),
    tempo_live_store_failed_completions_total: counter("count", [], "The total number of failed block completions"),
    tempo_live_store_local_blocks_flushed_total: counter(
      "count",
      [],
      "The total number of local complete blocks flushed",
    ),
    tempo_live_store_local_failed_flushes_total: counter(
      "count",
      [],
      "The total number of failed local complete block flushes",
    ),
    tempo_live_store_back_pressure_seconds_total: counter(
      "seconds",
      ["reason"],
      "How long writes waited for live traces or blocks to be written",
    ),
    tempo_backend_scheduler_jobs_created_total: counter(
      "count",
      ["job_type", "tenant"],
      "Compaction and retention jobs given to workers",
    ),
    tempo_backend_scheduler_jobs_completed_total: counter(
      "count",
      ["job_type", "tenant"],
      "Compaction and retention jobs that were completed",
    ),
    tempo_backend_scheduler_jobs_failed_total: counter(
      "count",
      ["job_type", "tenant"],
      "Compaction and retention jobs that failed",
    ),
    tempo_backend_scheduler_work_flushes_failed_total: counter(
      "count",
      [],
      "How often the list of jobs could not be written to the object store",
    ),
    tempo_ingest_group_partition_lag_seconds: gauge("seconds", ["group", "partition"], "Lag of a partition in seconds"),
    tempo_partition_ring_partitions: gauge(
      "count",
      ["name", "state"],
      "Number of partitions by state in the partitions ring",
    ),
    tempo_block_builder_owned_partitions: gauge(
      "state",
      ["partition", "state"],
      "Indicates partition ownership by this block-builder (1 = owned)",
    ),
    tempo_live_store_partition_owned: gauge(
      "state",
      ["partition", "zone"],
      "1 if this consumer currently owns the partition",
    ),
    tempo_distributor_produce_failures_total: counter(
      "count",
      ["reason"],
      "Total number of failed produce records issued to Kafka",
    ),
    tempo_distributor_produce_records_total: counter("count", [], "Total number of records produced"),
  },
  [
    {
      of: [
        "tempo_ingest_group_partition_lag_seconds",
        "tempo_partition_ring_partitions",
        "tempo_block_builder_owned_partitions",
        "tempo_live_store_partition_owned",
        "tempo_distributor_produce_failures_total",
        "tempo_distributor_produce_records_total",
      ],
      only: "where spans go through Kafka",
    },
    { of: ["tempo_backend_scheduler_jobs_failed_total"], only: "once a job failed" },
    { of: ["tempo_live_store_back_pressure_seconds_total"], only: "once writes had to wait" },
  ],
);
