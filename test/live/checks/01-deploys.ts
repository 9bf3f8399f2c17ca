import type { Pod } from "kubernetes-types/core/v1";
import { isReady } from "../../../tools/engine/readiness";
import type { SystemName } from "../../../environment";
import type { Live, LiveCheck } from "../context";
import { expect } from "../report";
import { secondsSince, until } from "../wait";

/** Seconds from the start of `up` to the last pod's Ready, with all images present. */
const GOAL = 90;
/** Two scrapes, and the time of a server that comes last. */
const SCRAPED_WITHIN = 60;

export const deploys: LiveCheck = {
  id: 1,
  what: "up deploys everything",
  smoke: true,
  async run(live) {
    const check = live.report.check(this.id);
    await check.step(`up of local: every pod Ready (goal ${GOAL} s)`, async () => {
      const begin = Date.now();
      const { changes } = await live.engine("up");
      await live.ready();
      const seconds = secondsSince(begin);
      const pods = (await Promise.all(live.namespaces.map((name) => live.cluster.pods(name)))).flat();
      const created = Object.entries(changes).map(([operation, count]) => `${count} ${operation}`);
      const figure = `${pods.length} pods after ${seconds.toFixed(1)} s (${created.join(", ")})`;
      expect(seconds <= GOAL, `${figure}: slower than the goal`);
      return figure;
    });
    await check.step("every workload of the plan has its pods, none restarted", async () => {
      const workloads = live.plan.systems.flatMap(({ workloads }) => workloads);
      for (const { system, component, namespace, kind, replicas } of workloads) {
        const selector = `app.kubernetes.io/name=${system},app.kubernetes.io/component=${component}`;
        const pods = await live.cluster.pods(namespace, selector);
        const wanted = kind === "DaemonSet" ? 1 : replicas;
        const ready = pods.filter(isReady).length;
        expect(ready >= wanted, `${system}-${component}: ${ready} of ${wanted} pods are Ready`);
        const restarted = pods.filter((pod) => restarts(pod) > 0);
        const names = restarted.map((pod) => `${pod.metadata?.name} ${restarts(pod)} times`);
        expect(restarted.length === 0, `restarted: ${names.join(", ")}`);
      }
      return `${workloads.length} workloads: ${workloads.map(({ system, component }) => `${system}-${component}`).join(", ")}`;
    });
    if (live.plan.systems.every(({ name }) => name !== "grafana")) {
      check.skip("Grafana", "its image can't be had from package registries; any other cluster gets it");
    }
    await check.step("servers are of the version that was planned, as they say themselves", () => versions(live));
  },
};

/** The metric in which a server tells its own version. */
const versionIn: Partial<Record<SystemName, string>> = {
  prometheus: "prometheus_build_info",
  victoriametrics: "vm_app_version",
  vmagent: "vm_app_version",
  vmalert: "vm_app_version",
  loki: "loki_build_info",
  tempo: "tempo_build_info",
  grafana: "grafana_build_info",
  alertmanager: "alertmanager_build_info",
  "node-exporter": "node_exporter_build_info",
};

async function versions(live: Live): Promise<string> {
  const { systems } = live.plan;
  const told = await until("version of every server in Prometheus", SCRAPED_WITHIN, async () => {
    const all = await Promise.all(
      systems.map(async ({ name, version }) => {
        const metric = versionIn[name];
        if (metric === undefined) return [];
        const samples = await live.prometheus.query(`${metric}{job="${name}"}`);
        if (samples.length === 0) throw new Error(`${name} has not told it yet`);
        const found = samples.map(({ labels }) => labels["short_version"] ?? labels["version"] ?? "");
        return [{ name, version, found: [...new Set(found.map((text) => text.replace(/^v/, "")))].join(" and ") }];
      }),
    );
    return all.flat();
  });
  const wrong = told.filter(({ version, found }) => version !== found);
  expect(wrong.length === 0, wrong.map(({ name, version, found }) => `${name} is ${found}, not ${version}`).join("; "));
  const silent = systems.filter(({ name }) => versionIn[name] === undefined).map(({ name }) => name);
  return [
    told.map(({ name, found }) => `${name} ${found}`).join(", "),
    `Tempo's major version is ${live.environment.tempo.majorVersion}; Kubernetes ${live.target.kubernetes}; not asked: ${silent.join(", ")}`,
  ].join("\n");
}

const restarts = ({ status }: Pod) =>
  (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
