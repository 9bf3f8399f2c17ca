import { counter, gauge, histogram, info, source } from "../../signals/source";

/** Loki 3.7 about itself. `tenant` and `user` both name the tenant, as each metric spells it. */
export const loki = source(
  {
    name: "Loki",
    jobs: ["loki"],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
  },
  {
    loki_build_info: info(
      ["branch", "goarch", "goos", "goversion", "revision", "tags", "version"],
      "A metric with a constant '1' value labeled by version, revision, branch, goversion from which loki was built",
    ),
    loki_request_duration_seconds: histogram(
      "seconds",
      ["method", "route", "status_code", "ws"],
      "How long requests take",
    ),
    loki_inflight_requests: gauge("requests", ["method", "route"], "Current number of inflight requests"),
    loki_distributor_bytes_received_total: counter(
      "bytes",
      ["format", "is_internal_stream", "policy", "retention_hours", "tenant"],
      "The total number of uncompressed bytes received per tenant",
    ),
    loki_distributor_lines_received_total: counter(
      "lines",
      ["format", "is_internal_stream", "policy", "tenant"],
      "The total number of lines received per tenant",
    ),
    loki_distributor_structured_metadata_bytes_received_total: counter(
      "bytes",
      ["format", "is_internal_stream", "policy", "retention_hours", "tenant"],
      "The total number of uncompressed bytes received per tenant for entries' structured metadata",
    ),
    loki_discarded_samples_total: counter(
      "lines",
      ["reason", "tenant", "retention_hours", "policy", "format"],
      "Lines discarded, by reason",
    ),
    loki_ingester_memory_streams: gauge("count", ["tenant"], "The total number of streams in memory per tenant"),
    loki_ingester_memory_chunks: gauge("count", [], "The total number of chunks in memory"),
    loki_ingester_streams_created_total: counter("count", ["tenant"], "The total number of streams created per tenant"),
    loki_ingester_flush_queue_length: gauge("count", [], "The total number of series pending in the flush queue"),
    loki_ingester_chunks_flushed_total: counter("count", ["reason"], "Chunks flushed, by reason"),
    loki_ingester_chunks_flush_failures_total: counter("count", [], "Total number of flush failures"),
    loki_ingester_chunks_flush_requests_total: counter(
      "count",
      [],
      "Total number of flush requests (successful or not)",
    ),
    loki_ingester_chunk_utilization: histogram("ratio", [], "Distribution of stored chunk utilization (when stored)"),
    loki_ingester_chunk_age_seconds: histogram("seconds", [], "Distribution of chunk ages (when stored)"),
    loki_ingester_chunk_compression_ratio: histogram("ratio", [], "Compression ratio of chunks (when stored)"),
    loki_ingester_chunk_size_bytes: histogram("bytes", [], "Distribution of stored chunk sizes (when stored)"),
    loki_ingester_wal_disk_full_failures_total: counter(
      "count",
      [],
      "Total number of wal write failures due to full disk",
    ),
    loki_ingester_wal_records_logged_total: counter("count", [], "Total number of WAL records logged"),
    loki_ingester_checkpoint_creations_failed_total: counter(
      "count",
      [],
      "Total number of checkpoint creations that failed",
    ),
    loki_ingester_not_owned_streams: gauge("count", [], "The total number of not owned streams in memory"),
    loki_chunk_store_deduped_chunks_total: counter(
      "count",
      [],
      "Count of chunks which were not stored because they have already been stored by another replica",
    ),
    loki_objstore_bucket_operations_total: counter("operations", ["operation"], "Operations on the object store"),
    loki_objstore_bucket_operation_failures_total: counter(
      "operations",
      ["operation"],
      "Operations on the object store that failed",
    ),
    loki_objstore_bucket_operation_duration_seconds: histogram(
      "seconds",
      ["operation"],
      "How long operations on the object store take",
    ),
    loki_compactor_apply_retention_last_successful_run_timestamp_seconds: gauge(
      "timestamp",
      [],
      "Unix timestamp of the last successful retention run",
    ),
    loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds: gauge(
      "timestamp",
      [],
      "Unix timestamp of the last successful compaction run",
    ),
    loki_compactor_pending_delete_requests_count: gauge(
      "count",
      [],
      "Count of delete requests which are over their cancellation period and have not finished processing yet",
    ),
    loki_compactor_oldest_pending_delete_request_age_seconds: gauge(
      "seconds",
      [],
      "Age of oldest pending delete request in seconds since they are over their cancellation period",
    ),
    loki_boltdb_shipper_compactor_running: gauge(
      "state",
      [],
      "Value will be 1 if compactor is currently running on this instance",
    ),
    loki_panic_total: counter("count", [], "The total number of panic triggered"),
    loki_logql_querystats_latency_seconds: histogram(
      "seconds",
      ["range", "status_code", "type"],
      "How long LogQL queries take",
    ),
    loki_logql_querystats_bytes_processed_per_seconds: histogram(
      "bytes",
      ["latency_type", "range", "sharded", "status_code", "type"],
      "Bytes that queries process per second",
    ),
    loki_query_scheduler_queue_length: gauge("count", ["user"], "Queries waiting for a querier"),
    loki_query_scheduler_queue_duration_seconds: histogram(
      "seconds",
      [],
      "Time spend by requests in queue before getting picked up by a querier",
    ),
    loki_querier_tail_active: gauge("count", [], "Number of active tailers"),
    loki_ruler_managers_total: gauge("count", [], "Tenants whose rules this ruler evaluates"),
    loki_prometheus_rule_evaluations_total: counter("count", ["rule_group", "user"], "Rule evaluations of the ruler"),
    loki_prometheus_rule_evaluation_failures_total: counter(
      "count",
      ["rule_group", "user"],
      "Rule evaluations of the ruler that failed",
      { every: "5m" },
    ),
    loki_prometheus_rule_group_iterations_missed_total: counter(
      "count",
      ["rule_group", "user"],
      "Evaluations that the ruler missed",
    ),
    loki_prometheus_notifications_errors_total: counter(
      "count",
      ["alertmanager", "user"],
      "Alerts that the ruler could not send",
    ),
    loki_internal_log_messages_total: counter(
      "lines",
      ["level"],
      "Total number of log messages created by Loki itself",
    ),
    loki_rate_store_max_stream_rate_bytes: gauge(
      "bytes",
      [],
      "The maximum stream rate for any stream reported by ingesters during a sync operation",
    ),
    loki_ring_members: gauge("count", ["name", "state"], "Members of the hash ring, by state"),
  },
  [
    { of: ["loki_discarded_samples_total"], only: "once Loki refused a line" },
    { of: ["loki_ingester_chunks_flushed_total"], only: "once a chunk was full or old enough" },
    { of: ["loki_build_info"], labels: ["branch"], only: "in binaries built from a release branch" },
    {
      of: [
        "loki_distributor_bytes_received_total",
        "loki_distributor_lines_received_total",
        "loki_distributor_structured_metadata_bytes_received_total",
        "loki_discarded_samples_total",
      ],
      labels: ["policy"],
      only: "for tenants with policies",
    },
  ],
);
