import { createHash } from "node:crypto";
import { context, SpanKind } from "@opentelemetry/api";
import { noFaults } from "../examples/phoenix/faults";
import { inSpan } from "../examples/phoenix/spans";
import { otlpExporters, startTelemetry, withIds, type Telemetry } from "../examples/phoenix/telemetry";

/**
 * One case of `bench/emission.ts` (bare, metrics, tracing, both), in a process of its own: what an application computes for a request, alone or with
 * what phoenix emits for one. Prints microseconds of CPU for a request, those of exporting included.
 */

const [name = "bare", otlpUrl = "", requests = "1"] = process.argv.slice(2);

/** An order of a shop, large enough that reading, changing, writing and hashing it takes a few milliseconds. */
const document = JSON.stringify(
  Array.from({ length: 2000 }, (_, index) => ({
    id: index,
    title: `article ${index}`,
    price: index / 7,
    tags: ["one", "two", "three"],
    text: "What a customer reads of it. ".repeat(4),
  })),
);

/** The request's own work. */
async function work(): Promise<string> {
  const articles = JSON.parse(document) as { id: number; price: number }[];
  const dear = articles
    .filter(({ price }) => price > 10)
    .map((article) => ({ ...article, price: article.price * 1.1 }));
  return createHash("sha256").update(JSON.stringify(dear)).digest("hex");
}

/** What phoenix' server emits for a request. */
function measure({ meters }: Telemetry, seconds: number, index: number): void {
  const labels = { route: `/plans/${index % 5}`, method: "POST" };
  meters.requests_total.add(1, { ...labels, status: "202" });
  meters.request_duration_seconds.record(seconds, { ...labels, status: "202" });
  meters.request_size_bytes.record(512, labels);
  meters.response_size_bytes.record(128, labels);
  meters.tasks_queued_total.add(1, { queue: "repository" });
}

/** The spans of a request to the API: its own, a lookup in the cache, a task that is queued. */
function traced(telemetry: Telemetry, step: () => Promise<unknown>): Promise<unknown> {
  const ids = { correlation_id: "0b0cf1f2-0000-4000-8000-000000000000", request_id: "1", user_id: "user-1" };
  const server = { "http.request.method": "POST", "http.route": "/plans", "url.path": "/plans" };
  const lookup = { "db.system.name": "redis", "db.operation.name": "GET", "peer.service": "phoenix-cache" };
  const publish = { "messaging.destination.name": "repository", plan_id: "1", task_id: "1" };
  return inSpan(
    telemetry,
    "POST /plans",
    SpanKind.SERVER,
    server,
    async () => {
      await inSpan(telemetry, "GET", SpanKind.CLIENT, lookup, step);
      await inSpan(telemetry, "publish repository", SpanKind.PRODUCER, publish, () => Promise.resolve());
    },
    withIds(context.active(), ids),
  );
}

function handlerOf(telemetry: Telemetry | undefined): (index: number) => Promise<unknown> {
  if (telemetry === undefined) return work;
  const step = name === "metrics" ? work : () => traced(telemetry, work);
  if (name === "tracing") return step;
  return async (index) => {
    const begin = performance.now();
    await step();
    measure(telemetry, (performance.now() - begin) / 1000, index);
  };
}

async function main(): Promise<void> {
  const telemetry =
    name === "bare" ? undefined : startTelemetry("api", { ...settings, otlpUrl }, otlpExporters(otlpUrl));
  const handle = handlerOf(telemetry);
  const count = Number(requests);
  for (let index = 0; index < count / 2; index++) await handle(index);
  // Loads and compiles what exports: a process that serves for days does that once.
  await telemetry?.flush();
  const before = process.cpuUsage();
  for (let index = 0; index < count; index++) {
    await handle(index);
    // A server comes back to its event loop between requests; the exporters run there.
    await new Promise((resolve) => setImmediate(resolve));
  }
  // What is still held is sent: the whole cost of these requests counts.
  await telemetry?.flush();
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / count);
  await telemetry?.shutdown();
}

const settings = {
  // What a span costs is measured, not what a limit leaves out.
  spansPerSecond: 1e9,
  host: () => "127.0.0.1",
  port: () => 0,
  healthPort: () => 0,
  plansPerSecond: 0,
  faults: noFaults,
  environment: "bench",
  version: "1",
  instance: "1",
};

void main();
