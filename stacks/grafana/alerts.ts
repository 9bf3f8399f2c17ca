import { histogramQuantile, matches, rate, sum, type Thresholds } from "../../signals";
import { levels, type Alert } from "../../alerts/language";
import { grafana } from "./metrics";
import type { grafanaThresholds } from "./thresholds";

const requests = grafana.grafana_http_request_duration_seconds;
const answers = grafana.grafana_datasource_request_total;

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
    above: thresholds.errorRatio,
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
    value: sum(rate(answers.where({ code: matches("5..") }).over("5m")))
      .by("cluster", "namespace", "datasource")
      .dividedBy(sum(rate(answers.over("5m"))).by("cluster", "namespace", "datasource")),
    above: { warning: thresholds.errorRatio.critical },
    for: "10m",
    summary: ({ datasource }) => `Grafana gets errors from ${datasource}.`,
    description: ({ datasource }, value) => `${value} of the queries to ${datasource} fail: panels stay empty.`,
  }),
];
