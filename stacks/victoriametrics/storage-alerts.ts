import { increase, matchesNot, max, quantity, rate, sum } from "../../signals";
import { alert, levels, type Alert } from "../../alerts/language";
import { victoriametrics as vm } from "./metrics";

const component = "victoriametrics";
const dashboard = "victoriametrics";
const one = ["cluster", "namespace", "pod"] as const;
const usable = max(vm.vm_free_disk_space_bytes)
  .by(...one)
  .minus(max(vm.vm_free_disk_space_limit_bytes).by(...one));
const inserted = sum(rate(vm.vm_rows_inserted_total.over("6h"))).by(...one);
/** Bytes that a stored row takes, its share of the index included. */
const bytesPerRow = sum(vm.vm_data_size_bytes)
  .by(...one)
  .dividedBy(sum(vm.vm_rows.where({ type: matchesNot("indexdb.*") })).by(...one));

/** Levels of VictoriaMetrics' own alerts: three days of room, three new series in a day for each active one. */
const lasts = quantity(259_200, "seconds");
const newOfADay = quantity(3, "number");

/** VictoriaMetrics: what ends in days. */
export const storageAlerts = (): Alert[] => [
  levels({
    name: "VictoriaMetricsReadOnlyInDays",
    component,
    dashboard,
    runbook: "VictoriaMetricsDisk",
    value: usable.dividedBy(inserted.as("number")).dividedBy(bytesPerRow).as("seconds"),
    guard: (over) => over.above(quantity(0, "seconds")),
    below: { warning: lasts },
    for: "30m",
    summary: ({ pod }) => `${pod} turns read-only within days.`,
    description: ({ pod }, value) => `At the rate of six hours, ${pod} takes samples for ${value} more.`,
  }),
  levels({
    name: "VictoriaMetricsChurnOfADay",
    component,
    dashboard,
    runbook: "VictoriaMetricsLoad",
    value: sum(increase(vm.vm_new_timeseries_created_total.over("24h")))
      .by(...one)
      .dividedBy(sum(vm.vm_cache_entries.where({ type: "storage/hour_metric_ids" })).by(...one))
      .as("number"),
    above: { warning: newOfADay },
    for: "15m",
    summary: ({ pod }) => `${pod} sees all its series replaced within hours.`,
    description: (_labels, value) =>
      `In a day ${value} new series came for each that is active: a label changes slowly.`,
  }),
  alert({
    name: "VictoriaMetricsIndexDropsRecords",
    component,
    dashboard,
    runbook: "VictoriaMetricsErrors",
    severity: "warning",
    when: sum(increase(vm.vm_indexdb_items_dropped_total.over("10m")))
      .by(...one, "reason")
      .above(0),
    for: "0s",
    keepFiringFor: "10m",
    summary: ({ pod }) => `${pod} leaves series out of its index.`,
    description: ({ reason }, value) =>
      `${value} entries were dropped in ten minutes (${reason}): their series are not found.`,
  }),
];
