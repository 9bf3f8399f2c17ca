import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { deepMerge } from "../../environment";
import { freePort } from "../../tools/free-port";
import { programHere } from "../../tools/testbed/programs";
import { until } from "../alerts/support/until";
import { local } from "../environment/support";
import { planOf } from "../stacks/support";
import { testWith } from "../support/programs";

/** What the gateway makes of its queue in one request, a server takes: asked with items that are large. */

let folder: string;
const running: ChildProcess[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "batches-"))));
afterEach(async () => {
  for (const server of running.splice(0)) if (server.kill("SIGKILL")) await once(server, "exit");
  rmSync(folder, { recursive: true });
});

type Tree = Record<string, Record<string, unknown>>;
const configOf = (system: string, file: string, majorVersion: "2" | "3" = "3"): Tree =>
  parse(
    (planOf(local({ tempo: { majorVersion } })).systems.find(({ name }) => name === system)?.config[file] ?? "")
      .replaceAll("/var/tempo", folder)
      .replaceAll("/var/lib/otelcol", folder)
      .replaceAll(/(?<=[ "])\/loki\b/g, folder),
  ) as Tree;

const at = (port: number) => ({ endpoint: `127.0.0.1:${port}` });

function run(program: string, args: readonly string[]): void {
  running.push(spawn(program, args, { stdio: process.env["SHOW"] ? "inherit" : "ignore" }));
}
const written = (name: string, config: object): string => {
  const file = join(folder, name);
  writeFileSync(file, stringify(config));
  return file;
};

/** A gateway of one pipeline with the exporter that is rendered, sending to this machine. @returns OTLP's and its own URL */
async function gateway(signal: "logs" | "traces", exporter: string, endpoint: string) {
  const [otlp, metrics] = [await freePort(), await freePort()];
  const rendered = configOf("collector", "gateway.yaml");
  const config = {
    extensions: { file_storage: rendered["extensions"]?.["file_storage"] },
    receivers: { otlp: { protocols: { http: { ...at(otlp), max_request_body_size: 2 ** 30 } } } },
    exporters: { [exporter]: { ...(rendered["exporters"]?.[exporter] as object), endpoint } },
    service: {
      extensions: ["file_storage"],
      telemetry: {
        metrics: { readers: [{ pull: { exporter: { prometheus: { host: "127.0.0.1", port: metrics } } } }] },
      },
      pipelines: { [signal]: { receivers: ["otlp"], exporters: [exporter] } },
    },
  };
  const collector = programHere("otelcol-contrib");
  if (collector === undefined) throw new Error("otelcol-contrib is built by the kit");
  run(collector, [`--config=${written("gateway.yaml", config)}`]);
  const own = `http://127.0.0.1:${metrics}/metrics`;
  await until("gateway", 30, async () => ((await fetch(own)).ok ? true : undefined));
  return { url: `http://127.0.0.1:${otlp}/v1/${signal}`, metrics: own };
}

const post = async (url: string, body: object): Promise<number> =>
  (await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }))
    .status;
const sum = async (url: string, name: string): Promise<number> =>
  (await (await fetch(url)).text())
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(" "))), 0);

const resource = { attributes: [{ key: "service.name", value: { stringValue: "orders" } }] };
const random = (length: number) => {
  let text = "";
  while (text.length < length) text += Math.random().toString(36).slice(2);
  return text.slice(0, length);
};
/** In every request, so that the queue has full batches. */
const EACH = 1_000;
const REQUESTS = 16;

describe.each(["3", "2"] as const)("Tempo %s", (majorVersion) => {
  testWith(
    `tempo-${majorVersion}`,
    "takes a full batch of spans of 3 KB",
    async (tempo) => {
      const [http, grpc, otlp, otlpHttp] = [await freePort(), await freePort(), await freePort(), await freePort()];
      const receivers = configOf("tempo", "tempo.yaml", majorVersion)["distributor"]?.["receivers"] as Tree;
      const { otlp: rendered } = receivers as unknown as { otlp: { protocols: Record<string, object> } };
      const config = deepMerge(
        { ...configOf("tempo", "tempo.yaml", majorVersion), distributor: {} },
        {
          server: { http_listen_address: "127.0.0.1", http_listen_port: http, grpc_listen_port: grpc },
          distributor: {
            receivers: {
              otlp: {
                protocols: {
                  grpc: { ...rendered.protocols["grpc"], ...at(otlp) },
                  http: { ...rendered.protocols["http"], ...at(otlpHttp) },
                },
              },
            },
          },
          storage: { trace: { backend: "local", local: { path: join(folder, "blocks") } } },
          metrics_generator: { storage: { remote_write: [] } },
        },
      );
      run(tempo, ["-target=all", `-config.file=${written("tempo.yaml", config)}`]);
      const url = `http://127.0.0.1:${http}`;
      await until("Tempo", 60, async () => ((await fetch(`${url}/ready`)).ok ? true : undefined));
      const { url: to, metrics } = await gateway("traces", "otlp_grpc/tempo", `127.0.0.1:${otlp}`);
      const spans = (number: number) =>
        Array.from({ length: EACH }, (_, index) => ({
          traceId: (number * EACH + index + 1).toString(16).padStart(32, "0"),
          spanId: (index + 1).toString(16).padStart(16, "0"),
          name: "GET /orders",
          kind: 2,
          startTimeUnixNano: `${Date.now() - 1}000000`,
          endTimeUnixNano: `${Date.now()}000000`,
          attributes: [{ key: "db.query.text", value: { stringValue: random(3_000) } }],
        }));
      const statuses = await Promise.all(
        Array.from({ length: REQUESTS }, (_, number) =>
          post(to, { resourceSpans: [{ resource, scopeSpans: [{ spans: spans(number) }] }] }),
        ),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
      await until("every span was sent or lost", 40, async () => {
        const [sent, lost] = [
          await sum(metrics, "otelcol_exporter_sent_spans"),
          await sum(metrics, "otelcol_exporter_send_failed_spans"),
        ];
        return sent + lost >= EACH * REQUESTS ? true : undefined;
      });
      expect(await sum(metrics, "otelcol_exporter_send_failed_spans")).toBe(0);
      expect(await sum(`${url}/metrics`, "tempo_distributor_spans_received_total")).toBe(EACH * REQUESTS);
    },
    90,
  );
});
