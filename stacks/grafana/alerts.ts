import { histogramQuantile, matches, matchesNot, rate, sum, type Thresholds } from "../../signals";
import { levels, ticket, type Alert } from "../../alerts/language";
import { grafana } from "./metrics";
import type { grafanaThresholds } from "./thresholds";

/** What Grafana answers by itself: a query is as slow and as wrong as the data source behind it. */
const requests = grafana.grafana_http_request_duration_seconds.where({
  handler: matchesNot("/api/ds/query.*|/api/datasources/.*"),
});
const answers = grafana.grafana_plugin_request_total;

/** Grafana. */
export const grafanaAlerts = (thresholds: Thresholds & typeof grafanaThresholds): Alert[] => [
  levels({
    name: "GrafanaRequestErrors",
    component: "grafana",
    dashboard: "grafana",
    runbook: "Grafana",
    value: sum(rate(requests.where({ status_code: matches("5..") }).count.over("5m")))
      .by("cluster", "namespace", "handler")
      .dividedBy(sum(rate(requests.count.over("5m"))).by("cluster", "namespace", "handler")),
    above: ticket(thresholds.errorRatio),
    for: "10m",
    summary: ({ handler }) => `Grafana fails requests: ${handler}.`,
    description: ({ handler }, value) => `${value} of the requests to ${handler} fail.`,
  }),
  levels({
    name: "GrafanaSlow",
    component: "grafana",
    dashboard: "grafana",
    runbook: "Grafana",
    value: histogramQuantile(0.95, sum(rate(requests.buckets.over("5m"))).by("cluster", "namespace", "le")),
    above: thresholds.grafanaLatency,
    for: "15m",
    summary: ({ cluster }) => `Grafana in ${cluster} is slow.`,
    description: (_labels, value) => `A request takes ${value} (p95).`,
  }),
  levels({
    name: "GrafanaDatasourceErrors",
    component: "grafana",
    dashboard: "grafana",
    runbook: "Grafana",
    value: sum(rate(answers.where({ status: "error" }).over("5m")))
      .by("cluster", "namespace", "plugin_id")
      .dividedBy(sum(rate(answers.over("5m"))).by("cluster", "namespace", "plugin_id")),
    above: { warning: thresholds.errorRatio.critical },
    for: "10m",
    summary: ({ plugin_id }) => `Grafana gets errors from data sources of kind ${plugin_id}.`,
    description: ({ plugin_id }, value) => `${value} of the requests through ${plugin_id} fail: panels stay empty.`,
  }),
];
