import { replaySection, replayText } from "../../tools/backtest/section";
import { summary } from "../../tools/backtest/words";
import { compareAll } from "../../tools/review/compare";
import { reviewComment } from "../../tools/review/comment";
import { isUnchanged } from "../../tools/review/model";
import { reviewPage } from "../../tools/review/page";
import { attacks } from "./hostile";
import { read, small } from "./pair";
import { replays } from "./replays";

const state = { name: "main", commit: undefined, environments: new Map(), failure: undefined, notes: [] };

/** A review of the same twice, whose alerts fire otherwise all the same: what they read is recorded otherwise. */
function reviewed(text?: string) {
  const same = new Map(["dev", "prod"].map((name) => [name, read(small(), name)]));
  const reviews = compareAll(same, same).map((each) => ({ ...each, replays: replays(text) }));
  return { reviews, page: reviewPage(state, state, reviews), comment: reviewComment(state, state, reviews) };
}

test("a sentence counts pages by what becomes of them, and rules of which nothing is known", () => {
  expect(summary(replays())).toBe(
    "Over 6 h of history: 25 pages come, 1 goes, 1 moves, 1 is told to others; no data for 1 rule; not replayed for 1 rule.",
  );
  expect(summary([])).toBe("");
});

test("an environment whose alerts fire otherwise has changed, and the headline says it", () => {
  const { reviews, page, comment } = reviewed();
  expect(reviews.map(isUnchanged)).toEqual([false, false]);
  for (const text of [page, comment]) expect(text).toContain("Over 6 h of history: 25 pages come, 1 goes");
});

describe("the page", () => {
  const { page } = reviewed();

  test("has a line of time with its text, who is told, and each page that is another one", () => {
    expect(page).toContain("When Busy a fires");
    expect(page).toContain("moves: begins 10 min later: 2026-11-29 09:05 for 35 min → 2026-11-29 09:15 for 25 min");
    expect(page).toContain("No history for 30 min from 2026-11-29 11:00.");
    expect(page).toContain("<summary>8 more</summary>");
    expect(page).toContain("quiet → no data: the history has no series of a");
    expect(page).toContain("not replayed: a → no such rule");
  });

  test("tells an environment with the same replays once", () => {
    expect(page.match(/When Busy a fires<\/title>/g)).toHaveLength(1);
    expect(page).toContain("Busy a, Quiet a, Quiet a");
  });
});

test("the comment has the table, and a line of time in signs", () => {
  const { comment } = reviewed();
  expect(comment).toContain("| Busy a | a | 25 pages come, 1 goes, 1 moves, 1 is told to others |");
  expect(comment).toContain("2026-11-29 08:00 to 2026-11-29 14:00 UTC");
  // Eight signs an hour: b from ten to twelve, and what came at one.
  expect(comment).toContain("before ········██████··████████████████················");
  expect(comment).toContain("after  ········██████··························███·····");
});

test("text from labels stays text", () => {
  const { page, comment } = reviewed(attacks.join(" "));
  expect(page).not.toMatch(/<(script|img|iframe|b)\b/i);
  expect(page.replaceAll(/="[^"]*"/g, '=""')).not.toMatch(/<[^>]*\son\w+\s*=/i);
  const outside = comment.replaceAll(/^(`{3,})[^`\n]*\n[\s\S]*?\n\1$/gm, "");
  expect(outside).not.toMatch(/<(?!\/?(details|summary)>|!-- observability review -->)/);
  expect(outside).not.toMatch(/(?<!\\)\]\(/);
  expect(outside).not.toContain("@everyone");
});

test("one state alone just fires: nothing comes, goes or moves", () => {
  const [busy] = replays();
  const alone = busy && { ...busy, action: "as it is" as const, before: undefined };
  const section = alone && replaySection("x", [alone]).text;
  expect(section).toContain("fires 28 times");
  expect(section).not.toMatch(/comes|goes|moves/);
  expect(alone && replayText(alone).split("\n").slice(0, 2)).toEqual([
    "Busy a, before: Former a (a) fires 28 times",
    expect.stringMatching(/^ {2}tells nobody: 1, 30 min of firing$/),
  ]);
});
