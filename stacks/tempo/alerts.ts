import {
  histogramQuantile,
  increase,
  matches,
  matchesNot,
  max,
  quantity,
  rate,
  sum,
  type MajorVersion,
  type Thresholds,
} from "../../signals";
import { alert, levels, ticket, type Alert } from "../../alerts/language";
import { tempo, tempo2, tempo3 } from "./metrics";
import type { tempoThresholds } from "./thresholds";

const component = "tempo";
const dashboard = "tempo";
const one = ["cluster", "namespace", "pod"] as const;
const perRoute = ["cluster", "namespace", "route"] as const;
const answered = tempo.tempo_request_duration_seconds.where({
  route: matchesNot(".*(metrics|ready|grpc.health|Process|debug_pprof|Watch|BackendScheduler/Next).*"),
});
const backend = tempo.tempodb_backend_request_duration_seconds;
const perOperation = ["cluster", "namespace", "operation"] as const;

/** Tempo: what its mixin's users expect, for the major version in use. */
export const tempoAlerts = (thresholds: Thresholds & typeof tempoThresholds, majorVersion: MajorVersion): Alert[] => [
  levels({
    name: "TempoRequestErrors",
    component,
    dashboard,
    runbook: "TempoRequests",
    value: sum(rate(answered.where({ status_code: matches("5..|error") }).count.over("5m")))
      .by(...perRoute)
      .dividedBy(sum(rate(answered.count.over("5m"))).by(...perRoute)),
    above: ticket(thresholds.errorRatio),
    for: "15m",
    summary: ({ route }) => `Tempo fails requests: ${route}.`,
    description: ({ route }, value) => `${value} of the requests to ${route} fail.`,
  }),
  levels({
    name: "TempoSlow",
    component,
    dashboard,
    runbook: "TempoRequests",
    value: histogramQuantile(0.99, sum(rate(answered.buckets.over("5m"))).by(...perRoute, "le")),
    above: thresholds.tempoLatency,
    for: "15m",
    summary: ({ route }) => `Tempo is slow: ${route}.`,
    description: ({ route }, value) => `${route} takes ${value} (p99).`,
  }),
  alert({
    name: "TempoSpansDiscarded",
    component,
    dashboard,
    runbook: "TempoIngest",
    severity: "warning",
    when: sum(rate(tempo.tempo_discarded_spans_total.over("5m")))
      .by("cluster", "namespace", "tenant", "reason")
      .above(quantity(0, "spans per second")),
    for: "10m",
    summary: ({ tenant, reason }) => `Tempo throws spans of ${tenant} away: ${reason}.`,
    description: ({ reason }, value) => `${value} are lost because of ${reason}.`,
  }),
  alert({
    name: "TempoSpansRefused",
    component,
    dashboard,
    runbook: "TempoIngest",
    severity: "warning",
    when: sum(rate(tempo.tempo_receiver_refused_spans.over("5m")))
      .by("cluster", "namespace", "receiver")
      .above(quantity(0, "spans per second")),
    for: "10m",
    summary: ({ receiver }) => `Tempo refuses spans: ${receiver}.`,
    description: ({ receiver }, value) => `Receiver ${receiver} refuses ${value}; senders try again or drop them.`,
  }),
  levels({
    name: "TempoStorageErrors",
    component,
    dashboard,
    runbook: "TempoStorage",
    value: sum(rate(backend.where({ status_code: matches("5..") }).count.over("5m")))
      .by(...perOperation)
      .dividedBy(sum(rate(backend.count.over("5m"))).by(...perOperation)),
    above: ticket(thresholds.errorRatio),
    for: "10m",
    summary: ({ operation }) => `S3 fails ${operation} of Tempo.`,
    description: ({ operation }, value) => `${value} of the requests of kind ${operation} fail.`,
  }),
  alert({
    name: "TempoPollFails",
    component,
    dashboard,
    runbook: "TempoStorage",
    severity: "warning",
    // It polls every five minutes: three in a row that fail.
    when: sum(increase(tempo.tempodb_blocklist_poll_errors_total.over("25m")))
      .by(...one)
      .above(2),
    for: "5m",
    summary: ({ pod }) => `${pod} can't list its blocks.`,
    description: ({ pod }, value) =>
      `${value} polls of ${pod} failed in 25 minutes: new traces are not found, old ones not deleted.`,
  }),
  alert({
    name: "TempoTenantIndexFails",
    component,
    dashboard,
    runbook: "TempoStorage",
    severity: "warning",
    when: sum(increase(tempo.tempodb_blocklist_tenant_index_errors_total.over("25m")))
      .by(...one, "tenant")
      .above(2),
    for: "5m",
    summary: ({ tenant }) => `The index of ${tenant} can't be read or written.`,
    description: ({ pod }, value) => `${value} attempts of ${pod} failed in 25 minutes.`,
  }),
  alert({
    name: "TempoRetentionFails",
    component,
    dashboard,
    runbook: "TempoCompaction",
    severity: "warning",
    when: sum(increase(tempo.tempodb_retention_errors_total.over("1h")))
      .by("cluster", "namespace")
      .above(0),
    for: "30m",
    summary: ({ cluster }) => `Tempo in ${cluster} can't delete old traces.`,
    description: (_labels, value) => `${value} failures in an hour: the bucket grows.`,
  }),
  levels({
    name: "TempoCompactionBehind",
    component,
    dashboard,
    runbook: "TempoCompaction",
    value: max(tempo.tempodb_compaction_outstanding_blocks).by("cluster", "namespace", "tenant"),
    above: thresholds.outstandingBlocks,
    for: "6h",
    summary: ({ tenant }) => `Compaction of ${tenant} falls behind.`,
    description: ({ tenant }, value) => `${value} blocks of ${tenant} wait: queries get slower.`,
  }),
  alert({
    name: "TempoGeneratorSeriesLimited",
    component,
    dashboard,
    runbook: "TempoGenerator",
    severity: "warning",
    when: sum(increase(tempo.tempo_metrics_generator_registry_series_limited_total.over("10m")))
      .by("cluster", "namespace", "tenant")
      .above(0),
    for: "15m",
    summary: ({ tenant }) => `Span metrics of ${tenant} are incomplete.`,
    description: ({ tenant }, value) =>
      `${value} series of ${tenant} were not made in ten minutes: the limit is reached.`,
  }),
  alert({
    name: "TempoGeneratorCollectFails",
    component,
    dashboard,
    runbook: "TempoGenerator",
    severity: "warning",
    when: sum(increase(tempo.tempo_metrics_generator_registry_collections_failed_total.over("5m")))
      .by("cluster", "namespace", "tenant")
      .above(2),
    for: "5m",
    summary: ({ tenant }) => `Span metrics of ${tenant} are not written.`,
    description: ({ tenant }, value) => `${value} collections for ${tenant} failed in five minutes.`,
  }),
  ...(majorVersion === "2" ? majorVersion2() : majorVersion3()),
];

