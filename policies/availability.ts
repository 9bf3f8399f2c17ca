import type { DeploymentSpec } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscalerSpec } from "kubernetes-types/autoscaling/v2";
import type { PodDisruptionBudgetSpec } from "kubernetes-types/policy/v1";
import type { Finding, Resource, StackPolicy } from "./policy";
import { containersOf, kindOf, labelsOf, metadataOf, ofKind, podOf, selects, specOf } from "./resources";

/** Kinds with a number of replicas; a DaemonSet has one on each node. */
const replicated = ["Deployment", "StatefulSet"];

/** Workloads of several zones that are one component have this label with one value, and run the same images. */
const zonesOfLabel = "observability/zones-of";

/** The replicas of one server: those of a workload, or of its workloads in all zones. */
interface Server {
  readonly workloads: readonly Resource[];
  /** The least that run: the minimum where an autoscaler decides. */
  readonly least: number;
  readonly autoscaled: boolean;
}

function serversOf(resources: readonly Resource[]): readonly Server[] {
  const groups = new Map<string, Resource[]>();
  for (const workload of ofKind(resources, ...replicated)) {
    const key = serverKey(workload);
    groups.set(key, [...(groups.get(key) ?? []), workload]);
  }
  const scalers = ofKind(resources, "HorizontalPodAutoscaler");
  return [...groups.values()].map((workloads) => {
    const counts = workloads.map((workload) => {
      const bounds = scalers.filter((scaler) => scales(scaler, workload)).map(minimumOf);
      return { autoscaled: bounds.length > 0, least: bounds[0] ?? specOf<DeploymentSpec>(workload).replicas ?? 1 };
    });
    return {
      workloads,
      least: counts.reduce((sum, { least }) => sum + least, 0),
      autoscaled: counts.some(({ autoscaled }) => autoscaled),
    };
  });
}

/** Equal for the workloads of one server. The label alone would let anything count as a replica of anything. */
function serverKey(workload: Resource): string {
  const { namespace = "" } = metadataOf(workload);
  const zones = labelsOf(workload)[zonesOfLabel];
  if (zones === undefined) return JSON.stringify([namespace, kindOf(workload), workload.name]);
  const pod = podOf(workload);
  const images = pod === undefined ? [] : containersOf(pod).map(({ image }) => image);
  return JSON.stringify([namespace, kindOf(workload), zones, images, "zones"]);
}

function scales(scaler: Resource, workload: Resource): boolean {
  const { scaleTargetRef: target } = specOf<HorizontalPodAutoscalerSpec>(scaler);
  const { name, namespace } = metadataOf(workload);
  return metadataOf(scaler).namespace === namespace && target?.kind === kindOf(workload) && target.name === name;
}

/** Kubernetes' own default is one. */
const minimumOf = (scaler: Resource): number => specOf<HorizontalPodAutoscalerSpec>(scaler).minReplicas ?? 1;

const printed = (count: number) => (count === 1 ? "1 replica" : `${count} replicas`);

export const replicasInProd: StackPolicy = {
  kind: "stack",
  name: "replicas-in-prod",
  reason: "A server with one replica is away whenever its node is, alerts and dashboards with it.",
  fix: "run at least 2 replicas",
  severity: "mandatory",
  check(resources, { profile }) {
    if (profile !== "prod") return [];
    return serversOf(resources)
      .filter(({ least }) => least < 2)
      .flatMap(({ workloads, least, autoscaled }) => {
        const problem = `runs ${printed(least)}${autoscaled ? " when it has little to do" : ""}`;
        return workloads.map((resource): Finding => ({ resource, subject: "replicas", problem }));
      });
  },
};

export const disruptionBudgets: StackPolicy = {
  kind: "stack",
  name: "disruption-budgets",
  reason: "Without a budget an upgrade of the nodes may end all replicas at once; with an empty one it never ends.",
  fix: "add one PodDisruptionBudget with maxUnavailable: 1 that selects the pods of all its replicas",
  severity: "mandatory",
  check(resources, { profile }) {
    if (profile !== "prod") return [];
    const budgets = ofKind(resources, "PodDisruptionBudget");
    return serversOf(resources)
      .filter(({ least }) => least >= 2)
      .flatMap((server) => budgetFindings(server, budgets));
  },
};

function budgetFindings({ workloads, least }: Server, budgets: readonly Resource[]): Finding[] {
  const subject = "budget";
  const all = budgets.filter((budget) => workloads.every((workload) => covers(budget, workload)));
  const several = workloads.length > 1 ? ` in ${workloads.length} zones` : "";
  const problems = workloads.flatMap((resource): Finding[] => {
    const own = budgets.filter((budget) => covers(budget, resource));
    // The API refuses to evict a pod that two budgets select.
    if (own.length > 1) return [{ resource, subject, problem: `has ${own.length} budgets, with which no pod may go` }];
    if (all.length > 0) return [];
    const which = own.length > 0 ? "with a budget for each zone alone" : "without a budget";
    return [{ resource, subject, problem: `runs ${printed(least)}${several} ${which}` }];
  });
  return [
    ...problems,
    ...all
      .filter((budget) => allowsNothing(budget, least))
      .map((resource) => ({ resource, subject, problem: `never lets any of ${printed(least)} go` })),
  ];
}

function covers(budget: Resource, workload: Resource): boolean {
  if (metadataOf(budget).namespace !== metadataOf(workload).namespace) return false;
  const { selector } = specOf<PodDisruptionBudgetSpec>(budget);
  return selects(selector?.matchLabels, podOf(workload)?.metadata?.labels);
}

function allowsNothing(budget: Resource, replicas: number): boolean {
  const { maxUnavailable, minAvailable } = specOf<PodDisruptionBudgetSpec>(budget);
  const none = maxUnavailable === 0 || maxUnavailable === "0%";
  const all = minAvailable === "100%" || (typeof minAvailable === "number" && minAvailable >= replicas);
  return none || all;
}
