import { histogramQuantile, inWords, matches, rate, sum } from "../../signals";
import { page, query, rising, row, stat, timeSeries } from "../../dashboards/language";
import { cluster, folders } from "../../dashboards/shared";
import { instancesOf, logsRow, processRow, targetsOf } from "../../dashboards/process";
import { grafana as g } from "./metrics";

const t = targetsOf("grafana");
const requests = g.grafana_http_request_duration_seconds.where(t);
const failed = sum(rate(requests.where({ status_code: matches("5..") }).count));

/** Grafana about itself (F11, A5). */
export const grafanaPage = page((thresholds) => ({
  uid: "grafana",
  title: "Grafana",
  description: "Requests, data sources, users and the database of Grafana.",
  folder: folders.stack,
  variables: [cluster, instancesOf("grafana")],
  rows: [
    row("Now", [
      stat("Requests", "Requests per second.", query(sum(rate(requests.count)), "requests"), { width: "quarter" }),
      stat(
        "Failed requests",
        `Share of requests answered with 5xx. Bad from ${inWords(thresholds.errorRatio.warning)}.`,
        query(failed.or(sum(rate(requests.count)).times(0)).dividedBy(sum(rate(requests.count))), "failed"),
        { width: "quarter", thresholds: rising(thresholds.errorRatio) },
      ),
      stat(
        "Dashboards",
        "Dashboards that Grafana knows.",
        query(sum(g.grafana_stat_totals_dashboard.where(t)), "dashboards"),
        { width: "quarter" },
      ),
      stat("Active users", "Users of the last 30 days.", query(sum(g.grafana_stat_active_users.where(t)), "users"), {
        width: "quarter",
      }),
    ]),
    row("Requests", [
      timeSeries("By status", "Requests by status. 5xx are bad.", [
        query(sum(rate(requests.count)).by("status_code"), "{{status_code}}"),
      ]),
      timeSeries("Time to answer, p99", "By handler. Pages should open in a second.", [
        query(histogramQuantile(0.99, sum(rate(requests.buckets)).by("handler", "le")), "{{handler}}"),
      ]),
      timeSeries("In flight", "Requests that are being served. Bad when they pile up.", [
        query(g.grafana_http_request_in_flight.where(t), "{{instance}}"),
      ]),
    ]),
    row("Data sources", [
      timeSeries(
        "Requests by status",
        "By kind of data source. Anything but ok is bad.",
        [
          query(
            sum(rate(g.grafana_plugin_request_total.where(t))).by("plugin_id", "status"),
            "{{plugin_id}} {{status}}",
          ),
        ],
        { width: "half" },
      ),
      timeSeries(
        "Time to answer, p99",
        "By kind of data source. Bad above a second.",
        [
          query(
            histogramQuantile(
              0.99,
              sum(rate(g.grafana_plugin_request_duration_seconds.buckets.where(t))).by("plugin_id", "le"),
            ),
            "{{plugin_id}}",
          ),
        ],
        { width: "half" },
      ),
    ]),
    row("Database", [
      timeSeries(
        "Connections",
        "Open and in use. Bad when all are in use.",
        [
          query(g.go_sql_stats_connections_open.where(t), "open {{db_name}}"),
          query(g.go_sql_stats_connections_in_use.where(t), "in use {{db_name}}"),
        ],
        { width: "full" },
      ),
    ]),
    processRow("grafana"),
    logsRow("grafana"),
  ],
}));
