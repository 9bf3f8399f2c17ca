import fc from "fast-check";
import { gapsIn, joined, kept, lasting, overlap, spansOf, within } from "../../tools/backtest/spans";

const span = (from: number, to: number) => ({ from, to });

test("samples at each evaluation are one span, which ends an evaluation after the last; a hole makes two", () => {
  expect(spansOf([60, 120, 180, 300], 60)).toEqual([span(60, 240), span(300, 360)]);
  expect(spansOf([], 60)).toEqual([]);
});

test("joined spans are in order, apart from each other, and cover what they covered", () => {
  const spans = fc.array(fc.tuple(fc.nat(50), fc.nat(9)).map(([from, long]) => span(from, from + long + 1)));
  const covered = (all: readonly { from: number; to: number }[]) =>
    Array.from({ length: 61 }, (_, at) => all.some(({ from, to }) => from <= at && at < to));
  fc.assert(
    fc.property(spans, (all) => {
      const one = joined(all);
      expect(covered(one)).toEqual(covered(all));
      one.slice(1).forEach(({ from }, index) => expect(from).toBeGreaterThan(one[index]?.to ?? Infinity));
    }),
  );
});

describe("keep_firing_for", () => {
  test("of zero changes nothing; otherwise a page goes on for so long", () => {
    expect(kept([span(10, 20)], [span(5, 20)], 0)).toEqual([span(10, 20)]);
    expect(kept([span(10, 20)], [span(5, 20)], 7)).toEqual([span(10, 27)]);
  });

  test("what holds again meanwhile goes on firing, without waiting for `for`, and is kept again", () => {
    expect(kept([span(10, 20)], [span(5, 20), span(25, 29)], 7)).toEqual([span(10, 36)]);
    // Pending from 25 on, firing from 30: the same page.
    expect(kept([span(10, 20), span(30, 40)], [span(5, 20), span(25, 40)], 7)).toEqual([span(10, 47)]);
  });

  test("what holds again later is another page", () => {
    expect(kept([span(10, 20), span(60, 70)], [span(5, 20), span(50, 70)], 7)).toEqual([span(10, 27), span(60, 77)]);
  });
});

test("a part of a span within another; none where they do not meet", () => {
  expect(within(span(0, 10), span(5, 20))).toEqual(span(5, 10));
  expect(lasting([within(span(0, 10), span(15, 20))])).toBe(0);
  expect(overlap(span(0, 10), span(10, 20))).toBe(false);
  expect(lasting([span(0, 10), span(5, 6)])).toBe(11);
});

test("a gap is longer than five minutes, also before the first sample and after the last", () => {
  const minutes = [10, 11, 12, 20, 24];
  expect(gapsIn(minutes, span(0, 30 * 60))).toEqual([span(0, 600), span(13 * 60, 20 * 60)]);
  expect(gapsIn([], span(0, 600))).toEqual([span(0, 600)]);
  expect(gapsIn([2, 8], span(0, 600))).toEqual([]);
});
