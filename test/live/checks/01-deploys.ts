import type { Pod } from "kubernetes-types/core/v1";
import { isReady } from "../../../tools/engine/readiness";
import type { LiveCheck } from "../context";
import { expect } from "../report";
import { secondsSince } from "../wait";

/** Seconds from the start of `up` to the last pod's Ready, with all images present. */
const GOAL = 90;

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
    await check.step("versions as they run", async () => {
      const tempo = await live.tempo.version();
      const dialect = live.environment.tempo.dialect;
      const others = live.plan.systems
        .filter(({ name }) => name !== "tempo")
        .map(({ name, version }) => `${name} ${version}`);
      return [`tempo ${tempo} (dialect ${dialect})`, ...others, `Kubernetes ${live.target.kubernetes}`].join(", ");
    });
  },
};

const restarts = ({ status }: Pod) =>
  (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
