import { rate, sum, max, inWords } from "../../signals";
import { page, query, rising, row, stat, status, timeSeries } from "../../dashboards/language";
import { cluster, folders, upOrDown } from "../../dashboards/shared";
import { min, scrape } from "../../signals";
import { instancesOf, logsRow, targetsOf } from "../../dashboards/process";
import { collector as c } from "./metrics";

const jobs = "collector-agent|collector-gateway|collector-sampler";
const t = targetsOf(jobs);
const fill = max(c.otelcol_exporter_queue_size.where(t))
  .by("job", "instance", "exporter", "data_type")
  .dividedBy(max(c.otelcol_exporter_queue_capacity.where(t)).by("job", "instance", "exporter", "data_type"));

const sampling = row("Sampling", [
  timeSeries("Traces kept and dropped", "What tail sampling decides.", [
    query(
      sum(rate(c.otelcol_processor_tail_sampling_global_count_traces_sampled.where(t))).by("decision"),
      "{{decision}}",
    ),
  ]),
  timeSeries("Traces in memory", "Traces that wait for a decision.", [
    query(sum(c.otelcol_processor_tail_sampling_sampling_traces_on_memory.where(t)).by("instance"), "{{instance}}"),
  ]),
  timeSeries("Dropped too early", "Traces that had to go before their time: memory for fewer traces than arrive.", [
    query(sum(rate(c.otelcol_processor_tail_sampling_sampling_trace_dropped_too_early.where(t))), "dropped"),
  ]),
]);

/**
 * The Collector's agents, gateway and samplers about themselves (F11, A7).
 * @param sampled whether there are samplers: without them their row would always be empty
 */
