/** Takes alerts and tells nobody: `local` without receivers. */
export const nobody = "nobody";

/** One node of the tree, as Alertmanager reads it. */
export interface Route {
  readonly receiver?: string;
  readonly matchers?: readonly string[];
  /** Those after it are asked as well. */
  readonly continue?: boolean;
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly mute_time_intervals?: readonly string[];
  readonly active_time_intervals?: readonly string[];
  readonly routes?: readonly Route[];
}
