import { Duration, type burnWindowLengths } from "../../environment";
import { CatalogueError, Gauge, on, quantity, type Instant, type Quantity } from "../../signals";
import type { RecordingRule, RuleGroup, Severity } from "../rule";
import type { Alert, Level, Team } from "./alert";
import type { PageUid } from "../../dashboards/language/links";
import type { PageReason } from "./paging";
import { shownLabels } from "./text";

/**
 * Windows of a burn-rate alert. `share` is the part of the period's error budget that is spent when it fires.
 * Source: Google's SRE workbook, chapter 5, table 5-8; `for` as pyrra and kubernetes-mixin have it.
 */
const burnWindows = [
  { severity: "critical", long: "1h", short: "5m", share: 0.02, for: "2m" },
  { severity: "critical", long: "6h", short: "30m", share: 0.05, for: "15m" },
  { severity: "warning", long: "1d", short: "2h", share: 0.1, for: "1h" },
  { severity: "warning", long: "3d", short: "6h", share: 0.1, for: "3h" },
] as const satisfies readonly {
  severity: Severity;
  long: (typeof burnWindowLengths)[number];
  short: string;
  share: number;
  for: string;
}[];
type BurnWindow = (typeof burnWindows)[number];

/** A service level objective over any ratio of typed expressions. */
export interface SloOptions<L extends string> {
  /** Lower-case words with hyphens; stands as label `slo`. */
  readonly name: string;
  readonly alert: string;
  readonly team: Team;
  readonly component: string;
  /** What has to be good, for people: "requests that work". */
  readonly of: string;
  /** Share that has to be good, above 0 and below 1. */
  readonly objective: Quantity<"ratio">;
  /** Bad events per second over a window. */
  readonly bad: (window: string) => Instant<L>;
  /** All events per second over a window. */
  readonly total: (window: string) => Instant<L>;
  readonly labels: readonly L[];
  readonly dashboard: PageUid;
  readonly runbook: string;
  /** Why its critical windows wake somebody. @default users */
  readonly pages?: PageReason;
  /** Fewer bad events in the long window never fire: with little traffic one failure is a large share. @default 5 */
  readonly leastBad?: number;
}

/** An SLO, ready to be split between what evaluates short windows and what evaluates long ones. */
export interface Slo {
  readonly name: string;
  /** What has to be good, for people. */
  readonly of: string;
  /** Share that has to be good. */
  readonly objective: number;
  /** Over which it holds. */
  readonly period: Duration;
  /** Records and alerts whose windows are at most as long as what the evaluator keeps. */
  readonly within: (kept: Duration) => { readonly recording: readonly RuleGroup[]; readonly alert: Alert };
  /** The same for those that are longer; undefined when there are none. */
  readonly beyond: (
    kept: Duration,
    store: Duration,
  ) => { readonly recording: readonly RuleGroup[]; readonly alert: Alert } | undefined;
}

/** The series of recorded error ratios: `slo:error_ratio:rate5m{slo="…"}`. */
const sloSeries = (window: string) => `slo:error_ratio:rate${window}`;
const budgetSeries = "slo:error_budget_left:ratio";

/**
 * Recording rules and multi-window, multi-burn-rate alerts of an SLO.
 * @param period over which the objective holds
 * @throws CatalogueError for an objective that can't be, or one so low that a burn rate can never be reached
 */
