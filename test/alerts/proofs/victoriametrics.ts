import { counter, gauge, growing, steady, type Proof } from "../support/proof";
import { at, pod, target, GiB } from "./servers";

const vm = at("victoriametrics");
const vmPod = pod("victoriametrics");
const vmTarget = target("victoriametrics");

const va = at("vmagent");
const store = 'url="1:http://victoriametrics-raw.o.svc:8428/api/v1/write"';
const vmagent: readonly Proof[] = [
  {
    alert: "VmagentStoreFails",
    series: [counter(`vmagent_remotewrite_retries_count_total{${va}, ${store}}`, 0)],
    labels: { ...pod("vmagent"), url: "1:http://victoriametrics-raw.o.svc:8428/api/v1/write" },
    for: 15,
    lag: 6,
    cases: {
      warning: [
        0,
        60,
        "vmagent-0 has to send 1/s blocks once more to 1:http://victoriametrics-raw.o.svc:8428/api/v1/write.",
      ],
    },
  },
  {
    alert: "VmagentQueueLong",
    series: [gauge(`vmagent_remotewrite_pending_data_bytes{${va}, path="/q", ${store}}`, 0)],
    labels: { ...pod("vmagent"), url: "1:http://victoriametrics-raw.o.svc:8428/api/v1/write" },
    for: 15,
    cases: {
      warning: [
        90_000_000,
        200_000_000,
        "190.7MiB wait for 1:http://victoriametrics-raw.o.svc:8428/api/v1/write: what it answers is that much behind.",
      ],
    },
  },
  {
    alert: "VmagentLosesSamples",
    series: [
      counter(`vm_persistentqueue_bytes_dropped_total{${va}, name="n", path="/q"}`, 0),
      growing(`vmagent_remotewrite_packets_dropped_total{${va}, ${store}}`, 0),
    ],
    labels: pod("vmagent"),
    for: 0,
    lag: 10,
    cases: { critical: [0, 1000, "vmagent-0 dropped samples: a queue was full, or a store refused them."] },
  },
];

