import { increase, quantity, sum } from "../../signals";
import { alert, levels, type Alert } from "../../alerts/language";
import { loki } from "./metrics";

const component = "loki";
const dashboard = "loki";
/** Share of a tenant's streams from which on a new label or a busy day takes the rest. */
const nearly = 0.8;

/**
 * What Loki can't let go of, and what it may soon not take.
 * @param streams that a tenant may have; 0 is no limit
 * @param copies of each stream, each on another ingester, which all count it
 */
export const upkeepAlerts = (streams: number, copies: number): Alert[] => [
  ...(streams === 0 ? [] : [streamsNearLimit(streams, copies)]),
  alert({
    name: "LokiCheckpointFails",
    component,
    dashboard,
    runbook: "LokiStorage",
    severity: "warning",
    when: increase(loki.loki_ingester_checkpoint_creations_failed_total.over("1h")).above(0),
    for: "0s",
    keepFiringFor: "15m",
    summary: ({ pod }) => `The write-ahead log of ${pod} only grows.`,
    description: ({ pod }, value) =>
      `${value} checkpoints failed on ${pod} in an hour: its volume fills, a start takes longer.`,
  }),
];

const streamsNearLimit = (streams: number, copies: number): Alert =>
  levels({
    name: "LokiStreamsNearLimit",
    component,
    dashboard,
    runbook: "LokiStreams",
    value: sum(loki.loki_ingester_memory_streams).by("cluster", "namespace", "tenant"),
    above: { warning: quantity(nearly * streams * copies, "count") },
    for: "15m",
    summary: ({ tenant }) => `Tenant ${tenant} has nearly as many streams as it may.`,
    description: ({ tenant }, value) =>
      `The ingesters hold ${value} streams of ${tenant}, each ${copies === 1 ? "once" : `${copies} times`}; at ${streams} different ones Loki refuses lines of new ones.`,
  });
