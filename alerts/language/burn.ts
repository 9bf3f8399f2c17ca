import { Duration } from "../../environment";
import { Gauge, on, quantity, type Instant, type Unit } from "../../signals";
import type { RecordingRule, RuleGroup } from "../rule";
import type { Alert, Level } from "./alert";
import type { BurnWindow, SloOptions } from "./objective";
import { subjectOf } from "./text";

/**
 * Windows of a burn-rate alert. Source: Google's SRE workbook, chapter 5, table 5-8; `for` as pyrra and kubernetes-mixin
 * have it.
 */
export const burnWindows: readonly BurnWindow[] = [
  { severity: "critical", long: "1h", short: "5m", share: 0.02, for: "2m" },
  { severity: "critical", long: "6h", short: "30m", share: 0.05, for: "15m" },
  { severity: "warning", long: "1d", short: "2h", share: 0.1, for: "1h" },
  { severity: "warning", long: "3d", short: "6h", share: 0.1, for: "3h" },
];

/** The series of recorded error ratios: `slo:error_ratio:rate5m{slo="…"}`. */
export const sloSeries = (window: string) => `slo:error_ratio:rate${window}`;
/** Bad events per second, of the long windows. */
const badSeries = (window: string) => `slo:bad_events:rate${window}`;

/** How many times faster than allowed the budget is spent: 14.4 for 2 % of 30 days in an hour. */
export function factorOf({ long, share }: Pick<BurnWindow, "long" | "share">, period: Duration): number {
  return Number(((share * period.seconds) / Duration.parse(long).seconds).toPrecision(6));
}

/** A series that is recorded of an SLO. */
export function recordedOf<L extends string, const U extends Unit>(
  { name: slo, labels }: Pick<SloOptions<L>, "name" | "labels">,
  name: string,
  unit: U,
  help: string,
): Gauge<L | "slo", U> {
  return new Gauge<L | "slo", U>(
    { name, kind: "gauge", labels: [...labels, "slo"], unit, help, source: "recording rules", jobs: [] },
    unit,
  ).where({ slo } as Readonly<Record<L | "slo", string>>);
}

const ratioOf = <L extends string>(options: SloOptions<L>, window: string) =>
  recordedOf(options, sloSeries(window), "ratio", `Share of events of an SLO that were bad, over ${window}`);
const badOf = <L extends string>(options: SloOptions<L>, window: string) =>
  recordedOf(options, badSeries(window), "number", `Bad events of an SLO per second, over ${window}`);

/** Every length that windows have. */
export const lengthsOf = (windows: readonly BurnWindow[]): string[] => [
  ...new Set(windows.flatMap(({ long, short }) => [long, short])),
];

/**
 * Error ratios by length of window, and of those that are long what they are the ratio of: alerts are evaluated far more
 * often than a long window changes, and so read nothing but what is recorded. Long windows are recorded every other minute.
 */
export function recordings<L extends string>(
  options: SloOptions<L>,
  lengths: readonly string[],
  windows: readonly BurnWindow[],
): RuleGroup[] {
  const labels = { slo: options.name };
  const rulesOf = (window: string): RecordingRule[] => {
    const isLong = windows.some(({ long }) => long === window);
    const bad: Instant<L> = isLong ? (badOf(options, window) as Instant<string> as Instant<L>) : options.bad(window);
    const ratio = bad.dividedBy(options.total(window), on(...options.labels)).text;
    return [
      ...(isLong ? [{ record: badSeries(window), expr: options.bad(window).text, labels }] : []),
      { record: sloSeries(window), expr: ratio, labels },
    ];
  };
  const isSlow = (window: string) => Duration.parse(window).seconds >= 6 * 3600;
  const group = (name: string, interval: string, chosen: readonly string[]): RuleGroup[] =>
    chosen.length === 0 ? [] : [{ name, interval, rules: chosen.flatMap(rulesOf) }];
  return [
    ...group(
      `slo-${options.name}`,
      "30s",
      lengths.filter((window) => !isSlow(window)),
    ),
    ...group(`slo-${options.name}-long`, "2m", lengths.filter(isSlow)),
  ];
}

/** Fires for each pair of windows over which the budget is spent too fast. */
export function burnAlert<L extends string>(
  options: SloOptions<L>,
  windows: readonly BurnWindow[],
  budget: number,
  period: Duration,
): Alert {
  const { alert, team, component, of, objective, labels, dashboard, runbook, leastBad = 5, pages = "users" } = options;
  const subject = subjectOf(labels);
  return {
    name: alert,
    team,
    component,
    runbook,
    dashboard,
    pages: windows.some(({ severity }) => severity === "critical") ? pages : undefined,
    labels: [...labels, "slo"],
    levels: windows.map((window): Level => {
      const factor = factorOf(window, period);
      const level = quantity(Number((factor * budget).toPrecision(9)), "ratio");
      const seconds = Duration.parse(window.long).seconds;
      const expr = ratioOf(options, window.long)
        .above(level)
        .and(ratioOf(options, window.short).above(level))
        .and(badOf(options, window.long).times(seconds).atLeast(quantity(leastBad, "number")));
      return {
        severity: window.severity,
        expr,
        threshold: level,
        for: window.for,
        summary:
          factor > 1
            ? `${subject} spends its error budget ${factor} times too fast.`
            : `${subject} uses up its error budget.`,
        description:
          `{{ $value | humanizePercentage }} over ${window.long} were not ${of}; the objective is ${objective.value * 100} %. ` +
          `At this rate the budget of ${period.toString()} is gone in ${Duration.seconds(Math.round(period.seconds / factor / 3600) * 3600).toString()}.`,
        labels: {
          long: window.long,
          short: window.short,
          ...((labels as readonly string[]).includes("service_name") ? { service: "{{ $labels.service_name }}" } : {}),
        },
      };
    }),
  };
}
