import { histogramQuantile, increase, inWords, matches, rate, sum, type MajorVersion } from "../../signals";
import { page, query, rising, row, stat, status, timeSeries, type Page, type Row } from "../../dashboards/language";
import { cluster, folders, yesOrNo } from "../../dashboards/shared";
import { instancesOf, logsRow, processRow, targetsOf } from "../../dashboards/process";
import { tempo as m, tempo2, tempo3 } from "./metrics";

const t = targetsOf("tempo");
const requests = m.tempo_request_duration_seconds.where(t);
const failed = sum(rate(requests.where({ status_code: matches("5..") }).count));

/** What holds traces until they are stored: ingesters in 2.x; in 3.x live stores, and workers that tend the store. */
const recent: Readonly<Record<MajorVersion, readonly Row[]>> = {
  "2": [
    row("Ingesters", [
      timeSeries("Live traces", "Traces that still get spans.", [
        query(sum(tempo2.tempo_ingester_live_traces.where(t)).by("tenant"), "{{tenant}}"),
      ]),
      timeSeries("Blocks flushed", "Failed flushes fill the disk: the object store can't be reached.", [
        query(sum(increase(tempo2.tempo_ingester_blocks_flushed_total.where(t))), "flushed"),
        query(sum(increase(tempo2.tempo_ingester_failed_flushes_total.where(t))), "failed"),
      ]),
      timeSeries("Flush queue", "Blocks that wait. Bad when it grows.", [
        query(sum(tempo2.tempo_ingester_flush_queue_length.where(t)), "waiting"),
      ]),
    ]),
  ],
  "3": [
    row("Live stores", [
      status(
        "Ready",
        "Whether each live store answers for recent traces.",
        query(tempo3.tempo_live_store_ready.where(t), "{{instance}}"),
        yesOrNo,
        { height: 8, width: "quarter" },
      ),
      timeSeries(
        "Live traces",
        "Traces that still get spans: in memory, not yet in the write-ahead log.",
        [query(sum(tempo3.tempo_live_store_live_traces.where(t)).by("tenant"), "{{tenant}}")],
        { width: "quarter" },
      ),
      timeSeries(
        "Blocks completed and flushed",
        "Failed flushes fill the disk: the object store can't be reached.",
        [
          query(sum(increase(tempo3.tempo_live_store_blocks_completed_total.where(t))), "completed"),
          query(sum(increase(tempo3.tempo_live_store_failed_completions_total.where(t))), "not completed"),
          query(sum(increase(tempo3.tempo_live_store_local_blocks_flushed_total.where(t))), "flushed"),
          query(sum(increase(tempo3.tempo_live_store_local_failed_flushes_total.where(t))), "not flushed"),
        ],
        { width: "quarter" },
      ),
      timeSeries(
        "Blocks to complete",
        "Blocks of the write-ahead log that wait. Bad when it grows: with more than four, senders wait too.",
        [query(sum(tempo3.tempo_live_store_complete_queue_length.where(t)), "waiting")],
        { width: "quarter" },
      ),
    ]),
    row("Background jobs", [
      timeSeries(
        "Jobs",
        "Compaction and retention, as workers got and finished it. Failed ones let the store grow.",
        [
          query(
            sum(increase(tempo3.tempo_backend_scheduler_jobs_created_total.where(t))).by("job_type"),
            "given {{job_type}}",
          ),
          query(
            sum(increase(tempo3.tempo_backend_scheduler_jobs_completed_total.where(t))).by("job_type"),
            "done {{job_type}}",
          ),
          query(
            sum(increase(tempo3.tempo_backend_scheduler_jobs_failed_total.where(t))).by("job_type"),
            "failed {{job_type}}",
          ),
        ],
        { mayBeEmpty: { only: "once a job failed", refIds: ["C"] }, width: "half" },
      ),
      timeSeries(
        "Lists of jobs not written",
        "The scheduler could not keep its list in the object store. Anything but 0 for long is bad.",
        [query(sum(increase(tempo3.tempo_backend_scheduler_work_flushes_failed_total.where(t))), "failed")],
        { width: "half" },
      ),
    ]),
  ],
};

