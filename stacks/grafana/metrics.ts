import { counter, gauge, histogram, info, source } from "../../signals/source";

/** Grafana about itself. Names from its documentation and source; no Grafana server was at hand to check them against. */
export const grafana = source(
  {
    name: "Grafana",
    jobs: ["grafana"],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
  },
  {
    grafana_build_info: info(["version", "revision", "branch", "edition", "goversion"], "Version of the server"),
    grafana_http_request_duration_seconds: histogram(
      "seconds",
      ["handler", "method", "status_code", "status_source", "slo_group"],
      "How long requests take",
    ),
    grafana_http_request_in_flight: gauge("requests", [], "Requests being served"),
    grafana_stat_totals_dashboard: gauge("count", [], "Dashboards"),
    grafana_stat_total_users: gauge("count", [], "Users"),
    grafana_stat_active_users: gauge("count", [], "Users active in the last 30 days"),
    grafana_plugin_request_total: counter(
      "requests",
      ["plugin_id", "endpoint", "status", "target", "status_source"],
      "Requests to plugins, of which data sources are one kind",
    ),
    grafana_plugin_request_duration_seconds: histogram(
      "seconds",
      ["plugin_id", "endpoint", "status", "target", "source"],
      "How long requests to plugins take",
    ),
    grafana_access_evaluation_count: counter("count", [], "Evaluations of access rules"),
    go_sql_stats_connections_open: gauge("count", ["db_name"], "Open connections to the database"),
    go_sql_stats_connections_in_use: gauge("count", ["db_name"], "Connections to the database in use"),
    grafana_page_response_status_total: counter("requests", ["code"], "Responses to page requests"),
    grafana_api_response_status_total: counter("requests", ["code"], "Responses to API requests"),
  },
  [{ of: ["grafana_build_info"], labels: ["branch"], only: "in binaries built from a release branch" }],
);
