import { counter, gauge, growing, steady, written, type Fed, type Proof } from "../support/proof";

const at = (system: string) => `cluster="local", namespace="o", pod="${system}-0", job="${system}", instance="i"`;
const pod = (system: string) => ({ namespace: "o", pod: `${system}-0` });
const target = (system: string) => ({ ...pod(system), job: system, instance: "i" });
const vm = at("victoriametrics");
const vmPod = pod("victoriametrics");
const vmTarget = target("victoriametrics");
const loki = at("loki");
const o = { namespace: "o" };
const GiB = 2 ** 30;
/** Observations that move from below the first bound to between the two. */
const slow = (name: string, labels: string, low: string, high: string): Fed[] => [
  counter(`${name}_bucket{${labels}, le="${low}"}`, 60),
  growing(`${name}_bucket{${labels}, le="${high}"}`, 60),
  growing(`${name}_bucket{${labels}, le="+Inf"}`, 60),
];
/** Of 100 requests a minute so many fail. */
const failing = (name: string, labels: string, bad: string, good: string): Fed[] => [
  counter(`${name}{${labels}, ${bad}}`, 0),
  growing(`${name}{${labels}, ${good}}`, 90),
];
const sharesOf = (text: (share: string) => string): Proof["cases"] => ({
  warning: [0.9, 10, `${text("10%")} The limit is 1 %.`],
  critical: [4.5, 10, `${text("10%")} The limit is 5 %.`],
});

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
      gauge(`vm_free_disk_space_bytes{${vm}, path="/s"}`, 500_000_000),
      growing(`vm_rows_inserted_total{${vm}, type="x"}`, 60_000),
      steady(`vm_data_size_bytes{${vm}, type="x"}`, 1000),
      steady(`vm_rows{${vm}, type="x"}`, 1000),
    ],
    labels: vmPod,
    warm: 65,
    for: 30,
    cases: {
      warning: [
        260_000_000,
        86_400_000,
        "At the present rate the disk of victoriametrics-0 lasts 1d 0h 0m 0s. The limit is 3d.",
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
      warning: [
        25 * GiB,
        20 * GiB,
        "80% of the disk of victoriametrics-0 is used; merging parts needs a fifth of it free. The limit is 75 %.",
      ],
      critical: [
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
    series: [counter(`vm_slow_row_inserts_total{${vm}}`, 0), growing(`vm_rows_inserted_total{${vm}, type="x"}`, 1000)],
    labels: vmPod,
    for: 15,
    lag: 6,
    cases: { warning: [50, 100, "10% of the inserts of victoriametrics-0 miss its cache. The limit is 5 %."] },
  },
  {
    alert: "VictoriaMetricsChurnHigh",
    series: [
      counter(`vm_new_timeseries_created_total{${vm}}`, 0),
      growing(`vm_rows_inserted_total{${vm}, type="x"}`, 1000),
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
    series: [gauge(`process_resident_memory_bytes{${vm}}`, 10), steady(`vm_available_memory_bytes{${vm}}`, 100)],
    labels: vmPod,
    for: 10,
    cases: {
      warning: [
        80,
        85,
        "victoriametrics-0 uses 85% of its memory; half of it should be free for peaks. The limit is 80 %.",
      ],
      critical: [
        90,
        95,
        "victoriametrics-0 uses 95% of its memory; half of it should be free for peaks. The limit is 90 %.",
      ],
    },
  },
];

const increaseOf = (
  alert: string,
  system: string,
  metric: string,
  rest: Partial<Proof> & Pick<Proof, "cases" | "for">,
): Proof => ({
  alert,
  series: [counter(`${metric}{${at(system)}}`, 0)],
  labels: target(system),
  lag: 2,
  end: 30,
  ...rest,
});

const lokiProofs: readonly Proof[] = [
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
    cases: { critical: [0, 1, "loki-0 had 3 panics in ten minutes."] },
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
      cases: { warning: [0, 0, `${before} 3h 17m 0s ago: ${after} The limit is 3h.`] },
    },
    {
      alert,
      series: [written(`${metric}{${loki}}`, "60x1469 88200x200", "60000x1700")],
      labels: o,
      warm: 1440,
      for: 15,
      lag: 3,
      end: 20,
      cases: { critical: [0, 0, `${before} 1d 0h 17m 0s ago: ${after} The limit is 1d.`] },
    },
  ]),
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
    for: 15,
    lag: 2,
    cases: { warning: [0, 1, "5 evaluations of g failed in five minutes: its alerts can't fire."] },
  },
];

const tempo = at("tempo");
const inTempo = { ...o, tenant: "t" };
const tempoIncrease = (
  alert: string,
  metric: string,
  labels: Readonly<Record<string, string>>,
  rest: Partial<Proof> & Pick<Proof, "cases" | "for">,
): Proof => ({
  alert,
  series: [counter(`${metric}{${tempo}, tenant="t"}`, 0)],
  labels,
  lag: 12,
  end: 80,
  ...rest,
});

