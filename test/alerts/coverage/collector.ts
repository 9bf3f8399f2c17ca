import { awesomeCollector, collectorMixin } from "../../../docs/coverage/collector";
import type { Scenarios } from "./scenario";

const gateway =
  'cluster="local", job="collector-gateway", instance="i", namespace="o", pod="gateway-0", container="collector"';
const receiver = `${gateway}, receiver="otlp", transport="grpc"`;
const exporter = `${gateway}, exporter="otlphttp/loki"`;

/** Our word, theirs in two sets, and the metric's. */
const signals = [
  { ours: "Spans", mixin: "Spans", queue: "Spans", awesome: "Spans", metric: "spans" },
  { ours: "Metrics", mixin: "Metrics", queue: "MetricPoints", awesome: "MetricPoints", metric: "metric_points" },
  { ours: "Logs", mixin: "Logs", queue: "LogRecords", awesome: "LogRecords", metric: "log_records" },
] as const;
/** So many of 300 a minute: beyond the share that ours wait for, and beyond the 0.05 a second of the mixin. */
const share = (count: number, bad: string, good: string) => ({ [bad]: `+${count}`, [good]: `+${300 - count}` });
const refused = (metric: string) =>
  share(15.3, `otelcol_receiver_refused_${metric}{${receiver}}`, `otelcol_receiver_accepted_${metric}{${receiver}}`);
const failed = (metric: string) =>
  share(3.3, `otelcol_exporter_send_failed_${metric}{${exporter}}`, `otelcol_exporter_sent_${metric}{${exporter}}`);
const queue = (size: number) => ({
  [`otelcol_exporter_queue_size{${exporter}, data_type="logs"}`]: size,
  [`otelcol_exporter_queue_capacity{${exporter}, data_type="logs"}`]: 100,
});

export const collectorScenarios: Scenarios = {
  set: collectorMixin,
  scenarios: [
    ...signals.flatMap(({ ours, mixin, queue, metric }) => [
      {
        of: `ReceiverDropped${mixin} critical`,
        series: refused(metric),
        at: 20,
        fires: [`CollectorRefuses${ours}`],
      },
      {
        of: `ExporterDropped${mixin} critical`,
        series: failed(metric),
        at: 20,
        fires: [`CollectorCantSend${ours}`],
      },
      {
        of: `SendQueueFailed${queue} warning`,
        series: { [`otelcol_exporter_enqueue_failed_${metric}{${exporter}}`]: "+0.25" },
        at: 20,
        fires: [`CollectorDrops${ours}`],
      },
    ]),
    { of: "ExporterQueueSize warning", series: queue(81), at: 15, fires: ["CollectorQueueFills"] },
  ],
};

export const awesomeCollectorScenarios: Scenarios = {
  set: awesomeCollector,
  scenarios: [
    { of: "OpentelemetryCollectorDown critical", series: { [`up{${gateway}}`]: 0 }, at: 5, fires: ["TargetDown"] },
    ...signals.flatMap(({ ours, awesome, metric }) => [
      {
        of: `OpentelemetryCollectorReceiverRefused${awesome} critical`,
        series: refused(metric),
        at: 20,
        fires: [`CollectorRefuses${ours}`],
      },
      {
        of: `OpentelemetryCollectorExporterFailed${awesome} warning`,
        series: failed(metric),
        at: 20,
        fires: [`CollectorCantSend${ours}`],
      },
    ]),
    {
      of: "OpentelemetryCollectorOtlpReceiverErrors critical",
      series: {
        [`otelcol_receiver_refused_spans{${receiver}}`]: "+0.25",
        [`otelcol_receiver_accepted_spans{${receiver}}`]: 0,
      },
      at: 20,
      fires: ["CollectorRefusesSpans"],
    },
  ],
};
