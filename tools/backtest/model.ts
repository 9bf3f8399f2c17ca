import type { PageChange, Told } from "./difference";
import type { Span } from "./spans";

/** What a backtest finds, as plain data: the page, the comment and the command write the same. */

/** How a rule fared over the history; `no data` is not quiet: nobody knows what it would have said. */
export type Outcome = "fires" | "quiet" | "no data" | "not replayed";

export interface Side {
  readonly outcome: Outcome;
  /** What is missing, why it was not replayed, or how long a quiet rule was pending; empty otherwise. */
  readonly why: string;
}

export interface Replay {
  readonly name: string;
  /** Its name before, where that was another one. */
  readonly formerly: string | undefined;
  readonly severity: string;
  readonly action: "new" | "gone" | "changed" | "renamed" | "as it is";
  /** What was asked about. */
  readonly window: Span;
  /** Undefined where there was no such rule. */
  readonly before: Side | undefined;
  readonly after: Side | undefined;
  readonly pages: readonly PageChange[];
  readonly told: readonly Told[];
  /** When the history has nothing of what the rule reads. */
  readonly gaps: readonly Span[];
  /** What a reader has to know to believe it. */
  readonly notes: readonly string[];
}

/** What holds of every replay. */
export const caveats = [
  "Pages are alerts that begin to fire, for each series: Alertmanager groups them into fewer messages, and inhibition, silences and mute times are not replayed.",
  "vmalert replays by MetricsQL, at each full interval of the rule's group: a server's own evaluations lie some seconds beside.",
] as const;
