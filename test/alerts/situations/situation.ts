import type { Fed } from "../support/proof";

/** Something that happens to a cluster. It is written without a look at the rules. */
export interface Situation {
  /** What happened, for people. */
  readonly what: string;
  /** What is measured while all is well, and what then goes wrong. */
  readonly series: readonly Happening[];
  /** Minutes from the fault until somebody must have been woken; until the end nobody may be, where nobody must. */
  readonly within: number;
}

/** A series, and the value that the fault gives it; `_` is no sample any more, undefined is no change. */
export type Happening = readonly [of: Fed, then?: number | "_" | undefined];

/** Two replicas of a Deployment behind one series each, as a scrape of both gives them. */
export const pods = ["a", "b"] as const;

/** The target's own labels, as relabelling puts them on each series. */
export const target = (job: string, instance = "i", namespace = "observability") =>
  `cluster="local", job="${job}", namespace="${namespace}", pod="${job}-${instance}", instance="${instance}"`;
