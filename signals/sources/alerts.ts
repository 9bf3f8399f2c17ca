import { gauge, source } from "../source";

/** What Prometheus writes about its own alerts. */
export const alertSeries = source(
  { name: "Prometheus alerts", jobs: [], targetLabels: ["cluster"] },
  {
    ALERTS: gauge(
      "state",
      ["alertname", "alertstate", "severity", "namespace", "service_name", "instance", "job", "pod"],
      "1 for each alert that is pending or firing",
    ),
    ALERTS_FOR_STATE: gauge(
      "timestamp",
      ["alertname", "severity", "namespace", "service_name", "instance", "job", "pod"],
      "When an alert became active",
    ),
  },
  [
    { of: ["ALERTS", "ALERTS_FOR_STATE"], labels: "others", only: "as each alert's expression keeps them" },
    {
      of: ["ALERTS", "ALERTS_FOR_STATE"],
      labels: ["namespace", "service_name", "instance", "job", "pod"],
      only: "as each alert's expression keeps them",
    },
  ],
);
