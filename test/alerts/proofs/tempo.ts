import { counter, gauge, written, type Proof } from "../support/proof";
import { at, pod, o, slow, failing, sharesOf } from "./servers";

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

/** Tempo polls every five minutes: each poll fails from minute 30 on, or two in a row do. */
const everyPoll = Array.from({ length: 10 }, (_, poll) => `${poll + 1}x4`).join(" ");
const polled = (metric: string) => ({
  series: [written(`${metric}{${tempo}, tenant="t"}`, `0x29 ${everyPoll} 10x80`, "0x29 1x4 2x130")],
  warm: 30,
  for: 5,
  lag: 20,
  end: 60,
});

export const tempoProofs: readonly Proof[] = [
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
    ...polled("tempodb_blocklist_poll_errors_total"),
    cases: {
      warning: [0, 0, "5.208 polls of tempo-0 failed in 25 minutes: new traces are not found, old ones not deleted."],
    },
  }),
  tempoIncrease(
    "TempoTenantIndexFails",
    "tempodb_blocklist_tenant_index_errors_total",
    { ...pod("tempo"), tenant: "t" },
    {
      ...polled("tempodb_blocklist_tenant_index_errors_total"),
      cases: { warning: [0, 0, "5.208 attempts of tempo-0 failed in 25 minutes."] },
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
    cases: { warning: [0.3, 1, "5 collections for t failed in five minutes."] },
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
    cases: { warning: [0.02, 1, "60 compactions failed in an hour."] },
  }),
  tempoIncrease("TempoFlushFails", "tempo_live_store_local_failed_flushes_total", pod("tempo"), {
    majorVersion: "3",
    for: 5,
    warm: 65,
    lag: 60,
    cases: { critical: [0.02, 1, "60 flushes of tempo-0 failed in an hour: traces pile up on its volume."] },
  }),
  tempoIncrease("TempoCompletionFails", "tempo_live_store_failed_completions_total", pod("tempo"), {
    majorVersion: "3",
    for: 5,
    warm: 65,
    lag: 60,
    cases: {
      critical: [0.02, 1, "60 attempts of tempo-0 failed in an hour: a log that waits for too long is thrown away."],
    },
  }),
  {
    alert: "TempoWritesWait",
    majorVersion: "3",
    series: [counter(`tempo_live_store_back_pressure_seconds_total{${tempo}, reason="waiting_for_wal"}`, 0)],
    labels: { ...pod("tempo"), reason: "waiting_for_wal" },
    for: 10,
    lag: 6,
    cases: { warning: [0, 2, "Writes to tempo-0 waited for 10s in five minutes: waiting_for_wal."] },
  },
  {
    alert: "TempoLiveStoreNotReady",
    majorVersion: "3",
    series: [gauge(`tempo_live_store_ready{${tempo}}`, 1)],
    labels: pod("tempo"),
    for: 5,
    cases: { warning: [1, 0, "tempo-0 can't answer for recent traces."] },
  },
  tempoIncrease("TempoJobsFail", "tempo_backend_scheduler_jobs_failed_total", inTempo, {
    majorVersion: "3",
    for: 5,
    warm: 65,
    lag: 60,
    cases: { warning: [0.02, 1, "60 jobs for t failed in an hour."] },
  }),
  tempoIncrease("TempoJobsNotKept", "tempo_backend_scheduler_work_flushes_failed_total", pod("tempo"), {
    majorVersion: "3",
    for: 5,
    warm: 65,
    lag: 60,
    cases: { warning: [0.02, 1, "60 attempts failed in an hour: after a loss of its volume jobs are done twice."] },
  }),
];
