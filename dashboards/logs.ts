import {
  inWords,
  lineCount,
  lineRate,
  logBytesRate,
  logCounts,
  logQuantile,
  logs as streams,
  matches,
  rate,
  sum,
  topk,
} from "../signals";
import { loki } from "../stacks/loki/metrics";
import {
  bars,
  selected,
  latest,
  logLines,
  page,
  pie,
  query,
  rising,
  row,
  stat,
  streamVariable,
  timeSeries,
} from "./language";
import { cluster, folders, here } from "./shared";

const namespace = streamVariable("namespace", "k8s_namespace_name", `{cluster=~"$cluster"}`);
const service = streamVariable("service", "service_name", `{cluster=~"$cluster", k8s_namespace_name=~"$namespace"}`);

const chosenStreams = streams({
  cluster: selected("cluster"),
  k8s_namespace_name: selected("namespace"),
  service_name: selected("service"),
});
const errorLevels = matches("error|fatal");
const errors = chosenStreams.where({ detected_level: errorLevels });
/** What Loki's ruler counted of the chosen services: there for as long as metrics are. */
const counted = logCounts.lines.where({
  cluster: selected("cluster"),
  k8s_namespace_name: selected("namespace"),
  service_name: selected("service"),
});
const longTerm = { source: "victoriametrics" } as const;
const toTraces = { title: "Traces", to: "traces", keep: ["cluster", "service"] } as const;

/** Search, volume, errors of logs (F7, D11); a line's trace id leads to its trace. */
export const logsPage = page((thresholds) => ({
  uid: "logs",
  title: "Logs",
  description: "Search, volume and errors of logs.",
  folder: folders.product,
  variables: [cluster, namespace, service],
  rows: [
    row("Volume", [
      stat("Lines", "Lines per second of the chosen services.", query(sum(lineRate(chosenStreams)), "lines"), {
        width: "quarter",
      }),
      stat("Error lines", "Lines of level error or worse per second.", query(sum(lineRate(errors)), "lines"), {
        width: "quarter",
      }),
      stat(
        "Share of error lines",
        `Share of lines of level error or worse. Bad from ${inWords(thresholds.errorRatio.warning)}.`,
        query(sum(lineRate(errors)).dividedBy(sum(lineRate(chosenStreams))), "errors"),
        // Red from where the alert on errors in logs fires.
        {
          width: "quarter",
          thresholds: rising({ ...thresholds.errorRatio, critical: thresholds.logErrors.warning }),
        },
      ),
      stat(
        "Bytes",
        "Bytes per second of the chosen services: what storage costs.",
        query(sum(logBytesRate(chosenStreams)), "bytes"),
        { width: "quarter" },
      ),
      timeSeries(
        "Lines by level",
        "A wall of red is bad, and so is sudden silence.",
        [query(sum(lineCount(chosenStreams)).by("detected_level"), "{{detected_level}}")],
        { width: "twoThirds", stacked: true, style: "bars" },
      ),
      pie(
        "Lines by level, share",
        "How lines divide among levels.",
        query(sum(lineCount(chosenStreams, "$__range")).by("detected_level"), "{{detected_level}}"),
      ),
    ]),
    row("Who writes", [
      timeSeries("Lines by service", "A service that falls silent may be down.", [
        query(sum(lineRate(chosenStreams)).by("service_name"), "{{service_name}}"),
      ]),
      timeSeries(
        "Errors by service",
        "Lines of level error or worse.",
        [query(sum(lineRate(errors)).by("service_name"), "{{service_name}}")],
        { links: [toTraces] },
      ),
      bars("Most bytes", "The ten services that write most: where to save.", [
        latest(query(topk(10, sum(logBytesRate(chosenStreams)).by("service_name")), "{{service_name}}")),
      ]),
      timeSeries(
        "Errors by component",
        "Which part of the applications fails, from the field component of their JSON lines.",
        [query(sum(lineCount(errors.json())).by("component"), "{{component}}")],
      ),
      timeSeries("Durations that were logged, p95", "Field duration_ms of JSON lines, by component.", [
        query(
          logQuantile(0.95, chosenStreams.json().unwrap("duration_ms", "milliseconds"), ["component"]),
          "{{component}}",
        ),
      ]),
      timeSeries(
        "Discarded",
        "Lines that Loki refused, by reason. Anything but 0 means that logs get lost.",
        [query(sum(rate(loki.loki_discarded_samples_total.where(here))).by("reason"), "{{reason}}")],
        { links: [{ title: "Loki", to: "loki", keep: ["cluster"] }] },
      ),
    ]),
    row("Counts, for longer than the lines", [
      timeSeries(
        "Lines by level, over months",
        "Counted every five minutes and kept with the metrics: a level that grows from week to week is bad.",
        [query(sum(counted).by("detected_level"), "{{detected_level}}", longTerm)],
        { width: "half", stacked: true },
      ),
      timeSeries(
        "Error lines by service, over months",
        "Lines of level error or worse. Bad is a service that makes more than it did a month ago.",
        [query(sum(counted.where({ detected_level: errorLevels })).by("service_name"), "{{service_name}}", longTerm)],
        { mayBeEmpty: { only: "once a service logged an error" }, width: "half" },
      ),
    ]),
    row("Lines", [
      logLines(
        "Errors",
        "Lines of level error or worse, newest first. Open one: its trace id leads to the trace.",
        errors,
      ),
      logLines("All", "All lines of the chosen services, newest first.", chosenStreams),
    ]),
  ],
}));
