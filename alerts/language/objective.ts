import type { PageUid } from "../../dashboards/language/links";
import type { burnWindowLengths } from "../../environment";
import type { Instant, Quantity } from "../../signals";
import type { Severity } from "../rule";
import type { Team } from "./alert";
import type { PageReason } from "./paging";

/** Two windows that have to burn at once, and how fast. */
export interface BurnWindow {
  readonly severity: Severity;
  readonly long: (typeof burnWindowLengths)[number];
  readonly short: string;
  /** The part of the period's error budget that is spent when it fires. */
  readonly share: number;
  readonly for: string;
}

/** What an SLO says of the traffic that it is about. */
export interface TrafficOptions {
  /** Name of the alert. @default that of the SLO's alert, `TrafficGone` in the place of `Budget` */
  readonly alert?: string;
  /** @default the SLO's */
  readonly runbook?: string;
  /** Events per second below which nothing is missed. @default 0.05 */
  readonly least?: number;
}

/** A service level objective over any ratio of typed expressions. */
export interface SloOptions<L extends string> {
  /** Lower-case words with hyphens; stands as label `slo`. */
  readonly name: string;
  readonly alert: string;
  readonly team: Team;
  readonly component: string;
  /** What has to be good, for people: "requests that work". */
  readonly of: string;
  /** What is counted, for people: "requests". @default events */
  readonly events?: string;
  /** Share that has to be good, above 0 and below 1. */
  readonly objective: Quantity<"ratio">;
  /** Bad events per second over a window. */
  readonly bad: (window: string) => Instant<L>;
  /** All events per second over a window. */
  readonly total: (window: string) => Instant<L>;
  readonly labels: readonly L[];
  readonly dashboard: PageUid;
  readonly runbook: string;
  /** Why somebody is woken when it burns fast, or when its events stay away. @default users */
  readonly pages?: PageReason;
  /** How fast the budget may be spent, and who hears of it. @default the four of the SRE workbook */
  readonly windows?: readonly BurnWindow[];
  /** Fewer bad events in the long window never fire: with little traffic one failure is a large share. @default 5 */
  readonly leastBad?: number;
  /** How it is told that there is nothing left to be good or bad. */
  readonly traffic?: TrafficOptions;
}
