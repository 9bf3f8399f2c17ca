import { histogramQuantile, increase, max, quantity, rate, sum, inWords } from "../../signals";
import { page, query, redFrom, rising, row, stat, status, timeSeries } from "../../dashboards/language";
import { cluster, folders, yesOrNo } from "../../dashboards/shared";
import { instancesOf, logsRow, processRow, targetsOf } from "../../dashboards/process";
import { prometheus as p } from "./metrics";
import { prometheusThresholds } from "./thresholds";

const t = targetsOf("prometheus");
const none = redFrom(quantity(1, "count"));
const lag = p.prometheus_remote_storage_queue_highest_timestamp_seconds
  .where(t)
  .minus(p.prometheus_remote_storage_queue_highest_sent_timestamp_seconds.where(t));

/** Prometheus about itself (F11, A1). */
export const prometheusPage = page(prometheusThresholds, (thresholds) => ({
  uid: "prometheus",
  title: "Prometheus",
  description: "Scrapes, storage, queries, rules and remote write of Prometheus.",
  folder: folders.stack,
  variables: [cluster, instancesOf("prometheus")],
  rows: [
    row("Now", [
      stat(
        "Series",
        "Series in memory. Some kilobytes each.",
        query(sum(p.prometheus_tsdb_head_series.where(t)), "series"),
      ),
      stat(
        "Samples",
        "Samples that come in each second.",
        query(sum(rate(p.prometheus_tsdb_head_samples_appended_total.where(t))), "samples"),
      ),
      status(
        "Configuration loaded",
        "Whether the last reload worked. If not, the old configuration goes on.",
        query(p.prometheus_config_last_reload_successful.where(t), "{{instance}}"),
        yesOrNo,
        { width: "sixth", height: 4 },
      ),
      stat(
        "Failed rules",
        "Rule evaluations that failed. Anything but 0 is bad.",
        query(sum(increase(p.prometheus_rule_evaluation_failures_total.where(t).over("15m"))), "failed"),
        { thresholds: none },
      ),
      stat(
        "Lost samples",
        "Samples that remote write gave up. Anything but 0 is a hole in the long-term storage.",
        query(sum(increase(p.prometheus_remote_storage_samples_failed_total.where(t).over("15m"))), "lost"),
      ),
      stat(
        "Alertmanagers",
        "Alertmanagers that alerts are sent to. 0 means that nobody is paged.",
        query(max(p.prometheus_notifications_alertmanagers_discovered.where(t)), "found"),
      ),
    ]),
    row("Ingestion", [
      timeSeries("Samples", "Samples that come in each second. A drop means lost targets.", [
        query(rate(p.prometheus_tsdb_head_samples_appended_total.where(t)), "{{instance}} {{type}}"),
      ]),
      timeSeries(
        "Series made and removed",
        "Much churn costs memory: look for labels that change with each deployment.",
        [
          query(rate(p.prometheus_tsdb_head_series_created_total.where(t)), "made {{instance}}"),
          query(rate(p.prometheus_tsdb_head_series_removed_total.where(t)), "removed {{instance}}"),
        ],
      ),
      timeSeries(
        "Refused samples",
        "Samples out of order, out of bounds or twice. Two sources write the same series.",
        [
          query(rate(p.prometheus_target_scrapes_sample_out_of_order_total.where(t)), "out of order {{instance}}"),
          query(rate(p.prometheus_target_scrapes_sample_duplicate_timestamp_total.where(t)), "twice {{instance}}"),
          query(rate(p.prometheus_target_scrapes_sample_out_of_bounds_total.where(t)), "out of bounds {{instance}}"),
        ],
      ),
      timeSeries("Targets", "Targets by scrape pool.", [
        query(p.prometheus_target_scrape_pool_targets.where(t), "{{scrape_job}}"),
      ]),
      timeSeries(
        "Interval between scrapes, p99",
        "Should equal the configured one. Longer means that scraping can't keep up.",
        [query(p.prometheus_target_interval_length_seconds.where(t).quantile("0.99"), "{{interval}} {{instance}}")],
      ),
      timeSeries("Discovery failures", "Anything but 0 means that targets may be missing.", [
        query(increase(p.prometheus_sd_kubernetes_failures_total.where(t)), "Kubernetes {{instance}}"),
        query(increase(p.prometheus_target_sync_failed_total.where(t)), "sync {{instance}} {{scrape_job}}"),
      ]),
    ]),
    row("Remote write", [
      timeSeries(
        "Lag",
        `How far remote write is behind. Bad above ${inWords(thresholds.remoteWriteLag.warning)}; after two hours samples are lost.`,
        [query(lag, "{{instance}} {{remote_name}}")],
        { thresholds: rising(thresholds.remoteWriteLag) },
      ),
      timeSeries("Shards", "Senders that run and that would be needed. Bad when needed ones exceed the most allowed.", [
        query(p.prometheus_remote_storage_shards.where(t), "run {{instance}}"),
        query(p.prometheus_remote_storage_shards_desired.where(t), "needed {{instance}}"),
        query(p.prometheus_remote_storage_shards_max.where(t), "most {{instance}}"),
      ]),
      timeSeries("Sent, retried, failed", "Failed ones are lost.", [
        query(rate(p.prometheus_remote_storage_samples_total.where(t)), "sent {{instance}}"),
        query(rate(p.prometheus_remote_storage_samples_retried_total.where(t)), "retried {{instance}}"),
        query(rate(p.prometheus_remote_storage_samples_failed_total.where(t)), "failed {{instance}}"),
      ]),
    ]),
    row("Queries and rules", [
      timeSeries("Query time, p99", "By part of the query. Bad above a second.", [
        query(
          histogramQuantile(
            0.99,
            sum(rate(p.prometheus_engine_query_duration_histogram_seconds.buckets.where(t))).by("slice", "le"),
          ),
          "{{slice}}",
        ),
      ]),
      timeSeries("Running queries", "Against the most allowed. At the limit queries wait.", [
        query(p.prometheus_engine_queries.where(t), "run {{instance}}"),
        query(p.prometheus_engine_queries_concurrent_max.where(t), "most {{instance}}"),
      ]),
      timeSeries("HTTP requests", "By status. 5xx are bad.", [
        query(sum(rate(p.prometheus_http_requests_total.where(t))).by("code"), "{{code}}"),
      ]),
      timeSeries(
        "Rule groups: time against interval",
        "Share of the interval that an evaluation takes. Near 100 % evaluations are missed.",
        [
          query(
            p.prometheus_rule_group_last_duration_seconds
              .where(t)
              .dividedBy(p.prometheus_rule_group_interval_seconds.where(t)),
            "{{rule_group}}",
          ),
        ],
      ),
      timeSeries("Missed evaluations", "Anything but 0 means that alerts come late.", [
        query(
          sum(increase(p.prometheus_rule_group_iterations_missed_total.where(t))).by("rule_group"),
          "{{rule_group}}",
        ),
      ]),
      timeSeries("Alerts sent and lost", "Errors and drops mean that somebody isn't paged.", [
        query(rate(p.prometheus_notifications_sent_total.where(t)), "sent {{alertmanager}}"),
        query(rate(p.prometheus_notifications_errors_total.where(t)), "errors {{alertmanager}}"),
        query(rate(p.prometheus_notifications_dropped_total.where(t)), "dropped {{alertmanager}}"),
      ]),
    ]),
    row("Storage", [
      timeSeries("Disk", "Blocks and write-ahead log.", [
        query(p.prometheus_tsdb_storage_blocks_bytes.where(t), "blocks {{instance}}"),
        query(p.prometheus_tsdb_wal_storage_size_bytes.where(t), "log {{instance}}"),
      ]),
      timeSeries("Compactions", "Failed ones let the disk fill.", [
        query(increase(p.prometheus_tsdb_compactions_total.where(t)), "all {{instance}}"),
        query(increase(p.prometheus_tsdb_compactions_failed_total.where(t)), "failed {{instance}}"),
      ]),
      timeSeries("Exemplars", "Exemplars kept: dots on graphs that lead to traces.", [
        query(p.prometheus_tsdb_exemplar_exemplars_in_storage.where(t), "{{instance}}"),
      ]),
    ]),
    processRow("prometheus"),
    logsRow("prometheus", { only: "once it complained" }),
  ],
}));
