import type { Metric } from "../signals/metric";

/**
 * How Prometheus names what arrives by OTLP: it adds the unit and, for counters, `_total`, unless the name has them
 * already. A name of the catalogue has to come out as it went in.
 */

/** Units as OpenTelemetry writes them (UCUM), and the word that Prometheus makes of each. */
const written: Readonly<Record<string, readonly [unit: string, word: string]>> = {
  seconds: ["s", "seconds"],
  "core-seconds": ["s", "seconds"],
  timestamp: ["s", "seconds"],
  milliseconds: ["ms", "milliseconds"],
  bytes: ["By", "bytes"],
  percent: ["%", "percent"],
};

/**
 * The unit to send along; undefined where Prometheus would add a word to the name because of it. So a ratio has none:
 * its unit `1` would make `plan_success_rate` into `plan_success_rate_ratio`.
 */
export function otlpUnit({ name, unit }: Pick<Metric, "name" | "unit">): string | undefined {
  const found = written[unit];
  if (found !== undefined) return name.split("_").includes(found[1]) ? found[0] : undefined;
  // In braces it is a note for people, and no part of any name.
  return ["ratio", "number", "state"].includes(unit) ? undefined : `{${unit}}`;
}

/** Why a metric can't be emitted under its own name, and what to do; undefined when it can. */
export function otlpFault({ name, kind }: Pick<Metric, "name" | "kind">): { reason: string; fix: string } | undefined {
  if (!/^[a-zA-Z][a-zA-Z0-9]*(_[a-zA-Z0-9]+)*$/.test(name))
    return {
      reason: "would arrive under another name: Prometheus joins the words of a name by single underscores",
      fix: "letters and digits, joined by single underscores",
    };
  const totals = name.split("_").filter((word) => word === "total").length;
  if (kind === "counter" && !(name.endsWith("_total") && totals === 1))
    return {
      reason: "is a counter and would arrive with _total at its end",
      fix: `${name.replace(/_?total/g, "")}_total`,
    };
  if (!["counter", "gauge", "histogram"].includes(kind))
    return { reason: `is of the kind ${kind}, for which OTLP has no instrument`, fix: "a histogram or a gauge" };
  return undefined;
}
