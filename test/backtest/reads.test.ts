import { isExtrapolated, needsOf, readsOf, secondsOf } from "../../tools/backtest/reads";

test.each([
  ["5m", 300],
  ["1h30m", 5400],
  ["0s", 0],
  ["90", 90],
  ["500ms", 0.5],
])("%s is %d seconds", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

test.each([
  ["up > 0", [["up", 300]]],
  ['rate(a{x="1"}[5m])', [['a{x="1"}', 300]]],
  ["max_over_time(rate(a[5m])[1h:1m])", [["a", 3900]]],
  ["max_over_time(a[1h:])", [["a", 3900]]],
  ["rate(a[5m] offset 1d)", [["a", 86_700]]],
  ["a offset -1d", [["a", 300]]],
  [
    "a / on (x) b > 1",
    [
      ["a", 300],
      ["b", 300],
    ],
  ],
  ["vector(1)", []],
])("%s reads %j", (expression, expected) => {
  expect(readsOf(expression).map(({ selector, back }) => [selector, back])).toEqual(expected);
});

test("a selector without a name has none", () => {
  expect(readsOf('{job="a"}')).toEqual([{ selector: '{job="a"}', name: undefined, back: 300 }]);
});

test("what is no PromQL is refused", () => {
  expect(() => readsOf("sum(")).toThrow("syntax error");
});

describe("what alerts need", () => {
  const recording = (name: string, expression: string) => ({
    name,
    expression,
    group: "g",
    file: "prometheus/rules/r.yaml",
    every: undefined,
    labels: {},
  });
  const rules = [
    recording("top", "avg_over_time(middle[10m])"),
    recording("middle", "rate(raw[5m])"),
    recording("unused", "other"),
    recording("itself", "itself + raw"),
  ];
  const needs = (expression: string) => needsOf([{ expression }], rules);

  test("recordings come after those that they read, whatever the order of files", () => {
    const { levels, leaves, back } = needs("top > 1");
    expect(levels.map((level) => level.map(({ name }) => name))).toEqual([["middle"], ["top"]]);
    expect(leaves.map(({ selector }) => selector)).toEqual(["raw"]);
    // The last sample of top, ten minutes of middle, five of raw.
    expect(back).toBe(300 + 600 + 300);
  });

  test("many of one name that read many of another are each looked at once", () => {
    const levels = 8;
    const all = Array.from({ length: levels }, (_, level) =>
      Array.from({ length: 40 }, () => recording(`r${level}`, level === 0 ? "raw" : `r${level - 1} + ${level}`)),
    ).flat();
    // By way of every path 40 to the eighth power.
    expect(needsOf([{ expression: `r${levels - 1} > 1` }], all).levels.map((level) => level.length)).toEqual(
      Array.from({ length: levels }, () => 40),
    );
  });

  test("one that reads itself ends there: the rest is history", () => {
    const { levels, leaves } = needs("itself > 1");
    expect(levels.flat().map(({ name }) => name)).toEqual(["itself"]);
    expect(leaves.map(({ selector }) => selector).sort()).toEqual(["itself", "raw"]);
  });

  test("a rate anywhere below is what MetricsQL counts otherwise", () => {
    expect(isExtrapolated({ expression: "top > 1" }, needs("top > 1"))).toBe(true);
    expect(isExtrapolated({ expression: "other > 1" }, needs("other > 1"))).toBe(false);
  });
});
