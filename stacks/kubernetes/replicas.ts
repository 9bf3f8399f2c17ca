import { workloadName, type WorkloadArgs } from "./args";
import { objectLabels, selectorLabels, type KubernetesObject, type Labels } from "./objects";

/** On the workloads of one component in several zones, and on their pods: the name that they have together. */
const zonesOfLabel = "observability/zones-of";

/** Whether there may be several pods of its component, of which one may be missed at a time. */
export function isReplicated({ kind, replicas, autoscaling, zoned }: WorkloadArgs): boolean {
  return kind !== "DaemonSet" && (zoned?.replicas ?? autoscaling?.maxReplicas ?? replicas) > 1;
}

/** What a workload and its pods are labelled with where its component is a workload for each zone. */
export function zoneLabels({ system, zoned }: WorkloadArgs): Labels {
  return zoned === undefined ? {} : { [zonesOfLabel]: workloadName({ system, component: zoned.component }) };
}

/** The labels that all pods of a component have, those in other zones included, and no other pod. */
export function replicaLabels(args: WorkloadArgs): Record<string, string> {
  return args.zoned === undefined ? selectorLabels(args.system, args.component) : { ...zoneLabels(args) };
}

/** One pod at a time. Of zones the first has it, for all of them: with one each, a pod of each could go at once. */
export function disruptionBudget(args: WorkloadArgs): KubernetesObject[] {
  const { system, namespace, version, zoned, after } = args;
  if (!isReplicated(args) || (zoned !== undefined && after !== undefined)) return [];
  const component = zoned?.component ?? args.component;
  const metadata = {
    name: workloadName({ system, component }),
    namespace,
    labels: objectLabels(system, component, version),
  };
  const selector = { matchLabels: replicaLabels(args) };
  return [{ apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec: { maxUnavailable: 1, selector } }];
}
