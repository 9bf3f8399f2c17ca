import type { Severity } from "../../../alerts";

/** A series as a test feeds it: what it is while all is well, and whether it grows by that each minute. */
export interface Fed {
  readonly selector: string;
  readonly good: number | "_";
  readonly grows: boolean;
  /** Takes the case's value when things go wrong; the others stay as they are. */
  readonly driven: boolean;
  /** Values of the whole test in promtool's notation, for what is no step: while it fires, and while it is near. */
  readonly written?: readonly [bad: string, near: string];
}

/** A gauge that goes wrong. `_` is no sample at all. */
export const gauge = (selector: string, good: number | "_"): Fed => ({ selector, good, grows: false, driven: true });
/** A counter that goes wrong; values are what it grows by each minute. */
export const counter = (selector: string, good: number): Fed => ({ selector, good, grows: true, driven: true });
/** What stays as it is beside it: a gauge, or a counter's growth each minute. */
export const steady = (selector: string, value: number): Fed => ({
  selector,
  good: value,
  grows: false,
  driven: false,
});
export const growing = (selector: string, each: number): Fed => ({ selector, good: each, grows: true, driven: false });

/** What goes wrong slowly: its values from the first minute on, for the test that fires and for the one that does not. */
export const written = (selector: string, bad: string, near: string): Fed => ({
  selector,
  good: 0,
  grows: false,
  driven: false,
  written: [bad, near],
});

/** One severity: a value that is just not bad enough, one that is, and the text that a person then reads. */
export type Case = readonly [near: number | "_", bad: number | "_", says: string];

/** An alert, proven with series written by hand. */
export interface Proof {
  readonly alert: string;
  readonly series: readonly Fed[];
  readonly cases: Readonly<Partial<Record<Severity, Case>>>;
  /** Labels of what fires, beyond severity, team and component. */
  readonly labels: Readonly<Record<string, string>>;
  /** `for` of each severity in minutes, as the page says it. */
  readonly for: number | Readonly<Partial<Record<Severity, number>>>;
  /** Minutes after which the window of the expression is full of bad values. @default 1 */
  readonly lag?: number;
  /** Minutes of good values before. @default 15 */
  readonly warm?: number;
  /** Minutes of good values after, until it has ended. @default lag + 15 */
  readonly end?: number;
  /** Feeds recording rules too, instead of what they record. @default false */
  readonly recorded?: boolean;
  /** Minutes from one sample and evaluation to the next; long windows are tested in long steps. @default 1 */
  readonly step?: number;
  /** Which of several rules of a severity, by their labels. */
  readonly rule?: Readonly<Record<string, string>>;
  /** Tempo's major version. @default 2 */
  readonly majorVersion?: "2" | "3";
}

/** Values of a series in promtool's notation, one each `step` minutes. Counters go on from where they are. */
export function valuesOf(
  fed: Fed,
  phases: readonly (readonly [minutes: number, value: number | "_"])[],
  step: number,
): string {
  let total = 0;
  return phases
    .map(([minutes, value]) => {
      const samples = Math.round(minutes / step);
      if (value === "_") return `_x${samples}`;
      if (!fed.grows) return `${value}x${samples - 1}`;
      const from = total;
      const each = value * step;
      total += each * samples;
      return value === 0 ? `${from}x${samples - 1}` : `${from + each}+${each}x${samples - 1}`;
    })
    .join(" ");
}
