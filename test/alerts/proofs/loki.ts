import { counter, gauge, growing, steady, written, type Proof } from "../support/proof";
import { at, pod, o, slow, sharesOf, increaseOf, failing } from "./servers";

const loki = at("loki");

export const lokiProofs: readonly Proof[] = [
  {
    alert: "LokiRequestErrors",
    series: [
      ...failing(
        "loki_request_duration_seconds_count",
        `${loki}, route="otlp_v1_logs"`,
        'status_code="500"',
        'status_code="204"',
      ),
      growing(`loki_request_duration_seconds_count{${loki}, route="ready", status_code="503"}`, 60),
    ],
    labels: { ...o, route: "otlp_v1_logs" },
    for: 15,
    lag: 6,
    cases: sharesOf((share) => `${share} of the requests to otlp_v1_logs fail.`),
  },
  {
    alert: "LokiSlow",
    series: slow("loki_request_duration_seconds", `${loki}, route="otlp_v1_logs", status_code="204"`, "1", "2"),
    labels: { ...o, route: "otlp_v1_logs" },
    for: 15,
    lag: 7,
    cases: { warning: [60, 0, "otlp_v1_logs takes 1.99s (p99). The limit is 1s."] },
  },
  increaseOf("LokiPanics", "loki", "loki_panic_total", {
    for: 0,
    cases: { warning: [0, 1, "loki-0 had 3 panics in ten minutes."] },
  }),
  {
    alert: "LokiLinesDiscarded",
    series: [counter(`loki_discarded_samples_total{${loki}, tenant="t", reason="rate_limited"}`, 0)],
    labels: { ...o, tenant: "t", reason: "rate_limited" },
    for: 10,
    lag: 6,
    cases: { warning: [0, 60, "1 lines/s are lost because of rate_limited."] },
  },
  {
    alert: "LokiReceivesNothing",
    series: [counter(`loki_distributor_lines_received_total{${loki}, tenant="t"}`, 60)],
    labels: o,
    for: 10,
    lag: 11,
    cases: { warning: [1, 0, "Every node logs all the time: what collects lines is broken."] },
  },
  increaseOf("LokiFlushFails", "loki", "loki_ingester_chunks_flush_failures_total", {
    for: 15,
    cases: {
      critical: [0, 1, "5 flushes of loki-0 failed in five minutes: lines pile up in memory and on its volume."],
    },
  }),
  {
    alert: "LokiStorageErrors",
    series: [counter(`loki_objstore_bucket_operation_failures_total{${loki}, operation="upload"}`, 0)],
    labels: { ...pod("loki"), operation: "upload" },
    for: 10,
    lag: 12,
    end: 30,
    cases: { warning: [0.5, 1, "10 operations of kind upload failed in ten minutes."] },
  },
  increaseOf("LokiWalDiskFull", "loki", "loki_ingester_wal_disk_full_failures_total", {
    for: 0,
    cases: { critical: [0, 1, "3 writes to the log of loki-0 failed: a crash now loses lines."] },
  }),
  ...(
    [
      [
        "LokiCompactionStalled",
        "loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds",
        "The last compaction that worked was",
        "queries slow down.",
      ],
      [
        "LokiRetentionStalled",
        "loki_compactor_apply_retention_last_successful_run_timestamp_seconds",
        "The last retention run that worked was",
        "the bucket grows and lines outlive their time.",
      ],
    ] as const
  ).flatMap(([alert, metric, before, after]): Proof[] => [
    {
      // The last run was at minute 1; three hours are over at minute 181, and it runs again at minute 210.
      alert,
      series: [written(`${metric}{${loki}}`, "60x209 12600x200", "10000x400")],
      labels: o,
      warm: 180,
      for: 15,
      lag: 3,
      end: 20,
      cases: { info: [0, 0, `${before} 3h 17m 0s ago: ${after} The limit is 3h.`] },
    },
    {
      alert,
      series: [written(`${metric}{${loki}}`, "60x1469 88200x200", "60000x1700")],
      labels: o,
      warm: 1440,
      for: 15,
      lag: 3,
      end: 20,
      cases: { warning: [0, 0, `${before} 1d 0h 17m 0s ago: ${after} The limit is 1d.`] },
    },
  ]),
  {
    // Since it started, at minute 1, it has never managed: what counts is the start.
    alert: "LokiCompactionStalled",
    series: [
      written(
        `loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds{${loki}}`,
        "0x209 12600x200",
        "0x209 12600x200",
      ),
      written(`process_start_time_seconds{${loki}}`, "60x409", "10000x409"),
    ],
    labels: o,
    warm: 180,
    for: 15,
    lag: 3,
    end: 20,
    cases: {
      info: [0, 0, "The last compaction that worked was 3h 17m 0s ago: queries slow down. The limit is 3h."],
    },
  },
  {
    alert: "LokiTwoCompactors",
    series: [
      gauge(`loki_boltdb_shipper_compactor_running{${loki}}`, 0),
      steady('loki_boltdb_shipper_compactor_running{cluster="local", namespace="o", pod="loki-1"}', 1),
    ],
    labels: o,
    for: 5,
    cases: { critical: [0, 1, "2 compactors work on one index: they delete each other's files."] },
  },
  {
    alert: "LokiRingUnhealthy",
    series: [gauge(`loki_ring_members{${loki}, name="ingester", state="Unhealthy"}`, 0)],
    labels: { ...o, name: "ingester" },
    for: 15,
    cases: { warning: [0, 1, "1 members of ingester are unhealthy; with one more a quorum may be lost."] },
  },
  {
    alert: "LokiRulesFail",
    series: [counter(`loki_prometheus_rule_evaluation_failures_total{${loki}, rule_group="g", user="t"}`, 0)],
    labels: { ...pod("loki"), rule_group: "g" },
    // Its group is evaluated every five minutes.
    for: 10,
    lag: 12,
    end: 40,
    cases: { warning: [0, 0.2, "4 evaluations of g failed in 20 minutes: its alerts can't fire."] },
  },
  {
    alert: "LokiAlertsNotSent",
    series: [counter(`loki_prometheus_notifications_errors_total{${loki}, alertmanager="http://a:9093", user="t"}`, 0)],
    labels: { ...pod("loki"), alertmanager: "http://a:9093" },
    for: 10,
    lag: 2,
    cases: { warning: [0, 1, "5 alerts from logs did not get from loki-0 to http://a:9093 in five minutes."] },
  },
];
