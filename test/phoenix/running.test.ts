import { AggregationTemporality, MetricReader, type MetricData } from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { SpanKind } from "@opentelemetry/api";
import { noFaults } from "../../examples/phoenix/faults";
import type { Running } from "../../examples/phoenix/role";
import { roles, serviceOf, version, type Role } from "../../examples/phoenix/roles";
import type { Settings } from "../../examples/phoenix/settings";
import { startRole } from "../../examples/phoenix/start";
import { agents, application, business, logFields } from "../../signals";
import { applicationLabels } from "../../signals/sources/application";

class Reader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  }
  protected onForceFlush = () => Promise.resolve();
  protected onShutdown = () => Promise.resolve();
  async read(): Promise<MetricData[]> {
    const { resourceMetrics, errors } = await this.collect();
    if (errors.length > 0) throw errors[0];
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  }
}

const base = 20_000 + (process.pid % 1000) * 10;
const settings: Settings = {
  host: () => "127.0.0.1",
  port: (role) => base + roles.indexOf(role),
  healthPort: (role) => base + (role === "cache" ? roles.length : roles.indexOf(role)),
  plansPerSecond: 5,
  faults: noFaults,
  environment: "test",
  version,
  instance: "1",
  spansPerSecond: 1_000,
  otlpUrl: undefined,
};
const api = `http://127.0.0.1:${settings.port("api")}`;

const spans = new InMemorySpanExporter();
const readers = new Map<Role, Reader>();
const lines: Record<string, unknown>[] = [];
const running: Running[] = [];
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How long a busy machine may take, in milliseconds; an idle one needs a tenth. */
const PATIENCE = 60_000;
jest.setTimeout(3 * PATIENCE);

/** @throws Error when it does not come true in time */
async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(100)) if (await isTrue()) return;
  throw new Error(`not within ${PATIENCE / 1000} s: ${what}`);
}

/** Every metric of every role, by name. */
async function metrics(): Promise<Map<string, MetricData[]>> {
  const all = await Promise.all([...readers.values()].map((reader) => reader.read()));
  const byName = new Map<string, MetricData[]>();
  for (const metric of all.flat())
    byName.set(metric.descriptor.name, [...(byName.get(metric.descriptor.name) ?? []), metric]);
  return byName;
}

/** Sum of the points of a counter, or of a gauge, with these labels. */
async function value(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  const points = ((await metrics()).get(name) ?? []).flatMap(
    ({ dataPoints }): { attributes: object; value: unknown }[] => [...dataPoints],
  );
  return points
    .filter(({ attributes }) =>
      Object.entries(labels).every(([label, wanted]) => (attributes as Record<string, unknown>)[label] === wanted),
    )
    .reduce((sum, point) => sum + Number(point.value), 0);
}

