import { CatalogueError } from "../signals/faults";
import type { Histogram, Metric } from "../signals/metric";
import { requiredBuckets } from "../signals/naming";
import type { Measured } from "../signals/units";

/** The names of a source's histograms. */
export type BucketNames<S> = { [N in keyof S]: S[N] extends Histogram<string, Measured> ? N : never }[keyof S] & string;

export type Buckets<N extends string> = { readonly [K in N]?: readonly number[] };

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Upper bounds by unit. Seconds are the defaults of Prometheus' client libraries, gone on to a minute for plans and
 * queues; every threshold that an alert compares a duration with (0.5, 1, 5 and 10 s) is among them, so that the quantile is
 * exact there. Bytes grow fourfold from 64 B to 4 MiB.
 */
const bounds: Readonly<Record<Measured, readonly number[]>> = {
  seconds,
  milliseconds: seconds.map((bound) => bound * 1000),
  bytes: Array.from({ length: 9 }, (_, index) => 64 * 4 ** index),
  count: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  ratio: [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1],
};

/**
 * The bounds of a histogram's buckets.
 * @param chosen instead of those of its unit
 * @throws CatalogueError when they don't rise, or lack a bound that a recording rule or an objective reads
 */
export function boundsOf({ name, unit }: Metric, chosen?: readonly number[]): readonly number[] {
  const found = chosen ?? bounds[unit as Measured];
  const fail = (reason: string, fix: string) => {
    throw new CatalogueError(`metric "${name}"`, reason, fix);
  };
  if (found.length === 0 || found.some((bound, index) => index > 0 && bound <= (found[index - 1] ?? 0)))
    fail(`has the bounds ${found.join(", ") || "(none)"}, which don't rise`, "each bound once, from small to large");
  const required: Readonly<Record<string, readonly number[]>> = requiredBuckets;
  const missing = (required[name] ?? []).filter((bound) => !found.includes(bound));
  if (missing.length > 0)
    fail(`has no bound at ${missing.join(", ")}, which rules read`, `add ${missing.join(", ")} to its buckets`);
  return found;
}
