import * as fs from "node:fs";
import { parse } from "yaml";
import { traceTiers, type Environment } from "../../../environment";
import type { MajorVersion } from "../../../signals";
import { planStack } from "../../../stacks";
import { yaml } from "../../../stacks/system";
import { freePort } from "../../../tools/free-port";
import { expect } from "../report";
import { untilTrue } from "../wait";
import { LocalObjects, s3Keys, tempoHere, tenantsFile, writtenTo } from "./objects";
import { LocalServers } from "./servers";
import { parseEnvironment } from "../../../stacks/environment";

type Step = (what: string, work: () => Promise<string>) => Promise<unknown>;

const aws = { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } };

/** Two tiers of traces, each a tenant. */
const environmentOf = (majorVersion: MajorVersion) =>
  parseEnvironment("dev", { cluster: "dev", aws, tempo: { majorVersion } });

/** Blocks as each line of the real Tempo lays them down on the real S3 server, and takes them away again. */
export async function checkBlocks(step: Step): Promise<void> {
  for (const majorVersion of ["3", "2"] as const) {
    await step(
      `Tempo ${majorVersion}: lifecycle rules reach the blocks of every tier of traces, each after its own time`,
      () => withTempo(majorVersion, [], reached),
    );
    await step(`Tempo ${majorVersion}: blocks of the tier whose time is up are deleted, those of the other stay`, () =>
      withTempo(majorVersion, ["full"], expired),
    );
  }
}

/** A Tempo of two tenants, and the bucket that it writes to. */
interface Running {
  readonly environment: Environment;
  readonly objects: LocalObjects;
  readonly url: string;
  /** Sends a trace of one span that ended now. @returns its id */
  readonly send: (tenant: string, index: number) => Promise<string>;
}

/** @param short tenants whose blocks are kept for some seconds instead of days */
async function withTempo(
  majorVersion: MajorVersion,
  short: readonly string[],
  work: (running: Running) => Promise<string>,
): Promise<string> {
  const environment = environmentOf(majorVersion);
  const servers = new LocalServers();
  try {
    const objects = await LocalObjects.start(servers, environment);
    const [http, grpc, otlp] = [await freePort(), await freePort(), await freePort()];
    const place = { room: servers.room("tempo"), http, grpc, s3: objects.port };
    const file = writtenTo(servers, "tempo.yaml", tempoHere(environment, place, otlp));
    keepFor(seconds(KEPT), short, tenantsFile(place));
    const url = `http://127.0.0.1:${http}`;
    await servers.start(`tempo-${majorVersion}`, [`-config.file=${file}`, "-target=all"], `${url}/ready`, s3Keys);
    const send = async (tenant: string, index: number) => {
      const { traceId, body } = trace(index);
      const headers = { "Content-Type": "application/json", "X-Scope-OrgID": tenant };
      const answer = await fetch(`http://127.0.0.1:${otlp}/v1/traces`, { method: "POST", headers, body });
      expect(answer.ok, `Tempo answers ${answer.status}: ${await answer.text()}`);
      return traceId;
    };
    return await work({ environment, objects, url, send });
  } finally {
    await servers.stop();
  }
}

/** Seconds for which the blocks of a tenant are kept that are to expire while somebody watches. */
const KEPT = 10;
const seconds = (count: number) => `${count}s`;

/** Changes the rendered limits of tenants: how long their blocks are kept, and nothing else. */
function keepFor(time: string, tenants: readonly string[], file: string): void {
  const limits = parse(fs.readFileSync(file, "utf8")) as {
    overrides: Record<string, { compaction: { block_retention: string } }>;
  };
  for (const tenant of tenants) {
    const own = limits.overrides[tenant];
    if (own === undefined) throw new Error(`${tenant} is no tenant of ${file}`);
    own.compaction.block_retention = time;
  }
  fs.writeFileSync(file, yaml(limits));
}

function trace(index: number): { traceId: string; body: string } {
  const end = BigInt(Date.now()) * 1_000_000n;
  const times = { startTimeUnixNano: String(end - 20_000_000n), endTimeUnixNano: String(end) };
  const ids = { traceId: index.toString(16).padStart(32, "0"), spanId: index.toString(16).padStart(16, "0") };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "probe" } }] };
  const spans = [{ ...ids, ...times, name: "probe" }];
  return { traceId: ids.traceId, body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }) };
}

