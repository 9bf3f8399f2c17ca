import { increase, max, quantity, sum } from "../../signals";
import { alert, levels, type Alert } from "../../alerts/language";
import { tempo } from "./metrics";

const component = "tempo";
const dashboard = "tempo";
const runbook = "TempoGenerator";
const perTenant = ["cluster", "namespace", "tenant"] as const;

/** Share of spans that the service graph may leave out (tempo-mixin: 0.5 %). */
const leftOut = quantity(0.005, "ratio");

/** Share of a tenant's series of one generator from which on a new route or service takes the rest. */
const nearly = quantity(0.8, "ratio");

/** Metrics made of spans, where they are not whole. */
export const generatorAlerts = (): Alert[] => [
  levels({
    name: "TempoGeneratorSeriesNearLimit",
    component,
    dashboard,
    runbook,
    // 0 is no limit.
    value: max(
      tempo.tempo_metrics_generator_registry_active_series.dividedBy(
        tempo.tempo_metrics_generator_registry_max_active_series.above(0),
      ),
    ).by(...perTenant),
    above: { warning: nearly },
    for: "15m",
    summary: ({ tenant }) => `Span metrics of ${tenant} have nearly as many series as they may.`,
    description: ({ tenant }, value) =>
      `${value} of the limit of ${tenant} is taken; beyond it, new series are left out.`,
  }),
  alert({
    name: "TempoGeneratorUpdateFails",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: sum(increase(tempo.tempo_metrics_generator_active_processors_update_failed_total.over("10m")))
      .by(...perTenant)
      .above(0),
    for: "15m",
    summary: ({ tenant }) => `What is made of the spans of ${tenant} can't be changed.`,
    description: ({ tenant }, value) =>
      `${value} attempts failed in ten minutes: ${tenant} has the processors of before.`,
  }),
  levels({
    name: "TempoServiceGraphDropsSpans",
    component,
    dashboard,
    runbook,
    value: sum(increase(tempo.tempo_metrics_generator_processor_service_graphs_dropped_spans.over("1h")))
      .by(...perTenant)
      .dividedBy(sum(increase(tempo.tempo_metrics_generator_spans_received_total.over("1h"))).by(...perTenant)),
    above: { warning: leftOut },
    for: "15m",
    summary: ({ tenant }) => `The service graph of ${tenant} has holes.`,
    description: (_labels, value) => `${value} of the spans of an hour found no place in it: edges are missing.`,
  }),
];