export const collectorPage = (sampled: boolean) =>
  page((thresholds) => ({
    uid: "collector",
    title: "OpenTelemetry Collector",
    description: "What comes in, what goes out, what waits and what gets lost.",
    folder: folders.stack,
    variables: [cluster, instancesOf(jobs)],
    rows: [
      row("Now", [
        status(
          "Up",
          "Whether each instance answers to scrapes.",
          query(min(scrape.up.where(t)).by("job", "instance"), "{{job}} {{instance}}"),
          upOrDown,
          { width: "third", height: 4 },
        ),
        stat(
          "Spans",
          "Spans that come in each second.",
          query(sum(rate(c.otelcol_receiver_accepted_spans.where(t))), "spans"),
        ),
        stat(
          "Metric points",
          "Metric points that come in each second.",
          query(sum(rate(c.otelcol_receiver_accepted_metric_points.where(t))), "points"),
        ),
        stat(
          "Log records",
          "Log records that come in each second.",
          query(sum(rate(c.otelcol_receiver_accepted_log_records.where(t))), "records"),
        ),
        stat(
          "Fullest queue",
          `Bad above ${inWords(thresholds.queueFill.warning)}: what it sends to is too slow. When full, data is lost.`,
          query(max(fill), "fill"),
          { thresholds: rising(thresholds.queueFill) },
        ),
      ]),
      row("Coming in", [
        timeSeries("Spans", "Accepted and refused, by receiver. Refused ones mean back pressure.", [
          query(
            sum(rate(c.otelcol_receiver_accepted_spans.where(t))).by("job", "receiver"),
            "accepted {{job}} {{receiver}}",
          ),
          query(
            sum(rate(c.otelcol_receiver_refused_spans.where(t))).by("job", "receiver"),
            "refused {{job}} {{receiver}}",
          ),
        ]),
        timeSeries("Metric points", "Accepted and refused, by receiver.", [
          query(
            sum(rate(c.otelcol_receiver_accepted_metric_points.where(t))).by("job", "receiver"),
            "accepted {{job}} {{receiver}}",
          ),
          query(
            sum(rate(c.otelcol_receiver_refused_metric_points.where(t))).by("job", "receiver"),
            "refused {{job}} {{receiver}}",
          ),
        ]),
        timeSeries("Log records", "Accepted and refused, by receiver.", [
          query(
            sum(rate(c.otelcol_receiver_accepted_log_records.where(t))).by("job", "receiver"),
            "accepted {{job}} {{receiver}}",
          ),
          query(
            sum(rate(c.otelcol_receiver_refused_log_records.where(t))).by("job", "receiver"),
            "refused {{job}} {{receiver}}",
          ),
        ]),
      ]),
      row("Going out", [
        timeSeries(
          "Spans sent and failed",
          "Failed ones are lost once retries end.",
          [
            query(sum(rate(c.otelcol_exporter_sent_spans.where(t))).by("job", "exporter"), "sent {{job}} {{exporter}}"),
            query(
              sum(rate(c.otelcol_exporter_send_failed_spans.where(t))).by("job", "exporter"),
              "failed {{job}} {{exporter}}",
            ),
          ],
          { mayBeEmpty: { only: "once sending failed, a queue was full or memory ran short", refIds: ["B"] } },
        ),
        timeSeries(
          "Metric points sent and failed",
          "Failed ones are lost once retries end.",
          [
            query(
              sum(rate(c.otelcol_exporter_sent_metric_points.where(t))).by("job", "exporter"),
              "sent {{job}} {{exporter}}",
            ),
            query(
              sum(rate(c.otelcol_exporter_send_failed_metric_points.where(t))).by("job", "exporter"),
              "failed {{job}} {{exporter}}",
            ),
          ],
          { mayBeEmpty: { only: "once sending failed, a queue was full or memory ran short", refIds: ["B"] } },
        ),
        timeSeries(
          "Log records sent and failed",
          "Failed ones are lost once retries end.",
          [
            query(
              sum(rate(c.otelcol_exporter_sent_log_records.where(t))).by("job", "exporter"),
              "sent {{job}} {{exporter}}",
            ),
            query(
              sum(rate(c.otelcol_exporter_send_failed_log_records.where(t))).by("job", "exporter"),
              "failed {{job}} {{exporter}}",
            ),
          ],
          { mayBeEmpty: { only: "once sending failed, a queue was full or memory ran short", refIds: ["B"] } },
        ),
        timeSeries(
          "Queues",
          `How full each exporter's queue is. Bad above ${inWords(thresholds.queueFill.warning)}.`,
          [query(fill, "{{job}} {{instance}} {{exporter}} {{data_type}}")],
          { thresholds: rising(thresholds.queueFill), max: 1 },
        ),
        timeSeries(
          "Refused by full queues",
          "Data that got lost. Anything but 0 is bad.",
          [
            query(
              sum(rate(c.otelcol_exporter_enqueue_failed_spans.where(t)))
                .by("exporter")
                .as("count per second"),
              "spans {{exporter}}",
            ),
            query(
              sum(rate(c.otelcol_exporter_enqueue_failed_metric_points.where(t)))
                .by("exporter")
                .as("count per second"),
              "points {{exporter}}",
            ),
            query(
              sum(rate(c.otelcol_exporter_enqueue_failed_log_records.where(t)))
                .by("exporter")
                .as("count per second"),
              "records {{exporter}}",
            ),
          ],
          { mayBeEmpty: { only: "once sending failed, a queue was full or memory ran short" } },
        ),
        timeSeries(
          "Refused for lack of memory",
          "The memory limiter pushes back: senders must retry.",
          [
            query(
              sum(rate(c.otelcol_processor_memory_limiter_refused_spans.where(t)))
                .by("job")
                .as("count per second"),
              "spans {{job}}",
            ),
            query(
              sum(rate(c.otelcol_processor_memory_limiter_refused_metric_points.where(t)))
                .by("job")
                .as("count per second"),
              "points {{job}}",
            ),
            query(
              sum(rate(c.otelcol_processor_memory_limiter_refused_log_records.where(t)))
                .by("job")
                .as("count per second"),
              "records {{job}}",
            ),
          ],
          { mayBeEmpty: { only: "once sending failed, a queue was full or memory ran short" } },
        ),
      ]),
      ...(sampled ? [sampling] : []),
      row("Process", [
        timeSeries(
          "Processor",
          "Cores that each instance uses.",
          [query(rate(c.otelcol_process_cpu_seconds.where(t)), "{{job}} {{instance}}")],
          { width: "half" },
        ),
        timeSeries(
          "Memory",
          "Resident memory. At 80 % of the limit the memory limiter refuses data.",
          [query(c.otelcol_process_memory_rss.where(t), "{{job}} {{instance}}")],
          { width: "half" },
        ),
      ]),
      logsRow("collector"),
    ],
  }));
