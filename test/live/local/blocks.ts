import { parseEnvironment, traceTiers } from "../../../environment";
import { planStack } from "../../../stacks";
import { expect } from "../report";
import { untilTrue } from "../wait";
import { LocalObjects, s3Keys, tempoHere, writtenTo } from "./objects";
import { freePort } from "../../free-port";
import { LocalServers } from "./servers";

const aws = { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } };
/** Two tiers of traces, each a tenant. */
const environment = parseEnvironment("dev", { cluster: "dev", aws, tempo: { dialect: "2" } });

/** A trace of one span that ended now. */
function trace(index: number): object {
  const end = BigInt(Date.now()) * 1_000_000n;
  const times = { startTimeUnixNano: String(end - 20_000_000n), endTimeUnixNano: String(end) };
  const ids = { traceId: index.toString(16).padStart(32, "0"), spanId: index.toString(16).padStart(16, "0") };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "probe" } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [{ ...ids, ...times, name: "probe" }] }] }] };
}

/** Objects as the real Tempo lays them down on the real S3 server, against the lifecycle rules of the bucket. */
export async function checkBlocks(
  step: (what: string, work: () => Promise<string>) => Promise<unknown>,
): Promise<void> {
  const servers = new LocalServers();
  try {
    await step("lifecycle rules reach the blocks of every tier of traces, each after its own time", async () => {
      const objects = await LocalObjects.start(servers, environment);
      const [http, grpc, otlp] = [await freePort(), await freePort(), await freePort()];
      const place = { room: servers.room("tempo"), http, grpc, s3: objects.port };
      const file = writtenTo(servers, "tempo.yaml", tempoHere(environment, place, otlp));
      const url = `http://127.0.0.1:${http}`;
      await servers.start("tempo-2", [`-config.file=${file}`, "-target=all"], `${url}/ready`, s3Keys);
      const tiers = traceTiers(environment);
      for (const [index, { tenant }] of tiers.entries()) {
        const headers = { "Content-Type": "application/json", "X-Scope-OrgID": tenant };
        const body = JSON.stringify(trace(index + 1));
        const answer = await fetch(`http://127.0.0.1:${otlp}/v1/traces`, { method: "POST", headers, body });
        expect(answer.ok, `Tempo answers ${answer.status}: ${await answer.text()}`);
      }
      await untilTrue("a block of each tenant in S3", 60, async () => {
        await fetch(`${url}/flush`, { method: "POST" });
        return tiers.every(({ tenant }) => objects.keys("traces").some((key) => isBlock(key, tenant)));
      });
      const bucket = planStack(environment).storage.aws?.buckets.find(({ content }) => content === "traces");
      const expiring = (bucket?.lifecycle.rules ?? []).flatMap(({ filter, expiration }) =>
        expiration !== undefined && "days" in expiration ? [{ ...filter, ...expiration }] : [],
      );
      const keys = objects.keys("traces");
      const blocks = tiers.map(({ tenant, keep }) => {
        const own = keys.filter((key) => isBlock(key, tenant));
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
      const others = keys.filter((key) => !tiers.some(({ tenant }) => isBlock(key, tenant)));
      const strange = others.filter(
        (key) => !/(^|\/)(tempo_cluster_seed\.json|index\.(json\.gz|pb\.zst)|work\.json)$/.test(key),
      );
      expect(strange.length === 0, `objects of no known kind: ${strange.join(", ")}`);
      return `${blocks.join("; ")}; besides ${others.join(", ") || "nothing"}`;
    });
  } finally {
    await servers.stop();
  }
}

/** `<prefix>/<tenant>/<block id>/<part of the block>` */
const isBlock = (key: string, tenant: string): boolean =>
  new RegExp(`^${environment.storage.prefix}/${tenant}/[0-9a-f-]{36}/[^/]+$`).test(key);
