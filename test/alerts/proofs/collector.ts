import { counter, gauge, growing, steady, type Proof } from "../support/proof";

const on = 'cluster="local", namespace="o", pod="gw-0", job="collector-gateway", instance="i"';
const job = { namespace: "o", job: "collector-gateway" };

const signals = [
  ["Spans", "spans", "spans"],
  ["Metrics", "metric_points", "metrics"],
  ["Logs", "log_records", "logs"],
] as const;

const ofSignal = ([name, series, words]: (typeof signals)[number]): Proof[] => [
  {
    alert: `CollectorRefuses${name}`,
    series: [
      counter(`otelcol_receiver_refused_${series}{${on}, receiver="otlp", transport="grpc"}`, 0),
      growing(`otelcol_receiver_accepted_${series}{${on}, receiver="otlp", transport="grpc"}`, 90),
    ],
    labels: { ...job, receiver: "otlp" },
    for: 5,
    lag: 6,
    cases: {
      info: [
        0.9,
        10,
        `10% of the ${words} that reach otlp are refused; senders try again or drop them. The limit is 1 %.`,
      ],
      warning: [
        4.5,
        10,
        `10% of the ${words} that reach otlp are refused; senders try again or drop them. The limit is 5 %.`,
      ],
    },
  },
  {
    alert: `CollectorCantSend${name}`,
    series: [
      counter(`otelcol_exporter_send_failed_${series}{${on}, exporter="otlp_http/x"}`, 0),
      growing(`otelcol_exporter_sent_${series}{${on}, exporter="otlp_http/x"}`, 90),
    ],
    labels: { ...job, exporter: "otlp_http/x" },
    for: 5,
    lag: 6,
    cases: {
      warning: [0.9, 10, `10% of the ${words} that otlp_http/x sends are lost for good. The limit is 1 %.`],
    },
  },
  {
    // Nothing was ever sent: there is no series of successes.
    alert: `CollectorCantSend${name}`,
    series: [counter(`otelcol_exporter_send_failed_${series}{${on}, exporter="otlp_http/x"}`, 0)],
    labels: { ...job, exporter: "otlp_http/x" },
    for: 5,
    lag: 6,
    cases: { critical: [0, 10, `100% of the ${words} that otlp_http/x sends are lost for good. The limit is 5 %.`] },
  },
  {
    alert: `CollectorDrops${name}`,
    series: [counter(`otelcol_exporter_enqueue_failed_${series}{${on}, exporter="otlp_http/x", data_type="x"}`, 0)],
    labels: { ...job, exporter: "otlp_http/x" },
    for: 5,
    lag: 6,
    cases: { critical: [0, 60, `The queue of otlp_http/x is full: 1/s ${words} are dropped.`] },
  },
  {
    alert: `CollectorShortOfMemoryFor${name}`,
    series: [counter(`otelcol_processor_memory_limiter_refused_${series}{${on}, processor="memory_limiter"}`, 0)],
    labels: job,
    for: 5,
    lag: 6,
    cases: { warning: [0, 60, `The memory limiter of collector-gateway refuses 1/s ${words}.`] },
  },
];

const grafana = 'cluster="local", namespace="o", pod="g", job="grafana"';
const o = { namespace: "o" };
const tenth = (rest: string) =>
  ({
    info: [0.9, 10, `10% ${rest} The limit is 1 %.`],
    warning: [4.5, 10, `10% ${rest} The limit is 5 %.`],
  }) as const;

export const collectorProofs: readonly Proof[] = [
  ...signals.flatMap(ofSignal),
  {
    alert: "CollectorQueueFills",
    series: [
      gauge(`otelcol_exporter_queue_size{${on}, exporter="x", data_type="logs"}`, 0),
      steady(`otelcol_exporter_queue_capacity{${on}, exporter="x", data_type="logs"}`, 1000),
    ],
    labels: { namespace: "o", pod: "gw-0", exporter: "x", data_type: "logs" },
    for: 10,
    cases: {
      info: [600, 700, "70% of the queue for logs is taken: what is behind it is slow or away. The limit is 60 %."],
      warning: [800, 900, "90% of the queue for logs is taken: what is behind it is slow or away. The limit is 80 %."],
    },
  },
  {
    alert: "CollectorSamplesTooEarly",
    series: [counter(`otelcol_processor_tail_sampling_sampling_trace_dropped_too_early{${on}}`, 0)],
    labels: job,
    for: 10,
    lag: 2,
    end: 25,
    cases: { warning: [0, 1, "10 traces were dropped in ten minutes because too many are in memory."] },
  },
  {
    alert: "CollectorSamplingFails",
    series: [counter(`otelcol_processor_tail_sampling_sampling_policy_evaluation_error{${on}}`, 0)],
    labels: job,
    for: 10,
    lag: 2,
    end: 25,
    cases: { warning: [0, 1, "10 decisions failed in ten minutes."] },
  },
  {
    alert: "GrafanaRequestErrors",
    series: [
      counter(`grafana_http_request_duration_seconds_count{${grafana}, handler="/h", status_code="500"}`, 0),
      growing(`grafana_http_request_duration_seconds_count{${grafana}, handler="/h", status_code="200"}`, 90),
      // A query fails as the data source behind it does.
      growing(
        `grafana_http_request_duration_seconds_count{${grafana}, handler="/api/ds/query", status_code="500"}`,
        90,
      ),
    ],
    labels: { ...o, handler: "/h" },
    for: 10,
    lag: 6,
    cases: tenth("of the requests to /h fail."),
  },
  {
    alert: "GrafanaSlow",
    series: [
      counter(`grafana_http_request_duration_seconds_bucket{${grafana}, handler="/h", status_code="200", le="3"}`, 60),
      growing(`grafana_http_request_duration_seconds_bucket{${grafana}, handler="/h", status_code="200", le="5"}`, 60),
      growing(
        `grafana_http_request_duration_seconds_bucket{${grafana}, handler="/h", status_code="200", le="+Inf"}`,
        60,
      ),
    ],
    labels: o,
    for: 15,
    lag: 6,
    cases: { warning: [60, 0, "A request takes 4.9s (p95). The limit is 3s."] },
  },
  {
    alert: "GrafanaDatasourceErrors",
    series: [
      counter(`grafana_plugin_request_total{${grafana}, plugin_id="loki", endpoint="queryData", status="error"}`, 0),
      growing(`grafana_plugin_request_total{${grafana}, plugin_id="loki", endpoint="queryData", status="ok"}`, 90),
    ],
    labels: { ...o, plugin_id: "loki" },
    for: 10,
    lag: 6,
    cases: { warning: [4.5, 10, "10% of the requests through loki fail: panels stay empty. The limit is 5 %."] },
  },
];
