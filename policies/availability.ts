import type { DeploymentSpec } from "kubernetes-types/apps/v1";
import type { PodDisruptionBudgetSpec } from "kubernetes-types/policy/v1";
import type { Finding, Resource, ResourcePolicy, StackPolicy } from "./policy";
import { isKubernetes, kindOf, metadataOf, ofKind, podOf, selects, specOf } from "./resources";

/** Kinds with a number of replicas; a DaemonSet has one on each node. */
const replicated = ["Deployment", "StatefulSet"];

const replicasOf = (resource: Resource): number => specOf<DeploymentSpec>(resource).replicas ?? 1;

export const replicasInProd: ResourcePolicy = {
  kind: "resource",
  name: "replicas-in-prod",
  reason: "A server with one replica is away whenever its node is, alerts and dashboards with it.",
  fix: "run at least 2 replicas",
  severity: "mandatory",
  check(resource, { profile }) {
    if (profile !== "prod" || !isKubernetes(resource) || !replicated.includes(kindOf(resource))) return [];
    const replicas = replicasOf(resource);
    const count = replicas === 1 ? "1 replica" : `${replicas} replicas`;
    return replicas >= 2 ? [] : [{ subject: "replicas", problem: `runs ${count}` }];
  },
};

export const disruptionBudgets: StackPolicy = {
  kind: "stack",
  name: "disruption-budgets",
  reason: "Without a budget an upgrade of the nodes may end all replicas at once; with an empty one it never ends.",
  fix: "add a PodDisruptionBudget with maxUnavailable: 1 that selects the workload's pods",
  severity: "mandatory",
  check(resources, { profile }) {
    if (profile !== "prod") return [];
    const budgets = ofKind(resources, "PodDisruptionBudget");
    return ofKind(resources, ...replicated).flatMap((workload): Finding[] => {
      const replicas = replicasOf(workload);
      if (replicas < 2) return [];
      const own = budgets.filter((budget) => covers(budget, workload));
      if (own.length === 0) {
        return [{ resource: workload, subject: "budget", problem: `runs ${replicas} replicas without a budget` }];
      }
      return own
        .filter((budget) => allowsNothing(budget, replicas))
        .map((resource) => ({ resource, subject: "budget", problem: `never lets any of ${replicas} replicas go` }));
    });
  },
};

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
