import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { deepMerge } from "../../environment";
import { freePort } from "../../tools/free-port";
import { until } from "../alerts/support/until";
import { local } from "../environment/support";
import { planOf } from "../stacks/support";
import { testWith, type TestProgram } from "../support/programs";

/** Traces that begin at the same time: twice as many as Tempo holds by its own default. */
const TRACES = 20_000;
const EACH = 500;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "live-traces-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** The rendered configuration, on this machine's folders and ports instead of S3 and the cluster's. */
function here(majorVersion: "2" | "3", ports: Readonly<Record<"http" | "grpc" | "otlp" | "otlpGrpc", number>>): string {
  const environment = local({ tempo: { majorVersion } });
  const text = planOf(environment).systems.find(({ name }) => name === "tempo")?.config["tempo.yaml"] ?? "";
  const moved = parse(text.replaceAll("/var/tempo", folder)) as Record<string, object>;
  const at = (port: number) => ({ endpoint: `127.0.0.1:${port}` });
  return stringify(
    deepMerge(
      { ...moved, distributor: {} },
      {
        server: { http_listen_address: "127.0.0.1", http_listen_port: ports.http, grpc_listen_port: ports.grpc },
        distributor: { receivers: { otlp: { protocols: { http: at(ports.otlp), grpc: at(ports.otlpGrpc) } } } },
        storage: { trace: { backend: "local", local: { path: join(folder, "blocks") } } },
        metrics_generator: { storage: { remote_write: [] } },
      },
    ),
  );
}

/** `EACH` traces of one span, as OTLP's JSON. */
const request = (number: number): object => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: "orders" } }] },
      scopeSpans: [
        {
          spans: Array.from({ length: EACH }, (_, index) => ({
            traceId: (number * EACH + index + 1).toString(16).padStart(32, "0"),
            spanId: (index + 1).toString(16).padStart(16, "0"),
            name: "GET /healthz",
            kind: 2,
            startTimeUnixNano: `${Date.now() - 1}000000`,
            endTimeUnixNano: `${Date.now()}000000`,
          })),
        },
      ],
    },
  ],
});

describe.each<[TestProgram, "2" | "3"]>([
  ["tempo-3", "3"],
  ["tempo-2", "2"],
])("%s", (program, majorVersion) => {
  testWith(program, "what was accepted is kept, however many traces begin at once", async (path) => {
    const [http, grpc, otlp, otlpGrpc] = [await freePort(), await freePort(), await freePort(), await freePort()];
    const file = join(folder, "tempo.yaml");
    writeFileSync(file, here(majorVersion, { http, grpc, otlp, otlpGrpc }));
    const server = spawn(path, ["-target=all", `-config.file=${file}`], { stdio: "ignore" });
    try {
      const url = `http://127.0.0.1:${http}`;
      await until("Tempo", 60, async () => ((await fetch(`${url}/ready`)).ok ? true : undefined));
      const statuses = await Promise.all(
        Array.from({ length: TRACES / EACH }, async (_, number) => {
          const body = JSON.stringify(request(number));
          const headers = { "content-type": "application/json" };
          return (await fetch(`http://127.0.0.1:${otlp}/v1/traces`, { method: "POST", headers, body })).status;
        }),
      );
      expect(new Set(statuses)).toEqual(new Set([200]));
      const metrics = await until("all spans", 30, async () => {
        const text = await (await fetch(`${url}/metrics`)).text();
        return sum(text, "tempo_distributor_spans_received_total") === TRACES ? text : undefined;
      });
      expect(sum(metrics, "tempo_discarded_spans_total")).toBe(0);
    } finally {
      if (server.kill("SIGKILL")) await once(server, "exit");
    }
  });
});

/** Sum of a metric over its series. */
const sum = (text: string, name: string): number =>
  text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(" "))), 0);
