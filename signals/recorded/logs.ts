import { sum } from "../functions";
import { matches } from "../labels";
import { lineRate, logBytesRate, logs } from "../logql";
import { conditionally, record, ruleGroup } from "../recording";

const perService = ["cluster", "k8s_namespace_name", "service_name"] as const;
const everyLine = logs({ service_name: matches(".+") });

/** Each line is counted once: the window of each evaluation begins where that of the last one ended. */
const window = "5m";
/** Lines come a little later than they were written: those of the last minute are counted next time. */
const late = "1m";

/**
 * What is left of logs when their lines are gone (D4, H2): Loki's ruler counts them and writes the counts to the
 * long-term metrics. A window is no shorter than the coarsest tier's usual 5 min, of which one sample stays.
 */
export const logCounts = {
  lines: conditionally(
    record(
      "service_level:log_lines:rate5m",
      "Lines of a service by level",
      sum(lineRate(everyLine, window, late)).by(...perService, "detected_level"),
    ),
    { only: "five minutes after the first lines" },
  ),
  bytes: conditionally(
    record(
      "service:log_bytes:rate5m",
      "Bytes of a service's lines",
      sum(logBytesRate(everyLine, window, late)).by(...perService),
    ),
    { only: "five minutes after the first lines" },
  ),
} as const;

export const logCountRules = [ruleGroup("log-counts", window, Object.values(logCounts))];
