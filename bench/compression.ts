import { spawnSync, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { compression, spanBytes } from "../environment/sizing";
import { noFaults } from "../examples/phoenix/faults";
import { healthPort, rolePort, version } from "../examples/phoenix/roles";
import type { Running } from "../examples/phoenix/role";
import { startRole } from "../examples/phoenix/start";
import { otlpExporters } from "../examples/phoenix/telemetry";
import { LocalObjects, lokiHere, s3Keys, tempoHere, writtenTo } from "../test/live/local/objects";
import { freePort } from "../tools/free-port";
import { LocalServers } from "../test/live/local/servers";
import { untilTrue } from "../test/live/wait";
import { toolPath } from "../tools/testbed/build";
import type { Figure, Measured } from "./measure";
import { parseEnvironment } from "../stacks/environment";

/** Requirement H6: better than this many bytes of raw JSON for one that is kept. */
const GOAL = 10;
/** Seconds that phoenix works, and how many plans it begins each second. */
const WORK = { seconds: 60, plansPerSecond: 10 };
/** Scrapes of the servers that run here, each as far from the last as a real scrape is later said to be. */
const SCRAPES = { count: 240, everyMs: 100, interval: 15 };

const environment = parseEnvironment("local", { tempo: { majorVersion: "2" } });

/**
 * Bytes that live data takes once it lies where it is kept, next to the same as raw JSON and to what sizes are made with:
 * lines and spans of phoenix through Loki and Tempo in S3, samples of the servers and this host in VictoriaMetrics and
 * in blocks of Prometheus. Some minutes.
 */
export async function compressionOfData(): Promise<Measured> {
  const servers = new LocalServers();
  const clients: ChildProcess[] = [];
  try {
    const objects = await LocalObjects.start(servers, environment);
    const loki = await startLoki(servers, objects);
    clients.push(loki.process);
    const tempo = await startTempo(servers, objects);
    clients.push(tempo.process);
    const [, samples] = await Promise.all([busy(loki, tempo), samplesOf(servers, [loki.url, tempo.url])]);
    return {
      figures: [await ofLogs(servers, objects, loki), await ofTraces(objects, tempo), ...samples],
      missing: [],
    };
  } finally {
    // On their way out they write to S3, which has to be there.
    for (const client of clients) await servers.end(client);
    await servers.stop();
  }
}

const figure = (id: string, what: string, value: number, raw: number, note: string): Figure => ({
  id: `compression.${id}`,
  what,
  value,
  unit: "B",
  ratio: raw / value,
  goal: Math.round((raw / GOAL) * 100) / 100,
  note,
});

async function startLoki(servers: LocalServers, objects: LocalObjects) {
  const place = { room: servers.room("loki"), http: await freePort(), grpc: await freePort(), s3: objects.port };
  const file = writtenTo(servers, "loki.yaml", lokiHere(environment, place));
  const url = `http://127.0.0.1:${place.http}`;
  const process = await servers.start("loki", [`-config.file=${file}`, "-target=all"], `${url}/ready`, s3Keys);
  return { url, process, lines: 0, bytes: 0 };
}

async function startTempo(servers: LocalServers, objects: LocalObjects) {
  const place = { room: servers.room("tempo"), http: await freePort(), grpc: await freePort(), s3: objects.port };
  const otlp = await freePort();
  const file = writtenTo(servers, "tempo.yaml", tempoHere(environment, place, otlp));
  const url = `http://127.0.0.1:${place.http}`;
  const process = await servers.start("tempo-2", [`-config.file=${file}`, "-target=all"], `${url}/ready`, s3Keys);
  return { url, process, otlp, bytes: 0, traces: new Set<string>() };
}

/** Phoenix at work: its lines go to Loki every second, its spans past a counter to Tempo. */
async function busy(loki: Awaited<ReturnType<typeof startLoki>>, tempo: Awaited<ReturnType<typeof startTempo>>) {
  const counter = await counting(tempo);
  const held = new Map<string, [string, string][]>();
  const settings = {
    host: () => "127.0.0.1",
    port: (role: keyof typeof rolePort) => 20_000 + rolePort[role],
    healthPort: (role: keyof typeof rolePort) => 20_000 + healthPort[role],
    plansPerSecond: WORK.plansPerSecond,
    faults: noFaults,
    environment: "bench",
    version,
    instance: "1",
    spansPerSecond: 1e9,
    otlpUrl: counter.url,
  };
  const roles: Running[] = [];
  for (const role of ["cache", "git", "llm-router", "obsidian", "api", "worker", "load"] as const) {
    const write = (line: string) => {
      const text = line.trimEnd();
      const { trace_id } = JSON.parse(text) as { trace_id?: string };
      if (trace_id !== undefined) tempo.traces.add(trace_id);
      const lines = held.get(role) ?? [];
      lines.push([String(BigInt(Date.now()) * 1_000_000n + BigInt(lines.length)), text]);
      held.set(role, lines);
    };
    const { spanProcessors } = otlpExporters(settings.otlpUrl);
    roles.push(await startRole(role, settings, { readers: [], spanProcessors }, write));
  }
  for (let second = 0; second < WORK.seconds; second++) {
    await pause(1_000);
    await push(loki, held);
  }
  for (const role of roles.reverse()) await role.stop();
  await push(loki, held);
  counter.close();
}

async function push(loki: { url: string; lines: number; bytes: number }, held: Map<string, [string, string][]>) {
  const streams = [...held].map(([role, values]) => ({
    stream: { cluster: "bench", k8s_namespace_name: "phoenix", service_name: `phoenix-${role}` },
    values,
  }));
  held.clear();
  if (streams.length === 0) return;
  const answer = await fetch(`${loki.url}/loki/api/v1/push`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Scope-OrgID": environment.tenant },
    body: JSON.stringify({ streams }),
  });
  if (!answer.ok) throw new Error(`Loki answers ${answer.status}: ${await answer.text()}`);
  for (const { values } of streams) {
    loki.lines += values.length;
    loki.bytes += values.reduce((sum, [, line]) => sum + Buffer.byteLength(line), 0);
  }
}

