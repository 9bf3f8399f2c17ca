/**
 * The life of a counter as its emitter sends it: a sample every fifteen seconds, none while the process is away, and from
 * zero again after a restart.
 */

/** Minutes, and what the process does in them: events per second, `away`, or a restart with no sample in between. */
export type Phase = readonly [minutes: number, does: number | "away" | "restart"];

const step = 15;

/** Values in promtool's notation, one each fifteen seconds. */
export function livesOf(phases: readonly Phase[]): string {
  let total = 0;
  return phases
    .flatMap(([minutes, does]) => {
      const samples = Math.round((minutes * 60) / step);
      if (does === "away" || does === "restart") {
        total = 0;
        return samples === 0 ? [] : [`_x${samples}`];
      }
      const each = does * step;
      const from = total;
      total += each * samples;
      return [each === 0 ? `${from}x${samples - 1}` : `${from + each}+${each}x${samples - 1}`];
    })
    .join(" ");
}

/** A gauge in the same steps; `away` is no sample. */
export const heldOf = (phases: readonly (readonly [minutes: number, value: number | "away" | "stale"])[]): string =>
  phases
    .map(([minutes, value]) => {
      const samples = Math.round((minutes * 60) / step);
      if (value === "away") return `_x${samples}`;
      if (value === "stale") return `stale _x${samples - 1}`;
      return `${value}x${samples - 1}`;
    })
    .join(" ");
