import { count } from "../report/html";
import { fates, type Page, type PageChange, type Told } from "./difference";
import type { Replay, Side } from "./model";
import { overlap } from "./spans";

/** How a backtest speaks; times are UTC. */

/** `2026-11-29 10:05`, with seconds where there are any. @param seconds since 1970 */
export function clock(seconds: number): string {
  const text = new Date(Math.round(seconds) * 1000).toISOString().replace("T", " ");
  return text.slice(17, 19) === "00" ? text.slice(0, 16) : text.slice(0, 19);
}

/** `45 s`, `10 min`, `2 h 5 min`, `3 d 4 h`: two units at most. */
export function lasts(seconds: number): string {
  const units = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ] as const;
  let left = Math.round(seconds);
  const parts: string[] = [];
  for (const [size, unit] of units) {
    const number = Math.floor(left / size);
    if (number > 0 && parts.length < 2) parts.push(`${number} ${unit}`);
    else if (parts.length > 0) break;
    left -= number * size;
  }
  return parts.join(" ") || "0 s";
}

/** Labels as people read them: `instance="a", job="b"`. */
export const labelsText = ({ of }: Page) =>
  Object.entries(of)
    .map(([name, value]) => `${name}="${value}"`)
    .join(", ") || "no labels";

/** `2026-11-29 10:05 for 35 min`. */
const at = ({ span }: Page) => `${clock(span.from)} for ${lasts(span.to - span.from)}`;

/** What becomes of one page: `comes: 2026-11-29 10:05 for 35 min`. @param action of its rule; alone, a page just is */
export function fateText({ fate, before, after }: PageChange, action: Replay["action"]): string {
  if (action === "as it is") return at((after ?? before) as Page);
  if (before === undefined || after === undefined) return `${fate}: ${at((after ?? before) as Page)}`;
  if (fate === "stays") return `stays: ${at(after)}`;
  if (fate === "is told to others") return `is told to ${heard(after)} instead of ${heard(before)}: ${at(after)}`;
  const shifts = [
    ["begins", after.span.from - before.span.from, "later", "earlier"],
    ["ends", after.span.to - before.span.to, "later", "earlier"],
  ] as const;
  const said = shifts
    .filter(([, shift]) => shift !== 0)
    .map(([what, shift, later, earlier]) => `${what} ${lasts(Math.abs(shift))} ${shift > 0 ? later : earlier}`);
  return `moves: ${said.join(" and ")}: ${at(before)} → ${at(after)}`;
}

const heard = ({ told }: Page) => told.join(", ") || "nobody";

/** `3 pages come, 1 goes`. */
export function fatesText(pages: readonly PageChange[]): string {
  const plural = { comes: "come", goes: "go", moves: "move", "is told to others": "are told to others", stays: "stay" };
  const [first, ...more] = fates(pages).map(
    ([fate, number], index) =>
      `${index === 0 ? count(number, "page") : String(number)} ${number === 1 ? fate : plural[fate]}`,
  );
  return first === undefined ? "no pages" : [first, ...more].join(", ");
}

const sideText = (side: Side | undefined) =>
  side === undefined ? "no such rule" : side.why === "" ? side.outcome : `${side.outcome}: ${side.why}`;

/** Whether a rule came near: it waited for its `for`, and did not fire. */
export const isPending = (side: Side | undefined) => side?.outcome === "quiet" && side.why !== "";

/** The result of one rule in a line. */
export function verdict({ before, after, pages, action }: Replay): string {
  if (pages.length > 0) {
    if (action === "as it is") return `fires ${pages.length === 1 ? "once" : `${pages.length} times`}`;
    return fatesText(pages);
  }
  if (action === "as it is") return sideText(after);
  const [old, now] = [sideText(before), sideText(after)];
  return old === now ? `${now}, before and after` : `${old} → ${now}`;
}

/** `12 → 3 pages, 5 h → 20 min`. */
export function toldText({ pagesBefore, pagesAfter, secondsBefore, secondsAfter }: Told): string {
  return `${pagesBefore} → ${count(pagesAfter, "page")}, ${lasts(secondsBefore)} → ${lasts(secondsAfter)}`;
}

/** Of all rules of some replays, how many pages have which fate: a sentence, or nothing without any replay. */
export function summary(replays: readonly Replay[]): string {
  const [first] = replays;
  if (first === undefined) return "";
  const { from, to } = first.window;
  const of = (outcome: Side["outcome"]) =>
    replays.filter(({ before, after, pages }) => pages.length === 0 && (after ?? before)?.outcome === outcome).length;
  const pages = replays.flatMap((each) => each.pages);
  const parts = [
    first.action === "as it is" ? count(pages.length, "page") : fatesText(pages),
    ...(["no data", "not replayed"] as const).flatMap((outcome) =>
      of(outcome) > 0 ? [`${outcome} for ${count(of(outcome), "rule")}`] : [],
    ),
  ];
  return `Over ${lasts(to - from)} of history: ${parts.join("; ")}.`;
}

/** Signs of a line of time. */
const width = 48;

/**
 * When a rule fires for anybody, as two lines of signs: `·····████···`. A sign that a page touches is full.
 * @returns before and after
 */
export function strips({ pages, window }: Replay): [string, string] {
  const size = (window.to - window.from) / width;
  const strip = (pick: (change: PageChange) => Page | undefined) => {
    const spans = pages.flatMap((change) => pick(change)?.span ?? []);
    return Array.from({ length: width }, (_, index) => {
      const slot = { from: window.from + index * size, to: window.from + (index + 1) * size };
      return spans.some((span) => overlap(span, slot)) ? "█" : "·";
    }).join("");
  };
  return [strip(({ before }) => before), strip(({ after }) => after)];
}
