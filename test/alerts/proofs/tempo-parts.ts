import { counter, gauge, growing, steady, type Proof } from "../support/proof";
import { at, o, pod } from "./servers";

const tempo = at("tempo");
const inTempo = { ...o, tenant: "t" };
const tenant = `${tempo}, tenant="t"`;
const partitions = `tempo_partition_ring_partitions{${tempo}, name="livestore-partitions", state="Active"}`;

export const tempoPartProofs: readonly Proof[] = [
  {
    alert: "TempoRingUnhealthy",
    series: [gauge(`tempo_ring_members{${tempo}, name="distributor", state="Unhealthy"}`, 0)],
    labels: { ...o, name: "distributor" },
    for: 15,
    cases: { warning: [0, 1, "1 members of distributor are unhealthy; with one more, writes or reads may fail."] },
  },
  {
    alert: "TempoNoIndexBuilder",
    series: [
      gauge(`tempodb_blocklist_tenant_index_builder{${tenant}}`, 1),
      steady(`tempodb_blocklist_length{${tenant}}`, 5),
    ],
    labels: inTempo,
    for: 10,
    cases: { warning: [1, 0, "Every part of Tempo lists the blocks of t itself: slow, and expensive with S3."] },
  },
  {
    alert: "TempoTenantIndexOld",
    series: [gauge(`tempodb_blocklist_tenant_index_age_seconds{${tenant}}`, 60)],
    labels: inTempo,
    for: 10,
    cases: {
      warning: [600, 900, "It was written 15m 0s ago: newer traces of t are not found in S3. The limit is 10m."],
    },
  },
  {
    alert: "TempoBadOverrides",
    series: [gauge(`tempo_runtime_config_last_reload_successful{${tempo}, config="overrides"}`, 1)],
    labels: pod("tempo"),
    for: 10,
    cases: { warning: [1, 0, "tempo-0 goes on with those that it had; started anew it would not run."] },
  },
  {
    alert: "TempoGeneratorSeriesNearLimit",
    series: [
      gauge(`tempo_metrics_generator_registry_active_series{${tenant}}`, 100),
      steady(`tempo_metrics_generator_registry_max_active_series{${tenant}}`, 1_000),
    ],
    labels: inTempo,
    for: 15,
    cases: {
      warning: [800, 900, "90% of the limit of t is taken; beyond it, new series are left out. The limit is 80 %."],
    },
  },
  {
    alert: "TempoGeneratorUpdateFails",
    series: [counter(`tempo_metrics_generator_active_processors_update_failed_total{${tenant}}`, 0)],
    labels: inTempo,
    for: 15,
    lag: 12,
    end: 40,
    cases: { warning: [0, 1, "10 attempts failed in ten minutes: t has the processors of before."] },
  },
  {
    alert: "TempoServiceGraphDropsSpans",
    series: [
      counter(`tempo_metrics_generator_processor_service_graphs_dropped_spans{${tenant}}`, 0),
      growing(`tempo_metrics_generator_spans_received_total{${tenant}}`, 1_000),
    ],
    labels: inTempo,
    warm: 65,
    for: 15,
    lag: 65,
    end: 90,
    cases: {
      warning: [4, 20, "2% of the spans of an hour found no place in it: edges are missing. The limit is 0.5 %."],
    },
  },
  {
    alert: "TempoPartitionsBehind",
    series: [gauge(`tempo_ingest_group_partition_lag_seconds{${tempo}, group="block-builder", partition="0"}`, 1)],
    labels: { ...o, group: "block-builder", partition: "0" },
    for: 5,
    lag: 7,
    majorVersion: "3",
    cases: { warning: [200, 300, "block-builder reads what came into partition 0 5m 0s ago. The limit is 200s."] },
  },
  {
    alert: "TempoPartitionsUnread",
    series: [
      gauge(partitions, 1),
      steady(`tempo_block_builder_owned_partitions{${tempo}, partition="0", state="active"}`, 1),
      steady(`tempo_live_store_partition_owned{${tempo}, partition="0", zone="zone-a"}`, 1),
      steady(`tempo_live_store_partition_owned{${tempo}, partition="0", zone="zone-b"}`, 1),
    ],
    labels: o,
    for: 10,
    majorVersion: "3",
    cases: { warning: [1, 2, "1 partitions that spans are written to have no block builder or no live store."] },
  },
  {
    alert: "TempoProduceFails",
    series: [
      counter(`tempo_distributor_produce_failures_total{${tempo}, reason="other"}`, 0),
      growing(`tempo_distributor_produce_failures_total{${tempo}, reason="cancelled-before-producing"}`, 500),
      growing(`tempo_distributor_produce_records_total{${tempo}}`, 1_000),
    ],
    labels: o,
    for: 5,
    lag: 6,
    majorVersion: "3",
    cases: {
      warning: [0.9, 10, "1% of the records fail: senders try again, then spans are lost. The limit is 0.1 %."],
    },
  },
];
