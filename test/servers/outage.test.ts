import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Bytes } from "../../environment";
import { onDisk } from "../../stacks/collector/pieces";
import { freePort } from "../../tools/free-port";
import { Ruler } from "../alerts/support/loki";
import { until } from "../alerts/support/until";
import { local, prod } from "../environment/support";
import { planOf } from "../stacks/support";
import { testWith } from "../support/programs";

/** Stores that are away for as long as `outage` says lose nothing: asked of the real servers, on a smaller scale. */

let folder: string;
const running: ChildProcess[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "outage-"))));
afterEach(async () => {
  await Promise.all(running.splice(0).map(ended));
  rmSync(folder, { recursive: true });
});

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.signalCode === null && server.kill("SIGKILL")) await once(server, "exit");
}

/** Starts a server and waits until it answers. */
async function started(program: string, args: readonly string[], ready: string): Promise<ChildProcess> {
  const server = spawn(program, args, { stdio: "ignore" });
  running.push(server);
  await until(ready, 60, async () => ((await fetch(ready)).ok ? true : undefined));
  return server;
}

const post = async (url: string, body: object): Promise<number> =>
  (await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }))
    .status;

/** A store that was away: counts the lines that come, by their number. */
async function store(port: number): Promise<{ readonly server: Server; readonly lines: Map<string, number> }> {
  const lines = new Map<string, number>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      for (const [line] of Buffer.concat(parts)
        .toString("latin1")
        .matchAll(/line-\d{7}/g))
        lines.set(line, (lines.get(line) ?? 0) + 1);
      response.end();
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { server, lines };
}

/** Lines of one request. */
const EACH = 200;
const requestOf = (number: number): object => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: "orders" } }] },
      scopeLogs: [
        {
          logRecords: Array.from({ length: EACH }, (_, index) => ({
            timeUnixNano: `${Date.now()}000000`,
            body: { stringValue: `line-${String(number * EACH + index).padStart(7, "0")} ${"x".repeat(400)}` },
          })),
        },
      ],
    },
  ],
});

testWith(
  "otelcol-contrib",
  "a queue fills to its bytes, refuses what is more, survives a kill, and passes everything on once",
  async (otelcol) => {
    const [receives, sends, metrics] = [await freePort(), await freePort(), await freePort()];
    const size = 20e6;
    const config = {
      extensions: { file_storage: { directory: folder, create_directory: false } },
      receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${receives}` } } } },
      exporters: {
        otlp_http: {
          endpoint: `http://127.0.0.1:${sends}`,
          compression: "none",
          ...onDisk(size),
          retry_on_failure: { initial_interval: "100ms", max_interval: "1s", max_elapsed_time: "0s" },
        },
      },
      service: {
        extensions: ["file_storage"],
        telemetry: {
          logs: { level: "fatal" },
          metrics: { readers: [{ pull: { exporter: { prometheus: { host: "127.0.0.1", port: metrics } } } }] },
        },
        pipelines: { logs: { receivers: ["otlp"], exporters: ["otlp_http"] } },
      },
    };
    const file = join(folder, "config.yaml");
    writeFileSync(file, stringify(config));
    const start = () => started(otelcol, [`--config=${file}`], `http://127.0.0.1:${metrics}/metrics`);
    const collector = await start();
    let accepted = 0;
    while ((await post(`http://127.0.0.1:${receives}/v1/logs`, requestOf(accepted))) === 200) accepted += 1;
    // Some hundred bytes of a line, and what stands beside it.
    expect(accepted * EACH * 400).toBeGreaterThan(size * 0.8);
    // The gateway's volume is a quarter larger than its queues; a file grows by 16 MiB, which is little of a real one.
    expect(statSync(join(folder, "exporter_otlp_http__logs")).size).toBeLessThan(size / 0.8 + 2 ** 24);
    await ended(collector);
    const { server, lines } = await store(sends);
    try {
      await start();
      await until("every line", 60, () => Promise.resolve(lines.size === accepted * EACH ? true : undefined));
    } finally {
      server.close();
      server.closeAllConnections();
    }
    expect(Math.max(...lines.values())).toBe(1);
  },
);

testWith("loki", "Loki takes a queue that is as old as an outage beside one that is not", async (program) => {
  const environment = prod();
  const own = planOf(environment).systems.find(({ name }) => name === "loki")?.config["loki.yaml"] ?? "";
  const { ingester } = parse(own) as { ingester: { max_chunk_age: string } };
  const loki = new Ruler();
  try {
    await loki.start(program, {}, {}, { max_chunk_age: ingester.max_chunk_age });
    const line = (age: number) =>
      loki.push([
        { stream: { service_name: "orders" }, values: [[`${Date.now() - age * 1000}000000`, `of ${age} s ago`]] },
      ]);
    const outage = environment.outage.seconds;
    expect([await line(0), await line(outage), await line(2 * outage)]).toEqual([204, 204, 400]);
  } finally {
    await loki.stop();
  }
});

test("an agent keeps twice its node's lines for as long as an outage lasts", () => {
  const queued = (outage: string) => {
    const environment = prod({ outage, load: { logBytes: "10MB/s", nodes: 20 } });
    const text = planOf(environment).systems.find(({ name }) => name === "collector")?.config["agent.yaml"] ?? "";
    const { exporters } = parse(text) as { exporters: Record<string, { sending_queue: { queue_size: number } }> };
    return exporters["otlp_http/loki"]?.sending_queue.queue_size ?? 0;
  };
  expect(queued("1h")).toBeGreaterThanOrEqual((2 * 10e6 * 3_600) / 20);
  expect(queued("2h")).toBe(2 * queued("1h"));
});

test("the volume of a gateway is shared as the load is, and never full", () => {
  const config = (volume: string) => {
    const environment = local({ systems: { collector: { volume } } });
    const text = planOf(environment).systems.find(({ name }) => name === "collector")?.config["gateway.yaml"] ?? "";
    const { exporters } = parse(text) as { exporters: Record<string, { sending_queue: { queue_size: number } }> };
    return Object.values(exporters).reduce((sum, { sending_queue }) => sum + sending_queue.queue_size, 0);
  };
  for (const volume of ["2Gi", "10Gi"]) expect(config(volume)).toBeCloseTo(0.8 * Bytes.parse(volume).bytes, -3);
});
