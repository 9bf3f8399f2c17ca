import { counter, gauge, growing, steady, type Proof } from "../support/proof";
import { at, pod } from "./servers";

const vm = at("victoriametrics");
const vmPod = pod("victoriametrics");
const toNode = 'name="vminsert", addr="vmstorage-0:8400", rpc_call="writeRows_v1"';
const door = at("vmauth");
const va = at("vmagent");
const queue = 'name="1:url", path="/queue/a"';
const url = "1:http://store";

const victoriametrics: readonly Proof[] = [
  {
    // A thousand rows a second of one byte each: 259.2 MB are three days.
    alert: "VictoriaMetricsReadOnlyInDays",
    series: [
      gauge(`vm_free_disk_space_bytes{${vm}, path="/s"}`, 1_000_000_000),
      steady(`vm_free_disk_space_limit_bytes{${vm}, path="/s"}`, 100_000_000),
      growing(`vm_rows_inserted_total{${vm}, type="promremotewrite"}`, 60_000),
      steady(`vm_data_size_bytes{${vm}, type="storage/big"}`, 1_000),
      steady(`vm_rows{${vm}, type="storage/big"}`, 1_000),
      steady(`vm_rows{${vm}, type="indexdb/file"}`, 500),
    ],
    labels: vmPod,
    warm: 375,
    for: 30,
    cases: {
      warning: [
        360_000_000,
        272_800_000,
        "At the rate of six hours, victoriametrics-0 takes samples for 2d 0h 0m 0s more. The limit is 3d.",
      ],
    },
  },
  {
    // Below the limit it is read-only already, which another alert says.
    alert: "VictoriaMetricsReadOnlyInDays",
    series: [
      gauge(`vm_free_disk_space_bytes{${vm}, path="/s"}`, 1_000_000_000),
      steady(`vm_free_disk_space_limit_bytes{${vm}, path="/s"}`, 100_000_000),
      growing(`vm_rows_inserted_total{${vm}, type="promremotewrite"}`, 60_000),
      steady(`vm_data_size_bytes{${vm}, type="storage/big"}`, 1_000),
      steady(`vm_rows{${vm}, type="storage/big"}`, 1_000),
    ],
    labels: vmPod,
    warm: 375,
    for: 30,
    cases: {
      warning: [
        99_000_000,
        186_400_000,
        "At the rate of six hours, victoriametrics-0 takes samples for 1d 0h 0m 0s more. The limit is 3d.",
      ],
    },
  },
  {
    alert: "VictoriaMetricsChurnOfADay",
    series: [
      counter(`vm_new_timeseries_created_total{${vm}}`, 0),
      steady(`vm_cache_entries{${vm}, type="storage/hour_metric_ids"}`, 1_000),
    ],
    labels: vmPod,
    for: 15,
    step: 5,
    lag: 1_440,
    end: 1_500,
    cases: {
      warning: [2, 5, "In a day 7.2 new series came for each that is active: a label changes slowly. The limit is 3."],
    },
  },
  {
    alert: "VictoriaMetricsIndexDropsRecords",
    series: [counter(`vm_indexdb_items_dropped_total{${vm}, reason="too_long_item"}`, 0)],
    labels: { ...vmPod, reason: "too_long_item" },
    for: 0,
    lag: 2,
    end: 40,
    cases: { warning: [0, 1, "3 entries were dropped in ten minutes (too_long_item): their series are not found."] },
  },
  {
    alert: "VictoriaMetricsRpcErrors",
    series: [
      counter(`vm_rpc_dial_errors_total{${vm}, ${toNode}}`, 0),
      growing(`vm_rpc_connection_errors_total{${vm}, ${toNode}}`, 0),
      growing(`vm_rpc_handshake_errors_total{${vm}, ${toNode}}`, 0),
    ],
    labels: { ...vmPod, addr: "vmstorage-0:8400" },
    for: 15,
    lag: 2,
    cases: { warning: [0, 1, "5 connections to vmstorage-0:8400 failed in five minutes: others take its samples."] },
  },
  {
    alert: "VictoriaMetricsConnectionBusy",
    series: [counter(`vm_rpc_send_duration_seconds_total{${vm}, ${toNode}}`, 6)],
    labels: { ...vmPod, addr: "vmstorage-0:8400" },
    for: 15,
    lag: 6,
    cases: {
      warning: [53, 57, "The connection to vmstorage-0:8400 is sending for 95% of the time. The limit is 90 %."],
    },
  },
  {
    alert: "VmauthRequestErrors",
    series: [counter(`vmauth_unauthorized_user_request_errors_total{${door}}`, 0)],
    labels: pod("vmauth"),
    for: 15,
    lag: 2,
    cases: { warning: [0, 1, "5 requests failed in five minutes: no store answers, or the path is not allowed."] },
  },
  {
    alert: "VmauthBusy",
    series: [
      counter(`vmauth_unauthorized_user_concurrent_requests_limit_reached_total{${door}}`, 0),
      growing(`vmauth_concurrent_requests_limit_reached_total{${door}}`, 0),
    ],
    labels: pod("vmauth"),
    for: 5,
    lag: 6,
    cases: { warning: [0, 1, "5 requests found all places taken in five minutes: stores answer too slowly."] },
  },
];

const vmagent: readonly Proof[] = [
  {
    // A thousand bytes a second: 43.2 MB are twelve hours.
    alert: "VmagentQueueFullInHours",
    series: [
      gauge(`vm_persistentqueue_free_disk_space_bytes{${va}, ${queue}}`, 100_000_000),
      growing(`vm_persistentqueue_bytes_pending{${va}, ${queue}}`, 60_000),
    ],
    labels: { ...pod("vmagent"), path: "/queue/a" },
    for: 10,
    cases: {
      warning: [
        43_300_000,
        21_600_000,
        "At the present pace /queue/a is full in 6h 0m 0s; then samples are dropped. The limit is 12h.",
      ],
    },
  },
  {
    alert: "VmagentConnectionBusy",
    series: [
      counter(`vmagent_remotewrite_send_duration_seconds_total{${va}, url="${url}"}`, 30),
      steady(`vmagent_remotewrite_queues{${va}, url="${url}"}`, 5),
    ],
    labels: { ...pod("vmagent"), url },
    for: 15,
    lag: 6,
    cases: {
      warning: [
        265,
        285,
        "Its workers are sending to 1:http://store for 95% of the time: more needs more of them. The limit is 90 %.",
      ],
    },
  },
  {
    alert: "VmagentRequestErrors",
    series: [counter(`vmagent_http_request_errors_total{${va}, path="/api/v1/write", protocol="p"}`, 0)],
    labels: { ...pod("vmagent"), path: "/api/v1/write" },
    for: 15,
    lag: 2,
    cases: {
      warning: [0, 1, "5 requests to /api/v1/write failed in five minutes: Prometheus tries again, or loses samples."],
    },
  },
  {
    alert: "VmalertRecordsNothing",
    series: [
      gauge(
        `vmalert_recording_rules_last_evaluation_samples{${at("vmalert")}, group="g", file="f", id="1", recording="a:b:c"}`,
        3,
      ),
    ],
    labels: { ...pod("vmalert"), group: "g", recording: "a:b:c" },
    for: 60,
    cases: { info: [1, 0, "Rule a:b:c of g gave no series for an hour: look whether its source exists."] },
  },
];

/** The parts of VictoriaMetrics, before anything is lost. */
export const storeProofs: readonly Proof[] = [...victoriametrics, ...vmagent];
