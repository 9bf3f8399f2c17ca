import type { NetworkPolicy, NetworkPolicySpec } from "kubernetes-types/networking/v1";
import type { SeenPod } from "../live/connections";
import type { Peer } from "../live/policies";

/** A pod as the live suite sees it. */
export function pod(namespace: string, name: string, labels: Record<string, string>, address: string): Peer {
  return { address, pod: { namespace, name, labels, ports: {}, started: 0 } satisfies SeenPod };
}

/** Something that is no pod. */
export const outside = (address: string): Peer => ({ address, pod: undefined });

export function policy(name: string, version: string, spec: NetworkPolicySpec): NetworkPolicy {
  return { metadata: { name, namespace: "observability", uid: name, resourceVersion: version }, spec };
}
