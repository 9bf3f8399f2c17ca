import { judgedPages, judgedQueries } from "../live/latency/judge";
import { quantile, type QueryTime } from "../live/latency/measure";

const time = (title: string, median: number, refId = "A", within = 1): QueryTime => ({
  ...{ dashboard: "overview", row: "Row", title, refId, source: "prometheus", series: 1, query: "up" },
  ...{ median, p99: median * 2, within },
});
const many = Array.from({ length: 40 }, (_, index) => time(`fast ${index}`, 10));
const exception = { page: "overview", panel: "Slow", below: 400, why: "it is raw" } as const;

describe("a query over a day", () => {
  test("that is slower than its goal is a fault, and named", () => {
    expect(judgedQueries([...many, time("Slow", 100)], []).faults).toEqual([
      "overview / Row / Slow A: 100 ms (p99 200 ms), not below 100 ms",
    ]);
    expect(judgedQueries([...many, time("Slow", 99.9)], []).faults).toEqual([]);
  });

  test("may be late once in a hundred, of all that have no exception", () => {
    const late = (within: number) => judgedQueries([...many, time("Slow", 99, "A", within)], []).faults;
    expect(late(0.6)).toEqual([]);
    expect(late(0.5)).toEqual(["98.8 % of the answers of queries without an exception, less than 99.0 %"]);
    const excepted = judgedQueries([...many, time("Slow", 399, "A", 0)], [exception]);
    expect(excepted.faults).toEqual([]);
    expect(excepted.text).toContain("100.0 % of 40 queries, 97.6 % with the 1 that are excepted");
  });

  test("may have an exception, which is a bound and not a pardon", () => {
    const of = (p99: number) => judgedQueries([...many, time("Slow", p99)], [exception]);
    expect(of(399)).toMatchObject({ faults: [], text: expect.stringContaining("below 400 ms: it is raw") as string });
    expect(of(400).faults).toEqual(["overview / Row / Slow A: 400 ms (p99 800 ms), not below 400 ms"]);
  });

  test("of another letter than the exception's is held to the goal", () => {
    const both = [...many, time("Slow", 300, "A"), time("Slow", 300, "B")];
    expect(judgedQueries(both, [{ ...exception, refIds: ["B"] }]).faults).toEqual([
      "overview / Row / Slow A: 300 ms (p99 600 ms), not below 100 ms",
    ]);
  });

  test("exceptions about nothing, and too many of them, are faults", () => {
    expect(judgedQueries(many, [exception]).faults).toEqual(["the exception of overview / Slow is about no query"]);
    const all = [time("Slow", 300), time("fast", 10)];
    expect(judgedQueries(all, [exception]).faults).toEqual(["1 of 2 queries are excepted, more than 5 %"]);
  });
});

test("a page is held to its goal as it opens, and over a day to that or to its exception's bound", () => {
  const page = { dashboard: "traces", queries: 3, opened: 500, day: 2000 };
  expect(judgedPages([page], []).faults).toEqual(["traces over 24 h: 2000 ms, not below 1000 ms"]);
  const slow = { page: "traces", below: 3000, why: "it is raw" } as const;
  expect(judgedPages([page], [slow]).faults).toEqual([]);
  expect(judgedPages([{ ...page, opened: 1000, day: 3000 }], [slow]).faults).toEqual([
    "traces opens in 1000 ms",
    "traces over 24 h: 3000 ms, not below 3000 ms",
  ]);
  expect(judgedPages([{ ...page, dashboard: "logs", day: 1 }], [slow]).faults).toEqual([
    "the exception of traces is about no page",
  ]);
});

test("of a hundred times one may be slow; of fewer the slowest counts", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(quantile(hundred, 0.99)).toBe(99);
  expect(quantile(hundred.slice(0, 50), 0.99)).toBe(50);
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([], 0.99)).toBeNaN();
});
