import { counter, gauge, histogram, info, source } from "../../signals/source";

/** Alertmanager 0.34 about itself. */
export const alertmanager = source(
  {
    name: "Alertmanager",
    jobs: ["alertmanager"],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
  },
  {
    alertmanager_build_info: info(
      ["branch", "goarch", "goos", "goversion", "revision", "tags", "version"],
      "A metric with a constant '1' value labeled by version, revision, branch, goversion from which alertmanager",
    ),
    alertmanager_alerts: gauge("count", ["state"], "How many alerts by state"),
    alertmanager_alerts_received_total: counter("count", ["status", "version"], "The total number of received alerts"),
    alertmanager_alerts_invalid_total: counter(
      "count",
      ["version"],
      "The total number of received alerts that were invalid",
    ),
    alertmanager_silences: gauge("count", ["state"], "How many silences by state"),
    alertmanager_notifications_total: counter("count", ["integration"], "The total number of attempted notifications"),
    alertmanager_notifications_failed_total: counter(
      "count",
      ["integration", "reason"],
      "The total number of failed notifications",
    ),
    alertmanager_notification_requests_total: counter(
      "requests",
      ["integration"],
      "The total number of attempted notification requests",
    ),
    alertmanager_notification_requests_failed_total: counter(
      "requests",
      ["integration"],
      "The total number of failed notification requests",
    ),
    alertmanager_notification_latency_seconds: histogram(
      "seconds",
      ["integration"],
      "The latency of notifications in seconds",
    ),
    alertmanager_config_last_reload_successful: gauge(
      "state",
      [],
      "Whether the last configuration reload attempt was successful",
    ),
    alertmanager_config_last_reload_success_timestamp_seconds: gauge(
      "timestamp",
      [],
      "Timestamp of the last successful configuration reload",
    ),
    alertmanager_config_hash: gauge("number", [], "Hash of the currently loaded alertmanager configuration"),
    alertmanager_cluster_members: gauge("count", [], "Number indicating current number of members in cluster"),
    alertmanager_cluster_failed_peers: gauge(
      "count",
      [],
      "Number indicating the current number of failed peers in the cluster",
    ),
    alertmanager_cluster_messages_queued: gauge("count", [], "Number of cluster messages which are queued"),
    alertmanager_dispatcher_aggregation_groups: gauge("count", [], "Number of active aggregation groups"),
    alertmanager_http_request_duration_seconds: histogram(
      "seconds",
      ["code", "handler", "method"],
      "Histogram of latencies for HTTP requests",
    ),
    alertmanager_integrations: gauge("count", [], "Number of configured integrations"),
    alertmanager_receivers: gauge("count", [], "Number of configured receivers"),
    alertmanager_silences_query_errors_total: counter("count", [], "How many silence received queries did not succeed"),
    alertmanager_nflog_query_errors_total: counter("count", [], "Number notification log received queries that failed"),
  },
  [
    {
      of: ["alertmanager_cluster_members", "alertmanager_cluster_failed_peers", "alertmanager_cluster_messages_queued"],
      only: "with more than one Alertmanager",
    },
    { of: ["alertmanager_build_info"], labels: ["branch"], only: "in binaries built from a release branch" },
  ],
);
