import { age, histogramQuantile, increase, matches, not, quantity, rate, sum, inWords } from "../../signals";
import { page, query, redFrom, rising, row, stat, timeSeries } from "../../dashboards/language";
import { cluster, folders } from "../../dashboards/shared";
import { instancesOf, logsRow, processRow, targetsOf } from "../../dashboards/process";
import { loki as l } from "./metrics";
import { lokiThresholds } from "./thresholds";

const t = targetsOf("loki");
const requests = l.loki_request_duration_seconds.where(t);
const failed = sum(rate(requests.where({ status_code: matches("5..") }).count));
const retention = l.loki_compactor_apply_retention_last_successful_run_timestamp_seconds.where(t).above(0);
const compaction = l.loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds
  .where(t)
  .above(0);

/** Loki about itself (F11, A3). */
export const lokiPage = page(lokiThresholds, (thresholds) => ({
  uid: "loki",
  title: "Loki",
  description: "Ingestion, storage, queries, compaction and rules of Loki.",
  folder: folders.stack,
  variables: [cluster, instancesOf("loki")],
  rows: [
    row("Now", [
      stat(
        "Lines",
        "Lines that come in each second.",
        query(sum(rate(l.loki_distributor_lines_received_total.where(t))), "lines"),
      ),
      stat(
        "Bytes",
        "Uncompressed bytes that come in each second.",
        query(sum(rate(l.loki_distributor_bytes_received_total.where(t))), "bytes"),
      ),
      stat(
        "Streams",
        "Streams in memory. Thousands of short ones mean labels with too many values.",
        query(sum(l.loki_ingester_memory_streams.where(t)), "streams"),
      ),
      stat(
        "Failed requests",
        `Share of requests answered with 5xx. Bad from ${inWords(thresholds.errorRatio.warning)}.`,
        query(failed.or(sum(rate(requests.count)).times(0)).dividedBy(sum(rate(requests.count))), "failed"),
        { thresholds: rising(thresholds.errorRatio) },
      ),
      stat(
        "Discarded lines",
        "Lines refused in a quarter of an hour. Anything but 0 is lost.",
        query(sum(increase(l.loki_discarded_samples_total.where(t).over("15m"))), "discarded"),
      ),
      stat(
        "Panics",
        "Crashes that were caught. Anything but 0 is a bug.",
        query(sum(increase(l.loki_panic_total.where(t).over("1h"))), "panics"),
        { thresholds: redFrom(quantity(1, "count")) },
      ),
    ]),
    row("Writing", [
      timeSeries("Bytes by tenant", "A jump usually is one service.", [
        query(sum(rate(l.loki_distributor_bytes_received_total.where(t))).by("tenant"), "{{tenant}}"),
      ]),
      timeSeries("Discarded lines", "By reason: raise a limit or talk to who writes.", [
        query(sum(rate(l.loki_discarded_samples_total.where(t))).by("reason"), "{{reason}}"),
      ]),
      timeSeries(
        "Push time, p99",
        `Bad above ${inWords(thresholds.responseTime.warning)}: collectors begin to queue.`,
        [
          query(
            histogramQuantile(
              0.99,
              sum(rate(requests.where({ route: matches("loki_api_v1_push|otlp_v1_logs") }).buckets)).by("route", "le"),
            ),
            "{{route}}",
          ),
        ],
        // Red from where the alert on slow requests fires.
        { thresholds: rising({ ...thresholds.responseTime, critical: thresholds.lokiLatency.warning }) },
      ),
      timeSeries("Chunks flushed", "By reason. Many full ones are good, many idle ones mean thin streams.", [
        query(sum(rate(l.loki_ingester_chunks_flushed_total.where(t))).by("reason"), "{{reason}}"),
      ]),
      timeSeries("Flush queue and failures", "Bad when the queue grows: the object store can't be reached.", [
        query(sum(l.loki_ingester_flush_queue_length.where(t)), "waiting"),
        query(sum(increase(l.loki_ingester_chunks_flush_failures_total.where(t))), "failed"),
      ]),
      timeSeries("Write-ahead log full", "Writes that the full disk refused. Anything but 0 is bad.", [
        query(sum(increase(l.loki_ingester_wal_disk_full_failures_total.where(t))), "refused"),
      ]),
    ]),
    row("Reading", [
      timeSeries("Requests by route", "Requests by route: what Loki is asked. A sudden jump is often one dashboard.", [
        query(sum(rate(requests.where({ route: not("metrics") }).count)).by("route"), "{{route}}"),
      ]),
      timeSeries("Query time, p99", "By type of query. Bad above a few seconds.", [
        query(
          histogramQuantile(0.99, sum(rate(l.loki_logql_querystats_latency_seconds.buckets.where(t))).by("type", "le")),
          "{{type}}",
        ),
      ]),
      timeSeries("Waiting queries", "Queries that wait for a querier. Bad when they stay.", [
        query(sum(l.loki_query_scheduler_queue_length.where(t)).by("user"), "{{user}}"),
      ]),
    ]),
    row("Storage", [
      timeSeries("Object store operations", "Operations by kind. None at all means that nothing is stored.", [
        query(sum(rate(l.loki_objstore_bucket_operations_total.where(t))).by("operation"), "{{operation}}"),
      ]),
      timeSeries(
        "Failed object store operations",
        "Anything but 0 for long: credentials, network, or the store itself.",
        [query(sum(rate(l.loki_objstore_bucket_operation_failures_total.where(t))).by("operation"), "{{operation}}")],
      ),
      timeSeries("Object store time, p99", "By operation. Bad above a second.", [
        query(
          histogramQuantile(
            0.99,
            sum(rate(l.loki_objstore_bucket_operation_duration_seconds.buckets.where(t))).by("operation", "le"),
          ),
          "{{operation}}",
        ),
      ]),
      timeSeries(
        "Since compaction and retention",
        `Time since each last worked. Bad above ${inWords(thresholds.compactionAge.warning)}: the index grows and nothing is deleted.`,
        [query(age(compaction), "compaction {{instance}}"), query(age(retention), "retention {{instance}}")],
        { thresholds: rising(thresholds.compactionAge) },
      ),
      timeSeries(
        "Chunk compression",
        "Median ratio of lines to stored bytes. A drop means lines that hardly compress.",
        [
          query(
            histogramQuantile(0.5, sum(rate(l.loki_ingester_chunk_compression_ratio.buckets.where(t))).by("le")).as(
              "number",
            ),
            "ratio",
          ),
        ],
      ),
      timeSeries("Chunks and streams in memory", "Bad when they only grow.", [
        query(sum(l.loki_ingester_memory_chunks.where(t)), "chunks"),
        query(sum(l.loki_ingester_memory_streams.where(t)), "streams"),
      ]),
    ]),
    row("Rules", [
      timeSeries(
        "Evaluations",
        "Rules of alerts from logs.",
        [query(sum(rate(l.loki_prometheus_rule_evaluations_total.where(t))).by("rule_group"), "{{rule_group}}")],
        { width: "half" },
      ),
      timeSeries(
        "Failed and missed evaluations",
        "Anything but 0 means that alerts from logs come late or never.",
        [
          query(sum(increase(l.loki_prometheus_rule_evaluation_failures_total.where(t))), "failed"),
          query(sum(increase(l.loki_prometheus_rule_group_iterations_missed_total.where(t))), "missed"),
        ],
        { width: "half" },
      ),
    ]),
    processRow("loki"),
    logsRow("loki"),
  ],
}));
