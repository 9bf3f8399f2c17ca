import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Node } from "kubernetes-types/core/v1";
import { agentsNamespace, portOf } from "../environment";
import { NODE_NAME } from "../tools/testbed/addresses";
import { runningProcess } from "../tools/testbed/processes";
import { resolveTarget, type Target } from "../tools/engine/target";
import { readEnvironment } from "../tools/stack-file";
import { Metrics } from "../test/live/clients/metrics";
import { Service } from "../test/live/clients/service";
import type { Result } from "../test/live/report";
import type { Figure, Measured } from "./measure";

/** MiB of the whole local stack when it has nothing to do; seconds to Ready pods, and to a Ready node of built tools. */
const goals = { memory: 1024, ready: 90, node: 20 } as const;

/** Clock ticks a second in /proc, the same on every Linux of today. */
const TICKS = 100;

/** Memory of the stack's pods, as the kubelet measures it and Prometheus has scraped it. */
export async function memory(): Promise<Measured> {
  const target = await hermetic();
  const environment = readEnvironment("local", target.settings);
  const namespaces = `${environment.namespace}|${agentsNamespace(environment)}`;
  const prometheus = new Metrics(
    new Service(target.cluster, environment.namespace, "prometheus", portOf(environment, "prometheus")),
  );
  const sum = async (metric: string) => {
    const series = `${metric}{namespace=~"${namespaces}",container!="",container!="POD"}`;
    const [total] = await prometheus.query(`sum(${series}) / 2^20`);
    const pods = await prometheus.query(`count(count by (namespace, pod) (${series}))`);
    if (total === undefined) throw new Error(`Prometheus has no ${metric} of the stack's pods`);
    return { value: total.value, note: `${pods[0]?.value ?? 0} pods` };
  };
  return {
    figures: [
      {
        id: "memory.rss",
        what: "resident memory of the local stack",
        unit: "MiB",
        goal: goals.memory,
        ...(await sum("container_memory_rss")),
      },
      {
        id: "memory.working-set",
        what: "working set of the local stack",
        unit: "MiB",
        ...(await sum("container_memory_working_set_bytes")),
      },
    ],
    missing: [],
  };
}

/** From the start of the running node's first process to its Ready condition. */
export async function nodeStart(): Promise<Measured> {
  const what = "kit: first process of the node to Ready";
  const target = await hermetic();
  const { status } = await target.cluster.get<Node>(`/api/v1/nodes/${NODE_NAME}`);
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const first = runningProcess("etcd");
  if (ready?.status !== "True" || first === undefined)
    return { figures: [], missing: [{ what, why: "the node is not ready" }] };
  const booted = Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
  const begin = booted + Number(first.startTime) / TICKS;
  const value = Date.parse(String(ready.lastTransitionTime)) / 1000 - begin;
  const note = "the API server states whole seconds; checks before and the name server after are not counted";
  return { figures: [{ id: "kit.warm", what, value, unit: "s", goal: goals.node, note }], missing: [] };
}

/** What the last live suite measured. */
export function liveResults(root: string): Measured {
  const what = "npm run up of local to the last Ready pod";
  const file = join(root, "build", "e2e", "results.json");
  if (!existsSync(file)) return { figures: [], missing: [{ what, why: "no live suite has run here: npm run e2e" }] };
  const results = JSON.parse(readFileSync(file, "utf8")) as Result[];
  const row = results.find(({ id, ok }) => id === "1.1" && ok !== null);
  const seconds = /(\d+) pods after ([\d.]+) s/.exec(row?.figure ?? "");
  if (seconds === null)
    return { figures: [], missing: [{ what, why: "the last live suite did not deploy the stack" }] };
  const figure: Figure = { id: "up.ready", what, value: Number(seconds[2]), unit: "s", goal: goals.ready };
  return { figures: [{ ...figure, note: `${seconds[1]} pods, from the last live suite` }], missing: [] };
}

function hermetic(): Promise<Target> {
  return resolveTarget({ kind: "hermetic" }, "local", { prepare: false, progress: () => undefined });
}
