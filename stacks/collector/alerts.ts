import {
  increase,
  max,
  quantity,
  rate,
  sum,
  type Counter,
  type Quantity,
  type Unit,
  type Thresholds,
} from "../../signals";
import { alert, levels, ticket, type Alert } from "../../alerts/language";
import { collector as c } from "./metrics";

const component = "collector";
const dashboard = "collector";
const perJob = ["cluster", "namespace", "job"] as const;
const perQueue = ["cluster", "namespace", "pod", "exporter", "data_type"] as const;

/** The three signals: word in names, word in texts, and the counters of each. */
const signals = [
  {
    name: "Spans",
    accepted: c.otelcol_receiver_accepted_spans,
    refused: c.otelcol_receiver_refused_spans,
    sent: c.otelcol_exporter_sent_spans,
    failed: c.otelcol_exporter_send_failed_spans,
    dropped: c.otelcol_exporter_enqueue_failed_spans,
    limited: c.otelcol_processor_memory_limiter_refused_spans,
  },
  {
    name: "Metrics",
    accepted: c.otelcol_receiver_accepted_metric_points,
    refused: c.otelcol_receiver_refused_metric_points,
    sent: c.otelcol_exporter_sent_metric_points,
    failed: c.otelcol_exporter_send_failed_metric_points,
    dropped: c.otelcol_exporter_enqueue_failed_metric_points,
    limited: c.otelcol_processor_memory_limiter_refused_metric_points,
  },
  {
    name: "Logs",
    accepted: c.otelcol_receiver_accepted_log_records,
    refused: c.otelcol_receiver_refused_log_records,
    sent: c.otelcol_exporter_sent_log_records,
    failed: c.otelcol_exporter_send_failed_log_records,
    dropped: c.otelcol_exporter_enqueue_failed_log_records,
    limited: c.otelcol_processor_memory_limiter_refused_log_records,
  },
] as const;

/** How many a second: the three kinds of signal have units of their own, and one rule is enough for all. */
const perSecond = <L extends string>(of: Counter<L, Unit>) => rate(of.over("5m")).as("count per second");
const none: Quantity<"count per second"> = quantity(0, "count per second");

const signalAlerts = (thresholds: Thresholds, { name, ...of }: (typeof signals)[number]): Alert[] => {
  const what = name.toLowerCase();
  const share = <L extends string>(bad: Counter<L, Unit>, good: Counter<L, Unit>, ...by: L[]) => {
    const lost = sum(perSecond(bad)).by(...by);
    // What never worked has no series of successes: they are 0, not unknown.
    return lost.dividedBy(
      lost.plus(
        sum(perSecond(good))
          .by(...by)
          .or(lost.times(0)),
      ),
    );
  };
  return [
    levels({
      name: `CollectorRefuses${name}`,
      component,
      dashboard,
      runbook: "CollectorRefuses",
      value: share(of.refused, of.accepted, ...perJob, "receiver"),
      above: ticket(thresholds.errorRatio),
      for: "5m",
      summary: ({ job, receiver }) => `${job} refuses ${what}: ${receiver}.`,
      description: ({ receiver }, value) =>
        `${value} of the ${what} that reach ${receiver} are refused; senders try again or drop them.`,
    }),
    levels({
      name: `CollectorCantSend${name}`,
      component,
      dashboard,
      runbook: "CollectorSending",
      value: share(of.failed, of.sent, ...perJob, "exporter"),
      above: thresholds.errorRatio,
      pages: "data",
      for: "5m",
      summary: ({ job, exporter }) => `${job} can't pass ${what} on: ${exporter}.`,
      description: ({ exporter }, value) => `${value} of the ${what} that ${exporter} sends are lost for good.`,
    }),
    alert({
      name: `CollectorDrops${name}`,
      component,
      dashboard,
      runbook: "CollectorSending",
      severity: "critical",
      pages: "data",
      when: sum(perSecond(of.dropped))
        .by(...perJob, "exporter")
        .above(none),
      for: "5m",
      summary: ({ job, exporter }) => `${job} drops ${what}: ${exporter}.`,
      description: ({ exporter }, value) => `The queue of ${exporter} is full: ${value} ${what} are dropped.`,
    }),
    alert({
      name: `CollectorShortOfMemoryFor${name}`,
      component,
      dashboard,
      runbook: "CollectorRefuses",
      severity: "warning",
      when: sum(perSecond(of.limited))
        .by(...perJob)
        .above(none),
      for: "5m",
      summary: ({ job }) => `${job} is short of memory and refuses ${what}.`,
      description: ({ job }, value) => `The memory limiter of ${job} refuses ${value} ${what}.`,
    }),
  ];
};

/** The OpenTelemetry Collector: agents on the nodes and the gateway. */
export const collectorAlerts = (thresholds: Thresholds): Alert[] => [
  ...signals.flatMap((signal) => signalAlerts(thresholds, signal)),
  levels({
    name: "CollectorQueueFills",
    component,
    dashboard,
    runbook: "CollectorSending",
    value: max(c.otelcol_exporter_queue_size)
      .by(...perQueue)
      .dividedBy(max(c.otelcol_exporter_queue_capacity).by(...perQueue)),
    above: ticket(thresholds.queueFill),
    for: "10m",
    summary: ({ pod, exporter }) => `The queue of ${exporter} in ${pod} is filling.`,
    description: ({ data_type }, value) =>
      `${value} of the queue for ${data_type} is taken: what is behind it is slow or away.`,
  }),
  alert({
    name: "CollectorSamplesTooEarly",
    component,
    dashboard,
    runbook: "CollectorSampling",
    severity: "warning",
    when: sum(increase(c.otelcol_processor_tail_sampling_sampling_trace_dropped_too_early.over("10m")))
      .by(...perJob)
      .above(0),
    for: "10m",
    summary: ({ job }) => `${job} forgets traces before it has decided on them.`,
    description: (_labels, value) => `${value} traces were dropped in ten minutes because too many are in memory.`,
  }),
  alert({
    name: "CollectorSamplingFails",
    component,
    dashboard,
    runbook: "CollectorSampling",
    severity: "warning",
    when: sum(increase(c.otelcol_processor_tail_sampling_sampling_policy_evaluation_error.over("10m")))
      .by(...perJob)
      .above(0),
    for: "10m",
    summary: ({ job }) => `${job} can't decide which traces to keep.`,
    description: (_labels, value) => `${value} decisions failed in ten minutes.`,
  }),
];
