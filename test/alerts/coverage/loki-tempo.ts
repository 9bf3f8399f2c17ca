import { lokiMixin, tempoMixin } from "../../../docs/coverage/loki-tempo";
import type { Scenarios } from "./scenario";

const at = (system: string, container = system, pod = `${system}-0`) =>
  `cluster="local", job="${system}", instance="${pod}", namespace="o", pod="${pod}", container="${container}"`;
const loki = at("loki");
const tempo = at("tempo");
const tenant = `${tempo}, tenant="t"`;
const ranAt = "loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds";

export const lokiScenarios: Scenarios = {
  set: lokiMixin,
  scenarios: [
    {
      of: "LokiRequestErrors critical",
      series: {
        [`loki_request_duration_seconds_count{${loki}, method="GET", route="api_v1_query", status_code="500"}`]: "+11",
        [`loki_request_duration_seconds_count{${loki}, method="GET", route="api_v1_query", status_code="200"}`]: "+89",
      },
      at: 25,
      fires: ["LokiRequestErrors"],
    },
    {
      of: "LokiRequestPanics critical",
      series: { [`loki_panic_total{${loki}}`]: "0x5 1x20" },
      at: 8,
      fires: ["LokiPanics"],
    },
    {
      of: "LokiRequestLatency critical",
      series: Object.fromEntries(
        (
          [
            ["1", 0],
            ["1.1", "+60"],
            ["+Inf", "+60"],
          ] as const
        ).map(([bound, value]) => [
          `loki_request_duration_seconds_bucket{${loki}, method="GET", route="api_v1_query", status_code="200", le="${bound}"}`,
          value,
        ]),
      ),
      step: "15s",
      at: 25,
      fires: ["LokiSlow"],
    },
    {
      of: "LokiTooManyCompactorsRunning warning",
      series: {
        [`loki_boltdb_shipper_compactor_running{${loki}}`]: 1,
        [`loki_boltdb_shipper_compactor_running{${at("loki", "loki", "loki-1")}}`]: 1,
      },
      at: 10,
      fires: ["LokiTwoCompactors"],
    },
    {
      of: "LokiCompactorHasNotSuccessfullyRunCompaction critical",
      series: { [`${ranAt}{${loki}}`]: 60 },
      step: "5m",
      at: 1_470,
      fires: ["LokiCompactionStalled"],
    },
    {
      of: "LokiCompactorHasNotSuccessfullyRunCompaction critical",
      // Not once since it started.
      series: { [`${ranAt}{${loki}}`]: 0 },
      beside: { [`process_start_time_seconds{${loki}}`]: 0 },
      step: "5m",
      at: 1_470,
      fires: ["LokiCompactionStalled"],
    },
  ],
};

const unhealthy = (ring: string) => ({ [`tempo_ring_members{${tempo}, name="${ring}", state="Unhealthy"}`]: 1 });
const lag = (container: string, seconds: number) => ({
  [`tempo_ingest_group_partition_lag_seconds{${at("tempo", container)}, group="${container}", partition="0"}`]: seconds,
});
const behind = (of: string, container: string, seconds: number) => ({
  of,
  series: lag(container, seconds),
  at: 20,
  fires: ["TempoPartitionsBehind"],
  majorVersion: "3" as const,
});
const partitions = `tempo_partition_ring_partitions{${tempo}, name="livestore-partitions", state="Active"}`;

