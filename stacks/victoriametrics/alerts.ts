import { increase, matchesNot, max, quantity, rate, sum, type Match, type Thresholds } from "../../signals";
import { alert, levels, ticket, type Alert } from "../../alerts/language";
import { victoriametrics as vm } from "./metrics";
import type { victoriametricsThresholds } from "./thresholds";

const component = "victoriametrics";
const dashboard = "victoriametrics";
const one = ["cluster", "namespace", "pod"] as const;
const free = max(vm.vm_free_disk_space_bytes).by(...one);
/** What may still be written: below its limit the storage turns read-only. */
const room = free.minus(max(vm.vm_free_disk_space_limit_bytes).by(...one));
const rowsPerByte = (type: string | Match) =>
  sum(vm.vm_rows.where({ type }))
    .by(...one)
    .as("number")
    .dividedBy(
      sum(vm.vm_data_size_bytes.where({ type }))
        .by(...one)
        .as("number"),
    );
/** Samples that stay: merging takes duplicates out again. */
const stored = sum(rate(vm.vm_rows_added_to_storage_total.over("1h")))
  .by(...one)
  .minus(sum(rate(vm.vm_deduplicated_samples_total.where({ type: "merge" }).over("1h"))).by(...one));
const newSeries = sum(rate(vm.vm_new_timeseries_created_total.over("1h"))).by(...one);
/** Bytes a second: samples, and the index of new series. */
const growth = stored
  .as("number")
  .dividedBy(rowsPerByte(matchesNot("indexdb.*")))
  .plus(newSeries.as("number").dividedBy(rowsPerByte("indexdb/file")));

