import { traceTiers, type Environment, portOf } from "../../../environment";
import { defaultsOf } from "../../../environment/defaults";
import { deepMerge } from "../../../environment/merge";
import type { Settings } from "../../../tools/stack-file";
import { readEnvironment } from "../../../tools/stack-file";
import { newId, Otlp, type SpanToSend } from "../clients/otlp";
import { Service } from "../clients/service";
import { Traces } from "../clients/traces";
import type { Live, LiveCheck } from "../context";
import { deployApp, demoNamespace, removeApp } from "../demo";
import { expect } from "../report";
import { APP_PORT } from "../senders/server";
import { secondsSince, until, untilTrue } from "../wait";
import { composition } from "../../../stacks/systems";

/** The kinds of traces of prod, and how many of each are sent; every trace has three spans. */
const sent = {
  /** Neither failed nor slow, and long enough to count: a share is kept. */
  plain: { count: 1_600, milliseconds: 50, failed: false },
  /** Shorter than what prod keeps. */
  short: { count: 200, milliseconds: 4, failed: false },
  /** As short, but failed: all are kept. */
  failed: { count: 100, milliseconds: 4, failed: true },
  slow: { count: 100, milliseconds: 6_000, failed: false },
} as const;
type Kind = keyof typeof sent;
const kinds = Object.keys(sent) as Kind[];
const total = kinds.reduce((sum, kind) => sum + sent[kind].count, 0);
const spansOfTrace = 3;
/** Traces in one request, their spans in two. */
const batch = 100;

/** A sampler decides after 10 s; queues, Tempo and its search take the rest. */
const PATIENCE = 90;
const CLIENT = "tiered";

export const samplers: LiveCheck = {
  id: 26,
  what: "prod's tiers and sampling of traces on a real cluster",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    const settings = prodsTraces();
    const environment = readEnvironment("local", deepMerge({ ...live.target.settings }, settings));
    const service = `${live.id}-sampled`;
    const tier = (name: "full" | "sampled") => tracesOf(live, environment, name);
    try {
      const deployed = await check.step(
        "two gateways before two samplers, Tempo with a tenant for each tier",
        async () => {
          const { seconds } = await live.engine("up", settings);
          return `ready after ${(seconds + (await live.ready(240))).toFixed(0)} s`;
        },
      );
      if (!deployed) return;
      await check.step(`the full tier has each of ${total} traces whole`, async () => {
        const begin = Date.now();
        await sendAll(new Otlp(live.cluster, environment.namespace, service));
        const seconds = secondsSince(begin);
        await untilTrue("all traces in the full tier", PATIENCE, async () => {
          const found = await Promise.all(kinds.map((kind) => whole(tier("full"), service, kind)));
          const missing = kinds.filter((kind, index) => found[index]?.size !== sent[kind].count);
          return (
            missing.length === 0 || missing.map((kind) => `${kind}: ${found[kinds.indexOf(kind)]?.size}`).join(", ")
          );
        });
        return `${total} traces of ${spansOfTrace} spans sent in ${seconds.toFixed(0)} s, the spans of each in two requests`;
      });
      await check.step("the sampled tier has a share of them, whole, and all that failed or were slow", () =>
        sampledAsAsked(tier("sampled"), service, environment),
      );
      await check.step("span metrics count every span, sampled or not", async () => {
        const expected = total * spansOfTrace;
        await untilTrue(`${expected} calls in the span metrics`, PATIENCE, async () => {
          const query = `sum(traces_spanmetrics_calls_total{service="${service}"})`;
          const [sample] = await live.prometheus.query(query);
          return sample?.value === expected || `${sample?.value ?? 0} calls`;
        });
        return `traces_spanmetrics_calls_total is ${expected}`;
      });
      await check.step("clients of Jaeger and Zipkin, which name no tenant, through the gateway", () =>
        otherProtocols(live, environment, tier("full")),
      );
    } finally {
      await removeApp(live.cluster, CLIENT);
      await check.step("one tier again, and the second ones' volumes are gone", () => oneTier(live));
    }
  },
};

/** What prod says of traces, on the servers of this environment. */
function prodsTraces(): Settings {
  const { sampling, retention } = defaultsOf("prod", composition) as {
    sampling: Settings;
    retention: { traces: Settings };
  };
  return {
    sampling,
    retention: { traces: { ...retention.traces, keep: null } },
    systems: { collector: { replicas: 2 } },
  };
}

function tracesOf({ cluster }: Live, environment: Environment, wanted: "full" | "sampled"): Traces {
  const tenant = traceTiers(environment).find(({ name }) => name === wanted)?.tenant ?? "";
  const headers = { "X-Scope-OrgID": tenant };
  return new Traces(new Service(cluster, environment.namespace, "tempo", portOf(environment, "tempo"), headers));
}

