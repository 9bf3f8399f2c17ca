import type { TimeRange } from "./alerting";
import { at, type Fault } from "./faults";

/** Named times of an environment, as numbers: what is empty, what overlaps, and whether a moment lies within. */

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const months = "january february march april may june july august september october november december".split(" ");

type Span = readonly [from: number, to: number];
type Dimension = "weekdays" | "times" | "daysOfMonth" | "months" | "years";
const dimensions: readonly Dimension[] = ["weekdays", "times", "daysOfMonth", "months", "years"];

/** Minutes since midnight of `09:00-17:30`; undefined for what is no range within one day. */
function minutesOf(text: string): Span | undefined {
  const match = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/.exec(text);
  if (match === null) return undefined;
  const [from = 0, to = 0] = [1, 3].map((group) => Number(match[group]) * 60 + Number(match[group + 1]));
  return from < to && to <= 1440 ? [from, to] : undefined;
}

/** The numbers of an entry, both ends included; the schema has seen that its words are known. */
function spanOf(dimension: Dimension, text: string): Span | undefined {
  if (dimension === "times") {
    const minutes = minutesOf(text);
    return minutes && [minutes[0], minutes[1] - 1];
  }
  const number = (word: string) => {
    const names = dimension === "weekdays" ? weekdays : months;
    const index = names.indexOf(word);
    if (index >= 0) return dimension === "weekdays" ? index : index + 1;
    // Days from the end of a month, as in a month of 31.
    return Number(word) < 0 ? 32 + Number(word) : Number(word);
  };
  const [first = "", last = first] = text.split(":");
  return [number(first), number(last)];
}

const conditions = (range: TimeRange) => dimensions.filter((each) => (range[each] ?? []).length > 0);

/** All that a dimension has; years go on for ever. */
const whole: Readonly<Record<Exclude<Dimension, "years">, Span>> = {
  weekdays: [0, 6],
  times: [0, 1439],
  daysOfMonth: [1, 31],
  months: [1, 12],
};

/** Whether a range holds at every moment, however that is written: `times: ["00:00-24:00"]`. */
export const alwaysHolds = (range: TimeRange): boolean =>
  conditions(range).every((dimension) => {
    if (dimension === "years") return false;
    const [first, last] = whole[dimension];
    const spans = (range[dimension] ?? []).flatMap((text) => [spanOf(dimension, text) ?? ([0, -1] as const)]);
    const until = [...spans]
      .sort(([a], [b]) => a - b)
      .reduce((reached, [from, to]) => (from <= reached + 1 ? Math.max(reached, to) : reached), first - 1);
    return until >= last;
  });

/** What is wrong with a named interval: nothing that it says, a range that runs backwards, two that hold at once. */
export function intervalFaults(path: string, ranges: readonly TimeRange[]): Fault[] {
  if (ranges.length === 0 || ranges.some((range) => conditions(range).length === 0)) {
    const reason = ranges.length === 0 ? "is empty: it would never hold" : "is empty: it would always hold";
    return [{ key: at(path), reason, fix: 'say when, for example [{weekdays: ["monday:friday"]}]' }];
  }
  const own = ranges.flatMap((range, index) => rangeFaults(`${path}[${index}]`, range));
  if (own.length > 0) return own;
  return ranges.flatMap((range, index): Fault[] => {
    const other = ranges.slice(0, index).findIndex((before) => overlap(before, range));
    const reason = `overlaps range ${other} of the same interval`;
    return other < 0
      ? []
      : [{ key: at(`${path}[${index}]`), reason, fix: "one range, or two that exclude each other" }];
  });
}

function rangeFaults(path: string, range: TimeRange): Fault[] {
  const faults = conditions(range).flatMap((dimension) => {
    const entries = range[dimension] ?? [];
    const spans = entries.map((text) => spanOf(dimension, text));
    return entries.flatMap((value, index): Fault[] => {
      const key = at(`${path}.${dimension}`);
      const span = spans[index];
      if (span === undefined || span[0] > span[1]) return [{ key, value, ...backwards(dimension) }];
      const other = entries.find((_, before) => before < index && meet(span, spans[before]));
      return other === undefined ? [] : [{ key, value, reason: `overlaps ${other}`, fix: "one range" }];
    });
  });
  const { location } = range;
  if (location === undefined || isZone(location)) return faults;
  const fix = 'an IANA name, for example "Europe/Berlin"';
  return [...faults, { key: at(`${path}.location`), value: location, reason: "is no time zone", fix }];
}

function backwards(dimension: Dimension): Pick<Fault, "reason" | "fix"> {
  if (dimension === "times") {
    const fix = 'for example "09:00-17:30"; past midnight write two: "22:00-24:00" and "00:00-06:00"';
    return { reason: "is no range of times within one day", fix };
  }
  const fix =
    dimension === "weekdays" ? 'the week begins with sunday; write two: "saturday" and "sunday"' : "write two";
  return { reason: "ends before it begins", fix };
}

const meet = (a: Span, b: Span | undefined) => b !== undefined && a[0] <= b[1] && b[0] <= a[1];

/** Whether two ranges hold at one time. */
function overlap(a: TimeRange, b: TimeRange): boolean {
  if (a.location !== b.location) return false;
  return dimensions.every((dimension) => {
    const [left = [], right = []] = [a[dimension], b[dimension]];
    if (left.length === 0 || right.length === 0) return true;
    const spans = (texts: readonly string[]) => texts.flatMap((text) => [spanOf(dimension, text)]);
    return spans(left).some((one) => one && spans(right).some((other) => other && meet(one, other)));
  });
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
