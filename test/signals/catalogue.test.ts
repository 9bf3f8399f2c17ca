import { counter, Registry, source } from "../../signals";
import { namingExceptions, namingExceptionSources, requiredBuckets, sharedNames } from "../../signals/naming";
import { catalogue } from "../../stacks/systems";

const { metrics } = catalogue;
const recorded = metrics.filter(({ source: from }) => from.startsWith("recording rules"));

/** What Prometheus' naming rules say about a metric, or undefined when it keeps them. */
function breach({ name, kind, unit }: (typeof metrics)[number]): string | undefined {
  if (name.includes(":")) return undefined;
  if (kind === "counter" && !name.endsWith("_total")) return "a counter without _total";
  if (kind !== "counter" && name.endsWith("_total")) return "_total on what is no counter";
  if (unit === "bytes" && !name.includes("bytes")) return "bytes without _bytes";
  return undefined;
}

describe("names", () => {
  it("break Prometheus' rules only where a reason stands in signals/naming.ts", () => {
    const unexplained = metrics.filter(
      (metric) => breach(metric) && !(metric.name in namingExceptions) && !(metric.source in namingExceptionSources),
    );
    expect(unexplained.map((metric) => `${metric.source}: ${metric.name}: ${breach(metric) ?? ""}`)).toEqual([]);
  });

  it("have no reason that isn't needed", () => {
    const breaking = new Set(metrics.filter((metric) => breach(metric)).map(({ name }) => name));
    expect(Object.keys(namingExceptions).filter((name) => !breaking.has(name))).toEqual([]);
    const sources = new Set(metrics.filter((metric) => breach(metric)).map(({ source: from }) => from));
    expect(Object.keys(namingExceptionSources).filter((name) => !sources.has(name))).toEqual([]);
  });

  it("are shared by two sources only where a reason stands", () => {
    const twice = metrics.map(({ name }) => name).filter((name, index, all) => all.indexOf(name) !== index);
    expect(twice).toEqual(Object.keys(sharedNames));
  });

  it("of recording rules say level, metric and operation, but for those that the requirements give", () => {
    const loose = recorded.map(({ name }) => name).filter((name) => !/^[a-z_]+:[a-z_]+:[a-z0-9_]+$/.test(name));
    expect(loose).toHaveLength(17);
    expect(recorded.length).toBeGreaterThan(17);
  });
});

describe("units follow the names that carry one", () => {
  it.each([
    ["_bytes", ["bytes"]],
    ["_bytes_total", ["bytes"]],
    ["_seconds_total", ["seconds", "core-seconds"]],
    ["_ratio", ["ratio"]],
    ["_percent", ["percent", "ratio"]],
  ])("%s", (suffix, units) => {
    const wrong = metrics
      .filter(({ name, unit }) => name.endsWith(suffix) && !(units as readonly string[]).includes(unit))
      .map(({ name, unit }) => `${name}: ${unit}`);
    expect(wrong).toEqual([]);
  });

  it("_seconds is a time or a moment", () => {
    const wrong = metrics.filter(
      ({ name, unit }) =>
        /[a-z]_seconds$/.test(name) && !["seconds", "timestamp", "core-seconds", "bytes"].includes(unit),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});

describe("the sources are whole", () => {
  it.each([
    ["application", 20],
    ["agents", 9],
    ["business", 5],
  ])("%s", (name, least) => {
    expect(metrics.filter(({ source: from }) => from === name).length).toBeGreaterThanOrEqual(least);
  });

  /** C1, as the requirements list it. */
  const c1 =
    "requests_total request_duration_seconds request_size_bytes response_size_bytes request_errors_total tasks_queued_total " +
    "tasks_completed_total tasks_failed_total task_duration_seconds task_queue_time_seconds memory_usage_bytes cpu_usage_percent " +
    "goroutines_total open_connections file_descriptors cache_hits_total cache_misses_total cache_size_bytes cache_items_total " +
    "cache_evictions_total agent_calls_total agent_errors_total agent_duration_seconds agent_queue_depth plan_success_rate " +
    "agent_health_score system_load_score";
  /** C12, as the requirements list it. */
  const c12 =
    "cpu_usage_percent cpu_system_percent cpu_user_percent cpu_iowait_percent memory_used_bytes memory_available_bytes " +
    "memory_cached_bytes memory_swap_used_bytes disk_usage_bytes disk_io_reads disk_io_writes disk_io_queue network_bytes_in " +
    "network_bytes_out network_packets_in network_packets_out network_errors";

  it.each(c1.split(" "))("has %s of the application catalogue", (name) => {
    expect(metrics.some((metric) => metric.name === name && !recorded.includes(metric))).toBe(true);
  });

  it.each(c12.split(" "))("records %s", (name) => {
    expect(recorded.some((metric) => metric.name === name)).toBe(true);
  });

  it("histograms whose single buckets are read are in the catalogue", () => {
    expect(Object.keys(requiredBuckets).map((name) => catalogue.series(`${name}_bucket`)?.labels.has("le"))).toEqual([
      true,
    ]);
  });
});

describe("a metric registered twice with other labels is refused", () => {
  const origin = { name: "one", jobs: [], targetLabels: ["job"] } as const;
  const one = source(origin, { x_total: counter("requests", ["route"], "x") });
  const two = source({ ...origin, name: "two" }, { x_total: counter("bytes", ["path"], "x") });

  it("with both descriptions", () => {
    expect(() => new Registry([one, two])).toThrow(
      new Error(
        'metric "x_total" is registered twice: by one as counter in requests {job, route}, by two as counter in bytes {job, path}\n' +
          "  fix: one entry, or a reason in sharedNames of signals/naming.ts",
      ),
    );
  });

  it("unless a reason is given", () => {
    const registry = new Registry([one, two], { x_total: "a test's" });
    expect([...(registry.series("x_total")?.labels ?? [])].sort()).toEqual(["job", "path", "route"]);
  });
});

describe("the lines of Tempo", () => {
  it("lack what only the other has, and nothing that both have or that is not catalogued", () => {
    expect(catalogue.lacks("3", "tempo_ingester_live_traces")).toBe(true);
    expect(catalogue.lacks("2", "tempo_ingester_live_traces")).toBe(false);
    expect(catalogue.lacks("2", "tempo_live_store_ready")).toBe(true);
    expect(catalogue.lacks("3", "tempo_ingester_flush_duration_seconds_bucket")).toBe(true);
    expect(catalogue.lacks("3", "tempo_request_duration_seconds_count")).toBe(false);
    expect(catalogue.lacks("3", "unknown_total")).toBe(false);
  });
});
