import { ThresholdsConfigBuilder, ThresholdsMode } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Quantity, Unit } from "../../signals";

/** Levels at which a panel changes colour, in the unit of its query. */
export interface Steps<U extends Unit = Unit> {
  readonly unit: U;
  readonly steps: readonly { readonly value: number | null; readonly color: string }[];
}

interface Levels<U extends Unit> {
  readonly warning: Quantity<U>;
  readonly critical: Quantity<NoInfer<U>>;
}

/** More is worse: yellow from `warning`, red from `critical` on. */
export function rising<U extends Unit>({ warning, critical }: Levels<U>): Steps<U> {
  return steps(warning.unit, [null, "green"], [warning.value, "orange"], [critical.value, "red"]);
}

/** Less is worse: red below `critical`, yellow below `warning`. */
export function falling<U extends Unit>({ warning, critical }: Levels<U>): Steps<U> {
  return steps(warning.unit, [null, "red"], [critical.value, "orange"], [warning.value, "green"]);
}

/** Red from one level on, e.g. from the first failure: `redFrom(quantity(1, "count"))`. */
export function redFrom<U extends Unit>(level: Quantity<U>): Steps<U> {
  return steps(level.unit, [null, "green"], [level.value, "red"]);
}

/** Red below one level, e.g. an objective. */
export function redBelow<U extends Unit>(level: Quantity<U>): Steps<U> {
  return steps(level.unit, [null, "red"], [level.value, "green"]);
}

function steps<U extends Unit>(unit: U, ...pairs: readonly (readonly [number | null, string])[]): Steps<U> {
  return { unit, steps: pairs.map(([value, color]) => ({ value, color })) };
}

/** Grafana's form; without levels everything is green. */
export function thresholdsOf(of: Steps | undefined): ThresholdsConfigBuilder {
  const levels = of?.steps ?? [{ value: null, color: "green" }];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(levels.map((step) => ({ ...step })));
}