/** `<prefix>/<tenant>/<block id>/<part of the block>` */
const isBlock = ({ storage }: Environment, key: string, tenant: string): boolean =>
  new RegExp(`^${storage.prefix}/${tenant}/[0-9a-f-]{36}/[^/]+$`).test(key);

/** Waits until each tenant has a block in S3. */
async function untilWritten({ environment, objects, url }: Running): Promise<void> {
  await untilTrue("a block of each tenant in S3", 60, async () => {
    // Tempo 3 knows no such request: it writes its blocks when they are old enough.
    await fetch(`${url}/flush`, { method: "POST" });
    return traceTiers(environment).every(({ tenant }) =>
      objects.keys("traces").some((key) => isBlock(environment, key, tenant)),
    );
  });
}

async function reached(running: Running): Promise<string> {
  const { environment, objects, send } = running;
  const tiers = traceTiers(environment);
  for (const [index, { tenant }] of tiers.entries()) await send(tenant, index + 1);
  await untilWritten(running);
  const bucket = planStack(environment).storage.aws?.buckets.find(({ content }) => content === "traces");
  const expiring = (bucket?.lifecycle.rules ?? []).flatMap(({ filter, expiration }) =>
    expiration !== undefined && "days" in expiration ? [{ ...filter, ...expiration }] : [],
  );
  const keys = objects.keys("traces");
  const blocks = tiers.map(({ tenant, keep }) => {
    const own = keys.filter((key) => isBlock(environment, key, tenant));
    const rules = expiring.filter(({ prefix }) => own.some((key) => key.startsWith(prefix)));
    const [rule] = rules;
    expect(rules.length === 1, `${rules.length} rules reach the blocks of ${tenant}`);
    expect(
      own.every((key) => key.startsWith(rule?.prefix ?? "–")),
      `a block of ${tenant} is not reached`,
    );
    expect((rule?.days ?? 0) > keep.days, `the rule for ${tenant} deletes before Tempo does`);
    return `${own.length} objects of ${tenant} after ${rule?.days ?? 0} days, kept for ${keep.toString()}`;
  });
  // What Tempo needs for longer than a block it writes anew at each poll, or it lies beside the tenants.
  const others = keys.filter((key) => !tiers.some(({ tenant }) => isBlock(environment, key, tenant)));
  const strange = others.filter(
    (key) => !/(^|\/)(tempo_cluster_seed\.json|index\.(json\.gz|pb\.zst)|work\.json)$/.test(key),
  );
  expect(strange.length === 0, `objects of no known kind: ${strange.join(", ")}`);
  return `${blocks.join("; ")}; besides ${others.join(", ") || "nothing"}`;
}

async function expired(running: Running): Promise<string> {
  const { environment, objects, url, send } = running;
  const keys = (tenant: string) => objects.keys("traces").filter((key) => isBlock(environment, key, tenant));
  /** Whether the blocks in S3 alone answer for a trace. */
  const found = async (tenant: string, traceId: string) => {
    const answer = await fetch(`${url}/api/traces/${traceId}?mode=blocks`, { headers: { "X-Scope-OrgID": tenant } });
    expect(answer.ok || answer.status === 404, `Tempo answers ${answer.status}: ${await answer.text()}`);
    return answer.ok;
  };
  const [short = "", long = ""] = traceTiers(environment).map(({ tenant }) => tenant);
  const [goes, stays] = [await send(short, 1), await send(long, 2)];
  const begin = Date.now();
  await untilWritten(running);
  const before = keys(short).length;
  await untilTrue("the trace that stays, from S3", 60, () => found(long, stays));
  await untilTrue(`end of the blocks of ${short}`, 120, () => Promise.resolve(keys(short).length === 0));
  const took = (Date.now() - begin) / 1000;
  expect(took >= KEPT, `gone after ${took.toFixed(0)} s already`);
  await untilTrue(`end of the trace of ${short}`, 30, async () => !(await found(short, goes)));
  const kept = keys(long).length;
  expect(kept > 0 && (await found(long, stays)), `${kept} objects of ${long} are left, and its trace is not found`);
  const deleted = /^tempodb_retention_deleted_total (\d+)/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];
  expect(Number(deleted) > 0, "Tempo has not counted a block that it deleted");
  return `${before} objects of ${short}, kept for ${KEPT} s, were gone ${took.toFixed(0)} s after the span; ${kept} of ${long} stay and answer; Tempo counts ${deleted} deleted blocks`;
}
