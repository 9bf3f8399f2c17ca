import { UsageError } from "../cli";
import { catalogue } from "../../stacks/systems";
import type { Kind } from "../../signals/metric";
import { lineOf, nameOf, valuesOf, type Line, type Source } from "./history";

/**
 * A stretch of history that is continued by itself, end to end: what half an hour of an idle system says, as a day of it.
 * What counts goes on counting, what says when something last happened moves with time, all else is as it was.
 */

/** How a series goes on. */
export type Nature =
  /** Each repetition adds what the stretch added. A fall in it is a restart, and stays one. */
  | "counter"
  /** A moment, in seconds since 1970. One that moved in the stretch moves on; one that stood still still stands. */
  | "moment"
  /** As it was. */
  | "gauge";

/** A number as an export writes it: JSON knows neither NaN nor the infinities. */
type Value = number | string | null;

/** What is repeated; milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  /** A whole number of minutes: of every interval that is in use. */
  readonly length: number;
  /** Between two samples of most series. */
  readonly interval: number;
}

export interface Samples {
  readonly times: readonly number[];
  readonly values: readonly Value[];
}

const minute = 60_000;

/**
 * Lines of history, each series once, from the beginning of what there was until so much later.
 * @param lines a series may be on several, and twice
 * @param seconds that the history lasts then
 * @param natureOf a series by its name
 * @throws UsageError for less than a minute of history
 */
export async function* repeated(
  source: Source,
  lines: AsyncIterable<Line>,
  seconds: number,
): AsyncGenerator<Line, void> {
  const all = await gathered(lines);
  if (all.length === 0) return;
  const stretch = stretchOf(all.map(({ samples }) => samples));
  if (stretch.length < minute) throw new UsageError(`${nameOf(source)} has less than a minute: nothing to repeat`);
  for (const { labels, samples } of all) {
    const { times, values } = continued(samples, stretch, natureOf(labels["__name__"] ?? ""), seconds);
    yield lineOf(labels, values, times);
  }
}

/** Series whole and in order: an export may have one in several parts, and a sample in two of them. */
async function gathered(lines: AsyncIterable<Line>): Promise<{ labels: Line["labels"]; samples: Samples }[]> {
  const found = new Map<string, { labels: Line["labels"]; at: Map<number, Value> }>();
  for await (const line of lines) {
    const key = JSON.stringify(Object.entries(line.labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    const own = found.get(key) ?? { labels: line.labels, at: new Map<number, Value>() };
    found.set(key, own);
    const values = valuesOf(line) as readonly Value[];
    line.times.forEach((time, index) => own.at.set(time, values[index] ?? null));
  }
  return [...found.values()].map(({ labels, at }) => {
    const sorted = [...at].sort(([a], [b]) => a - b);
    return { labels, samples: { times: sorted.map(([time]) => time), values: sorted.map(([, value]) => value) } };
  });
}

/** From the first sample on as many whole minutes as there are, so that no series has a longer gap at the seam than elsewhere. */
export function stretchOf(all: readonly Samples[]): Stretch {
  const gaps = new Map<number, number>();
  const ends = { from: Infinity, to: -Infinity };
  for (const { times } of all) {
    ends.from = Math.min(ends.from, times[0] ?? Infinity);
    ends.to = Math.max(ends.to, times.at(-1) ?? -Infinity);
    // Scrapes come some milliseconds early or late.
    times.slice(1).forEach((time, index) => {
      const gap = Math.round((time - (times[index] ?? 0)) / 1000) * 1000;
      gaps.set(gap, (gaps.get(gap) ?? 0) + 1);
    });
  }
  const [[interval] = [minute]] = [...gaps].sort(([, a], [, b]) => b - a);
  return { from: ends.from, length: Math.floor((ends.to + interval - ends.from) / minute) * minute, interval };
}

/**
 * A series over a longer time. A counter or a moment that is not there at first and then stays came with its first event: it
 * goes on through the next repetition, in which the event comes again.
 * @param seconds from the beginning of the stretch until its end
 */
export function continued(samples: Samples, stretch: Stretch, nature: Nature, seconds: number): Samples {
  const { from, length, interval } = stretch;
  const own = samples.times.flatMap((time, index): [number, Value][] =>
    time < from + length ? [[time, samples.values[index] ?? null]] : [],
  );
  const [first, last] = [own[0]?.[0] ?? from, own.at(-1)?.[0] ?? from];
  const isBorn = nature !== "gauge" && first > from + 2 * interval && last >= from + length - 2 * interval;
  const values = own.map(([, value]) => value);
  const result = [...own];
  for (let shift = length; shift < seconds * 1000; shift += length) {
    const before = lastNumber(result);
    for (let time = last + shift - length + interval; isBorn && time < first + shift; time += interval)
      result.push([time, before]);
    const next = { counter: counted(values, before, isBorn), moment: moved(values, before, shift), gauge: values };
    next[nature].forEach((value, index) => result.push([(own[index]?.[0] ?? from) + shift, value]));
  }
  const kept = result.filter(([time]) => time < from + seconds * 1000);
  return { times: kept.map(([time]) => time), values: kept.map(([, value]) => value) };
}

const isNumber = (value: Value): value is number => typeof value === "number";
const lastNumber = (samples: readonly (readonly [number, Value])[]) =>
  samples.map(([, value]) => value).findLast(isNumber) ?? 0;

/** Goes on from a value until it falls: what restarts begins as it began. @param isBorn counts its first value too */
function counted(values: readonly Value[], before: number, isBorn: boolean): Value[] {
  const offset = before - (isBorn ? 0 : (values.find(isNumber) ?? 0));
  let previous = -Infinity;
  let isRestarted = false;
  return values.map((value) => {
    if (!isNumber(value)) return value;
    isRestarted ||= value < previous;
    previous = value;
    return isRestarted ? value : value + offset;
  });
}

/** Later by so many milliseconds, if it moves at all. 0 says never: from the second time on it is as long ago as it then is. */
function moved(values: readonly Value[], before: number, shift: number): readonly Value[] {
  if (new Set(values.filter(isNumber)).size < 2) return values;
  return values.map((value) => (!isNumber(value) ? value : value === 0 ? before : value + shift / 1000));
}

/** By the catalogue; what that does not know, by how it is named. */
export function natureOf(name: string): Nature {
  const known = catalogue.series(name)?.metrics;
  if (known === undefined)
    return /_(total|bucket|count|sum)$/.test(name) ? "counter" : moment.test(name) ? "moment" : "gauge";
  if (known.some(({ kind, unit }) => kind === "gauge" && unit === "timestamp")) return "moment";
  // A summary's quantiles have its own name.
  return known.some((metric) => metric.kind === "counter" || (countsUp.has(metric.kind) && metric.name !== name))
    ? "counter"
    : "gauge";
}

const moment = /(_timestamp_seconds|:timestamp)$/;
const countsUp: ReadonlySet<Kind> = new Set(["histogram", "summary"]);
