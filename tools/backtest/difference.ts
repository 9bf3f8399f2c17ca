import type { Labels } from "../report/routing";
import { lasting, overlap, within, type Span } from "./spans";

/** What a changed rule does to those who are paged, from when it would have fired before and after. Pure. */

/** An alert that fires once, from its first message until it is resolved. */
export interface Page {
  /** Of the series that it fires for, without those that the rule itself adds. */
  readonly of: Labels;
  readonly span: Span;
  /** Who is told, in words; nobody without any. */
  readonly told: readonly string[];
}

export type Fate = "comes" | "goes" | "moves" | "is told to others" | "stays";

export interface PageChange {
  readonly fate: Fate;
  /** Undefined for a page that comes. */
  readonly before: Page | undefined;
  /** Undefined for a page that goes. */
  readonly after: Page | undefined;
}

const keyOf = (of: Labels) => JSON.stringify(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * Each page before with the one that takes its place after: of the same series, and overlapping it. What has no partner
 * goes or comes; in the order of time.
 * @param slack seconds by which a page may begin or end otherwise and still be the same: no more than an evaluation
 */
export function compared(before: readonly Page[], after: readonly Page[], slack: number): PageChange[] {
  const left = [...after].sort((a, b) => a.span.from - b.span.from);
  const changes = [...before]
    .sort((a, b) => a.span.from - b.span.from)
    .map((old): PageChange => {
      const index = left.findIndex((now) => keyOf(now.of) === keyOf(old.of) && overlap(now.span, old.span));
      const [now] = index < 0 ? [] : left.splice(index, 1);
      return { fate: now === undefined ? "goes" : fateOf(old, now, slack), before: old, after: now };
    });
  const all = [...changes, ...left.map((now): PageChange => ({ fate: "comes", before: undefined, after: now }))];
  return all.sort((a, b) => beginOf(a) - beginOf(b));
}

function fateOf(old: Page, now: Page, slack: number): Fate {
  const moved = Math.max(Math.abs(old.span.from - now.span.from), Math.abs(old.span.to - now.span.to));
  if (moved > slack) return "moves";
  return old.told.join() === now.told.join() ? "stays" : "is told to others";
}

const beginOf = ({ before, after }: PageChange) => (before ?? after)?.span.from ?? 0;

/** How often and for how long a receiver is told of a rule. */
export interface Told {
  readonly receiver: string;
  readonly pagesBefore: number;
  readonly pagesAfter: number;
  /** Within the window, of all series together. */
  readonly secondsBefore: number;
  readonly secondsAfter: number;
}

/** What each receiver is told, before and after. @param window outside of which nothing counts */
export function toldBy(changes: readonly PageChange[], window: Span): Told[] {
  const side = (pick: (change: PageChange) => Page | undefined) => changes.flatMap((change) => pick(change) ?? []);
  const [before, after] = [side(({ before }) => before), side(({ after }) => after)];
  const hears = (page: Page, receiver: string) =>
    page.told.length === 0 ? receiver === nobody : page.told.includes(receiver);
  const sum = (pages: readonly Page[], receiver: string) => {
    const own = pages.filter((page) => hears(page, receiver));
    return { pages: own.length, seconds: lasting(own.map(({ span }) => within(span, window))) };
  };
  const names = [...before, ...after].flatMap(({ told }) => (told.length === 0 ? [nobody] : told));
  return [...new Set(names)].sort().map((receiver) => {
    const [old, now] = [sum(before, receiver), sum(after, receiver)];
    return {
      receiver,
      pagesBefore: old.pages,
      pagesAfter: now.pages,
      secondsBefore: old.seconds,
      secondsAfter: now.seconds,
    };
  });
}

/** Who hears a page that no route takes anywhere. */
export const nobody = "nobody";

/** How many pages have each fate, those without any left out. */
export function fates(changes: readonly PageChange[]): [Fate, number][] {
  const order: Fate[] = ["comes", "goes", "moves", "is told to others", "stays"];
  return order.flatMap((fate): [Fate, number][] => {
    const number = changes.filter((change) => change.fate === fate).length;
    return number === 0 ? [] : [[fate, number]];
  });
}
