import { formatOf, type Unit } from "../../signals";

/** Labels of an expression as they stand in a template; one that the expression dropped is a compile error. */
export type Shown<L extends string> = { readonly [K in L]: string };

/** Words of an alert. `value` is the measured value, written in its unit. */
export type Words<L extends string> = (labels: Shown<L>, value: string) => string;

/** `{{ $labels.x }}` for each label. */
export function shownLabels<L extends string>(labels: readonly L[]): Shown<L> {
  const entries = labels.map((label) => [
    label,
    /^[a-zA-Z_]\w*$/.test(label) ? `{{ $labels.${label} }}` : `{{ index $labels "${label}" }}`,
  ]);
  return Object.fromEntries(entries) as Shown<L>;
}

/** The measured value as a template of Prometheus, formatted as its unit wants. */
export function shownValue(unit: Unit): string {
  const { template, suffix } = formatOf(unit);
  return `{{ $value${template === undefined ? "" : ` | ${template}`} }}${suffix}`;
}

/** A quantity for people: `quantity(0.05, "ratio")` is `5 %`, 1800 seconds are `30m`. */
export function inWords({ value, unit }: { readonly value: number; readonly unit: Unit }): string {
  if (unit === "ratio") return `${round(value * 100)} %`;
  if (unit === "percent") return `${round(value)} %`;
  if (unit !== "seconds") return `${round(value)}${formatOf(unit).suffix}`;
  if (value > 0 && value < 1) return `${round(value * 1000)} ms`;
  for (const [length, name] of [
    [86_400, "d"],
    [3_600, "h"],
    [60, "m"],
  ] as const) {
    if (value >= length && value % length === 0) return `${value / length}${name}`;
  }
  return `${round(value)}s`;
}

const round = (value: number) => Number(value.toPrecision(6));
