import { counter, gauge, histogram, info, source, summary } from "../../signals/source";

/** Prometheus 3.15 about itself. */
export const prometheus = source(
  {
    name: "Prometheus",
    jobs: ["prometheus"],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
  },
  {
    prometheus_build_info: info(
      ["branch", "goarch", "goos", "goversion", "revision", "tags", "version"],
      "A metric with a constant '1' value labeled by version, revision, branch, goversion from which prometheus was",
    ),
    prometheus_ready: gauge(
      "state",
      [],
      "Whether Prometheus startup was fully completed and the server is ready for normal operation",
    ),
    prometheus_config_last_reload_successful: gauge(
      "state",
      [],
      "Whether the last configuration reload attempt was successful",
    ),
    prometheus_config_last_reload_success_timestamp_seconds: gauge(
      "timestamp",
      [],
      "Timestamp of the last successful configuration reload",
    ),
    prometheus_tsdb_head_series: gauge("count", [], "Total number of series in the head block"),
    prometheus_tsdb_head_chunks: gauge("count", [], "Total number of chunks in the head block"),
    prometheus_tsdb_head_samples_appended_total: counter("samples", ["type"], "Total number of appended samples"),
    prometheus_tsdb_head_series_created_total: counter("count", [], "Total number of series created in the head"),
    prometheus_tsdb_head_series_removed_total: counter("count", [], "Total number of series removed in the head"),
    prometheus_tsdb_out_of_order_samples_total: counter(
      "samples",
      ["type"],
      "Total number of out of order samples ingestion failed attempts due to out of order being disabled",
    ),
    prometheus_tsdb_compactions_total: counter(
      "count",
      [],
      "Total number of compactions that were executed for the partition",
    ),
    prometheus_tsdb_compactions_failed_total: counter(
      "count",
      [],
      "Total number of compactions that failed for the partition",
    ),
    prometheus_tsdb_reloads_failures_total: counter(
      "count",
      [],
      "Number of times the database failed to reloadBlocks block data from disk",
    ),
    prometheus_tsdb_wal_corruptions_total: counter("count", [], "Total number of WAL corruptions"),
    prometheus_tsdb_wal_truncations_failed_total: counter(
      "count",
      [],
      "Total number of write log truncations that failed",
    ),
    prometheus_tsdb_head_truncations_failed_total: counter("count", [], "Total number of head truncations that failed"),
    prometheus_tsdb_checkpoint_creations_failed_total: counter(
      "count",
      [],
      "Total number of checkpoint creations that failed",
    ),
    prometheus_tsdb_wal_storage_size_bytes: gauge("bytes", [], "Size of the write log directory"),
    prometheus_tsdb_storage_blocks_bytes: gauge(
      "bytes",
      [],
      "The number of bytes that are currently used for local storage by all blocks",
    ),
    prometheus_tsdb_lowest_timestamp_seconds: gauge("timestamp", [], "Lowest timestamp value stored in the database"),
    prometheus_tsdb_exemplar_exemplars_in_storage: gauge(
      "count",
      [],
      "Number of exemplars currently in circular storage",
    ),
    prometheus_tsdb_exemplar_exemplars_appended_total: counter("count", [], "Total number of appended exemplars"),
    prometheus_tsdb_retention_limit_bytes: gauge(
      "bytes",
      [],
      "Max number of bytes to be retained in the tsdb blocks, configured 0 means disabled",
    ),
    prometheus_engine_queries: gauge("count", [], "The current number of queries being executed or waiting"),
    prometheus_engine_queries_concurrent_max: gauge("count", [], "The max number of concurrent queries"),
    prometheus_engine_query_duration_histogram_seconds: histogram(
      "seconds",
      ["slice"],
      "The duration of various parts of PromQL query execution",
    ),
    prometheus_engine_query_duration_seconds: summary("seconds", ["slice"], "Query timings"),
    prometheus_http_requests_total: counter("requests", ["code", "handler"], "Counter of HTTP requests"),
    prometheus_http_request_duration_seconds: histogram(
      "seconds",
      ["handler"],
      "Histogram of latencies for HTTP requests",
    ),
    prometheus_rule_evaluations_total: counter("count", ["rule_group"], "Rule evaluations"),
    prometheus_rule_evaluation_failures_total: counter("count", ["rule_group"], "Rule evaluations that failed", {
      every: "2m",
    }),
    prometheus_rule_group_iterations_missed_total: counter(
      "count",
      ["rule_group"],
      "Evaluations missed because the one before took too long",
    ),
    prometheus_rule_group_iterations_total: counter(
      "count",
      ["rule_group"],
      "Evaluations of rule groups, missed ones included",
    ),
    prometheus_rule_group_last_duration_seconds: gauge(
      "seconds",
      ["rule_group"],
      "How long the last evaluation of the group took",
    ),
    prometheus_rule_group_interval_seconds: gauge("seconds", ["rule_group"], "The interval of the group"),
    prometheus_rule_group_rules: gauge("count", ["rule_group"], "How many rules the group has"),
    prometheus_notifications_sent_total: counter("count", ["alertmanager"], "Total number of alerts sent"),
    prometheus_notifications_errors_total: counter(
      "count",
      ["alertmanager"],
      "Total number of sent alerts affected by errors",
    ),
    prometheus_notifications_dropped_total: counter(
      "count",
      ["alertmanager"],
      "Total number of alerts dropped due to errors when sending to Alertmanager",
    ),
    prometheus_notifications_queue_length: gauge(
      "count",
      ["alertmanager"],
      "The number of alert notifications in the queue",
    ),
    prometheus_notifications_queue_capacity: gauge("count", [], "The capacity of the alert notifications queue"),
    prometheus_notifications_alertmanagers_discovered: gauge(
      "count",
      [],
      "The number of alertmanagers discovered and active",
    ),
    prometheus_remote_storage_samples_total: counter(
      "samples",
      ["remote_name", "url"],
      "Total number of samples sent to remote storage",
    ),
    prometheus_remote_storage_samples_failed_total: counter(
      "samples",
      ["remote_name", "url"],
      "Total number of samples which failed on send to remote storage, non-recoverable errors",
    ),
    prometheus_remote_storage_samples_retried_total: counter(
      "samples",
      ["remote_name", "url"],
      "Total number of samples which failed on send to remote storage but were retried because the send error was",
    ),
    prometheus_remote_storage_samples_pending: gauge(
      "samples",
      ["remote_name", "url"],
      "The number of samples pending in the queues shards to be sent to the remote storage",
    ),
    prometheus_remote_storage_bytes_total: counter(
      "bytes",
      ["remote_name", "url"],
      "The total number of bytes of data (not metadata) sent by the queue after compression",
    ),
    prometheus_remote_storage_highest_timestamp_in_seconds: gauge(
      "timestamp",
      [],
      "Highest timestamp that has come into the remote storage via the Appender interface, in seconds since epoch",
    ),
    prometheus_remote_storage_queue_highest_sent_timestamp_seconds: gauge(
      "timestamp",
      ["remote_name", "url"],
      "Highest timestamp successfully sent by this queue, in seconds since epoch",
    ),
    prometheus_remote_storage_queue_highest_timestamp_seconds: gauge(
      "timestamp",
      ["remote_name", "url"],
      "Highest timestamp that was enqueued, in seconds since epoch",
    ),
    prometheus_remote_storage_shards: gauge(
      "count",
      ["remote_name", "url"],
      "The number of shards used for parallel sending to the remote storage",
    ),
    prometheus_remote_storage_shards_desired: gauge(
      "count",
      ["remote_name", "url"],
      "The number of shards that the queues shard calculation wants to run based on the rate of samples in vs",
    ),
    prometheus_remote_storage_shards_max: gauge(
      "count",
      ["remote_name", "url"],
      "The maximum number of shards that the queue is allowed to run",
    ),
    prometheus_sd_discovered_targets: gauge("count", ["config", "name"], "Current number of discovered targets"),
    prometheus_sd_kubernetes_failures_total: counter("count", [], "The number of failed WATCH/LIST requests"),
    prometheus_target_interval_length_seconds: summary("seconds", ["interval"], "Actual intervals between scrapes"),
    prometheus_target_scrape_pool_targets: gauge(
      "count",
      ["scrape_job"],
      "Current number of targets in this scrape pool",
    ),
    prometheus_target_scrape_pool_exceeded_target_limit_total: counter(
      "count",
      [],
      "Total number of times scrape pools hit the target limit, during sync or config reload",
    ),
    prometheus_target_scrape_pool_exceeded_label_limits_total: counter(
      "count",
      [],
      "Total number of times scrape pools hit the label limits, during sync or config reload",
    ),
    prometheus_target_scrapes_exceeded_sample_limit_total: counter(
      "count",
      [],
      "Total number of scrapes that hit the sample limit and were rejected",
    ),
    prometheus_target_scrapes_exceeded_body_size_limit_total: counter(
      "count",
      [],
      "Total number of scrapes that hit the body size limit",
    ),
    prometheus_target_scrapes_sample_duplicate_timestamp_total: counter(
      "samples",
      [],
      "Total number of samples rejected due to duplicate timestamps but different values",
    ),
    prometheus_target_scrapes_sample_out_of_order_total: counter(
      "samples",
      [],
      "Total number of samples rejected due to not being out of the expected order",
    ),
    prometheus_target_scrapes_sample_out_of_bounds_total: counter(
      "samples",
      [],
      "Total number of samples rejected due to timestamp falling outside of the time bounds",
    ),
    prometheus_target_scrape_pool_reloads_failed_total: counter(
      "count",
      [],
      "Total number of failed scrape pool reloads",
    ),
    prometheus_target_sync_failed_total: counter("count", ["scrape_job"], "Total number of target sync failures"),
    prometheus_api_otlp_appended_samples_without_metadata_total: counter(
      "samples",
      [],
      "The total number of samples ingested from OTLP without corresponding metadata",
    ),
  },
  [{ of: ["prometheus_build_info"], labels: ["branch"], only: "in binaries built from a release branch" }],
);