/** Tempo about itself (F11, A4). */
export const tempoPage = (majorVersion: MajorVersion): Page =>
  page((thresholds) => ({
    uid: "tempo",
    title: "Tempo",
    description: "Ingestion, storage, queries and metrics generation of Tempo.",
    folder: folders.stack,
    variables: [cluster, instancesOf("tempo")],
    rows: [
      row("Now", [
        stat(
          "Spans",
          "Spans that come in each second.",
          query(sum(rate(m.tempo_distributor_spans_received_total.where(t))), "spans"),
        ),
        stat(
          "Bytes",
          "Bytes of spans that come in each second.",
          query(sum(rate(m.tempo_distributor_bytes_received_total.where(t))), "bytes"),
        ),
        stat(
          "Discarded spans",
          "Spans refused in a quarter of an hour. Anything but 0 tears holes into traces.",
          query(
            sum(increase(m.tempo_discarded_spans_total.where(t).over("15m"))).or(
              sum(increase(m.tempo_distributor_spans_received_total.where(t).over("15m"))).times(0),
            ),
            "discarded",
          ),
        ),
        stat(
          "Failed requests",
          `Share of requests answered with 5xx. Bad from ${inWords(thresholds.errorRatio.warning)}.`,
          query(failed.or(sum(rate(requests.count)).times(0)).dividedBy(sum(rate(requests.count))), "failed"),
          { thresholds: rising(thresholds.errorRatio) },
        ),
        stat("Blocks", "Blocks in the object store.", query(sum(m.tempodb_blocklist_length.where(t)), "blocks")),
        stat(
          "Series from spans",
          "Series that the metrics generator keeps.",
          query(sum(m.tempo_metrics_generator_registry_active_series.where(t)), "series"),
        ),
      ]),
      row("Writing", [
        timeSeries("Spans by tenant", "A drop means that somebody stopped sending.", [
          query(sum(rate(m.tempo_distributor_spans_received_total.where(t))).by("tenant"), "{{tenant}}"),
        ]),
        timeSeries("Accepted and refused", "By receiver. Refused ones are retried by well-behaved senders.", [
          query(sum(rate(m.tempo_receiver_accepted_spans.where(t))).by("receiver"), "accepted {{receiver}}"),
          query(sum(rate(m.tempo_receiver_refused_spans.where(t))).by("receiver"), "refused {{receiver}}"),
        ]),
        timeSeries("Discarded", "By reason: raise a limit or sample more.", [
          query(sum(rate(m.tempo_discarded_spans_total.where(t))).by("reason"), "{{reason}}"),
        ]),
      ]),
      ...recent[majorVersion],
      row("Reading", [
        timeSeries("Requests by route", "What Tempo is asked.", [
          query(sum(rate(requests.count)).by("route"), "{{route}}"),
        ]),
        timeSeries("Time to answer, p99", "By route. Bad above a second.", [
          query(histogramQuantile(0.99, sum(rate(requests.buckets)).by("route", "le")), "{{route}}"),
        ]),
        timeSeries("Time in the queue, p99", "How long queries wait for a querier. Bad above some seconds.", [
          query(
            histogramQuantile(0.99, sum(rate(m.tempo_query_frontend_queue_duration_seconds.buckets.where(t))).by("le")),
            "wait",
          ),
        ]),
      ]),
      row("Storage", [
        timeSeries("Blocks", "Bad when they only grow: compaction or retention stands still.", [
          query(sum(m.tempodb_blocklist_length.where(t)).by("tenant"), "in store {{tenant}}"),
          query(sum(m.tempodb_compaction_outstanding_blocks.where(t)).by("tenant"), "to compact {{tenant}}"),
        ]),
        timeSeries(
          "Compaction and retention",
          "Errors let the store grow.",
          [
            query(sum(increase(m.tempodb_compaction_blocks_total.where(t))), "compacted"),
            query(sum(increase(m.tempodb_compaction_errors_total.where(t))), "compaction errors"),
            query(sum(increase(m.tempodb_retention_deleted_total.where(t))), "deleted"),
            query(sum(increase(m.tempodb_retention_errors_total.where(t))), "retention errors"),
          ],
          { mayBeEmpty: { only: "once blocks were compacted", refIds: ["A"] } },
        ),
        timeSeries("Object store time, p99", "By operation. Bad above a second.", [
          query(
            histogramQuantile(
              0.99,
              sum(rate(m.tempodb_backend_request_duration_seconds.buckets.where(t))).by("operation", "le"),
            ),
            "{{operation}}",
          ),
        ]),
        timeSeries(
          "Age of the tenant index",
          "Bad above ten minutes: new blocks aren't searched.",
          [query(m.tempodb_blocklist_tenant_index_age_seconds.where(t), "{{tenant}}")],
          { width: "half" },
        ),
        timeSeries(
          "Failed polls",
          "Polls of the list of blocks that failed. Anything but 0 for long is bad.",
          [query(sum(increase(m.tempodb_blocklist_poll_errors_total.where(t))).by("tenant"), "{{tenant}}")],
          { mayBeEmpty: { only: "once a poll failed" }, width: "half" },
        ),
      ]),
      row("Metrics from spans", [
        timeSeries("Spans read and discarded", "Discarded ones are missing from the service map.", [
          query(sum(rate(m.tempo_metrics_generator_spans_received_total.where(t))), "read"),
          query(
            sum(rate(m.tempo_metrics_generator_spans_discarded_total.where(t))).by("reason"),
            "discarded: {{reason}}",
          ),
        ]),
        timeSeries("Series", "Active ones. Refused ones mean that the limit is reached.", [
          query(sum(m.tempo_metrics_generator_registry_active_series.where(t)).by("tenant"), "active {{tenant}}"),
          query(
            sum(increase(m.tempo_metrics_generator_registry_series_limited_total.where(t))).by("tenant"),
            "refused {{tenant}}",
          ),
        ]),
        timeSeries("Edges of the service map", "Expired ones never found their other half: a service isn't traced.", [
          query(sum(rate(m.tempo_metrics_generator_processor_service_graphs_edges.where(t))), "found"),
          query(sum(rate(m.tempo_metrics_generator_processor_service_graphs_expired_edges.where(t))), "expired"),
        ]),
      ]),
      processRow("tempo"),
      logsRow("tempo"),
    ],
  }));
