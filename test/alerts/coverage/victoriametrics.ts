import {
  victoriametricsCluster,
  victoriametricsHealth,
  victoriametricsSingle,
} from "../../../docs/coverage/victoriametrics";
import type { Scenario, Scenarios } from "./scenario";

export const at = (system: string, container = "server") =>
  `cluster="local", job="${system}", instance="i", namespace="o", pod="${system}-0", container="${container}"`;
const store = at("victoriametrics");
const GiB = 2 ** 30;
/** 1 byte for each row in the data; the index grows by nothing. */
const data = (free: number) => ({
  [`vm_free_disk_space_bytes{${store}, path="/storage"}`]: free,
  [`vm_free_disk_space_limit_bytes{${store}, path="/storage"}`]: GiB,
  [`vm_rows_added_to_storage_total{${store}}`]: `+${5 * 60 * 10_000}`,
  [`vm_deduplicated_samples_total{${store}, type="merge"}`]: 0,
  [`vm_data_size_bytes{${store}, type="storage/big"}`]: 1e10,
  [`vm_rows{${store}, type="storage/big"}`]: 1e10,
  [`vm_data_size_bytes{${store}, type="indexdb/file"}`]: 1e7,
  [`vm_rows{${store}, type="indexdb/file"}`]: 1e6,
  [`vm_new_timeseries_created_total{${store}}`]: 0,
});
/** What ten thousand rows a second write in three days. */
const threeDays = 10_000 * 3 * 86_400;
const inserted = { [`vm_rows_inserted_total{${store}, type="promremotewrite"}`]: `+${5 * 60 * 10_000}` };
export const rising = (metric: string, labels: string, each = "+0.25") => ({ [`${metric}{${labels}}`]: each });

const storage: readonly Scenario[] = [
  {
    of: "DiskRunsOutOfSpaceIn3Days critical",
    series: data(threeDays * 0.98),
    beside: inserted,
    step: "5m",
    at: 1_500,
    fires: ["VictoriaMetricsDiskRunsOut"],
  },
  {
    of: "NodeBecomesReadonlyIn3Days warning",
    series: data(threeDays * 0.98 + GiB),
    beside: inserted,
    step: "5m",
    at: 1_500,
    fires: ["VictoriaMetricsReadOnlyInDays"],
  },
  {
    of: "DiskRunsOutOfSpace critical",
    series: {
      [`vm_data_size_bytes{${store}, type="storage/big"}`]: 86,
      [`vm_free_disk_space_bytes{${store}, path="/storage"}`]: 14,
    },
    beside: { [`vm_total_disk_space_bytes{${store}, path="/storage"}`]: 100 },
    at: 35,
    fires: ["VictoriaMetricsDiskHigh"],
  },
  {
    of: "RequestErrorsToAPI warning",
    series: rising("vm_http_request_errors_total", `${store}, path="/api/v1/query"`),
    at: 25,
    fires: ["VictoriaMetricsRequestErrors"],
  },
  {
    of: "TooHighChurnRate warning",
    series: {
      [`vm_new_timeseries_created_total{${store}}`]: "+11",
      [`vm_rows_inserted_total{${store}, type="promremotewrite"}`]: "+100",
    },
    beside: { [`vm_rows_added_to_storage_total{${store}}`]: "+100" },
    at: 25,
    fires: ["VictoriaMetricsChurnHigh"],
  },
  {
    of: "TooHighChurnRate24h warning",
    series: {
      // 3.1 new ones in a day for each that is active.
      [`vm_new_timeseries_created_total{${store}}`]: `+${3_100 / 288}`,
      [`vm_cache_entries{${store}, type="storage/hour_metric_ids"}`]: 1_000,
    },
    step: "5m",
    at: 1_500,
    fires: ["VictoriaMetricsChurnOfADay"],
  },
  {
    of: "TooHighSlowInsertsRate warning",
    series: {
      [`vm_slow_row_inserts_total{${store}}`]: "+5.1",
      [`vm_rows_inserted_total{${store}, type="promremotewrite"}`]: "+100",
    },
    beside: { [`vm_rows_added_to_storage_total{${store}}`]: "+100" },
    at: 25,
    fires: ["VictoriaMetricsSlowInserts"],
  },
  {
    of: "IndexDBRecordsDrop critical",
    series: { [`vm_indexdb_items_dropped_total{${store}, reason="too_long_item"}`]: "0x5 1x20" },
    at: 8,
    fires: ["VictoriaMetricsIndexDropsRecords"],
  },
  {
    of: "TooManyTSIDMisses critical",
    series: rising("vm_missing_tsids_for_metric_id_total", store),
    at: 25,
    fires: ["VictoriaMetricsIndexMisses"],
  },
];

