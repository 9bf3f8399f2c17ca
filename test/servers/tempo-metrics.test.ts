import { setTimeout as pause } from "node:timers/promises";
import { parseEnvironment, traceTiers } from "../../environment";
import { catalogue, type Dialect, type Metric } from "../../signals";
import { onlyWhere } from "../../signals/conditional";
import { freePort } from "../free-port";
import { LocalObjects, s3Keys, tempoHere, writtenTo } from "../live/local/objects";
import { LocalServers } from "../live/local/servers";
import { difference, type Shown } from "../live/shown";
import { untilTrue } from "../live/wait";
import { testWith } from "../support/programs";

const aws = { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } };

/** What a server's `/metrics` shows, by the name of the metric: its type, and the labels of its series. */
function pageOf(text: string): Map<string, Shown> {
  const types = new Map<string, string>();
  const series = new Map<string, Set<string>[]>();
  for (const line of text.split("\n")) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type !== null) types.set(type[1] ?? "", type[2] ?? "");
    const sample = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line);
    if (sample === null || line.startsWith("#")) continue;
    const labels = [...(sample[2] ?? "").matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, name]) => name ?? "");
    const name = sample[1] ?? "";
    series.set(name, [...(series.get(name) ?? []), new Set(labels)]);
  }
  const of = ({ name, kind, labels }: { name: string; kind: string; labels: readonly string[] }): Shown => {
    const found = series.get(kind === "histogram" ? `${name}_count` : name) ?? [];
    const type = types.get(name);
    return {
      types: type === undefined ? [] : [type],
      series: found.length,
      labels: new Set([...found.flatMap((each) => [...each]), ...labels]),
    };
  };
  return new Map(
    catalogue.metrics
      .filter(({ source }) => source === "Tempo")
      // Scraping adds the labels of the target.
      .map((metric) => [metric.name, of({ ...metric, labels: targetLabels })]),
  );
}

const targetLabels = ["cluster", "job", "instance", "namespace", "pod", "container", "node"];

/** A request to a service and what it asks of another, which the service graph pairs. */
function call(index: number): object {
  const end = BigInt(Date.now()) * 1_000_000n;
  const times = { startTimeUnixNano: String(end - 20_000_000n), endTimeUnixNano: String(end) };
  const traceId = (index + 1).toString(16).padStart(32, "0");
  const id = (span: number) => (index * 2 + span).toString(16).padStart(16, "0");
  const of = (service: string, span: object) => ({
    resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
    scopeSpans: [{ spans: [{ traceId, ...times, name: "probe", ...span }] }],
  });
  return {
    resourceSpans: [
      of("shop", { spanId: id(1), kind: 3 }),
      of("stock", { spanId: id(2), parentSpanId: id(1), kind: 2 }),
    ],
  };
}

/** Runs a Tempo with two tenants, has it take, discard, answer and store, and looks at its metrics. */
async function exposedBy(dialect: Dialect): Promise<Map<string, Shown>> {
  const environment = parseEnvironment("dev", { cluster: "dev", aws, tempo: { dialect } });
  const servers = new LocalServers();
  try {
    const objects = await LocalObjects.start(servers, environment);
    const [http, grpc, otlp] = [await freePort(), await freePort(), await freePort()];
    const place = { room: servers.room("tempo"), http, grpc, s3: objects.port };
    const file = writtenTo(servers, "tempo.yaml", tempoHere(environment, place, otlp));
    const url = `http://127.0.0.1:${http}`;
    await servers.start(`tempo-${dialect}`, [`-config.file=${file}`, "-target=all"], `${url}/ready`, s3Keys);
    const tenants = traceTiers(environment).map(({ tenant }) => tenant);
    const send = async (tenant: string, body: object) => {
      const headers = { "Content-Type": "application/json", "X-Scope-OrgID": tenant };
      const at = `http://127.0.0.1:${otlp}/v1/traces`;
      return (await fetch(at, { method: "POST", headers, body: JSON.stringify(body) })).status;
    };
    let sent = 0;
    const metric = async () => (await fetch(`${url}/metrics`)).text();
    // Blocks are written, listed and merged while spans go on coming.
    await untilTrue("compacted block", 150, async () => {
      for (const tenant of tenants) expect(await send(tenant, call(sent++))).toBe(200);
      if (dialect === "2") await fetch(`${url}/flush`, { method: "POST" });
      for (const path of ["/api/search?q=%7B%7D&start=1&end=2", `/api/traces/${"1".padStart(32, "0")}`])
        await fetch(url + path, { headers: { "X-Scope-OrgID": tenants[0] ?? "" } });
      return /^tempodb_compaction_blocks_total\{.*\} [1-9]/m.test(await metric());
    });
    // Sixteen bytes are too few to be a trace's id when they are eight.
    await send(tenants[0] ?? "", {
      resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: "0".repeat(32), spanId: "1".repeat(16), name: "none" }] }] }],
    });
    await pause(2_000);
    return pageOf(await metric());
  } finally {
    await servers.stop();
  }
}

describe.each(["3", "2"] as const)("Tempo %s", (dialect) => {
  const isHere = (metric: Metric) => (metric.dialect ?? dialect) === dialect;

  testWith(
    `tempo-${dialect}`,
    "shows what the catalogue says of this line, and nothing of what it says of the other",
    async () => {
      const page = await exposedBy(dialect);
      const known = catalogue.metrics.filter(({ source }) => source === "Tempo");
      const shown = ({ name }: Metric) => page.get(name) ?? { types: [], series: 0, labels: new Set<string>() };
      expect(known.filter(isHere).flatMap((metric) => difference(metric, shown(metric)))).toEqual([]);
      expect(known.filter((metric) => !isHere(metric) && shown(metric).series > 0)).toEqual([]);
      const absent = known.filter((metric) => isHere(metric) && shown(metric).series === 0);
      console.log(
        `Tempo ${dialect} shows ${known.filter(isHere).length - absent.length} catalogued metrics; not there:`,
      );
      console.log(absent.map(({ name }) => `${name} (only ${onlyWhere(name)})`).join("\n"));
    },
    300,
  );
});
