import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import { deepMerge } from "../../../environment";
import { planStack } from "../../../stacks";
import { yaml } from "../../../stacks/system";
import { expect, Skipped } from "../report";
import { until } from "../wait";
import { freePort } from "../../../tools/free-port";
import { LocalServers } from "./servers";
import { parseEnvironment } from "../../../stacks/environment";

const aws = { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } };
const environment = parseEnvironment("dev", { cluster: "dev", aws });
const { limits, keptPerSecond } = environment.sampling;

interface Span {
  readonly name: string;
  readonly attributes?: readonly { readonly key: string }[];
  readonly events?: readonly object[];
}
interface Batch {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

/** A role of the rendered Collector that writes to a file what it would send to Tempo. */
async function started(servers: LocalServers, role: "gateway" | "sampler", change: object) {
  const plan = planStack(environment).systems.find(({ name }) => name === "collector")?.config ?? {};
  const [http, health] = [await freePort(), await freePort()];
  const out = path.join(servers.room(role), "traces.json");
  const config = parse(plan[`${role}.yaml`] ?? "") as { exporters: object; processors: object };
  const traces = { receivers: ["otlp"], exporters: ["file"] };
  const processors = deepMerge(config.processors, { k8s_attributes: null });
  const alone = deepMerge(
    { ...config, processors, exporters: { file: { path: out } } },
    {
      extensions: {
        health_check: { endpoint: `127.0.0.1:${health}` },
        file_storage: { directory: servers.room(`${role}-queue`), compaction: { directory: servers.room(role) } },
      },
      receivers: { otlp: { protocols: { grpc: null, http: { endpoint: `127.0.0.1:${http}` } } } },
      service: { telemetry: { metrics: { level: "none", readers: null } } },
    },
  );
  const file = path.join(servers.folder, `${role}.yaml`);
  const text = deepMerge<object>(alone, change) as {
    service: { pipelines: { traces: object } };
    receivers: { otlp: object };
  };
  const pipelines = { traces: { ...text.service.pipelines.traces, ...traces } };
  const whole = { ...text, receivers: { otlp: text.receivers.otlp }, service: { ...text.service, pipelines } };
  fs.writeFileSync(file, yaml(whole));
  await servers.start("otelcol-contrib", [`--config=${file}`], `http://127.0.0.1:${health}`);
  const spans = (): Span[] =>
    (fs.existsSync(out) ? fs.readFileSync(out, "utf8") : "")
      .split("\n")
      // The last one may still be written.
      .slice(0, -1)
      .flatMap((line) => (JSON.parse(line) as Batch).resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  return { url: `http://127.0.0.1:${http}/v1/traces`, spans };
}

/** Seconds for which the sampler of this check waits for the rest of a trace. */
const decisionWait = 3;

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");

/** A trace of one span of 20 ms, so that every policy has something to say. */
function span(index: number, name: string, code: 0 | 2, more: object = {}): object {
  const end = BigInt(Date.now()) * 1_000_000n;
  const [startTimeUnixNano, endTimeUnixNano] = [String(end - 20_000_000n), String(end)];
  const ids = { traceId: hex(index + 1, 32), spanId: hex(index + 1, 16) };
  return { ...ids, name, startTimeUnixNano, endTimeUnixNano, kind: 2, status: { code }, ...more };
}

const bodyOf = (spans: readonly object[]) =>
  JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] });

async function send(url: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  expect(answer.ok, `the Collector answers ${answer.status}: ${await answer.text()}`);
}

/**
 * Sends by a clock of its own, however long each request takes: what a slow machine does not get sent in the time is not
 * sent at all.
 * @returns how many were sent
 */
async function paced(seconds: number, perSecond: number, one: (index: number) => Promise<void>): Promise<number> {
  const begin = performance.now();
  for (let sent = 0; ;) {
    const passed = (performance.now() - begin) / 1000;
    if (passed >= seconds) return sent;
    if (sent < passed * perSecond) await one(sent++);
    else await pause(10);
  }
}

