import { increase, rate, sum, inWords } from "../../signals";
import { page, query, rising, row, stat, status, timeSeries } from "../../dashboards/language";
import { cluster, folders } from "../../dashboards/shared";
import { instancesOf, logsRow, processRow, targetsOf } from "../../dashboards/process";
import { victoriametrics as v } from "./metrics";
import { victoriametricsThresholds } from "./thresholds";

const t = targetsOf("victoriametrics");
const rowsIn = sum(rate(v.vm_rows_inserted_total.where(t)));
const misses = sum(rate(v.vm_cache_misses_total.where(t))).by("type");
const lookups = sum(rate(v.vm_cache_requests_total.where(t))).by("type");

/** VictoriaMetrics about itself (F11, A2). */
export const victoriametricsPage = page(victoriametricsThresholds, (thresholds) => ({
  uid: "victoriametrics",
  title: "VictoriaMetrics",
  description: "Ingestion, storage, caches and queries of the long-term metrics.",
  folder: folders.stack,
  variables: [cluster, instancesOf("victoriametrics")],
  rows: [
    row("Now", [
      stat("Samples", "Samples that come in each second.", query(rowsIn, "samples")),
      stat(
        "Active series",
        "Series that got a sample in the last hour.",
        query(sum(v.vm_cache_entries.where({ ...t, type: "storage/hour_metric_ids" })), "series"),
      ),
      stat("Stored", "Bytes on disk, index included.", query(sum(v.vm_data_size_bytes.where(t)), "bytes")),
      stat(
        "Free space",
        "Bytes that are left. Below the limit the storage turns read-only.",
        query(sum(v.vm_free_disk_space_bytes.where(t)), "bytes"),
      ),
      stat(
        "Slow inserts",
        `Share of rows that missed the cache of series. Bad above ${inWords(thresholds.slowInserts.warning)}: too little memory.`,
        query(sum(rate(v.vm_slow_row_inserts_total.where(t))).dividedBy(rowsIn), "slow"),
        { thresholds: rising(thresholds.slowInserts) },
      ),
      status(
        "Read-only",
        "1 when the disk is full: nothing is written any more.",
        query(v.vm_storage_is_read_only.where(t), "{{instance}}"),
        { 0: ["no", "green"], 1: ["yes", "red"] },
        { width: "sixth", height: 4 },
      ),
    ]),
    row("Ingestion", [
      timeSeries("Samples by protocol", "A drop means that somebody stopped writing.", [
        query(sum(rate(v.vm_rows_inserted_total.where(t))).by("type"), "{{type}}"),
      ]),
      timeSeries("New series", "Much churn makes everything slow: look for labels that change often.", [
        query(sum(rate(v.vm_new_timeseries_created_total.where(t))), "new"),
      ]),
      timeSeries("Ignored and invalid rows", "Anything but 0 is data that got lost.", [
        query(sum(rate(v.vm_rows_ignored_total.where(t))).by("reason"), "ignored: {{reason}}"),
        query(sum(rate(v.vm_rows_invalid_total.where(t))).by("type"), "invalid: {{type}}"),
      ]),
      timeSeries("Inserts at once", "Against the most allowed. At the limit writers wait.", [
        query(v.vm_concurrent_insert_current.where(t), "now {{instance}}"),
        query(v.vm_concurrent_insert_capacity.where(t), "most {{instance}}"),
      ]),
      timeSeries("Writers that waited", "Inserts that had to wait, or to help with merges. Bad when they stay.", [
        query(increase(v.vm_concurrent_insert_limit_reached_total.where(t)), "waited {{instance}}"),
        query(increase(v.vm_assisted_merges_total.where(t)), "merged {{instance}} {{type}}"),
      ]),
      timeSeries("Rows on the way to disk", "Rows that queries don't see yet.", [
        query(sum(v.vm_pending_rows.where(t)).by("type"), "{{type}}"),
      ]),
    ]),
    row("Queries", [
      timeSeries("Requests", "Requests by path. A path that falls silent is as bad as errors.", [
        query(sum(rate(v.vm_http_requests_total.where(t))).by("path"), "{{path}}"),
      ]),
      timeSeries("Failed requests", "By path. Anything but 0 is bad.", [
        query(sum(rate(v.vm_http_request_errors_total.where(t))).by("path"), "{{path}}"),
      ]),
      timeSeries("Time to answer", "Average by path. Bad above a second.", [
        query(
          sum(rate(v.vm_http_request_duration_seconds.where(t).sum))
            .by("path")
            .dividedBy(sum(rate(v.vm_http_request_duration_seconds.where(t).count)).by("path")),
          "{{path}}",
        ),
      ]),
      timeSeries("Queries at once", "Against the most allowed. At the limit queries wait.", [
        query(v.vm_concurrent_select_current.where(t), "now {{instance}}"),
        query(v.vm_concurrent_select_capacity.where(t), "most {{instance}}"),
      ]),
      timeSeries("Slow queries", "Queries above the logging threshold of five seconds.", [
        query(increase(v.vm_slow_queries_total.where(t)), "{{instance}}"),
      ]),
      timeSeries(
        "Cache misses",
        "Share of lookups that miss, by cache. Bad above 10 % for storage/tsid.",
        [query(misses.dividedBy(lookups), "{{type}}")],
        { max: 1 },
      ),
    ]),
    row("Storage", [
      timeSeries(
        "Size by type",
        "Bytes on disk by type of part. Index that outgrows data points at churn.",
        [query(sum(v.vm_data_size_bytes.where(t)).by("type"), "{{type}}")],
        {
          stacked: true,
        },
      ),
      timeSeries("Free space", "Bad when it falls below a fifth of the disk: merges need room.", [
        query(v.vm_free_disk_space_bytes.where(t), "free {{instance}}"),
        query(v.vm_free_disk_space_limit_bytes.where(t), "read-only below {{instance}}"),
      ]),
      timeSeries("Parts and merges", "Parts that only grow mean that merging can't keep up.", [
        query(sum(v.vm_parts.where(t)).by("type"), "parts {{type}}"),
        query(sum(v.vm_active_merges.where(t)).by("type"), "merges {{type}}"),
      ]),
    ]),
    processRow("victoriametrics"),
    logsRow("victoriametrics", { only: "once it complained" }),
  ],
}));
