import type { RuleSet } from "../../../docs/coverage";

/**
 * Values of a series: a number that stays, `+60` for a counter that grows by so many each step, or promtool's own notation.
 */
type Values = number | string;

/**
 * Series that make an alert of another rule set fire, just beyond its own level and for as long as it waits: ours fire on
 * them as well. That the other one does fire on them was seen by promtool on its own rules, which are not part of this
 * project.
 */
export interface Scenario {
  /** Name and severity of the other alert. */
  readonly of: string;
  /** What it reads. */
  readonly series: Readonly<Record<string, Values>>;
  /** What the same state shows in series that only ours read. @default nothing */
  readonly beside?: Readonly<Record<string, Values>>;
  /** The minute at which both fire. */
  readonly at: number;
  /**
   * Ours, as a ticket or a page where the other one is any of these; which, is decided elsewhere. Labels are given where
   * another series of ours would do: `TargetMissing{job="apiserver"}`.
   */
  readonly fires: readonly string[];
  /** From one sample and evaluation to the next. @default 1m */
  readonly step?: "15s" | "1m" | "2m" | "5m";
  /** Tempo's major version. @default 2 */
  readonly majorVersion?: "2" | "3";
}

/** Name of an alert that fires, without its labels. */
export const nameOf = (fires: string): string => fires.split("{")[0] ?? fires;

export interface Scenarios {
  readonly set: RuleSet;
  readonly scenarios: readonly Scenario[];
}

const minutes = { "15s": 0.25, "1m": 1, "2m": 2, "5m": 5 } as const;

/** Series of a scenario as promtool reads them. */
export function inputSeries({ series, beside = {}, at, step = "1m" }: Scenario): object[] {
  const steps = Math.ceil(at / minutes[step]) + 1;
  return Object.entries({ ...series, ...beside }).map(([selector, given]) => ({
    series: selector,
    values: typeof given === "number" ? `${given}x${steps}` : /^\+[\d.]+$/.test(given) ? `0${given}x${steps}` : given,
  }));
}