/** All kinds mixed; the roots of a batch in one request and the rest in another, which may meet another gateway. */
async function sendAll(otlp: Otlp): Promise<void> {
  const all = kinds.flatMap((kind) =>
    Array.from({ length: sent[kind].count }, () => ({ kind, traceId: newId(16), root: newId(8) })),
  );
  const mixed = all.sort((one, other) => (one.traceId < other.traceId ? -1 : 1));
  for (let from = 0; from < mixed.length; from += batch) {
    const some = mixed.slice(from, from + batch);
    // How long a trace took is from its first start to its last end: they all end at once, whenever they are sent.
    const end = Date.now();
    await otlp.spans(some.map(({ kind, traceId, root }) => span(kind, traceId, root, end)));
    await otlp.spans(
      some.flatMap(({ kind, traceId, root }) =>
        [0, 1].map(() => ({ ...span(kind, traceId, newId(8), end), parentSpanId: root, failed: false })),
      ),
    );
  }
}

const span = (kind: Kind, traceId: string, spanId: string, end: number): SpanToSend => ({
  traceId,
  spanId,
  name: kind,
  milliseconds: sent[kind].milliseconds,
  end,
  failed: sent[kind].failed,
  attributes: { "e2e.kind": kind },
});

const all = (traces: Traces, service: string, kind: Kind, more = "") =>
  traces.search(`{ resource.service.name = "${service}" && span.e2e.kind = "${kind}" }${more}`, 900, total * 2);

/** Ids of the traces of a kind that have all their spans. */
const whole = async (traces: Traces, service: string, kind: Kind) =>
  new Set(await all(traces, service, kind, ` | count() = ${spansOfTrace}`));

async function sampledAsAsked(traces: Traces, service: string, { sampling }: Environment): Promise<string> {
  const always = ["failed", "slow"] as const;
  await untilTrue("all failed and slow traces in the sampled tier", PATIENCE, async () => {
    const found = await Promise.all(always.map(async (kind) => (await whole(traces, service, kind)).size));
    return (
      found.every((count, index) => count === sent[always[index] ?? "slow"].count) || `${found.join(" and ")} of them`
    );
  });
  // Of a share of n traces six standard deviations; a right sampler is beyond that once in 500 million runs.
  const { count } = sent.plain;
  const expected = count * sampling.ratio;
  const most = 6 * Math.sqrt(count * sampling.ratio * (1 - sampling.ratio));
  // The last traces are decided as late as all: what was slow among them is there already.
  const plain = await until("a share that no longer grows", PATIENCE, async () => {
    const before = await all(traces, service, "plain");
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const after = await all(traces, service, "plain");
    return after.length > 0 && after.length === before.length ? after : undefined;
  });
  const complete = await whole(traces, service, "plain");
  expect(plain.length === complete.size, `${plain.length - complete.size} traces of ${plain.length} are not whole`);
  const off = Math.abs(plain.length - expected);
  expect(off <= most, `${plain.length} of ${count} kept; ${expected} expected, give or take ${most.toFixed(0)}`);
  const short = await all(traces, service, "short");
  expect(short.length === 0, `${short.length} that are shorter than ${sampling.minimumDuration?.toString()} are kept`);
  return `${plain.length} of ${count} at ${sampling.ratio} (${expected} expected), all ${sent.failed.count} that failed, all ${sent.slow.count} slower than ${sampling.slowerThan.toString()}, none of ${sent.short.count} shorter than ${sampling.minimumDuration?.toString()}`;
}

async function otherProtocols(live: Live, environment: Environment, full: Traces): Promise<string> {
  await deployApp(live.cluster, environment, "checkout", CLIENT);
  const app = new Service(live.cluster, demoNamespace, CLIENT, APP_PORT);
  const seen: string[] = [];
  for (const protocol of ["jaeger", "zipkin"]) {
    const { traceId } = await app.json<{ traceId: string }>("POST", `/${protocol}`, { correlation_id: live.id });
    const spans = await until(`trace ${traceId} of ${protocol}`, PATIENCE, () => full.byId(traceId));
    seen.push(`${protocol}: ${spans.length} spans`);
  }
  return seen.join(", ");
}

async function oneTier(live: Live): Promise<string> {
  await live.engine("up");
  const seconds = await live.ready(240);
  const { namespace } = live.environment;
  for (const name of ["gateway-1", "sampler-0", "sampler-1"])
    await live.cluster.delete(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/data-collector-${name}`);
  return `ready after ${seconds.toFixed(0)} s`;
}
