import { compared, toldBy, type Page } from "../../tools/backtest/difference";
import type { Replay } from "../../tools/backtest/model";

/** Replays made by hand, with everything that a page or a comment may have to tell of them. */

const at = (clock: string) => Date.parse(`2026-11-29T${clock}Z`) / 1000;
const window = { from: at("08:00"), to: at("14:00") };

/** @param text what stands in names, labels, receivers and reasons */
export function replays(text = "a"): Replay[] {
  const page = (instance: string, from: string, to: string, told = `oncall ${text}`): Page => ({
    of: { instance, [`label ${text}`]: text },
    span: { from: at(from), to: at(to) },
    told: told === "" ? [] : [told],
  });
  const before = [page("a", "09:05", "09:40"), page("b", "10:00", "12:00"), page("c", "09:00", "09:30")];
  const after = [
    page("a", "09:15", "09:40"),
    page("c", "09:00", "09:30", ""),
    ...Array.from({ length: 25 }, (_, index) => page(`d${index}`, "13:00", "13:20")),
  ];
  const pages = compared(before, after, 60);
  const quiet = { name: `Quiet ${text}`, formerly: undefined, severity: "info", window, pages: [], told: [], gaps: [] };
  return [
    {
      ...quiet,
      name: `Busy ${text}`,
      formerly: `Former ${text}`,
      severity: text,
      action: "renamed",
      before: { outcome: "fires", why: "" },
      after: { outcome: "fires", why: "" },
      pages,
      told: toldBy(pages, window),
      gaps: [{ from: at("11:00"), to: at("11:30") }],
      notes: [`A note ${text}.`],
    },
    {
      ...quiet,
      action: "changed",
      before: { outcome: "quiet", why: "" },
      after: { outcome: "no data", why: `the history has no series of ${text}` },
      notes: [],
    },
    { ...quiet, action: "gone", before: { outcome: "not replayed", why: text }, after: undefined, notes: [text] },
  ];
}