/** Stands before Tempo and counts what applications send it. */
async function counting(tempo: { otlp: number; bytes: number }) {
  const server = http.createServer((request, response) => {
    const forward = http.request(
      { port: tempo.otlp, path: request.url, method: "POST", headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502);
        answer.pipe(response);
      },
    );
    request.on("data", (chunk: Buffer) => (tempo.bytes += chunk.length));
    request.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

async function ofLogs(
  servers: LocalServers,
  objects: LocalObjects,
  { process, lines, bytes }: Awaited<ReturnType<typeof startLoki>>,
): Promise<Figure> {
  // On its way out it writes everything to S3.
  await servers.end(process);
  const kept = objects.bytes("logs");
  const index = objects.bytes("logs", /\/index\//);
  const raw = bytes / lines;
  const note = `${lines} lines of ${raw.toFixed(0)} B; × is to them, sizes assume ${compression.logs}; index ${((100 * index) / kept).toFixed(0)} %`;
  return figure("logs", "a line of logs in S3", kept / lines, raw, note);
}

async function ofTraces(
  objects: LocalObjects,
  { url, process, bytes, traces }: Awaited<ReturnType<typeof startTempo>>,
): Promise<Figure> {
  // Traces are whole once they were quiet for a second; then each flush writes what there is.
  let before = -1;
  await untilTrue("all blocks in S3", 60, async () => {
    await fetch(`${url}/flush`, { method: "POST" });
    await pause(3_000);
    const now = objects.bytes("traces");
    const still = now > 0 && now === before;
    before = now;
    return still;
  });
  const spans = await metric(url, "tempo_distributor_spans_received_total");
  // Of a sample of traces, as Tempo gives them back.
  let [json, counted] = [0, 0];
  for (const id of [...traces].slice(0, 100)) {
    const answer = await fetch(`${url}/api/traces/${id}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) continue;
    const text = await answer.text();
    json += Buffer.byteLength(text);
    counted += text.split('"spanId"').length - 1;
  }
  // Everything is in S3: nothing that waits for its clients has to be waited for.
  process.kill("SIGKILL");
  const [kept, raw] = [objects.bytes("traces") / spans, json / counted];
  const wire = bytes / spans;
  const note = `${spans} spans of ${raw.toFixed(0)} B as JSON, ${wire.toFixed(0)} B as protobuf (sizes assume ${spanBytes}, ÷ ${compression.traces} = ${spanBytes / compression.traces}); of protobuf ÷ ${(wire / kept).toFixed(1)}`;
  return figure("traces", "a span in S3", kept, raw, note);
}

/** Sum of a server's own metric, of the series whose labels have a text. */
async function metric(url: string, name: string, labels = ""): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

/** Samples of this host and of the servers, as they were, said to be 15 seconds apart. */
async function samplesOf(servers: LocalServers, targets: readonly string[]): Promise<Figure[]> {
  const [store, host] = [await freePort(), await freePort()];
  const room = servers.room("metrics");
  const data = path.join(room, "victoriametrics");
  const url = `http://127.0.0.1:${store}`;
  const flags = [`-storageDataPath=${data}`, `-httpListenAddr=127.0.0.1:${store}`, "-retentionPeriod=1y"];
  await servers.start("victoria-metrics", [...flags, "-storage.minFreeDiskSpaceBytes=1"], `${url}/health`);
  await servers.start("node_exporter", [`--web.listen-address=127.0.0.1:${host}`], `http://127.0.0.1:${host}/metrics`);
  const all = [...targets, url, `http://127.0.0.1:${host}`];
  const begin = Math.floor(Date.now() / 1000 / 7_200) * 7_200 - 7_200;
  const file = path.join(room, "samples.txt");
  const series = new Map<string, string[]>();
  let [count, raw] = [0, 0];
  for (let scrape = 0; scrape < SCRAPES.count; scrape++) {
    const next = Date.now() + SCRAPES.everyMs;
    const time = begin + scrape * SCRAPES.interval;
    const lines: string[] = [];
    for (const [index, target] of all.entries()) {
      for (const { name, labels, value } of samplesIn(await (await fetch(`${target}/metrics`)).text())) {
        const own = `${name}{${[...labels, `instance="10.0.0.${index}:9090"`, `job="job-${index}"`].join(",")}}`;
        lines.push(`${own} ${value} ${time * 1000}`);
        const known = series.get(own) ?? [];
        known.push(`${own} ${value} ${time}`);
        series.set(own, known);
        count++;
        raw += Buffer.byteLength(JSON.stringify({ metric: own, timestamp: time * 1000, value }));
      }
    }
    await fetch(`${url}/api/v1/import/prometheus`, { method: "POST", body: lines.join("\n") });
    await pause(Math.max(0, next - Date.now()));
  }
  // As it lies after a day: parts merged, nothing in memory.
  await fetch(`${url}/internal/force_flush`);
  await fetch(`${url}/internal/force_merge`);
  await pause(5_000);
  const names = /^([a-zA-Z_:][\w:]*)/;
  const grouped = [...series].sort(([one], [other]) => {
    const [a, b] = [names.exec(one)?.[1] ?? "", names.exec(other)?.[1] ?? ""];
    return a < b ? -1 : a > b ? 1 : one < other ? -1 : 1;
  });
  fs.writeFileSync(file, `${grouped.flatMap(([, samples]) => samples).join("\n")}\n# EOF\n`);
  const blocks = path.join(room, "prometheus");
  const made = spawnSync(toolPath("promtool"), ["tsdb", "create-blocks-from", "openmetrics", "--quiet", file, blocks], {
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(`promtool made no blocks: ${made.stderr || String(made.error)}`);
  const facts = `${count} samples of ${series.size} series`;
  const held = (what: "storage" | "indexdb") => metric(url, "vm_data_size_bytes", `type="${what}/`);
  const index = (await held("indexdb")) / count;
  return [
    figure(
      "victoriametrics",
      "a sample in VictoriaMetrics",
      (await held("storage")) / count,
      raw / count,
      `${facts}; sizes assume 1 B and 20 % for the index, which here, after an hour, has ${index.toFixed(2)} B`,
    ),
    figure(
      "prometheus",
      "a sample in a block of Prometheus",
      sizeOf(blocks) / count,
      raw / count,
      `${facts}, index included; sizes assume 2 B`,
    ),
  ];
}

/** Samples of a page in the text format; those without a number are left out. */
function samplesIn(text: string): { name: string; labels: string[]; value: string }[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || !Number.isFinite(Number(value))) return [];
    // OpenMetrics takes no space between labels.
    const own = labels.replace(/",\s+/g, '",').replace(/,$/, "");
    return [{ name, labels: own === "" ? [] : [own], value }];
  });
}

function sizeOf(folder: string): number {
  return fs.readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const inner = path.join(folder, entry.name);
    return sum + (entry.isDirectory() ? sizeOf(inner) : entry.isFile() ? fs.statSync(inner).size : 0);
  }, 0);
}