/** VictoriaMetrics, single node: its own single and health alerts. */
export const victoriametricsAlerts = (thresholds: Thresholds & typeof victoriametricsThresholds): Alert[] => [
  levels({
    name: "VictoriaMetricsDiskRunsOut",
    component,
    dashboard,
    runbook: "VictoriaMetricsDisk",
    value: room.as("number").dividedBy(growth).as("seconds"),
    // Where more is taken away than comes, nothing runs out.
    guard: (over) => over.and(growth.above(quantity(0, "number"))),
    below: thresholds.storageLasts,
    for: "30m",
    summary: ({ pod }) => `${pod} turns read-only within days.`,
    description: ({ pod }, value) =>
      `At the present rate ${pod} takes samples for ${value}: then its disk is too full.`,
  }),
  levels({
    name: "VictoriaMetricsDiskHigh",
    component,
    dashboard,
    runbook: "VictoriaMetricsDisk",
    value: max(vm.vm_total_disk_space_bytes)
      .by(...one)
      .minus(free)
      .dividedBy(max(vm.vm_total_disk_space_bytes).by(...one))
      .asPercent(),
    above: ticket(thresholds.disk),
    for: "30m",
    summary: ({ pod }) => `The disk of ${pod} is filling.`,
    description: ({ pod }, value) => `${value} of the disk of ${pod} is used; merging parts needs a fifth of it free.`,
  }),
  alert({
    name: "VictoriaMetricsReadOnly",
    component,
    dashboard,
    runbook: "VictoriaMetricsDisk",
    severity: "critical",
    pages: "data",
    when: max(vm.vm_storage_is_read_only)
      .by(...one)
      .equals(quantity(1, "state")),
    for: "0s",
    summary: ({ pod }) => `${pod} takes no more samples.`,
    description: ({ pod }) =>
      `Free space on ${pod} fell below its limit: it turned read-only, Prometheus buffers for two hours.`,
  }),
  alert({
    name: "VictoriaMetricsRequestErrors",
    component,
    dashboard,
    runbook: "VictoriaMetricsErrors",
    severity: "warning",
    when: sum(increase(vm.vm_http_request_errors_total.over("5m")))
      .by(...one, "path")
      .above(quantity(0, "requests")),
    for: "15m",
    summary: ({ pod, path }) => `${pod} fails requests to ${path}.`,
    description: ({ path }, value) => `${value} to ${path} failed in five minutes.`,
  }),
  alert({
    name: "VictoriaMetricsLogsErrors",
    component,
    dashboard,
    runbook: "VictoriaMetricsErrors",
    severity: "warning",
    when: sum(increase(vm.vm_log_messages_total.where({ level: "error" }).over("5m")))
      .by(...one)
      .above(quantity(0, "lines")),
    for: "15m",
    summary: ({ pod }) => `${pod} logs errors.`,
    description: ({ pod }, value) => `${pod} wrote ${value} of level error in five minutes.`,
  }),
  alert({
    name: "VictoriaMetricsRowsIgnored",
    component,
    dashboard,
    runbook: "VictoriaMetricsErrors",
    severity: "warning",
    when: sum(increase(vm.vm_rows_ignored_total.over("1h")))
      .by(...one, "reason")
      .above(quantity(0, "samples")),
    for: "15m",
    summary: ({ pod, reason }) => `${pod} ignores samples: ${reason}.`,
    description: ({ reason }, value) => `${value} were ignored in an hour because of ${reason}.`,
  }),
  levels({
    name: "VictoriaMetricsSlowInserts",
    component,
    dashboard,
    runbook: "VictoriaMetricsLoad",
    value: sum(rate(vm.vm_slow_row_inserts_total.over("5m")))
      .by(...one)
      .dividedBy(sum(rate(vm.vm_rows_added_to_storage_total.over("5m"))).by(...one)),
    above: { warning: thresholds.slowInserts.critical },
    for: "15m",
    summary: ({ pod }) => `${pod} has too little memory for its series.`,
    description: ({ pod }, value) => `${value} of the inserts of ${pod} miss its cache.`,
  }),
  levels({
    name: "VictoriaMetricsChurnHigh",
    component,
    dashboard,
    runbook: "VictoriaMetricsLoad",
    value: sum(rate(vm.vm_new_timeseries_created_total.over("5m")))
      .by(...one)
      .as("samples per second")
      .dividedBy(sum(rate(vm.vm_rows_added_to_storage_total.over("5m"))).by(...one)),
    above: thresholds.churn,
    for: "15m",
    summary: ({ pod }) => `${pod} sees ever new series.`,
    description: (_labels, value) => `${value} of the rows begin a new series: some label changes all the time.`,
  }),
  alert({
    name: "VictoriaMetricsQueriesWait",
    component,
    dashboard,
    runbook: "VictoriaMetricsLoad",
    severity: "warning",
    when: rate(vm.vm_concurrent_select_limit_reached_total.over("5m"))
      .plus(rate(vm.vm_concurrent_insert_limit_reached_total.over("5m")))
      .above(quantity(0, "count per second")),
    for: "15m",
    summary: ({ pod }) => `Requests to ${pod} wait.`,
    description: ({ pod }, value) => `${value} requests have to wait until ${pod} has room for them.`,
  }),
  alert({
    name: "VictoriaMetricsIndexMisses",
    component,
    dashboard,
    runbook: "VictoriaMetricsErrors",
    severity: "critical",
    pages: "data",
    when: increase(vm.vm_missing_tsids_for_metric_id_total.over("10m")).above(0),
    for: "10m",
    summary: ({ pod }) => `The index of ${pod} has holes.`,
    description: ({ pod }, value) => `${value} series of ${pod} are not in its index: queries miss data.`,
  }),
  levels({
    name: "VictoriaMetricsMemoryHigh",
    component,
    dashboard,
    runbook: "VictoriaMetricsLoad",
    // What is backed by files the kernel takes back: a store reads much of it, and lacks none.
    value: max(vm.process_resident_memory_anon_bytes)
      .by(...one)
      .dividedBy(max(vm.vm_available_memory_bytes).by(...one))
      .asPercent(),
    above: ticket(thresholds.memory),
    for: "10m",
    summary: ({ pod }) => `${pod} is short of memory.`,
    description: ({ pod }, value) => `${pod} uses ${value} of its memory; half of it should be free for peaks.`,
  }),
];
