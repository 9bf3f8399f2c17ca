import { continued, natureOf, repeated, stretchOf, type Nature, type Samples } from "../../tools/backtest/repeat";
import type { Line } from "../../tools/backtest/history";

const scrape = 15_000;
const begin = Date.parse("2026-11-30T07:42:00Z");
/** Two minutes: eight scrapes. */
const stretch = { from: begin, length: 120_000, interval: scrape };
const series = (values: Samples["values"], first = 0): Samples => ({
  times: values.map((_, index) => begin + (first + index) * scrape),
  values,
});
const valuesOf = (samples: Samples, nature: Nature, seconds = 360) =>
  continued(samples, stretch, nature, seconds).values;

describe("a counter", () => {
  test("goes on: each repetition adds what the stretch added", () => {
    const values = valuesOf(series([10, 10, 11, 12, 12, 13, 13, 14]), "counter");
    expect(values.slice(8, 16)).toEqual([14, 14, 15, 16, 16, 17, 17, 18]);
    expect(values.slice(16)).toEqual([18, 18, 19, 20, 20, 21, 21, 22]);
  });

  test("that falls in the stretch falls in each repetition, to the same value", () => {
    const values = valuesOf(series([10, 11, 12, 0, 1, 1, 2, 3]), "counter");
    expect(values.slice(8, 16)).toEqual([3, 4, 5, 0, 1, 1, 2, 3]);
    expect(values.slice(16)).toEqual(values.slice(8, 16));
  });

  test("that came with its first event stays, and counts that again", () => {
    const { times, values } = continued(series([1, 1, 1], 5), stretch, "counter", 360);
    expect(values).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3]);
    expect(times.slice(1).every((time, index) => time - (times[index] ?? 0) === scrape)).toBe(true);
  });

  test("of something that was there for a while only is there for a while again", () => {
    const { times, values } = continued(series([5, 6], 3), stretch, "counter", 240);
    expect(values).toEqual([5, 6, 6, 7]);
    expect(times.map((time) => (time - begin) / scrape)).toEqual([3, 4, 11, 12]);
  });

  test("is left alone where it is no number", () => {
    expect(valuesOf(series([1, null, 2, "Infinity", 2, 2, 2, 2]), "counter", 240).slice(8, 12)).toEqual([
      2,
      null,
      3,
      "Infinity",
    ]);
  });
});

describe("a moment", () => {
  const now = begin / 1000;

  test("that moved moves on with time", () => {
    const values = valuesOf(series([0, 0, 30, 30, 30, 30, 90, 90].map((after) => now + after - 20)), "moment");
    expect(values.map((value) => Number(value) - now)).toEqual(
      [0, 120, 240].flatMap((shift) => [-20, -20, 10, 10, 10, 10, 70, 70].map((after) => after + shift)),
    );
  });

  test("that stood still still stands: a process began when it began", () => {
    expect(new Set(valuesOf(series(Array.from({ length: 8 }, () => now - 900)), "moment"))).toEqual(
      new Set([now - 900]),
    );
  });

  test("that says never at first is as long ago in the next repetition as it then is", () => {
    const values = valuesOf(series([0, 0, 0, now + 40, now + 40, now + 40, now + 40, now + 40]), "moment", 240);
    expect(values.slice(8)).toEqual([40, 40, 40, 160, 160, 160, 160, 160].map((after) => now + after));
  });
});

test("a gauge is as it was", () => {
  const values = [3, 5, 4, 4, null, 9, 1, 2];
  expect(valuesOf(series(values), "gauge")).toEqual([...values, ...values, ...values]);
});

describe("the seam", () => {
  /** Scraped each 15 s at another moment, some milliseconds early or late, for 29 minutes and 40 seconds. */
  const scraped = (offset: number): Samples => {
    const times = Array.from({ length: 119 }, (_, index) => begin + offset + index * scrape + (index % 2));
    return { times: times.filter((time) => time <= begin + 1_780_000), values: times.map((_, index) => index) };
  };
  const all = [0, 4_000, 14_990].map(scraped);

  test("is no longer than a scrape, for each series", () => {
    const found = stretchOf(all);
    expect(found).toEqual({ from: begin, length: 29 * 60_000, interval: scrape });
    for (const samples of all) {
      const { times } = continued(samples, found, "counter", 86_400);
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(scrape + 1);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(scrape - 1);
      expect(times).toHaveLength(5760);
    }
  });

  test("lies at a whole minute, so that jobs which are scraped less often have theirs too", () => {
    const slow = {
      times: Array.from({ length: 29 }, (_, index) => begin + index * 60_000),
      values: all[0]?.values ?? [],
    };
    const { times } = continued(slow, stretchOf([...all, slow]), "gauge", 86_400);
    expect(new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0)))).toEqual(new Set([60_000]));
  });
});

test.each([
  ["up", "gauge"],
  ["apiserver_request_total", "counter"],
  ["apiserver_request_duration_seconds_bucket", "counter"],
  ["request_duration_seconds_count", "counter"],
  // A counter by what the Collector says of it, not by its name.
  ["otelcol_receiver_accepted_spans", "counter"],
  ["process_start_time_seconds", "moment"],
  ["loki_compactor_apply_retention_last_successful_run_timestamp_seconds", "moment"],
  // What the catalogue does not know.
  ["other_things_total", "counter"],
  ["other_run_timestamp_seconds", "moment"],
  ["other", "gauge"],
])("%s is a %s", (name, nature) => {
  expect(natureOf(name)).toBe(nature);
});

describe("lines", () => {
  const source = { flag: "data", file: "day.jsonl" };
  const line = (labels: Line["labels"], { times, values }: Samples): Line => ({
    text: JSON.stringify({ metric: labels, values, timestamps: times }),
    labels,
    times,
  });
  async function all(lines: readonly Line[]): Promise<Line[]> {
    const found: Line[] = [];

    const read = async function* () {
      yield* lines;
    };
    for await (const each of repeated(source, read(), 240)) found.push(each);
    return found;
  }

  test("that are parts of one series are one, with each sample once", async () => {
    const labels = { __name__: "x_total", job: "a" };
    const [found, ...more] = await all([
      line({ job: "a", __name__: "x_total" }, series([5, 6, 7, 8], 4)),
      line(labels, series([1, 2, 3, 4, 5])),
    ]);
    expect(more).toEqual([]);
    expect(JSON.parse(found?.text ?? "")).toMatchObject({
      values: [1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12, 13, 14, 15],
      timestamps: Array.from({ length: 16 }, (_, index) => begin + index * scrape),
    });
  });

  test("of less than a minute can't be repeated", async () => {
    await expect(all([line({ __name__: "x" }, series([1, 2]))])).rejects.toThrow(
      "--data day.jsonl has less than a minute",
    );
  });
});
