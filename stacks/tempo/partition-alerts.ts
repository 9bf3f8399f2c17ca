import { avgOverTime, count, increase, matches, max, not, quantity, sum, type Instant } from "../../signals";
import { alert, levels, type Alert } from "../../alerts/language";
import { tempo3 } from "./metrics";

const component = "tempo";
const dashboard = "tempo";
const runbook = "TempoPartitions";
const installation = ["cluster", "namespace"] as const;

/** Levels of tempo-mixin: how far a reader may be behind, what may fail to be written. */
const behind = quantity(200, "seconds");
const unwritten = quantity(0.001, "ratio");

const written = max(
  sum(
    tempo3.tempo_partition_ring_partitions.where({ name: "livestore-partitions", state: matches("Active|Inactive") }),
  ).by(...installation, "pod"),
).by(...installation);
const lacking = (read: Instant<(typeof installation)[number], "count">) => written.minus(read).above(0);
const byBuilders = sum(tempo3.tempo_block_builder_owned_partitions)
  .by(...installation)
  .as("count");
/** Each partition has a live store in each zone: one of them is enough to answer. */
const byLiveStores = count(max(tempo3.tempo_live_store_partition_owned).by(...installation, "partition")).by(
  ...installation,
);

/** Partitions of the topic between those who take spans in and those who keep them: Tempo 3 with Kafka. */
export const partitionAlerts = (): Alert[] => [
  levels({
    name: "TempoPartitionsBehind",
    component,
    dashboard,
    runbook,
    value: max(avgOverTime(tempo3.tempo_ingest_group_partition_lag_seconds.over("6m"))).by(
      ...installation,
      "group",
      "partition",
    ),
    above: { warning: behind },
    for: "5m",
    summary: ({ group, partition }) => `${group} is behind in partition ${partition}.`,
    description: ({ group, partition }, value) => `${group} reads what came into partition ${partition} ${value} ago.`,
  }),
  alert({
    name: "TempoPartitionsUnread",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: lacking(byBuilders).or(lacking(byLiveStores)),
    for: "10m",
    summary: ({ cluster }) => `Tempo in ${cluster} leaves partitions unread.`,
    description: (_labels, value) =>
      `${value} partitions that spans are written to have no block builder or no live store.`,
  }),
  levels({
    name: "TempoProduceFails",
    component,
    dashboard,
    runbook,
    value: sum(
      increase(
        // What its sender gave up on was never tried.
        tempo3.tempo_distributor_produce_failures_total.where({ reason: not("cancelled-before-producing") }).over("5m"),
      ),
    )
      .by(...installation)
      .dividedBy(sum(increase(tempo3.tempo_distributor_produce_records_total.over("5m"))).by(...installation)),
    above: { warning: unwritten },
    for: "5m",
    summary: ({ cluster }) => `Tempo in ${cluster} can't write spans to Kafka.`,
    description: (_labels, value) => `${value} of the records fail: senders try again, then spans are lost.`,
  }),
];
