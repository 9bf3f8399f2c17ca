import fc from "fast-check";
import { compared, fates, toldBy, type Page } from "../../tools/backtest/difference";

const page = (instance: string, from: number, to: number, ...told: string[]): Page => ({
  of: { instance },
  span: { from, to },
  told,
});
const changes = (before: Page[], after: Page[]) =>
  compared(before, after, 60).map(({ fate, before: old, after: now }) => [fate, old?.span.from, now?.span.from]);

describe("a page", () => {
  test.each([
    ["goes without one in its place", [page("a", 600, 900)], [], [["goes", 600, undefined]]],
    ["comes where there was none", [], [page("a", 600, 900)], [["comes", undefined, 600]]],
    ["stays, an evaluation more or less", [page("a", 600, 900)], [page("a", 660, 900)], [["stays", 600, 660]]],
    ["moves when it begins later", [page("a", 600, 1800)], [page("a", 1200, 1800)], [["moves", 600, 1200]]],
    ["moves when it ends later", [page("a", 600, 900)], [page("a", 600, 1500)], [["moves", 600, 600]]],
    [
      "of another series takes no place",
      [page("a", 600, 900)],
      [page("b", 600, 900)],
      [
        ["goes", 600, undefined],
        ["comes", undefined, 600],
      ],
    ],
    [
      "of another time takes no place",
      [page("a", 600, 900)],
      [page("a", 900, 1200)],
      [
        ["goes", 600, undefined],
        ["comes", undefined, 900],
      ],
    ],
    [
      "that falls apart moves, and another comes",
      [page("a", 600, 1800)],
      [page("a", 600, 900), page("a", 1200, 1800)],
      [
        ["moves", 600, 600],
        ["comes", undefined, 1200],
      ],
    ],
    ["is told to others", [page("a", 600, 900, "oncall")], [page("a", 600, 900)], [["is told to others", 600, 600]]],
  ])("%s", (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  test("has exactly one fate, and nothing changes where nothing has changed", () => {
    const some = fc.array(
      fc
        .tuple(fc.constantFrom("a", "b"), fc.nat(2000), fc.integer({ min: 1, max: 500 }))
        .map(([of, from, long]) => page(of, from, from + long)),
    );
    fc.assert(
      fc.property(some, some, (before, after) => {
        const found = compared(before, after, 60);
        expect(found.flatMap((each) => each.before ?? [])).toHaveLength(before.length);
        expect(found.flatMap((each) => each.after ?? [])).toHaveLength(after.length);
      }),
    );
    const apart = [page("a", 0, 100), page("a", 200, 300), page("b", 0, 300)];
    expect(fates(compared(apart, apart, 60))).toEqual([["stays", 3]]);
  });
});

test("receivers are told of pages, and fire for as long as lies within the window", () => {
  const before = [page("a", 0, 3600, "oncall", "audit"), page("b", 5400, 9000, "oncall")];
  const after = [page("a", 0, 3600, "oncall")];
  expect(toldBy(compared(before, after, 60), { from: 1800, to: 7200 })).toEqual([
    { receiver: "audit", pagesBefore: 1, pagesAfter: 0, secondsBefore: 1800, secondsAfter: 0 },
    { receiver: "oncall", pagesBefore: 2, pagesAfter: 1, secondsBefore: 3600, secondsAfter: 1800 },
  ]);
  expect(toldBy(compared([], [page("a", 0, 60)], 60), { from: 0, to: 60 })).toEqual([
    { receiver: "nobody", pagesBefore: 0, pagesAfter: 1, secondsBefore: 0, secondsAfter: 60 },
  ]);
});
