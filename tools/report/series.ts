import { colorClass } from "./colors";
import type { Threshold } from "./dashboard";
import type { Labels } from "./routing";

/** What a query gave: one series, or one value of an instant query. */
export interface Series {
  readonly labels: Labels;
  /** Seconds since 1970 and the value, in the order of time; what is no finite number is left out. */
  readonly points: readonly (readonly [number, number])[];
}

/** The room of a panel's drawing, in pixels. */
export interface Room {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** More series than these are left out: a picture is no place to tell them apart, and the page has to stay small. */
export const most = 6;
export const color = (index: number) => `c${index % most}`;
export const lastOf = ({ points }: Series) => points.at(-1)?.[1] ?? NaN;

/** A series in a word: what tells it from the others. */
export const nameOf = ({ labels }: Series) =>
  Object.entries(labels)
    .filter(([name]) => name !== "__name__" && name !== "cluster" && name !== "job")
    .map(([, text]) => text)
    .join(" ");

/** The color of the step that a value reaches. */
export function reached(thresholds: readonly Threshold[], value: number): string {
  const step = thresholds.filter((each) => each.value === undefined || value >= each.value).at(-1);
  return thresholds.length > 1 && step ? colorClass(step.color) : "";
}