const tempoProofs: readonly Proof[] = [
  {
    alert: "TempoRequestErrors",
    series: failing(
      "tempo_request_duration_seconds_count",
      `${tempo}, route="api_search"`,
      'status_code="500"',
      'status_code="200"',
    ),
    labels: { ...o, route: "api_search" },
    for: 15,
    lag: 6,
    cases: sharesOf((share) => `${share} of the requests to api_search fail.`),
  },
  {
    alert: "TempoSlow",
    series: slow("tempo_request_duration_seconds", `${tempo}, route="api_search", status_code="200"`, "3", "5"),
    labels: { ...o, route: "api_search" },
    for: 15,
    lag: 7,
    cases: { warning: [60, 0, "api_search takes 4.98s (p99). The limit is 3s."] },
  },
  {
    alert: "TempoSpansDiscarded",
    series: [counter(`tempo_discarded_spans_total{${tempo}, tenant="t", reason="rate_limited"}`, 0)],
    labels: { ...inTempo, reason: "rate_limited" },
    for: 10,
    lag: 6,
    cases: { warning: [0, 60, "1 spans/s are lost because of rate_limited."] },
  },
  {
    alert: "TempoSpansRefused",
    series: [counter(`tempo_receiver_refused_spans{${tempo}, receiver="otlp", transport="grpc"}`, 0)],
    labels: { ...o, receiver: "otlp" },
    for: 10,
    lag: 6,
    cases: { warning: [0, 60, "Receiver otlp refuses 1 spans/s; senders try again or drop them."] },
  },
  {
    alert: "TempoStorageErrors",
    series: failing(
      "tempodb_backend_request_duration_seconds_count",
      `${tempo}, operation="PUT"`,
      'status_code="503"',
      'status_code="200"',
    ),
    labels: { ...o, operation: "PUT" },
    for: 10,
    lag: 6,
    cases: sharesOf((share) => `${share} of the requests of kind PUT fail.`),
  },
  tempoIncrease("TempoPollFails", "tempodb_blocklist_poll_errors_total", pod("tempo"), {
    for: 5,
    cases: {
      critical: [0.2, 1, "10 polls of tempo-0 failed in ten minutes: new traces are not found, old ones not deleted."],
    },
  }),
  tempoIncrease(
    "TempoTenantIndexFails",
    "tempodb_blocklist_tenant_index_errors_total",
    { ...pod("tempo"), tenant: "t" },
    {
      for: 5,
      cases: { critical: [0.2, 1, "10 attempts of tempo-0 failed in ten minutes."] },
    },
  ),
  tempoIncrease("TempoRetentionFails", "tempodb_retention_errors_total", o, {
    for: 30,
    warm: 65,
    lag: 30,
    cases: { warning: [0, 1, "60 failures in an hour: the bucket grows."] },
  }),
  {
    alert: "TempoCompactionBehind",
    series: [gauge(`tempodb_compaction_outstanding_blocks{${tempo}, tenant="t"}`, 3)],
    labels: inTempo,
    for: 360,
    cases: { warning: [100, 150, "150 blocks of t wait: queries get slower. The limit is 100."] },
  },
  tempoIncrease("TempoGeneratorSeriesLimited", "tempo_metrics_generator_registry_series_limited_total", inTempo, {
    for: 15,
    lag: 2,
    cases: { warning: [0, 1, "10 series of t were not made in ten minutes: the limit is reached."] },
  }),
  tempoIncrease("TempoGeneratorCollectFails", "tempo_metrics_generator_registry_collections_failed_total", inTempo, {
    for: 5,
    lag: 6,
    cases: { critical: [0.3, 1, "5 collections for t failed in five minutes."] },
  }),
  tempoIncrease("TempoFlushFails", "tempo_ingester_failed_flushes_total", pod("tempo"), {
    for: 5,
    warm: 65,
    lag: 60,
    cases: { critical: [0.02, 1, "60 flushes of tempo-0 failed in an hour: traces pile up on its volume."] },
  }),
  tempoIncrease("TempoCompactionFails", "tempodb_compaction_errors_total", o, {
    for: 5,
    warm: 65,
    lag: 60,
    cases: { critical: [0.02, 1, "60 compactions failed in an hour."] },
  }),
  {
    alert: "TempoLiveStoreNotReady",
    dialect: "3",
    series: [gauge(`tempo_live_store_ready{${tempo}}`, 1)],
    labels: pod("tempo"),
    for: 5,
    cases: { critical: [1, 0, "tempo-0 can't answer for recent traces."] },
  },
  tempoIncrease("TempoJobsFail", "tempo_backend_scheduler_jobs_failed_total", inTempo, {
    dialect: "3",
    for: 5,
    warm: 65,
    lag: 60,
    cases: { critical: [0.02, 1, "60 jobs for t failed in an hour."] },
  }),
];

export const storeProofs: readonly Proof[] = [
  ...victoriametrics,
  ...vmagent,
  ...lokiProofs,
  ...tempoProofs,
  {
    alert: "ObjectStoreDown",
    series: [
      gauge(
        'kube_statefulset_status_replicas_ready{cluster="local", job="kube-state-metrics", pod="ksm", namespace="observability", statefulset="versitygw"}',
        1,
      ),
    ],
    labels: { namespace: "observability", statefulset: "versitygw" },
    for: 2,
    cases: {
      critical: [1, 0, "versitygw has no ready pod: Loki and Tempo keep data on their volumes until these are full."],
    },
  },
];
