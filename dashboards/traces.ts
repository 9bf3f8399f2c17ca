import { histogramQuantile, matches, max, quantity, rate, services, spans, spansWhere, sum, inWords } from "../signals";
import { tempo } from "../stacks/tempo/metrics";
import {
  bars,
  selected,
  column,
  heatmap,
  latest,
  nodeGraph,
  page,
  query,
  rising,
  row,
  serviceMap,
  stat,
  table,
  timeSeries,
  traceList,
  traces,
  variable,
} from "./language";
import { cluster, folders, here } from "./shared";

const service = variable("service", spans.traces_spanmetrics_calls_total.where(here), "service");
const s = { ...here, service: selected("service") } as const;
const latency = spans.traces_spanmetrics_latency.where(s);
const edges = { ...here, server: selected("service") } as const;
const toLogs = { title: "Logs", to: "logs", keep: ["cluster", "service"] } as const;

/** Spans, who calls whom, slow and failed traces (F8, E3, E5); figures are taken before sampling. */
export const tracesPage = page((thresholds) => ({
  uid: "traces",
  title: "Traces and Service Map",
  description: "Spans before sampling, who calls whom, slow and failed traces.",
  folder: folders.product,
  variables: [cluster, service],
  rows: [
    row("Spans", [
      stat(
        "Spans",
        "Spans per second of the chosen services, before sampling.",
        query(sum(services.spanCalls.where(s)), "spans"),
        { width: "quarter" },
      ),
      stat(
        "Errors",
        `Share of spans that end in an error. Bad from ${inWords(thresholds.errorRatio.warning)}.`,
        query(sum(services.spanErrors.where(s)).dividedBy(sum(services.spanCalls.where(s))), "errors"),
        { width: "quarter", thresholds: rising(thresholds.errorRatio) },
      ),
      stat(
        "p95",
        "Time in which 95 % of spans end.",
        query(histogramQuantile(0.95, sum(services.spanLatencyBuckets.where(s)).by("le")), "p95"),
        { width: "quarter", thresholds: rising(thresholds.responseTime) },
      ),
      stat(
        "Discarded",
        "Spans that Tempo refused. Anything but 0 means that traces have holes.",
        query(sum(rate(tempo.tempo_discarded_spans_total.where(here))), "spans"),
        { width: "quarter", links: [{ title: "Tempo", to: "tempo", keep: ["cluster"] }] },
      ),
      timeSeries("Spans by service", "A service that falls silent may be down.", [
        query(services.spanCalls.where(s), "{{service}}"),
      ]),
      timeSeries(
        "Errors by service",
        `Bad from ${inWords(thresholds.errorRatio.warning)}, critical from ${inWords(thresholds.errorRatio.critical)}; the link opens the service's logs.`,
        [query(services.spanErrorRatio.where(s), "{{service}}")],
        { thresholds: rising(thresholds.errorRatio), links: [toLogs] },
      ),
      timeSeries(
        "p95 by service",
        `Time in which 95 % of a service's spans end. Bad above ${inWords(thresholds.responseTime.warning)}.`,
        [query(services.spanLatencyP95.where(s), "{{service}}")],
        { thresholds: rising(thresholds.responseTime) },
      ),
      heatmap(
        "Latency",
        "Distribution of span durations; dots lead to traces. Bad when the dark band moves up.",
        query(sum(rate(latency.buckets)).by("le"), "{{le}}", { exemplars: true }),
        { width: "half" },
      ),
      bars(
        "Slowest operations",
        "Time in which 95 % of each operation end of the chosen services: where the time goes.",
        [
          latest(
            query(
              histogramQuantile(0.95, sum(rate(latency.buckets)).by("service", "span_name", "le")),
              "{{service}} {{span_name}}",
            ),
          ),
        ],
        { thresholds: rising(thresholds.responseTime), width: "half" },
      ),
    ]),
    row("Service map", [
      nodeGraph(
        "Who calls whom",
        "Circles are services, red parts their errors; arrows carry rate and latency.",
        serviceMap(),
      ),
      timeSeries("Requests between services", "Requests on each edge of the map.", [
        query(services.edgeRequests.where(edges), "{{client}} → {{server}}"),
      ]),
      timeSeries(
        "Failed requests between services",
        "Anything that stays above 0 names the edge to look at.",
        [
          query(
            sum(rate(spans.traces_service_graph_request_failed_total.where(edges))).by("client", "server"),
            "{{client}} → {{server}}",
          ),
        ],
        { mayBeEmpty: { only: "once a call failed", underFaults: true } },
      ),
      timeSeries(
        "p95 between services",
        `Seen by the server. Bad above ${inWords(thresholds.responseTime.warning)}.`,
        [query(services.edgeLatencyP95.where(edges), "{{client}} → {{server}}")],
        { thresholds: rising(thresholds.responseTime) },
      ),
      table("Edges", "Rate and p95, edge by edge.", [
        column("Requests", latest(query(sum(services.edgeRequests.where(edges)).by("client", "server"), ""))),
        column(
          "p95",
          latest(query(max(services.edgeLatencyP95.where(edges)).by("client", "server"), "")),
          rising(thresholds.responseTime),
        ),
      ]),
    ]),
    row("Traces", [
      traceList(
        "Failed traces",
        "The latest traces with an error; a click opens one.",
        traces(spansWhere({ "service.name": matches("$service"), status: "error" })),
        { mayBeEmpty: { only: "once a trace had an error", underFaults: true } },
      ),
      traceList(
        "Slow traces",
        "The latest traces with a span above 500 ms.",
        traces(
          spansWhere({
            "service.name": matches("$service"),
            longerThan: quantity(thresholds.responseTime.warning.value, "seconds"),
          }),
        ),
      ),
    ]),
  ],
}));