export const tempoScenarios: Scenarios = {
  set: tempoMixin,
  scenarios: [
    ...(
      [
        ["TempoDistributorUnhealthy warning", "distributor"],
        ["TempoLiveStoreUnhealthy critical", "live-store"],
        ["TempoMetricsGeneratorUnhealthy critical", "metrics-generator"],
      ] as const
    ).map(([of, ring]) => ({ of, series: unhealthy(ring), at: 20, fires: ["TempoRingUnhealthy"] })),
    {
      of: "TempoCompactionsFailing critical",
      series: { [`tempodb_compaction_errors_total{${tempo}}`]: "+0.25" },
      at: 130,
      fires: ["TempoCompactionFails"],
    },
    {
      of: "TempoPollsFailing critical",
      series: { [`tempodb_blocklist_poll_errors_total{${tempo}, tenant="t"}`]: "+0.25" },
      at: 80,
      fires: ["TempoPollFails"],
    },
    {
      of: "TempoTenantIndexFailures critical",
      series: { [`tempodb_blocklist_tenant_index_errors_total{${tenant}}`]: "+0.25" },
      at: 80,
      fires: ["TempoTenantIndexFails"],
    },
    {
      of: "TempoTenantIndexTooOld critical",
      series: { [`tempodb_blocklist_tenant_index_age_seconds{${tenant}}`]: 601 },
      at: 20,
      fires: ["TempoTenantIndexOld"],
    },
    {
      of: "TempoBadOverrides critical",
      series: { [`tempo_runtime_config_last_reload_successful{${tempo}}`]: 0 },
      at: 20,
      fires: ["TempoBadOverrides"],
    },
    ...(
      [
        ["warning", 101, 365],
        ["critical", 251, 1_445],
      ] as const
    ).map(([severity, blocks, minute]) => ({
      of: `TempoCompactionTooManyOutstandingBlocks ${severity}`,
      series: {
        [`tempodb_compaction_outstanding_blocks{${at("tempo", "backend-scheduler")}, tenant="t"}`]: blocks,
        [`tempo_build_info{${at("tempo", "backend-worker")}, version="3"}`]: 1,
      },
      step: "5m" as const,
      at: minute,
      fires: ["TempoCompactionBehind"],
    })),
    behind("TempoMetricsGeneratorPartitionLagCritical critical", "metrics-generator", 901),
    behind("TempoBlockBuilderPartitionLagWarning warning", "block-builder", 201),
    behind("TempoBlockBuilderPartitionLagCritical critical", "block-builder", 301),
    behind("TempoLiveStorePartitionLagWarning warning", "live-store", 201),
    behind("TempoLiveStoreSingleMemberLagHigh critical", "live-store", 1_201),
    behind("TempoLiveStoreAllMembersLagging critical", "live-store", 301),
    {
      of: "TempoBackendSchedulerJobsFailureRateHigh critical",
      series: {
        [`tempo_backend_scheduler_jobs_failed_total{${tenant}, job_type="compaction"}`]: "+0.055",
        [`tempo_backend_scheduler_jobs_created_total{${tenant}, job_type="compaction"}`]: "+1",
      },
      at: 80,
      fires: ["TempoJobsFail"],
      majorVersion: "3",
    },
    {
      of: "TempoBlockBuildersPartitionsMismatch critical",
      series: {
        [partitions]: 2,
        [`tempo_block_builder_owned_partitions{${at("tempo", "block-builder", "b-0")}, partition="0", state="active"}`]: 1,
      },
      at: 20,
      fires: ["TempoPartitionsUnread"],
      majorVersion: "3",
    },
    {
      of: "TempoLiveStoresPartitionsUnowned critical",
      series: {
        [partitions]: 2,
        [`tempo_live_store_partition_owned{${at("tempo", "live-store", "l-0")}, partition="0", zone="zone-a"}`]: 1,
      },
      at: 20,
      fires: ["TempoPartitionsUnread"],
      majorVersion: "3",
    },
    {
      of: "TempoDistributorKafkaProduceFailing critical",
      series: {
        [`tempo_distributor_produce_failures_total{${tempo}, reason="other"}`]: "+0.11",
        [`tempo_distributor_produce_records_total{${tempo}}`]: "+100",
      },
      at: 20,
      fires: ["TempoProduceFails"],
      majorVersion: "3",
    },
    {
      of: "TempoMetricsGeneratorProcessorUpdatesFailing critical",
      series: { [`tempo_metrics_generator_active_processors_update_failed_total{${tenant}}`]: "+0.25" },
      at: 30,
      fires: ["TempoGeneratorUpdateFails"],
    },
    {
      of: "TempoMetricsGeneratorServiceGraphsDroppingSpans warning",
      series: {
        [`tempo_metrics_generator_processor_service_graphs_dropped_spans{${tenant}}`]: "+0.51",
        [`tempo_metrics_generator_spans_received_total{${tenant}}`]: "+100",
      },
      at: 90,
      fires: ["TempoServiceGraphDropsSpans"],
    },
    {
      of: "TempoMetricsGeneratorCollectionsFailing critical",
      series: { [`tempo_metrics_generator_registry_collections_failed_total{${tenant}}`]: "+0.5" },
      at: 20,
      fires: ["TempoGeneratorCollectFails"],
    },
  ],
};
