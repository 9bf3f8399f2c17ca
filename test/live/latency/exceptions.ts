import type { PageUid } from "../../../dashboards/kit";

/** Queries of a panel that miss the goal over a day of data, and what they have to stay below instead. */
export interface SlowQueries {
  readonly page: PageUid;
  /** Title of the panel. */
  readonly panel: string;
  /** @default all of the panel */
  readonly refIds?: readonly string[];
  /** Milliseconds of their median. */
  readonly below: number;
  /** What makes them slow, and why it stays so. */
  readonly why: string;
}

export const slowQueries: readonly SlowQueries[] = [];

/** Pages that take longer than the goal when they are set to the last day, and what they have to stay below. */
export interface SlowPage {
  readonly page: PageUid;
  /** Milliseconds. */
  readonly below: number;
  readonly why: string;
}

export const slowPages: readonly SlowPage[] = [];
