import { interpolate, macrosFor, timeRange, type Selected } from "../../tools/grafana/interpolate";
import type { VariableModel } from "../../tools/grafana/model";

const hour = timeRange({ from: "now-1h", to: "now" }, 10_000_000_000);
const macros = macrosFor(8, hour, 15_000);
const variable = (name: string, rest: Partial<VariableModel> = {}): VariableModel => ({ name, type: "query", ...rest });
const many = { multi: true, includeAll: true, allValue: ".+" };
const write = (
  text: string,
  selection: Selected["selection"],
  rest: Partial<VariableModel> = many,
  type = "prometheus",
) => interpolate(text, type, [{ variable: variable("host", rest), selection }], macros);

describe("the step follows the range, the panel's width and the scrape interval", () => {
  it.each([
    ["an hour on a third of the page: never below the scrape interval", "now-1h", 8, 15, 60],
    ["a day on a third", "now-24h", 8, 120, 135],
    ["a week on half", "now-7d", 12, 600, 615],
    ["thirty days on the whole", "now-30d", 24, 1200, 1215],
  ])("%s", (_what, from, width, interval, rate) => {
    const range = timeRange({ from, to: "now" }, 10_000_000_000);
    const { interval: step, rateInterval } = macrosFor(width, range, 15_000);
    expect([step / 1000, rateInterval / 1000]).toEqual([interval, rate]);
  });

  it("follows the number of points where a panel says one", () => {
    const day = timeRange({ from: "now-24h", to: "now" }, 10_000_000_000);
    expect(macrosFor(8, day, 15_000, 360).interval).toBe(300_000);
    expect(macrosFor(8, hour, 15_000, 360).interval).toBe(15_000);
  });

  it("refuses a time that no page uses", () => {
    expect(() => timeRange({ from: "now/d", to: "now" }, 0)).toThrow("now/d");
  });
});

describe("variables are written as each data source wants them", () => {
  it.each([
    ["all, by its own value", '{a=~"$host"}', "$__all", many, "prometheus", '{a=~".+"}'],
    [
      "one of several, escaped for a regular expression in a string",
      "$host",
      ["10.0.0.1:9100"],
      many,
      "prometheus",
      String.raw`10\\.0\\.0\\.1:9100`,
    ],
    ["several", "${host}", ["a", "b+c"], many, "prometheus", String.raw`(a|b\\+c)`],
    ["a backslash", "$host", [String.raw`a\b`], many, "prometheus", String.raw`a\\\\b`],
    ["the only one, as it is", "$host", "10.0.0.1", {}, "prometheus", "10.0.0.1"],
    ["several for Loki", "$host", ["a", "b"], many, "loki", "a|b"],
    ["several for Tempo", "$host", ["a", "b"], many, "tempo", "a|b"],
  ])("%s", (_what, text, selection, rest, type, expected) => {
    expect(write(text, selection, rest, type)).toBe(expected);
  });

  it("macros come first and need no definition", () => {
    expect(write('rate(x{h=~"$host"}[$__rate_interval]) ${__range_s} $__interval_ms', "$__all")).toBe(
      'rate(x{h=~".+"}[60s]) 3600 15000',
    );
  });

  it("a variable that nothing defines is named", () => {
    expect(() => write('x{h="$hots"}', "$__all")).toThrow('nothing defines $hots in x{h="$hots"}');
  });

  it("All without a value of its own is refused, since no page of ours lists its options", () => {
    expect(() => write("$host", "$__all", { multi: true })).toThrow('variable "host" has no value for All');
  });
});
