import {
  alertSeries,
  avg,
  count,
  hosts,
  hostShares,
  kube,
  lineRate,
  logs,
  max,
  min,
  not,
  quantity,
  scrape,
  services,
  sum,
  vector,
  inWords,
} from "../signals";
import {
  selected,
  latest,
  page,
  query,
  redFrom,
  rising,
  row,
  column,
  stat,
  status,
  table,
  timeSeries,
} from "./language";
import { cluster, folders, here, upOrDown } from "./shared";

/** Prometheus' own series carry no cluster unless the alert's expression keeps it. */
const firing = alertSeries.ALERTS.where({ alertstate: "firing", alertname: not("Watchdog") });
const onHosts = { ...here, job: "node-exporter" } as const;

/** Is anything wrong, and where does one look next (F1)? */
export const overview = page((thresholds) => ({
  uid: "overview",
  title: "Overview",
  description: "Is anything wrong, and where to look next.",
  folder: folders.product,
  variables: [cluster],
  rows: [
    row("Right now", [
      stat(
        "Alerts firing",
        "Alerts that fire, the watchdog left out. Anything but 0 wants a look.",
        query(count(firing).or(vector(0, "count")), "alerts"),
        {
          thresholds: redFrom(quantity(1, "count")),
        },
      ),
      stat(
        "Targets down",
        "Scrape targets that don't answer. Above 0 some panels have holes.",
        query(count(scrape.up.where(here).equals(0)).or(vector(0, "count")), "targets"),
        {
          thresholds: redFrom(quantity(1, "count")),
          links: [{ title: "Prometheus", to: "prometheus", keep: ["cluster"] }],
        },
      ),
      stat(
        "Request rate",
        "Requests to all services. A sudden drop is as bad as an error.",
        query(sum(services.requests.where(here)), "requests"),
        {
          links: [{ title: "Application performance", to: "application-performance", keep: ["cluster"] }],
        },
      ),
      stat(
        "Error rate",
        `Share of requests that fail, over all services. Bad from ${inWords(thresholds.errorRatio.warning)}.`,
        query(sum(services.errors.where(here)).dividedBy(sum(services.requests.where(here))), "errors"),
        { thresholds: rising(thresholds.errorRatio) },
      ),
      stat(
        "Slowest service",
        `Time in which the slowest service answers 95 % of its requests. Bad above ${inWords(thresholds.responseTime.warning)}.`,
        query(max(services.latencyP95.where(here)), "p95"),
        {
          thresholds: rising(thresholds.responseTime),
        },
      ),
      stat(
        "Nodes ready",
        "Share of nodes that are ready. Below 100 % pods wait or move.",
        query(
          avg(kube.kube_node_status_condition.where({ ...here, condition: "Ready", status: "true" })).as("ratio"),
          "ready",
        ),
        {
          links: [{ title: "Cluster", to: "kubernetes-cluster", keep: ["cluster"] }],
        },
      ),
    ]),
    row("Services", [
      timeSeries(
        "Requests",
        "Requests of each service. A drop to zero means that nobody gets through.",
        [query(services.requests.where(here), "{{service_name}}")],
        {
          links: [
            {
              title: "This service",
              to: "application-performance",
              keep: ["cluster"],
              set: { service: "${__field.labels.service_name}" },
            },
          ],
        },
      ),
      timeSeries(
        "Errors",
        `Share of each service's requests that fail. Bad from ${inWords(thresholds.errorRatio.warning)}, critical from ${inWords(thresholds.errorRatio.critical)}.`,
        [query(services.errorRatio.where(here), "{{service_name}}")],
        {
          thresholds: rising(thresholds.errorRatio),
        },
      ),
      timeSeries(
        "Time to answer, p95",
        `Time in which 95 % of requests are answered. Bad above ${inWords(thresholds.responseTime.warning)}.`,
        [query(services.latencyP95.where(here), "{{service_name}}")],
        {
          thresholds: rising(thresholds.responseTime),
        },
      ),
    ]),
    row("Hosts and logs", [
      timeSeries(
        "Processor",
        `Processor use of each host. Bad above ${inWords(thresholds.cpu.warning)} for long.`,
        [query(hosts.cpu_usage_percent.where(onHosts), "{{instance}}")],
        {
          thresholds: rising(thresholds.cpu),
          max: 100,
          links: [{ title: "System performance", to: "system-performance", keep: ["cluster"] }],
        },
      ),
      timeSeries(
        "Memory",
        `Memory in use on each host. Bad above ${inWords(thresholds.memory.warning)}, at ${inWords(thresholds.memory.critical)} processes get killed soon.`,
        [query(hostShares.memory_used_percent.where(onHosts), "{{instance}}")],
        {
          thresholds: rising(thresholds.memory),
          max: 100,
        },
      ),
      timeSeries(
        "Fullest file systems",
        `Used space of each host's fullest file system. Bad above ${inWords(thresholds.disk.warning)}.`,
        [query(max(hostShares.disk_used_percent.where(onHosts)).by("instance"), "{{instance}}")],
        {
          thresholds: rising(thresholds.disk),
          max: 100,
        },
      ),
    ]),
    row("Observability stack", [
      status(
        "Systems",
        "Whether each scrape job answers; red when one of its targets is down.",
        query(min(scrape.up.where(here)).by("job"), "{{job}}"),
        upOrDown,
        { width: "half", height: 8 },
      ),
      timeSeries(
        "Error lines",
        "Log lines of level error or worse, by service. A step up often explains what the graphs above show.",
        [
          query(
            sum(
              lineRate(
                logs({ cluster: selected("cluster") }).where({
                  detected_level: { operator: "=~", value: "error|fatal" },
                }),
              ),
            ).by("service_name"),
            "{{service_name}}",
          ),
        ],
        { width: "half", links: [{ title: "Logs", to: "logs", keep: ["cluster"] }] },
      ),
      table(
        "Alerts that fire",
        "One row for each alert. Empty is good.",
        [column("Firing", latest(query(sum(firing).by("alertname", "severity", "namespace", "service_name"), "")))],
        { mayBeEmpty: { only: "while an alert fires", underFaults: true } },
      ),
    ]),
  ],
}));
