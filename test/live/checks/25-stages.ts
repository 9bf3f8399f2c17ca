import { isDeployed, stages, type Stage } from "../../../environment";
import { deepMerge } from "../../../environment/merge";
import { planStack } from "../../../stacks";
import { run } from "../../../tools/engine/engine";
import { stackNamespaces, waitUntilReady } from "../../../tools/engine/readiness";
import type { Settings } from "../../../tools/stack-file";
import { readEnvironment } from "../../../tools/stack-file";
import { newId, Otlp } from "../clients/otlp";
import { Service } from "../clients/service";
import type { Live, LiveCheck } from "../context";
import { demoNamespace } from "../demo";
import { Inbox } from "../inbox";
import { expect } from "../report";
import { APP_PORT } from "../senders/server";
import { secondsSince, until, untilTrue } from "../wait";

/** Scrapes, batches and the first notification take up to half a minute. */
const PATIENCE = 90;

export const stagesAlone: LiveCheck = {
  id: 25,
  what: "each stage deployed alone works",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    const [namespace] = live.namespaces;
    if ((await live.cluster.find(`/api/v1/namespaces/${namespace}`)) !== undefined) {
      return check.skip(this.what, "a stack is deployed; this check deploys and deletes one of its own");
    }
    for (const stage of stages) {
      const settings = settingsOf(stage, live);
      const environment = readEnvironment("local", settings);
      const plan = planStack(environment);
      if (plan.systems.length === 0) {
        check.skip(`${stage} alone`, "Grafana can't be had here, and nothing else belongs to it");
        continue;
      }
      const work = (operation: "up" | "destroy") =>
        run(live.target, "local", operation, { settings, note: (line) => live.report.note(line) });
      try {
        await check.step(`${stage} alone: what is sent comes out`, async () => {
          const begin = Date.now();
          await work("up");
          await waitUntilReady(live.cluster, await stackNamespaces(live.cluster, namespace), { seconds: 180 });
          const ready = secondsSince(begin);
          const pods = await onlyOf(
            live,
            plan.systems.map(({ name }) => name),
          );
          const seen = await signals[stage](live, new Date(begin));
          return `${pods} pods of ${plan.systems.map(({ name }) => name).join(", ")} ready after ${ready.toFixed(0)} s; ${seen}`;
        });
      } finally {
        await check.step(`${stage} alone: down`, async () => {
          const { changes, seconds } = await work("destroy");
          const left = await live.cluster.find(`/api/v1/namespaces/${namespace}`);
          expect(left === undefined, "its namespace is still there");
          return `${changes["delete"] ?? 0} resources in ${seconds.toFixed(0)} s`;
        });
      }
    }
  },
};

/** One stage, and for alerts somebody to tell at once. */
function settingsOf(stage: Stage, { target }: Live): Settings {
  const url = `http://webhook.${demoNamespace}.svc:${APP_PORT}/`;
  const told: Settings = {
    alerting: {
      receivers: ["e2e", "deadman"].map((name) => ({ kind: "webhook", name, url })),
      watchdogReceiver: "deadman",
    },
    systems: { alertmanager: { config: { route: { group_wait: "1s" } } } },
  };
  return deepMerge(deepMerge({ ...target.settings }, { stages: [stage] }), stage === "alerts" ? told : {});
}

/** Every pod belongs to a system that the stage wants. @returns how many there are */
async function onlyOf(live: Live, systems: readonly string[]): Promise<number> {
  const namespaces = await stackNamespaces(live.cluster, live.namespaces[0]);
  const pods = (await Promise.all(namespaces.map((name) => live.cluster.pods(name)))).flat();
  const others = pods.filter(({ metadata }) => !systems.includes(metadata?.labels?.["app.kubernetes.io/name"] ?? ""));
  const names = others.map(({ metadata }) => metadata?.name);
  expect(others.length === 0, `pods of other stages: ${names.join(", ")}`);
  return pods.length;
}

const marker = ({ id }: Live) => `${id}-stage`;
const otlp = (live: Live) => new Otlp(live.cluster, live.namespaces[0], marker(live));

/** One signal of each stage, from where it is sent to where it is read, since it was deployed. @returns what was seen */
const signals: Readonly<Record<Stage, (live: Live, since: Date) => Promise<string>>> = {
  async metrics(live) {
    const name = "e2e_stage_alone";
    const value = Date.now() % 100_000;
    const found = await until("gauge in VictoriaMetrics", PATIENCE, async () => {
      await otlp(live).gauge(name, value);
      const samples = await live.victoriametrics.query(`${name}{service_name="${marker(live)}"}`);
      return samples.find((sample) => sample.value === value);
    });
    const targets = await allUp(live);
    return `a gauge by OTLP is ${found.value} in VictoriaMetrics; ${targets} targets, all up`;
  },
  async logs(live) {
    const text = `line of ${newId(8)}`;
    await otlp(live).line(text);
    const lines = await until("line in Loki", PATIENCE, async () => {
      const found = await live.loki.query(`{service_name="${marker(live)}"} |= "${text}"`, live.since);
      return found.length > 0 ? found : undefined;
    });
    return `${lines.length} line by OTLP found in Loki`;
  },
  async traces(live) {
    const span = { traceId: newId(16), spanId: newId(8), name: "stage", milliseconds: 20 };
    await otlp(live).spans([span]);
    const spans = await until(`trace ${span.traceId}`, PATIENCE, () => live.tempo.byId(span.traceId));
    return `a trace by OTLP found in Tempo, ${spans.length} span`;
  },
  async alerts(live, since) {
    const targets = await allUp(live);
    // It may have come while the targets were waited for, and comes again after minutes only.
    const watchdog = { alertname: "Watchdog" };
    const { alert } = await new Inbox(live, since).arrival("firing", watchdog, PATIENCE, "deadman");
    return `${targets} targets, all up; the webhook is told of ${alert.labels["alertname"]}`;
  },
  async dashboards(live) {
    const environment = readEnvironment("local", settingsOf("dashboards", live));
    expect(isDeployed(environment, "grafana"), "Grafana is not deployed");
    const grafana = new Service(live.cluster, live.namespaces[0], "grafana", 3000);
    const { database } = await grafana.json<{ database: string }>("GET", "/api/health");
    expect(database === "ok", `Grafana's database is ${database}`);
    return "Grafana answers, its database is ok";
  },
};

/** Waits until Prometheus reaches everything that it looks for. @returns how many targets there are */
async function allUp(live: Live): Promise<number> {
  let count = 0;
  await untilTrue("state in which every target is up", PATIENCE, async () => {
    const targets = await live.prometheus.query("up");
    const down = targets
      .filter(({ value }) => value !== 1)
      .map(({ labels }) => `${labels["job"]} ${labels["instance"]}`);
    count = targets.length;
    return down.length === 0 ? count > 0 : `down: ${down.join(", ")}`;
  });
  return count;
}
