import { application, avg, increase, max, rate, services, sum, inWords } from "../signals";
import {
  collapsedRow,
  bars,
  column,
  falling,
  heatmap,
  latest,
  page,
  pie,
  query,
  rising,
  row,
  stat,
  table,
  timeSeries,
  variable,
} from "./language";
import { selected } from "./language";
import { cluster, folders, here, ofService, service } from "./shared";

const a = application;
const s = ofService;
const route = variable("route", a.requests_total.where(s), "route");
const ofRoute = { ...s, route: selected("route") } as const;
const toTraces = { title: "Traces", to: "traces", keep: ["cluster", "service"] } as const;
const toLogs = { title: "Logs", to: "logs", keep: ["cluster", "service"] } as const;

const hits = sum(rate(a.cache_hits_total.where(s))).by("service_name", "cache");
const misses = sum(rate(a.cache_misses_total.where(s))).by("service_name", "cache");

/** Requests, tasks, caches and processes of the services (F3, C5, C14), with the three panels of the requirements (F15). */
export const applicationPerformance = page((thresholds) => ({
  uid: "application-performance",
  title: "Application Performance",
  description: "Rate, errors and duration of requests and tasks, by service and route.",
  folder: folders.product,
  variables: [cluster, service, route],
  rows: [
    row("Golden signals", [
      stat("Requests", "Requests to the chosen services.", query(sum(services.requests.where(s)), "requests")),
      stat(
        "Errors",
        `Share of requests that fail. Bad from ${inWords(thresholds.errorRatio.warning)}.`,
        query(sum(services.errors.where(s)).dividedBy(sum(services.requests.where(s))), "errors"),
        { thresholds: rising(thresholds.errorRatio) },
      ),
      stat("p50", "Median time to answer of the slowest service.", query(max(services.latencyP50.where(s)), "p50"), {
        thresholds: rising(thresholds.responseTime),
      }),
      stat(
        "p95",
        `Time in which the slowest service answers 95 %. Bad above ${inWords(thresholds.responseTime.warning)}.`,
        query(max(services.latencyP95.where(s)), "p95"),
        { thresholds: rising(thresholds.responseTime) },
      ),
      stat("p99", "Time in which the slowest service answers 99 %.", query(max(services.latencyP99.where(s)), "p99"), {
        thresholds: rising(thresholds.responseTime),
      }),
      stat(
        "Open connections",
        "Connections of clients. Bad when they only grow.",
        query(sum(a.open_connections.where(s)), "open"),
      ),
    ]),
    row("Services", [
      timeSeries(
        "Time to answer",
        `Median, 95 % and 99 % of each service. Bad above ${inWords(thresholds.responseTime.warning)}; dots lead to traces.`,
        [
          query(services.latencyP50.where(s), "p50 {{service_name}}"),
          query(services.latencyP95.where(s), "p95 {{service_name}}"),
          query(services.latencyP99.where(s), "p99 {{service_name}}"),
        ],
        { thresholds: rising(thresholds.responseTime), width: "half", links: [toTraces] },
      ),
      timeSeries(
        "Share of failed requests",
        `Bad from ${inWords(thresholds.errorRatio.warning)}, critical from ${inWords(thresholds.errorRatio.critical)}.`,
        [query(services.errorRatio.where(s), "{{service_name}}")],
        { thresholds: rising(thresholds.errorRatio), width: "half", links: [toLogs] },
      ),
    ]),
    row("Routes", [
      timeSeries("Requests by route", "A route that falls silent may be broken.", [
        query(services.routeRequests.where(ofRoute), "{{service_name}} {{route}}"),
      ]),
      timeSeries(
        "p95 by route",
        `Which route is slow. Bad above ${inWords(thresholds.responseTime.warning)}.`,
        [query(services.routeLatencyP95.where(ofRoute), "{{service_name}} {{route}}")],
        { thresholds: rising(thresholds.responseTime) },
      ),
      pie(
        "Answers by status",
        "Share of each HTTP status in the time range. Much 5xx is our fault, much 4xx the callers'.",
        query(sum(increase(a.requests_total.where(ofRoute).over("$__range"))).by("status"), "{{status}}"),
      ),
      table("All routes", "Requests and time to answer, route by route.", [
        column("Requests", latest(query(services.routeRequests.where(ofRoute), ""))),
        column("p95", latest(query(services.routeLatencyP95.where(ofRoute), "")), rising(thresholds.responseTime)),
      ]),
      heatmap(
        "Latency of the chosen routes",
        "Distribution of durations; Latency at the end of the page has dots that lead to traces. Bad when the dark band moves up.",
        query(sum(services.routeLatencyBuckets.where(ofRoute)).by("le"), "{{le}}"),
        { width: "half", links: [toTraces] },
      ),
      timeSeries(
        "Sizes",
        "Request and response bodies, p95. A jump often comes from one client.",
        [
          query(services.requestSizeP95.where(s), "request {{service_name}}"),
          query(services.responseSizeP95.where(s), "response {{service_name}}"),
        ],
        { width: "half" },
      ),
    ]),
    row("Tasks", [
      timeSeries(
        "Throughput",
        "Tasks put in, done and failed. Bad when more go in than come out.",
        [
          query(sum(services.tasksQueued.where(s)).by("queue"), "queued {{queue}}"),
          query(sum(services.tasksCompleted.where(s)).by("queue"), "done {{queue}}"),
          query(sum(services.tasksFailed.where(s)).by("queue"), "failed {{queue}}"),
        ],
        { mayBeEmpty: { only: "once a task failed", refIds: ["C"], underFaults: true } },
      ),
      timeSeries("Time to run, p95", "How long tasks take.", [
        query(services.taskDurationP95.where(s), "{{service_name}} {{queue}}"),
      ]),
      timeSeries("Time in the queue, p95", "How long tasks wait. Bad when it grows: workers are too few.", [
        query(services.taskQueueTimeP95.where(s), "{{service_name}} {{queue}}"),
      ]),
    ]),
    row("Caches", [
      timeSeries(
        "Hit rate",
        `Share of lookups that caches answer. Bad below ${inWords(thresholds.cacheHits.warning)}.`,
        [query(hits.dividedBy(hits.plus(misses)), "{{service_name}} {{cache}}")],
        { thresholds: falling(thresholds.cacheHits), max: 1 },
      ),
      timeSeries("Size", "Bytes in each cache.", [
        query(sum(a.cache_size_bytes.where(s)).by("service_name", "cache"), "{{service_name}} {{cache}}"),
      ]),
      timeSeries(
        "Items and evictions",
        "Items held, and pushed out since the point before. Many evictions mean that the cache is too small.",
        [
          query(sum(a.cache_items_total.where(s)).by("cache"), "items {{cache}}"),
          query(sum(increase(a.cache_evictions_total.where(s))).by("cache"), "evicted {{cache}}"),
        ],
      ),
    ]),
    row("Processes", [
      timeSeries(
        "Processor",
        `Processor use of each process, of one core. Bad above ${inWords(thresholds.cpu.warning)} for long.`,
        [query(a.cpu_usage_percent.where(s), "{{instance}}")],
        { thresholds: rising(thresholds.cpu) },
      ),
      timeSeries(
        "Memory",
        "Smallest, average, 90 % and largest process of each service. A line that only rises is a leak.",
        [
          query(services.memoryMin.where(s), "min {{service_name}}"),
          query(services.memoryAverage.where(s), "avg {{service_name}}"),
          query(services.memoryP90.where(s), "p90 {{service_name}}"),
          query(services.memoryMax.where(s), "max {{service_name}}"),
        ],
      ),
      timeSeries("Concurrency", "Runtime tasks, open connections and files of each process. Bad when one only grows.", [
        query(a.goroutines_total.where(s), "tasks {{instance}}"),
        query(a.open_connections.where(s), "connections {{instance}}"),
        query(a.file_descriptors.where(s), "files {{instance}}"),
      ]),
      bars(
        "Load by service",
        "Average time to answer, service by service.",
        [query(avg(services.latencyAverage.where(here)).by("service_name"), "{{service_name}}")],
        { thresholds: rising(thresholds.responseTime), width: "full", height: 6 },
      ),
    ]),
    // As the requirements spell them: a line for each series, of which a large system has tens of thousands.
    collapsedRow("Requests", [
      timeSeries("Request Rate", "Requests of each series. A sudden drop means that nobody gets through.", [
        query(rate(a.requests_total.over("5m")), "{{service_name}} {{method}} {{route}} {{status}}"),
      ]),
      timeSeries(
        "Error Rate",
        "Failed requests of each series. Anything that stays above 0 wants a look.",
        [query(rate(a.request_errors_total.over("5m")), "{{service_name}} {{route}} {{type}}")],
        { mayBeEmpty: { only: "once a request failed", underFaults: true }, links: [toLogs] },
      ),
      heatmap(
        "Latency",
        "How long requests take. Bad when the dark band moves up or splits in two.",
        query(rate(a.request_duration_seconds.buckets.over("5m")), "{{le}}", { exemplars: true }),
        { links: [toTraces] },
      ),
    ]),
  ],
}));
