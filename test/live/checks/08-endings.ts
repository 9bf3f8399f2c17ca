import type { Pod } from "kubernetes-types/core/v1";
import { deepMerge } from "../../../environment/merge";
import { isReady } from "../../../tools/engine/readiness";
import type { Settings } from "../../../tools/stack-file";
import { killContainers } from "../containers";
import type { Live, LiveCheck } from "../context";
import { expect, Skipped } from "../report";
import { sampleName, type Acknowledged } from "../senders/numbered";
import { secondsSince, until, untilTrue } from "../wait";

/** Seconds for one pod to be Ready again; Loki and Prometheus may write out what they hold first. */
const READY_LIMIT = 300;
/** Seconds for what waits in queues to arrive after the last ending: the longest pause between two attempts is 30 s. */
const ARRIVAL_LIMIT = 180;

/**
 * Samples that VictoriaMetrics may lack, as a share of all: what was sent while Prometheus was away, twice, and what it held
 * in memory. Seen were 6 to 15 %; more, and remote write loses what it should have kept.
 */
const FAR_SHARE = 0.25;
/** Seconds until VictoriaMetrics shows what it has. */
const FAR_LIMIT = 60;
/**
 * Seconds for which Tempo holds the spans of a trace in memory before its WAL has them (2.x: `trace_idle_period` and
 * `flush_check_period`, 1 s each where it is alone, and as much again for what is under way). One replica alone loses
 * them when it is killed; the figure says how many these were.
 */
const TEMPO_MEMORY = 4;

export const endings: LiveCheck = {
  id: 8,
  what: "no ending of a pod loses what was accepted",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    const sender = live.app("numbered");
    // A sampler holds traces in memory until they are decided: what that can lose is documented, not asked here.
    const samples = live.plan.systems.some(({ workloads }) =>
      workloads.some(({ component }) => component === "sampler"),
    );
    const own = samples ? sampleNothing : {};
    if (samples && !(await check.step("sampling off for this check", () => deployed(live, own)))) return;
    await sender.text("POST", "/start", { run: live.id });
    await check.step("the gateway scaled up and down", async () => {
      const two = await deployed(live, deepMerge({ ...own }, { systems: { collector: { replicas: 2 } } }));
      const taken = await until("log records at the second gateway", 90, async () => {
        const [sample] = await live.prometheus.query(ofSecondGateway);
        return sample !== undefined && sample.value > 0 ? sample.value : undefined;
      });
      return `two after ${two}, the second took ${taken} log records, one again after ${await deployed(live, own)}`;
    });
    let tempoKilled = 0;
    await check.step("each pod ended gracefully: Ready again", () => endAll(live, "gracefully"));
    await check.step("each container killed once by SIGKILL: Ready again", async () => {
      if (!live.hermetic) throw new Skipped("processes can be killed from outside on the hermetic node only");
      return endAll(live, "by SIGKILL", ({ metadata }) => {
        if (metadata?.labels?.["app.kubernetes.io/name"] === "tempo") tempoKilled = Date.now();
      });
    });
    await sender.text("POST", "/stop");
    await check.step("everything that the gateway answered with success is found", () =>
      everythingFound(live, tempoKilled),
    );
    if (samples) await check.step("sampling as before", () => deployed(live, {}));
  },
};

const ofSecondGateway = 'sum(otelcol_receiver_accepted_log_records{pod="collector-gateway-1"})';

const sampleNothing: Settings = { sampling: { ratio: 1, minimumDuration: null } };

async function deployed(live: Live, over: Settings): Promise<string> {
  const { seconds } = await live.engine("up", over);
  return `${(seconds + (await live.ready())).toFixed(0)} s`;
}

/** Ends the stack's pods one after the other. @returns the slowest ones */
async function endAll(
  live: Live,
  how: "gracefully" | "by SIGKILL",
  before: (pod: Pod) => void = () => undefined,
): Promise<string> {
  const pods = (await Promise.all(live.namespaces.map((namespace) => live.cluster.pods(namespace)))).flat();
  const times: { name: string; seconds: number }[] = [];
  for (const pod of pods) {
    const begin = Date.now();
    before(pod);
    await (how === "gracefully" ? endGracefully(live, pod) : endByKill(live, pod));
    times.push({ name: pod.metadata?.name ?? "", seconds: secondsSince(begin) });
  }
  const slowest = times.sort((a, b) => b.seconds - a.seconds).slice(0, 4);
  const shown = slowest.map(({ name, seconds }) => `${name} ${seconds.toFixed(0)} s`);
  return `${times.length} pods; slowest: ${shown.join(", ")}`;
}

async function endGracefully(live: Live, { metadata }: Pod): Promise<void> {
  const { namespace = "", name = "", uid = "" } = metadata ?? {};
  await live.cluster.delete(`/api/v1/namespaces/${namespace}/pods/${name}`);
  await untilTrue(`Ready successor of ${name}`, READY_LIMIT, async () => {
    const pods = await live.cluster.pods(namespace, workloadSelector(metadata?.labels));
    return pods.length > 0 && pods.every((pod) => pod.metadata?.uid !== uid && isReady(pod));
  });
}

async function endByKill(live: Live, pod: Pod): Promise<void> {
  const { namespace = "", name = "" } = pod.metadata ?? {};
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  const before = restarts(await live.cluster.get<Pod>(path));
  killContainers(await live.cluster.get<Pod>(path));
  await untilTrue(`restart of ${name}`, READY_LIMIT, async () => {
    const now = await live.cluster.get<Pod>(path);
    return restarts(now) > before && isReady(now);
  });
}