/** Waits until no more spans come. @returns how many there are of each, and when the last ones came */
async function decided(spans: () => readonly Span[]) {
  const quiet = 6_000;
  const begin = performance.now();
  let [count, last] = [0, begin];
  while (performance.now() - last < quiet || count === 0) {
    const now = performance.now();
    expect(now - begin < 60_000, `${count} spans after a minute, and no end of them`);
    const found = spans().length;
    if (found > count) [count, last] = [found, now];
    await pause(200);
  }
  const of = (wanted: string) => spans().filter(({ name }) => name === wanted).length;
  return { fine: of("fine"), failed: of("failed"), last };
}

const value = (key: string) => ({ key, value: { stringValue: "x" } });
const many = <T>(count: number, one: (index: number) => T) => Array.from({ length: count }, (_, index) => one(index));

/** The limits of traces (E2) in the rendered gateway and the rendered sampler of `dev`. */
export async function checkSpanLimits(
  step: (what: string, work: () => Promise<string>) => Promise<unknown>,
): Promise<void> {
  const servers = new LocalServers();
  try {
    await step("a span with too many attributes, and its event too, arrives with as many as it may have", async () => {
      const processors = ["memory_limiter", "resource", "transform/span-limits"];
      const gateway = await started(servers, "gateway", { service: { pipelines: { traces: { processors } } } });
      const attributes = [...many(300, (index) => value(`a${index}`)), value("correlation_id")];
      const event = { name: "e", timeUnixNano: "1", attributes: many(200, (index) => value(`b${index}`)) };
      await send(gateway.url, bodyOf([span(1, "large", 0, { attributes, events: [event] })]));
      const [large] = await until("the span", 20, () => Promise.resolve(gateway.spans().at(0) && gateway.spans()));
      const has = large?.attributes?.length ?? 0;
      expect(has === limits.attributes, `${has} attributes`);
      expect(large?.attributes?.some(({ key }) => key === "correlation_id") === true, "the correlation id is gone");
      const [first] = (large?.events ?? []) as { attributes?: object[] }[];
      expect(
        first?.attributes?.length === limits.attributes,
        `${first?.attributes?.length ?? 0} attributes of an event`,
      );
      return `301 attributes → ${has}, the correlation id among them; 200 of an event → ${first.attributes.length}`;
    });

    await step("of more than a thousand spans a second a sampler keeps a thousand, and every error", async () => {
      const sampler = await started(servers, "sampler", {
        processors: { tail_sampling: { decision_wait: `${decisionWait}s` } },
      });
      const [time, requests, each] = [6, 30, { fine: 100, failed: 3 }];
      const body = (index: number) => {
        const from = index * (each.fine + each.failed);
        return bodyOf([
          ...many(each.fine, (one) => span(from + one, "fine", 0)),
          ...many(each.failed, (one) => span(from + each.fine + one, "failed", 2)),
        ]);
      };
      // Made before the clock runs: making them takes longer than sending.
      const bodies = many(time * requests, body);
      const begin = performance.now();
      const count = await paced(time, requests, (index) => send(sampler.url, bodies[index] ?? ""));
      const sent = { fine: count * each.fine, failed: count * each.failed };
      const { fine, failed, last } = await decided(sampler.spans);
      // It decides once a second, what came within one of them at once: a trace waits up to a second less. A limit by the
      // seconds of the clock, of which a span of time touches one more than it has.
      const seconds = (last - begin) / 1000 - (decisionWait - 1);
      const most = keptPerSecond.perSecond * (Math.ceil(seconds) + 1);
      expect(failed === sent.failed, `${failed} of ${sent.failed} errors kept`);
      if (sent.fine < 1.2 * most) {
        throw new Skipped(`this machine is too slow now: ${sent.fine} sent in ${time} s, of which ${most} may be kept`);
      }
      expect(fine > 0 && fine <= most, `${fine} of ${sent.fine} others kept within ${seconds.toFixed(1)} s`);
      return `${sent.fine} in ${time} s, decided within ${seconds.toFixed(1)} s: ${fine} kept at ${keptPerSecond.toString()}; all ${failed} errors`;
    });
  } finally {
    await servers.stop();
  }
}
