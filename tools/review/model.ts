import type { Replay } from "../backtest/model";
import type { Dashboard, Panel } from "../report/dashboard";
import type { Mark } from "../report/drawing";
import type { Edit } from "./text";

/** What a review finds, as plain data: the page and the comment write the same. */

/** Largest first; `--fail-on` names the smallest that fails. */
export const levels = ["critical", "high", "medium", "low"] as const;
export type Level = (typeof levels)[number];

/** A change that deserves a decision. */
export interface Risk {
  readonly level: Level;
  /** The object, rule or setting. */
  readonly where: string;
  readonly what: string;
  /** What may happen, or what to do. */
  readonly why: string;
  /** Stands in the section on security too. */
  readonly security: boolean;
}

/** One value before and after; undefined where there was or is none. */
export interface ValueChange {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** What it means: `60d of logs are lost`. */
  readonly note: string;
  /** History goes with it, for good. @default false */
  readonly loses?: true;
}

/** A size or cost before and after, with what weighs it. */
export interface SizeChange extends ValueChange {
  readonly size: {
    readonly of: "cost" | "workload" | "total" | "quotas";
    /** `replicas`, `memory`; a part of the cost. */
    readonly key: string;
    /** Undefined for what is no number, such as a version. */
    readonly before: number | undefined;
    readonly after: number | undefined;
  };
}

export interface TextChange {
  readonly name: string;
  readonly edits: readonly Edit[];
}

export interface PanelChange {
  readonly mark: Mark;
  readonly title: string;
  readonly before: Panel | undefined;
  readonly after: Panel | undefined;
  readonly values: readonly ValueChange[];
  readonly queries: readonly TextChange[];
}

export interface DashboardChange {
  readonly uid: string;
  readonly title: string;
  readonly before: Dashboard | undefined;
  readonly after: Dashboard | undefined;
  readonly panels: readonly PanelChange[];
  /** Of the page itself: title, variables, links, time. */
  readonly values: readonly ValueChange[];
  /** Links and variables that lead nowhere, and did not before. */
  readonly broken: readonly string[];
}

export interface AlertChange {
  readonly name: string;
  readonly action: "new" | "gone" | "changed" | "routed otherwise";
  readonly severity: string;
  readonly summary: string;
  readonly values: readonly ValueChange[];
  /** Those of the values with which it fires at other times: threshold, duration, severity. */
  readonly fires: readonly ValueChange[];
  readonly expression: readonly Edit[] | undefined;
  /** The expression is another, and no threshold says in what. */
  readonly asks: boolean;
  /** Who is told, in words. */
  readonly toldBefore: readonly string[];
  readonly toldAfter: readonly string[];
  /** Whether that is anybody at all. */
  readonly heardBefore: boolean;
  readonly heardAfter: boolean;
}

export interface ResourceChange {
  readonly action: "created" | "deleted" | "updated" | "replaced";
  /** `StatefulSet observability/loki`. */
  readonly name: string;
  readonly reason: string;
  readonly values: readonly ValueChange[];
  readonly texts: readonly TextChange[];
}

export interface EnvironmentReview {
  readonly name: string;
  /** In one of the two only. */
  readonly only: "base" | "head" | undefined;
  readonly risks: readonly Risk[];
  readonly dashboards: readonly DashboardChange[];
  readonly alerts: readonly AlertChange[];
  /** Alerts that fire otherwise, over history: none without any. */
  readonly replays: readonly Replay[];
  /** Recording rules, receivers, routes, inhibitions. */
  readonly alerting: readonly ValueChange[];
  /** Objectives and the budgets that follow. */
  readonly slos: readonly ValueChange[];
  /** How many alerts of which severity each receiver is told. */
  readonly paged: readonly ValueChange[];
  readonly retention: readonly ValueChange[];
  readonly sizing: readonly SizeChange[];
  /** Results of checks and policies, and what the engine protects. */
  readonly judged: readonly ValueChange[];
  readonly resources: readonly ResourceChange[];
  /** Configuration of servers, as their files. */
  readonly configuration: readonly TextChange[];
}

/** Whether anything at all is different. */
export function isUnchanged({ name: _, only, ...lists }: EnvironmentReview): boolean {
  return only === undefined && Object.values(lists).every((list) => list.length === 0);
}

/** Risks of all environments, largest first, each with the environments that it concerns. */
export function allRisks(reviews: readonly EnvironmentReview[]): (Risk & { readonly environments: string[] })[] {
  const found = new Map<string, Risk & { environments: string[] }>();
  for (const { name, risks } of reviews) {
    for (const risk of risks) {
      const key = JSON.stringify(risk);
      const known = found.get(key) ?? { ...risk, environments: [] };
      found.set(key, known);
      if (!known.environments.includes(name)) known.environments.push(name);
    }
  }
  return [...found.values()].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
}
