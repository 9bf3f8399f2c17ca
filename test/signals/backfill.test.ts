import { exposedSeries } from "../live/latency/series";
import { catalogue } from "../../stacks/systems";

const series = exposedSeries();
const exposed = catalogue.metrics.filter(({ source }) => source !== "recording rules");

test("every metric that is exposed has series, with labels of the catalogue alone", () => {
  const labels = new Map<string, Set<string>>();
  for (const { labels: of } of series) {
    const { __name__: name = "", ...rest } = of;
    const known = labels.get(name) ?? new Set<string>();
    labels.set(name, known);
    Object.keys(rest).forEach((label) => known.add(label));
  }
  const wrong = [...labels].flatMap(([name, used]) =>
    [...used].filter((label) => !catalogue.series(name)?.labels.has(label)).map((label) => `${name}: ${label}`),
  );
  expect(wrong).toEqual([]);
  const without = exposed.filter(({ name, kind }) => !labels.has(kind === "histogram" ? `${name}_bucket` : name));
  expect(without.map(({ name }) => name)).toEqual([]);
});

test("100,000 series and more, each once, as the figures are meant", () => {
  const keys = new Set(series.map(({ labels }) => JSON.stringify(Object.entries(labels).sort())));
  expect(keys.size).toBe(series.length);
  expect(series.length).toBeGreaterThanOrEqual(100_000);
});

test("buckets of a histogram add up", () => {
  const of = series.filter(({ labels }) => labels["__name__"] === "kubelet_pleg_relist_duration_seconds_bucket");
  const levels = of.filter(({ labels }) => labels["node"] === "node-0").map(({ shape: { level } }) => level);
  expect(levels.length).toBeGreaterThan(5);
  expect(levels).toEqual([...levels].sort((one, other) => one - other));
});
