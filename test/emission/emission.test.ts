import { AggregationTemporality, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { emitter, logger, logLine, otlpFault, otlpUnit } from "../../emission";
import { boundsOf } from "../../emission/buckets";
import { agents, application, business, counter, gauge, histogram, logFields, source, thresholds } from "../../signals";

class Reader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  }
  protected onForceFlush = () => Promise.resolve();
  protected onShutdown = () => Promise.resolve();
}

const metering = () => {
  const reader = new Reader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter("test");
  const collected = async () => {
    const { resourceMetrics, errors } = await reader.collect();
    if (errors.length > 0) throw errors[0];
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  };
  return { meter, collected };
};
const origin = { name: "test", jobs: [], targetLabels: [] } as const;

describe("what is emitted", () => {
  test("has the catalogue's name, help, unit and labels, and the values that were given", async () => {
    const { meter, collected } = metering();
    const meters = emitter(meter, application);
    const labels = { route: "/plans", method: "POST", status: "202" };
    meters.requests_total.add(2, labels);
    meters.requests_total.add(1, labels);
    meters.request_duration_seconds.record(0.3, labels);
    meters.open_connections.set(4);
    meters.cache_items_total.observe((set) => {
      set(7, { cache: "plan" });
      set(9, { cache: "profile" });
    });
    const found = (await collected()).map(({ descriptor: { name, description, unit }, dataPoints }) => {
      const points = dataPoints.map(({ attributes, value }) => [
        attributes,
        typeof value === "number" ? value : value.sum,
      ]);
      return { name, description, unit, points };
    });
    expect(found).toEqual([
      {
        name: "requests_total",
        description: "Requests served, by HTTP status",
        unit: "{requests}",
        points: [[labels, 3]],
      },
      {
        name: "request_duration_seconds",
        description: "How long a request took",
        unit: "s",
        points: [[labels, 0.3]],
      },
      { name: "open_connections", description: "Open client connections", unit: "{count}", points: [[{}, 4]] },
      {
        name: "cache_items_total",
        description: "Items in the cache",
        unit: "{count}",
        points: [
          [{ cache: "plan" }, 7],
          [{ cache: "profile" }, 9],
        ],
      },
    ]);
  });

  test("a metric that is never used is not announced", async () => {
    const { meter, collected } = metering();
    emitter(meter, application).open_connections.set(1);
    expect(await collected()).toHaveLength(1);
  });

  test("a gauge that is both set and observed is an error, not a series that flickers", () => {
    const meters = emitter(metering().meter, application);
    meters.open_connections.set(1);
    expect(() => meters.open_connections.observe((set) => set(2))).toThrow(
      'metric "open_connections" is both set and observed\n  fix: one of the two in a process',
    );
  });
});

describe("names arrive as they stand in the catalogue", () => {
  test("all of ours can be emitted", () => {
    for (const { metric } of Object.values({ ...application, ...agents, ...business }))
      expect([metric.name, otlpFault(metric)]).toEqual([metric.name, undefined]);
  });

  test("no unit goes along of which Prometheus would make a part of the name", () => {
    expect(otlpUnit({ name: "plan_success_rate", unit: "ratio" })).toBeUndefined();
    expect(otlpUnit({ name: "agent_queue", unit: "seconds" })).toBeUndefined();
    expect(otlpUnit({ name: "agent_queue_seconds", unit: "seconds" })).toBe("s");
    expect(otlpUnit({ name: "cpu_usage_percent", unit: "percent" })).toBe("%");
  });

  test.each([
    ["a counter without _total", { requests: counter("requests", [], "h") }, "requests_total"],
    ["a total in the middle", { total_requests: counter("requests", [], "h") }, "_requests_total"],
    ["two underscores", { queue__depth: gauge("count", [], "h") }, "single underscores"],
  ])("%s is refused, with the fix", (_what, declared, fix) => {
    const meters = emitter(metering().meter, source(origin, declared)) as Readonly<Record<string, unknown>>;
    expect(() => meters[Object.keys(declared)[0] ?? ""]).toThrow(fix);
  });
});

describe("buckets", () => {
  const metric = application.request_duration_seconds.metric;

  test("every duration that an alert compares a quantile with is a bound, so that the quantile is exact there", () => {
    const bounds = boundsOf(metric);
    for (const levels of [thresholds.responseTime, thresholds.planTime])
      for (const { value } of Object.values(levels)) expect(bounds).toContain(value);
  });

  test("a bound that rules read can't be left out", () => {
    const meters = emitter(metering().meter, application, { buckets: { request_duration_seconds: [0.1, 1] } });
    expect(() => meters.request_duration_seconds).toThrow(
      'metric "request_duration_seconds" has no bound at 0.5, which rules read\n  fix: add 0.5 to its buckets',
    );
  });

  test.each([[[1, 0.5]], [[0.5, 0.5]], [[]]])("%j is refused", (bounds) => {
    expect(() => boundsOf(metric, bounds)).toThrow("don't rise");
  });

  test("chosen ones reach the instrument", async () => {
    const { meter, collected } = metering();
    const own = source(origin, { size_bytes: histogram("bytes", [], "h") });
    emitter(meter, own, { buckets: { size_bytes: [10, 20] } }).size_bytes.record(15);
    const [point] = (await collected())[0]?.dataPoints ?? [];
    expect(point?.value).toMatchObject({ buckets: { boundaries: [10, 20], counts: [0, 1, 0] } });
  });
});

describe("the log line", () => {
  const identity = { component: "api", environment: "local", version: "1.0.0" };
  const now = new Date("2026-11-21T10:00:00.123Z");

  test("has every field of the catalogue, in its order, null where there is nothing", () => {
    const line = logLine(identity, {}, "info", "begun", {}, now);
    expect(Object.keys(line)).toEqual(Object.keys(logFields));
    for (const [name, { required }] of Object.entries(logFields))
      expect([name, line[name as keyof typeof line] === null]).toEqual([name, !required]);
  });

  test("carries where it was written, and what it was told", () => {
    const context = { trace_id: "a".repeat(32), span_id: "b".repeat(16), correlation_id: "c", user_id: "u" };
    const line = logLine(identity, context, "warn", "slow", { user_id: "v", duration_ms: 12, tags: ["t"] }, now);
    expect(line).toMatchObject({
      ...context,
      user_id: "v",
      level: "warn",
      message: "slow",
      duration_ms: 12,
      tags: ["t"],
    });
    expect(line.timestamp).toBe("2026-11-21T10:00:00.123Z");
  });

  test("is one line of JSON and names its caller", () => {
    const lines: string[] = [];
    logger(identity, { write: (line) => lines.push(line), now: () => now }).error("two\nlines");
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("\n");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      message: "two\nlines",
      caller: expect.stringMatching(/^emission\.test\.ts:\d+$/),
    });
  });
});
