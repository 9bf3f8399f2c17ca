import { fitted, number, path, picture, rectangle, words } from "../report/picture";
import type { Content, Html } from "../report/html";
import type { Page, PageChange } from "./difference";
import type { Replay } from "./model";
import { within, type Span } from "./spans";
import { clock, fateText, labelsText, lasts } from "./words";

/** When a rule fires before and after, as a picture: a lane for each series, one bar above the other. */

/** Series that are drawn; the table has all. */
const mostLanes = 8;
const left = 230;
const right = 950;
const lane = 34;
const top = 30;

/** @param id unique on its page */
export function timeline(id: string, { name, window, pages, gaps, action }: Replay): Html {
  const lanes = lanesOf(pages);
  const shown = lanes.slice(0, mostLanes);
  const height = top + Math.max(1, shown.length) * lane + 22;
  const x = (time: number) => left + ((right - left) * (time - window.from)) / Math.max(1, window.to - window.from);
  const bar = (kind: string, { from, to }: Span, y: number, size: number) => {
    const part = within({ from, to }, window);
    // A page of a minute in a day is still one.
    return rectangle(kind, x(part.from), y, Math.max(2, x(part.to) - x(part.from)), size, 1);
  };
  const bars = (changes: readonly PageChange[], y: number): Content =>
    changes.map(({ fate, before, after }) => [
      action !== "as it is" && before && bar(fate === "goes" ? "band red" : "band other", before.span, y + 3, 11),
      after && bar(fate === "comes" ? "band green" : barOf(fate), after.span, y + 17, 11),
    ]);
  const bottom = top + Math.max(1, shown.length) * lane;
  return picture({
    id,
    title: `When ${name} fires`,
    description: described(pages, gaps, action),
    width: 960,
    height,
    content: [
      ticks(window).map((time) => [
        path("grid", `M${number(x(time))} ${top - 8}V${bottom}`),
        words("soft small", x(time), 14, tickText(time, window), "middle"),
      ]),
      gaps.map((gap) => bar("tile", gap, top - 6, bottom - top + 6)),
      shown.map(({ title, changes }, index) => {
        const y = top + index * lane;
        return [
          words("small", 4, y + 13, fitted(title, left - 60, 11)),
          action !== "as it is" && words("soft small", left - 8, y + 12, "before", "end"),
          words("soft small", left - 8, y + 26, action === "as it is" ? "fires" : "after", "end"),
          bars(changes, y),
        ];
      }),
      shown.length === 0 && words("soft", left + 8, top + 20, "does not fire"),
      words("soft small", 4, bottom + 15, legend(lanes.length, gaps.length > 0, action)),
    ],
  });
}

const barOf = (fate: PageChange["fate"]) => (fate === "stays" ? "band other" : "band blue");

const legend = (lanes: number, hasGaps: boolean, action: Replay["action"]) =>
  [
    ...(action === "as it is" ? [] : ["red goes, green comes, blue moves or is told to others, grey stays"]),
    ...(hasGaps ? ["framed: no history"] : []),
    ...(lanes > mostLanes ? [`${lanes - mostLanes} more series in the table`] : []),
  ].join("; ");

function described(pages: readonly PageChange[], gaps: readonly Span[], action: Replay["action"]): string {
  const all = pages
    .slice(0, 20)
    .map((change) => `${labelsText((change.after ?? change.before) as Page)}: ${fateText(change, action)}.`);
  const more = pages.length > all.length ? [`${pages.length - all.length} more pages.`] : [];
  const silent = gaps.map(({ from, to }) => `No history for ${lasts(to - from)} from ${clock(from)}.`);
  return [...all, ...more, ...silent].join(" ") || "It does not fire.";
}

interface Lane {
  readonly title: string;
  readonly changes: readonly PageChange[];
}

/** Pages by their series, those with the most changes first. */
function lanesOf(pages: readonly PageChange[]): Lane[] {
  const lanes = new Map<string, PageChange[]>();
  for (const change of pages) {
    const title = labelsText((change.after ?? change.before) as Page);
    lanes.set(title, [...(lanes.get(title) ?? []), change]);
  }
  const changed = ({ changes }: Lane) => changes.filter(({ fate }) => fate !== "stays").length;
  return [...lanes].map(([title, changes]) => ({ title, changes })).sort((a, b) => changed(b) - changed(a));
}

/** Full minutes, hours or days, at most nine of them. */
function ticks({ from, to }: Span): number[] {
  const sizes = [60, 300, 600, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 604_800, 2_592_000];
  const size = sizes.find((each) => (to - from) / each <= 9) ?? 31_536_000;
  const first = Math.ceil(from / size) * size;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / size) + 1) }, (_, index) => first + index * size);
}

const tickText = (time: number, { from, to }: Span) =>
  to - from > 4 * 86_400 || time % 86_400 === 0 ? clock(time).slice(5, 10) : clock(time).slice(11, 16);
