import { age, lineRate, logs, matches, min, process, rate, scrape, sum } from "../signals";
import { selected, logLines, query, row, status, timeSeries, variable, type Row } from "./language";
import type { MayBeEmpty } from "./language/panel";
import { here, upOrDown } from "./shared";

/** The instances of a scrape job, as a variable of its page. */
export const instancesOf = (job: string) =>
  variable("instance", scrape.up.where({ ...here, job: matches(job) }), "instance");

/** Conditions on series of a system's own targets: the chosen instances of its jobs. */
export const targetsOf = (job: string) =>
  ({ ...here, job: /[|+*]/.test(job) ? matches(job) : job, instance: selected("instance") }) as const;

/** What is worth knowing of any server: is it up, what does it use, what does it complain about. */
export function processRow(job: string): Row {
  const t = targetsOf(job);
  return row("Process", [
    status(
      "Up",
      "Whether each instance answers to scrapes.",
      query(min(scrape.up.where(t)).by("instance"), "{{instance}}"),
      upOrDown,
      { height: 8, width: "quarter" },
    ),
    timeSeries(
      "Processor",
      "Cores that each instance uses. Bad when it stays at its limit.",
      [query(rate(process.process_cpu_seconds_total.where(t)), "{{instance}}")],
      { width: "quarter" },
    ),
    timeSeries(
      "Memory",
      "Resident memory. At the container's limit the kernel kills it.",
      [query(process.process_resident_memory_bytes.where(t), "{{instance}}")],
      { width: "quarter" },
    ),
    timeSeries(
      "Time since start",
      "Drops to 0 at each restart. A saw is a crash loop.",
      [query(age(process.process_start_time_seconds.where(t)), "{{instance}}")],
      { width: "quarter" },
    ),
  ]);
}

/**
 * The system's own log lines, those of level warn and worse in full; its container is named like the system.
 * @param mayBeEmpty for one that says nothing while all is well
 */
export function logsRow(container: string, mayBeEmpty?: MayBeEmpty): Row {
  const all = logs({ cluster: selected("cluster"), k8s_container_name: container });
  const bad = all.where({ detected_level: matches("warn|error|fatal") });
  return row("Logs", [
    timeSeries(
      "Lines by level",
      "What it writes. Bad when warnings and errors step up, as before most failures, or when it falls silent.",
      [query(sum(lineRate(all)).by("detected_level"), "{{detected_level}}")],
      { width: "full", height: 6, style: "bars", stacked: true },
    ),
    logLines("Lines", "Lines of level warn and worse, newest first.", bad, {
      height: 8,
      ...(mayBeEmpty === undefined ? {} : { mayBeEmpty }),
    }),
  ]);
}
