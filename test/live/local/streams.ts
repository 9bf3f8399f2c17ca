import { logsKept } from "../../../environment";
import { planStack } from "../../../stacks";
import { expect } from "../report";
import { until, untilTrue } from "../wait";
import { LocalObjects, lokiHere, s3Keys, writtenTo } from "./objects";
import { freePort } from "../../../tools/free-port";
import { LocalServers } from "./servers";
import { parseEnvironment } from "../../../stacks/environment";

const hour = 3_600;

/** `local` with one stream that is kept for the least that Loki takes, and its neighbour for a week. */
const environment = parseEnvironment("local", {
  retention: { logs: { keep: "7d", streams: [{ selector: '{probe="short"}', priority: 1, keep: "24h" }] } },
});

/** Lines of two streams, thirty hours old, through the real Loki on the real S3 server. */
export async function checkStreams(
  step: (what: string, work: () => Promise<string>) => Promise<unknown>,
): Promise<void> {
  const servers = new LocalServers();
  try {
    const objects = await LocalObjects.start(servers, environment);
    const [http, grpc] = [await freePort(), await freePort()];
    const configured = (room: string) =>
      writtenTo(
        servers,
        "loki.yaml",
        lokiHere(environment, { room: servers.room(room), http, grpc, s3: objects.port }),
      );
    const file = configured("state");
    const url = `http://127.0.0.1:${http}`;
    const headers = { "X-Scope-OrgID": environment.tenant, "Content-Type": "application/json" };
    const start = () => servers.start("loki", [`-config.file=${file}`, "-target=all"], `${url}/ready`, s3Keys);
    const old = Date.now() / 1000 - 30 * hour;
    const count = async (probe: string): Promise<number> => {
      const query = new URLSearchParams({
        query: `{probe="${probe}"}`,
        start: String(Math.floor(old - hour)),
        end: String(Math.ceil(old + hour)),
        limit: "1000",
      });
      const answer = await fetch(`${url}/loki/api/v1/query_range?${query.toString()}`, { headers });
      const { data } = (await answer.json()) as { data: { result: { values: unknown[] }[] } };
      return data.result.reduce((sum, { values }) => sum + values.length, 0);
    };
    const chunks = () =>
      objects.keys("logs").filter((key) => key.startsWith(`${environment.storage.prefix}/${environment.tenant}/`));

    await step("a stream whose retention ended goes, with its objects, and its neighbour stays", async () => {
      const server = await start();
      const streams = ["short", "long"].map((probe) => ({
        stream: { probe },
        values: Array.from({ length: 100 }, (_, index) => [
          String(BigInt(Math.round(old + index)) * 10n ** 9n),
          `${probe} ${index}`,
        ]),
      }));
      const body = JSON.stringify({ streams });
      const answer = await fetch(`${url}/loki/api/v1/push`, { method: "POST", headers, body });
      expect(answer.ok, `Loki answers ${answer.status}: ${await answer.text()}`);
      // On its way out it writes chunks and index to S3; what starts next finds them there.
      await servers.end(server);
      const before = chunks().length;
      expect(before >= 2, `${before} chunks in S3`);
      const working = await start();
      const after = await until("deletion of the chunk", 300, async () => {
        const now = chunks().length;
        return Promise.resolve(now < before ? now : undefined);
      });
      // A replica keeps its own index and its chunks in memory for minutes: one without a past answers from S3 alone.
      await servers.end(working);
      configured("another-state");
      await start();
      await untilTrue("the neighbour's lines from S3", 60, async () => (await count("long")) === 100);
      const left = await count("short");
      expect(left === 0, `${left} lines of the short stream are left`);
      return `100 lines of 30 h gone after 24 h, 100 of the neighbour stay; chunks in S3: ${before} → ${after}`;
    });

    await step("lifecycle rules reach the chunks of the tenant and never the index", async () => {
      const aws = { region: "us-west-2", account: "123456789012", identity: { kind: "pod-identity" } };
      const cloud = parseEnvironment("dev", { cluster: "dev", aws });
      const rules =
        planStack(cloud).storage.aws?.buckets.find(({ content }) => content === "logs")?.lifecycle.rules ?? [];
      const expiring = rules.flatMap(({ filter, expiration }) =>
        expiration !== undefined && "days" in expiration ? [{ ...filter, ...expiration }] : [],
      );
      const keys = objects.keys("logs");
      const reached = keys.filter((key) => expiring.some(({ prefix }) => key.startsWith(prefix)));
      const index = keys.filter((key) => key.includes("/index/"));
      expect(index.length > 0, "no index in S3");
      expect(reached.length > 0, "no rule reaches a chunk");
      expect(!reached.some((key) => key.includes("/index/")), "a rule reaches the index");
      expect(keys.length === reached.length + index.length, "an object is neither chunk nor index");
      const [rule] = expiring;
      expect((rule?.days ?? 0) > logsKept(cloud).days, "the rule deletes before Loki does");
      return `${reached.length} chunks below ${rule?.prefix ?? ""}, ${index.length} objects of the index beside them`;
    });
  } finally {
    await servers.stop();
  }
}
