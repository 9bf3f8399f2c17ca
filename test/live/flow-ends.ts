import { isWorkload, selectorLabels, type Outside, type Workload } from "../../stacks/kubernetes";
import { nameOf, selects, type Peer } from "./policies";

/**
 * Whether an end of a connection is the one that a flow names.
 * @param own the stack's namespaces: what runs in another one is an application
 */
export function isEnd(own: readonly string[], end: Workload | Outside, peer: Peer): boolean {
  const { pod } = peer;
  if (isWorkload(end)) {
    const matchLabels = selectorLabels(end.system, end.component);
    return pod !== undefined && pod.namespace === end.namespace && selects({ matchLabels }, pod.labels);
  }
  if (typeof end === "object") return pod?.namespace === end.namespace;
  switch (end) {
    case "cluster-dns":
      return pod?.namespace === "kube-system" && pod.labels["k8s-app"] === "kube-dns";
    case "applications":
      return pod !== undefined && !own.includes(pod.namespace);
    case "ingress-controller":
      return pod !== undefined && nameOf(peer).includes("ingress");
    case "kubernetes-api":
    case "nodes":
      return pod === undefined;
    default:
      return true;
  }
}

/**
 * Whether an end of a connection may be the one that a flow names, as far as a policy can tell: for an application and
 * an ingress controller that is any pod, since nobody knows where they run.
 */
export function mayBeEnd(end: Workload | Outside, peer: Peer): boolean {
  switch (end) {
    case "applications":
    case "ingress-controller":
      return peer.pod !== undefined;
    case "object-storage":
    case "internet":
      return peer.pod === undefined;
    default:
      return isEnd([], end, peer);
  }
}