export function slo<L extends string>(options: SloOptions<L>, period: Duration = Duration.parse("30d")): Slo {
  const { name, objective } = options;
  const where = `SLO "${name}"`;
  const budget = Number((1 - objective.value).toPrecision(9));
  if (!(objective.value > 0 && objective.value < 1)) {
    throw new CatalogueError(
      where,
      `has an objective of ${objective.value}`,
      "above 0 and below 1: at 1 nothing may ever fail",
    );
  }
  for (const window of burnWindows) {
    const level = factorOf(window, period) * budget;
    if (level >= 1) {
      const reason = `can never burn ${factorOf(window, period)} times too fast: that would be ${Number((level * 100).toPrecision(6))} % of all events`;
      throw new CatalogueError(
        where,
        `with an objective of ${objective.value} ${reason}`,
        "a higher objective or a shorter period",
      );
    }
  }
  const recordedBy = (windows: readonly BurnWindow[]) => [
    ...new Set(windows.flatMap(({ long, short }) => [long, short])),
  ];
  const fits = (kept: Duration) => (window: BurnWindow) => Duration.parse(window.long).seconds <= kept.seconds;
  return {
    name,
    of: options.of,
    objective: objective.value,
    period,
    within: (kept) => {
      const windows = burnWindows.filter(fits(kept));
      return {
        recording: recordings(options, recordedBy(windows)),
        alert: alertOf(options, windows, budget, period),
      };
    },
    beyond: (kept, store) => {
      const windows = burnWindows.filter((window) => !fits(kept)(window) && fits(store)(window));
      if (windows.length === 0) return undefined;
      // What Prometheus records is written to the store as well: only the rest is recorded there.
      const known = recordedBy(burnWindows.filter(fits(kept)));
      const missing = recordedBy(windows).filter((window) => !known.includes(window));
      const recording = recordings(options, missing);
      const alert = alertOf(options, windows, budget, period);
      if (period.seconds > store.seconds) return { alert, recording };
      return { alert, recording: [...recording, budgetGroup(options, budget, period)] };
    },
  };
}

/** How many times faster than allowed the budget is spent: 14.4 for 2 % of 30 days in an hour. */
function factorOf({ long, share }: Pick<BurnWindow, "long" | "share">, period: Duration): number {
  return Number(((share * period.seconds) / Duration.parse(long).seconds).toPrecision(6));
}

/** Long windows change slowly and cost more: they are evaluated every other minute. */
function recordings<L extends string>(options: SloOptions<L>, windows: readonly string[]): RuleGroup[] {
  const isShort = (window: string) => Duration.parse(window).seconds < 6 * 3600;
  const group = (name: string, interval: string, chosen: readonly string[]): RuleGroup[] =>
    chosen.length === 0
      ? []
      : [
          {
            name,
            interval,
            rules: chosen.map((window): RecordingRule => ({
              record: sloSeries(window),
              expr: options.bad(window).dividedBy(options.total(window), on(...options.labels)).text,
              labels: { slo: options.name },
            })),
          },
        ];
  return [
    ...group(`slo-${options.name}`, "30s", windows.filter(isShort)),
    ...group(
      `slo-${options.name}-long`,
      "2m",
      windows.filter((window) => !isShort(window)),
    ),
  ];
}

function budgetGroup<L extends string>(
  { name, bad, total, labels }: SloOptions<L>,
  budget: number,
  period: Duration,
): RuleGroup {
  const ratio = bad(period.toString()).dividedBy(total(period.toString()), on(...labels));
  const expr = `1 - ${ratio.dividedBy(budget).within(5)}`;
  return { name: `slo-${name}-budget`, interval: "5m", rules: [{ record: budgetSeries, expr, labels: { slo: name } }] };
}

function alertOf<L extends string>(
  options: SloOptions<L>,
  windows: readonly BurnWindow[],
  budget: number,
  period: Duration,
): Alert {
  const {
    name,
    alert,
    team,
    component,
    of,
    objective,
    labels,
    dashboard,
    runbook,
    leastBad = 5,
    pages = "users",
  } = options;
  const shown = shownLabels(labels);
  const whose = labels
    .filter((label) => label !== "cluster")
    .map((label) => shown[label])
    .join(" ");
  const subject = whose === "" ? `cluster ${shownLabels(["cluster"]).cluster}` : whose;
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
      const lengths = Duration.parse(window.long).seconds;
      const expr = ratioOf(name, labels, window.long)
        .above(level)
        .and(ratioOf(name, labels, window.short).above(level))
        .and(options.bad(window.long).as("number").times(lengths).atLeast(leastBad), on(...labels));
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

function ratioOf<L extends string>(slo: string, labels: readonly L[], window: string): Instant<L | "slo", "ratio"> {
  return new Gauge<L | "slo", "ratio">(
    {
      name: sloSeries(window),
      kind: "gauge",
      labels: [...labels, "slo"],
      unit: "ratio",
      help: `Share of events of an SLO that were bad, over ${window}`,
      source: "SLO recording rules",
      jobs: [],
    },
    "ratio",
  ).where({ slo } as Readonly<Record<L | "slo", string>>);
}
