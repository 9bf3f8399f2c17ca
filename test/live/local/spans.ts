import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import { deepMerge, parseEnvironment } from "../../../environment";
import { planStack } from "../../../stacks";
import { yaml } from "../../../stacks/system";
import { expect } from "../report";
import { until } from "../wait";
import { freePort } from "../../free-port";
import { LocalServers } from "./servers";

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
      .filter((line) => line.endsWith("}"))
      .flatMap((line) => (JSON.parse(line) as Batch).resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  return { url: `http://127.0.0.1:${http}/v1/traces`, spans };
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");

/** A trace of one span of 20 ms, so that every policy has something to say. */
function span(index: number, name: string, code: 0 | 2, more: object = {}): object {
  const end = BigInt(Date.now()) * 1_000_000n;
  const [startTimeUnixNano, endTimeUnixNano] = [String(end - 20_000_000n), String(end)];
  const ids = { traceId: hex(index + 1, 32), spanId: hex(index + 1, 16) };
  return { ...ids, name, startTimeUnixNano, endTimeUnixNano, kind: 2, status: { code }, ...more };
}

async function send(url: string, spans: readonly object[]): Promise<void> {
  const body = JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] });
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  expect(answer.ok, `the Collector answers ${answer.status}: ${await answer.text()}`);
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
      await send(gateway.url, [span(1, "large", 0, { attributes, events: [event] })]);
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
        processors: { tail_sampling: { decision_wait: "3s" } },
      });
      const [seconds, each, errors] = [4, 3_000, 100];
      for (let second = 0; second < seconds; second++) {
        const begin = Date.now();
        const from = second * (each + errors);
        await send(
          sampler.url,
          many(each, (index) => span(from + index, "fine", 0)),
        );
        await send(
          sampler.url,
          many(errors, (index) => span(from + each + index, "failed", 2)),
        );
        await pause(Math.max(0, 1000 - (Date.now() - begin)));
      }
      await pause(6_000);
      const kept = sampler.spans();
      const [fine, failed] = ["fine", "failed"].map((name) => kept.filter((one) => one.name === name).length);
      // What is sent in four seconds is decided in four or five.
      const most = keptPerSecond.perSecond * (seconds + 1);
      expect(failed === seconds * errors, `${failed ?? 0} of ${seconds * errors} errors kept`);
      expect((fine ?? 0) > 0 && (fine ?? 0) <= most, `${fine ?? 0} of ${seconds * each} others kept`);
      return `${each}/s for ${seconds} s: ${fine ?? 0} of ${seconds * each} kept at ${keptPerSecond.toString()}; all ${failed ?? 0} errors`;
    });
  } finally {
    await servers.stop();
  }
}