const restarts = ({ status }: Pod) =>
  (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);

function workloadSelector(labels: Readonly<Record<string, string>> = {}): string {
  return ["app.kubernetes.io/name", "app.kubernetes.io/component"].map((key) => `${key}=${labels[key]}`).join(",");
}

/** @param tempoKilled when Tempo got its SIGKILL, in milliseconds since 1970; 0 if it did not */
async function everythingFound(live: Live, tempoKilled: number): Promise<string> {
  const acknowledged = await allAcknowledged(live);
  const { logs, metrics, traces, retries, began, pace } = acknowledged;
  const spans = Object.values(traces).flat();
  expect(logs.length > 0 && metrics.length > 0 && spans.length > 0, "the gateway acknowledged nothing");
  expect(retries > 0, "no request had to be sent again: the gateway's end was not noticed at all");
  const inMemory = (number: number) => {
    const age = tempoKilled - (began + (number - 1) * pace);
    return age >= 0 && age <= TEMPO_MEMORY * 1000;
  };
  let lost = 0;
  const whole = new Set<number>();
  await untilTrue(
    "complete answers",
    ARRIVAL_LIMIT,
    async () => {
      const missing = await missingOf(live, acknowledged, whole);
      lost = missing.spans.filter(inMemory).length;
      const complaints = [
        complaint("log lines", logs, missing.logs),
        complaint("samples", metrics, missing.metrics),
        complaint(
          "spans",
          spans,
          missing.spans.filter((number) => !inMemory(number)),
        ),
      ].filter((text) => text !== "");
      return complaints.length === 0 || complaints.join("; ");
    },
    5,
  );
  const lacking = await lackingInVictoriaMetrics(live, metrics);
  expect(lacking <= metrics.length * FAR_SHARE, `VictoriaMetrics lacks ${lacking} of ${metrics.length} samples`);
  return [
    `${logs.length} log lines, ${spans.length} spans, ${metrics.length} samples; ${retries} requests were sent again`,
    `lost with Tempo's memory when it was killed (at most its last ${TEMPO_MEMORY} s): ${lost} spans`,
    `not in VictoriaMetrics: ${lacking} samples (remote write leaves out what came while Prometheus was down)`,
  ].join("\n");
}

/**
 * Samples that VictoriaMetrics lacks, once it has had the time that it hides new ones for (30 s by default). After a
 * start, Prometheus writes to it only what is newer than the start, and it holds its own last seconds in memory.
 */
async function lackingInVictoriaMetrics(live: Live, metrics: readonly number[]): Promise<number> {
  let lacking = metrics.length;
  await untilTrue(
    "complete answer of VictoriaMetrics",
    FAR_LIMIT,
    async () => {
      const found = await numbersIn(live.victoriametrics.query(sampleQuery(live)));
      lacking = metrics.filter((number) => !found.has(number)).length;
      return lacking === 0;
    },
    5,
  ).catch(() => undefined);
  return lacking;
}

/** What is acknowledged once nothing is under way any more. */
async function allAcknowledged(live: Live): Promise<Acknowledged> {
  let state: Acknowledged | undefined;
  await untilTrue("last acknowledgement", 60, async () => {
    state = await live.app("numbered").json<Acknowledged>("GET", "/acknowledged");
    return state.pending === 0 || `${state.pending} requests are under way`;
  });
  if (state === undefined) throw new Error("the sender does not answer");
  return state;
}

const sampleQuery = (live: Live) => `last_over_time(${sampleName}{run="${live.id}"}[2h])`;

async function numbersIn(samples: Promise<{ labels: Readonly<Record<string, string>> }[]>): Promise<Set<number>> {
  return new Set((await samples).map(({ labels }) => Number(labels["number"])));
}

/**
 * Numbers that were acknowledged and are not found, by signal.
 * @param whole numbers of spans that were found before; those that are found now come to them
 */
async function missingOf(
  live: Live,
  { logs, metrics, traces }: Acknowledged,
  whole: Set<number>,
): Promise<Readonly<Record<"logs" | "metrics" | "spans", readonly number[]>>> {
  const lines = await live.loki.query(`{service_name="numbered"} | run="${live.id}"`, live.since);
  const lineNumbers = new Set(lines.map(({ line }) => Number(line.split(" ").pop())));
  const sampleNumbers = await numbersIn(live.prometheus.query(sampleQuery(live)));
  for (const [traceId, numbers] of Object.entries(traces)) {
    // A trace that is whole is not asked for again: each goes on for minutes, and reading one takes Tempo seconds.
    if (numbers.every((number) => whole.has(number))) continue;
    for (const { attributes } of (await live.tempo.byId(traceId)) ?? []) whole.add(Number(attributes["number"]));
  }
  const without = (wanted: readonly number[], found: ReadonlySet<number>) =>
    wanted.filter((number) => !found.has(number)).sort((a, b) => a - b);
  return {
    logs: without(logs, lineNumbers),
    metrics: without(metrics, sampleNumbers),
    spans: without(Object.values(traces).flat(), whole),
  };
}

function complaint(what: string, wanted: readonly number[], lost: readonly number[]): string {
  return lost.length === 0 ? "" : `${lost.length} of ${wanted.length} ${what} are missing: ${ranges(lost)}`;
}

/** `1-3, 7`: which numbers, short. */
function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  const shown = parts.slice(0, 8).map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  return shown.join(", ") + (parts.length > 8 ? ", …" : "");
}