export const victoriametricsSingleScenarios: Scenarios = { set: victoriametricsSingle, scenarios: storage };

const rpc = `${at("victoriametrics", "vminsert")}, name="vminsert", addr="vmstorage-0:8400", rpc_call="writeRows_v1"`;

export const victoriametricsClusterScenarios: Scenarios = {
  set: victoriametricsCluster,
  scenarios: [
    ...storage,
    {
      of: "RPCErrors warning",
      series: {
        [`vm_rpc_connection_errors_total{${rpc}}`]: "+0.25",
        [`vm_rpc_dial_errors_total{${rpc}}`]: 0,
        [`vm_rpc_handshake_errors_total{${rpc}}`]: 0,
      },
      at: 25,
      fires: ["VictoriaMetricsRpcErrors"],
    },
    {
      of: "VminsertVmstorageConnectionIsSaturated warning",
      // 0.91 seconds of each second.
      series: rising("vm_rpc_send_duration_seconds_total", rpc, "+54.6"),
      at: 25,
      fires: ["VictoriaMetricsConnectionBusy"],
    },
  ],
};

export const victoriametricsHealthScenarios: Scenarios = {
  set: victoriametricsHealth,
  scenarios: [
    {
      of: "TooManyRestarts critical",
      series: { [`process_start_time_seconds{${store}}`]: "0x3 1x0 2x0 3x0 4x0 5x0 6x0 7x20" },
      beside: {
        'kube_pod_container_status_restarts_total{cluster="local", job="kube-state-metrics", instance="k", namespace="o", pod="victoriametrics-0", container="server", uid="1"}':
          "0x3 1x0 2x0 3x0 4x0 5x0 6x0 7x20",
      },
      at: 14,
      fires: ["KubeContainerRestarts"],
    },
    { of: "ServiceDown critical", series: { [`up{${store}}`]: 0 }, at: 5, fires: ["TargetDown"] },
    {
      of: "ProcessNearFDLimits critical",
      series: { [`process_max_fds{${store}}`]: 1_024, [`process_open_fds{${store}}`]: 925 },
      at: 15,
      fires: ["ProcessFileDescriptorsLow"],
    },
    {
      of: "TooHighMemoryUsage critical",
      series: { [`process_resident_memory_anon_bytes{${store}}`]: 91, [`vm_available_memory_bytes{${store}}`]: 100 },
      at: 20,
      fires: ["VictoriaMetricsMemoryHigh"],
    },
    {
      of: "TooManyLogs warning",
      series: rising("vm_log_messages_total", `${store}, level="error", location="a.go:1", is_printed="true"`),
      at: 25,
      fires: ["VictoriaMetricsLogsErrors"],
    },
    {
      of: "TooHighQueryLoad warning",
      series: rising("vm_concurrent_select_limit_timeout_total", store),
      beside: {
        [`vm_concurrent_select_limit_reached_total{${store}}`]: "+0.25",
        [`vm_concurrent_insert_limit_reached_total{${store}}`]: 0,
      },
      at: 25,
      fires: ["VictoriaMetricsQueriesWait"],
    },
    {
      of: "RowsRejectedOnIngestion warning",
      series: rising("vm_rows_ignored_total", `${store}, reason="big_timestamp"`),
      at: 25,
      fires: ["VictoriaMetricsRowsIgnored"],
    },
  ],
};
