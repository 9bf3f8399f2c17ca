import { Duration } from "../../environment";
import { CatalogueError } from "../../signals";
import type { RuleGroup } from "../rule";
import type { Alert } from "./alert";
import { budgetGroup, promiseGroup } from "./budget";
import { burnAlert, burnWindows, factorOf, lengthsOf, recordings } from "./burn";
import type { BurnWindow, SloOptions } from "./objective";
import { trafficAlert, trafficGroup } from "./traffic";

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
  readonly within: (kept: Duration) => Watched;
  /** The same for those that are longer, as long as the store keeps them; undefined when there are none. */
  readonly beyond: (kept: Duration, store: Duration) => Watched | undefined;
}

/** What one evaluator has to do for an SLO. */
export interface Watched {
  readonly recording: readonly RuleGroup[];
  readonly alerts: readonly Alert[];
}

/**
 * Recording rules of an SLO, its multi-window, multi-burn-rate alerts, and the alert for when its events stay away.
 * @param period over which the objective holds
 * @throws CatalogueError for an objective that can't be, or one so low that a burn rate can never be reached
 */
export function slo<L extends string>(options: SloOptions<L>, period: Duration = Duration.parse("30d")): Slo {
  const { name, objective, windows: all = burnWindows } = options;
  const where = `SLO "${name}"`;
  const budget = Number((1 - objective.value).toPrecision(9));
  if (!(objective.value > 0 && objective.value < 1)) {
    throw new CatalogueError(
      where,
      `has an objective of ${objective.value}`,
      "above 0 and below 1: at 1 nothing may ever fail",
    );
  }
  for (const window of all) {
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
  const fits = (kept: Duration) => (window: BurnWindow) => Duration.parse(window.long).seconds <= kept.seconds;
  const budgetBy = (kept: Duration) => (period.seconds <= kept.seconds ? [budgetGroup(options, budget, period)] : []);
  return {
    name,
    of: options.of,
    objective: objective.value,
    period,
    within: (kept) => {
      const windows = all.filter(fits(kept));
      const lengths = lengthsOf(windows);
      return {
        recording: [
          ...recordings(options, lengths, windows),
          trafficGroup(options),
          promiseGroup(options, budget, period, lengths.toSorted(byLength)[0]),
          ...budgetBy(kept),
        ],
        alerts: [burnAlert(options, windows, budget, period), trafficAlert(options)],
      };
    },
    beyond: (kept, store) => {
      const windows = all.filter((window) => !fits(kept)(window) && fits(store)(window));
      // What Prometheus records is written to the store as well: only the rest is recorded there.
      const known = lengthsOf(all.filter(fits(kept)));
      const missing = lengthsOf(windows).filter((window) => !known.includes(window));
      const left = budgetBy(kept).length > 0 ? [] : budgetBy(store);
      const recording = [...recordings(options, missing, windows), ...left];
      const alerts = windows.length === 0 ? [] : [burnAlert(options, windows, budget, period)];
      return recording.length + alerts.length === 0 ? undefined : { alerts, recording };
    },
  };
}

const byLength = (one: string, other: string) => Duration.parse(one).seconds - Duration.parse(other).seconds;