const victoriametrics: readonly Proof[] = [
  {
    // 1000 rows a second of one byte each: 3 days are 259.2 million bytes.
    alert: "VictoriaMetricsDiskRunsOut",
    series: [
      gauge(`vm_free_disk_space_bytes{${vm}, path="/s"}`, 510_000_000),
      steady(`vm_free_disk_space_limit_bytes{${vm}, path="/s"}`, 10_000_000),
      // Two replicas write, and half of it goes again; a tenth of what stays is index of new series.
      growing(`vm_rows_added_to_storage_total{${vm}}`, 108_000),
      growing(`vm_deduplicated_samples_total{${vm}, type="merge"}`, 54_000),
      growing(`vm_deduplicated_samples_total{${vm}, type="select"}`, 1_000_000),
      growing(`vm_new_timeseries_created_total{${vm}}`, 60),
      steady(`vm_data_size_bytes{${vm}, type="storage/big"}`, 1000),
      steady(`vm_rows{${vm}, type="storage/big"}`, 1000),
      steady(`vm_data_size_bytes{${vm}, type="indexdb/file"}`, 100_000),
      steady(`vm_rows{${vm}, type="indexdb/file"}`, 1000),
    ],
    labels: vmPod,
    warm: 65,
    for: 30,
    cases: {
      warning: [
        270_000_000,
        96_400_000,
        "At the present rate victoriametrics-0 takes samples for 1d 0h 0m 0s: then its disk is too full. The limit is 3d.",
      ],
    },
  },
  {
    alert: "VictoriaMetricsDiskHigh",
    series: [
      gauge(`vm_free_disk_space_bytes{${vm}, path="/s"}`, 90 * GiB),
      steady(`vm_total_disk_space_bytes{${vm}, path="/s"}`, 100 * GiB),
    ],
    labels: vmPod,
    for: 30,
    cases: {
      info: [
        25 * GiB,
        20 * GiB,
        "80% of the disk of victoriametrics-0 is used; merging parts needs a fifth of it free. The limit is 75 %.",
      ],
      warning: [
        15 * GiB,
        10 * GiB,
        "90% of the disk of victoriametrics-0 is used; merging parts needs a fifth of it free. The limit is 85 %.",
      ],
    },
  },
  {
    alert: "VictoriaMetricsReadOnly",
    series: [gauge(`vm_storage_is_read_only{${vm}, path="/s"}`, 0)],
    labels: vmPod,
    for: 0,
    cases: {
      critical: [
        0,
        1,
        "Free space on victoriametrics-0 fell below its limit: it turned read-only, Prometheus buffers for two hours.",
      ],
    },
  },
  {
    alert: "VictoriaMetricsRequestErrors",
    series: [counter(`vm_http_request_errors_total{${vm}, path="/api/v1/query", protocol="x", reason="y"}`, 0)],
    labels: { ...vmPod, path: "/api/v1/query" },
    for: 15,
    lag: 2,
    cases: { warning: [0, 1, "5 requests to /api/v1/query failed in five minutes."] },
  },
  {
    alert: "VictoriaMetricsLogsErrors",
    series: [
      counter(`vm_log_messages_total{${vm}, level="error", location="l"}`, 0),
      growing(`vm_log_messages_total{${vm}, level="info", location="l"}`, 5),
    ],
    labels: vmPod,
    for: 15,
    lag: 2,
    cases: { warning: [0, 1, "victoriametrics-0 wrote 5 lines of level error in five minutes."] },
  },
  {
    alert: "VictoriaMetricsRowsIgnored",
    series: [counter(`vm_rows_ignored_total{${vm}, reason="nan_value"}`, 0)],
    labels: { ...vmPod, reason: "nan_value" },
    for: 15,
    warm: 65,
    lag: 44,
    end: 70,
    cases: { warning: [0, 1, "60 samples were ignored in an hour because of nan_value."] },
  },
  {
    alert: "VictoriaMetricsSlowInserts",
    series: [counter(`vm_slow_row_inserts_total{${vm}}`, 0), growing(`vm_rows_added_to_storage_total{${vm}}`, 1000)],
    labels: vmPod,
    for: 15,
    lag: 6,
    cases: { warning: [50, 100, "10% of the inserts of victoriametrics-0 miss its cache. The limit is 5 %."] },
  },
  {
    alert: "VictoriaMetricsChurnHigh",
    series: [
      counter(`vm_new_timeseries_created_total{${vm}}`, 0),
      growing(`vm_rows_added_to_storage_total{${vm}}`, 1000),
    ],
    labels: vmPod,
    for: 15,
    lag: 6,
    cases: {
      warning: [100, 200, "20% of the rows begin a new series: some label changes all the time. The limit is 10 %."],
    },
  },
  {
    alert: "VictoriaMetricsQueriesWait",
    series: [
      counter(`vm_concurrent_select_limit_reached_total{${vm}}`, 0),
      growing(`vm_concurrent_insert_limit_reached_total{${vm}}`, 0),
    ],
    labels: vmTarget,
    for: 15,
    lag: 6,
    cases: { warning: [0, 120, "2/s requests have to wait until victoriametrics-0 has room for them."] },
  },
  {
    alert: "VictoriaMetricsIndexMisses",
    series: [counter(`vm_missing_tsids_for_metric_id_total{${vm}}`, 0)],
    labels: vmTarget,
    for: 10,
    lag: 2,
    end: 25,
    cases: { critical: [0, 1, "10 series of victoriametrics-0 are not in its index: queries miss data."] },
  },
  {
    alert: "VictoriaMetricsMemoryHigh",
    series: [gauge(`process_resident_memory_anon_bytes{${vm}}`, 10), steady(`vm_available_memory_bytes{${vm}}`, 100)],
    labels: vmPod,
    for: 10,
    cases: {
      info: [
        80,
        85,
        "victoriametrics-0 uses 85% of its memory; half of it should be free for peaks. The limit is 80 %.",
      ],
      warning: [
        90,
        95,
        "victoriametrics-0 uses 95% of its memory; half of it should be free for peaks. The limit is 90 %.",
      ],
    },
  },
];

export const victoriametricsProofs: readonly Proof[] = [...victoriametrics, ...vmagent];