/** Blocks that stay on the volume because S3 takes none. */
const flushFails = (failed: FailedFlushes): Alert =>
  alert({
    name: "TempoFlushFails",
    component,
    dashboard,
    runbook: "TempoStorage",
    severity: "critical",
    pages: "data",
    when: sum(increase(failed.over("1h")))
      .by(...one)
      .above(2),
    for: "5m",
    summary: ({ pod }) => `${pod} can't write blocks to S3.`,
    description: ({ pod }, value) => `${value} flushes of ${pod} failed in an hour: traces pile up on its volume.`,
  });
type FailedFlushes =
  typeof tempo2.tempo_ingester_failed_flushes_total | typeof tempo3.tempo_live_store_local_failed_flushes_total;

const majorVersion2 = (): Alert[] => [
  flushFails(tempo2.tempo_ingester_failed_flushes_total),
  alert({
    name: "TempoCompactionFails",
    component,
    dashboard,
    runbook: "TempoCompaction",
    severity: "warning",
    when: sum(increase(tempo.tempodb_compaction_errors_total.over("1h")))
      .by("cluster", "namespace")
      .above(2),
    for: "5m",
    summary: ({ cluster }) => `Tempo in ${cluster} can't compact.`,
    description: (_labels, value) => `${value} compactions failed in an hour.`,
  }),
];

const majorVersion3 = (): Alert[] => [
  flushFails(tempo3.tempo_live_store_local_failed_flushes_total),
  alert({
    name: "TempoCompletionFails",
    component,
    dashboard,
    runbook: "TempoStorage",
    severity: "critical",
    pages: "data",
    when: sum(increase(tempo3.tempo_live_store_failed_completions_total.over("1h")))
      .by(...one)
      .above(2),
    for: "5m",
    summary: ({ pod }) => `${pod} can't make blocks of its write-ahead log.`,
    description: ({ pod }, value) =>
      `${value} attempts of ${pod} failed in an hour: a log that waits for too long is thrown away.`,
  }),
  alert({
    name: "TempoWritesWait",
    component,
    dashboard,
    runbook: "TempoIngest",
    severity: "warning",
    when: sum(increase(tempo3.tempo_live_store_back_pressure_seconds_total.over("5m")))
      .by(...one, "reason")
      .above(quantity(0, "seconds")),
    for: "10m",
    summary: ({ pod }) => `${pod} makes senders of spans wait.`,
    description: ({ pod, reason }, value) => `Writes to ${pod} waited for ${value} in five minutes: ${reason}.`,
  }),
  alert({
    name: "TempoLiveStoreNotReady",
    component,
    dashboard,
    runbook: "TempoIngest",
    severity: "warning",
    when: max(tempo3.tempo_live_store_ready)
      .by(...one)
      .equals(quantity(0, "state")),
    for: "5m",
    summary: ({ pod }) => `The live store of ${pod} is not ready.`,
    description: ({ pod }) => `${pod} can't answer for recent traces.`,
  }),
  alert({
    name: "TempoJobsFail",
    component,
    dashboard,
    runbook: "TempoCompaction",
    severity: "warning",
    when: sum(increase(tempo3.tempo_backend_scheduler_jobs_failed_total.over("1h")))
      .by("cluster", "namespace", "tenant")
      .above(2),
    for: "5m",
    summary: ({ tenant }) => `Compaction or retention of ${tenant} fails.`,
    description: ({ tenant }, value) => `${value} jobs for ${tenant} failed in an hour.`,
  }),
  alert({
    name: "TempoJobsNotKept",
    component,
    dashboard,
    runbook: "TempoCompaction",
    severity: "warning",
    when: sum(increase(tempo3.tempo_backend_scheduler_work_flushes_failed_total.over("1h")))
      .by(...one)
      .above(2),
    for: "5m",
    summary: ({ pod }) => `${pod} can't keep its list of jobs in S3.`,
    description: (_labels, value) =>
      `${value} attempts failed in an hour: after a loss of its volume jobs are done twice.`,
  }),
];