const ask = async (path: string, method = "GET", body?: unknown) => {
  const answer = await fetch(`${api}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

beforeAll(async () => {
  for (const role of ["cache", "git", "llm-router", "obsidian", "api", "worker", "load"] as const) {
    const reader = new Reader();
    readers.set(role, reader);
    const exporters = { readers: [reader], spanProcessors: [new SimpleSpanProcessor(spans)] };
    const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
    running.push(await startRole(role, settings, exporters, write));
  }
  await until("plans succeed", async () => (await value("plans_total", { outcome: "succeeded" })) >= 5);
  await until("somebody searches", async () => (await value("requests_total", { route: "/search" })) > 0);
});

afterAll(async () => {
  const faults: unknown[] = [];
  // One that can't end must not keep the others running: their servers would keep the process alive.
  for (const role of running.reverse()) await role.stop().catch((error: unknown) => faults.push(error));
  expect(faults).toEqual([]);
});

const sources = { ...application, ...agents, ...business };

test("emits every metric of application, agents and business, and nothing else", async () => {
  expect([...(await metrics()).keys()].sort()).toEqual(Object.keys(sources).sort());
});

test("with exactly the labels of the catalogue", async () => {
  const found = await metrics();
  for (const [name, { metric }] of Object.entries(sources)) {
    const own = metric.labels.filter((label) => !(applicationLabels as readonly string[]).includes(label)).sort();
    for (const { dataPoints } of found.get(name) ?? []) {
      for (const { attributes } of dataPoints) expect([name, Object.keys(attributes).sort()]).toEqual([name, own]);
    }
  }
});

test("a plan is one trace through every role, each span with the ids of its user", async () => {
  const finished = spans.getFinishedSpans();
  const write = finished.find(({ name, kind }) => name === "POST /operations/write" && kind === SpanKind.SERVER);
  const trace = finished.filter((span) => span.spanContext().traceId === write?.spanContext().traceId);
  const services = new Set(trace.map(({ resource }) => resource.attributes["service.name"]));
  const expected = roles.filter((role) => role !== "cache").map(serviceOf);
  expect([...services].sort()).toEqual(expected.sort());
  const ids = (span: ReadableSpan) => ["correlation_id", "user_id"].map((name) => span.attributes[name]);
  for (const span of trace) {
    expect([span.name, ids(span)]).toEqual([span.name, ids(trace[0] as ReadableSpan)]);
    expect(span.attributes).toMatchObject({ environment: "test", version });
  }
  // The cache traces nothing itself: its callers say who it is, for the service map.
  const lookups = trace.filter(({ attributes }) => attributes["peer.service"] === "phoenix-cache");
  expect(lookups.length).toBeGreaterThan(3);
});

test("a consumer's span is the child of the producer's, over which the service map finds its edge", () => {
  const finished = spans.getFinishedSpans();
  const consumers = finished.filter(({ kind }) => kind === SpanKind.CONSUMER);
  const producers = new Map(
    finished.filter(({ kind }) => kind === SpanKind.PRODUCER).map((span) => [span.spanContext().spanId, span]),
  );
  expect(consumers.length).toBeGreaterThan(3);
  for (const { parentSpanContext, name } of consumers)
    expect(producers.get(parentSpanContext?.spanId ?? "")?.name).toBe(name.replace("process", "publish"));
});

test("every line has the fields of D1, and those of a request its trace", () => {
  for (const line of lines) expect(Object.keys(line)).toEqual(Object.keys(logFields));
  const accesses = lines.filter(({ tags }) => (tags as string[]).includes("access"));
  expect(accesses.length).toBeGreaterThan(10);
  for (const line of accesses) {
    expect(line).toMatchObject({
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      correlation_id: expect.any(String),
      request_id: expect.any(String),
    });
  }
});

test("without faults nothing fails", async () => {
  const names = ["request_errors_total", "agent_errors_total", "tasks_failed_total"];
  expect(await Promise.all(names.map((name) => value(name)))).toEqual([0, 0, 0]);
  expect(await value("plans_total", { outcome: "failed" })).toBe(0);
  expect(await value("agent_health_score")).toBe(3);
});

describe("faults", () => {
  const set = async (faults: object) =>
    expect((await ask("/faults", "POST", { for: "1m", ...faults })).status).toBe(200);

  afterEach(() => set({}));

  test("errors reach requests, agents, tasks and plans", async () => {
    await set({ errors: 0.5 });
    await until("requests fail", async () => (await value("request_errors_total", { type: "injected" })) > 0);
    await until("agents fail", async () => (await value("agent_errors_total", { type: "injected" })) > 0);
    await until("plans fail", async () => (await value("plans_total", { outcome: "failed" })) > 0);
    await until("an agent is degraded", async () => (await value("agent_state", { state: "degraded" })) > 0);
    expect(await value("plan_success_rate")).toBeLessThan(1);
    expect(lines.some(({ level }) => level === "error")).toBe(true);
  });

  test("an agent that is down says so, and recovers", async () => {
    await set({ down: ["git"] });
    const isDown = async () => (await value("agent_state", { agent: "git", state: "down" })) === 1;
    await until("git is down", isDown);
    expect(await value("agent_health_score", { agent: "git" })).toBe(0);
    await set({});
    await until("git is back", async () => !(await isDown()));
  });

  test("latency slows requests", async () => {
    await set({ latency: "300ms" });
    const begin = performance.now();
    await ask("/plans/none");
    expect(performance.now() - begin).toBeGreaterThan(290);
  });

  test("misses make the cache cold", async () => {
    await until("the cache answers", async () => (await value("cache_hits_total", { cache: "completion" })) > 0);
    await set({ misses: 1 });
    await sleep(1500);
    const before = await value("cache_hits_total", { cache: "completion" });
    await sleep(1000);
    expect(await value("cache_hits_total", { cache: "completion" })).toBe(before);
  });

  test("a wrong one is refused, with everything that is wrong, and changes nothing", async () => {
    const { status, body } = await ask("/faults", "POST", { errors: 2, latncy: "1s" });
    expect(status).toBe(400);
    expect(body["message"]).toBe(
      "errors is 2, and takes a share from 0 to 1\nlatncy is unknown; there are errors, latency, load, misses, down, for",
    );
    expect((await ask("/faults")).body).toEqual(noFaults);
  });
});

test("bad requests are the caller's fault: 4xx, and no error of the service", async () => {
  const errors = await value("request_errors_total");
  expect((await ask("/plans", "POST", { goal: "" })).status).toBe(400);
  expect((await ask("/plans/none")).status).toBe(404);
  expect((await ask("/nowhere")).status).toBe(404);
  expect(await value("request_errors_total")).toBe(errors);
});
