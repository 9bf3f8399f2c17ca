import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "kubernetes-types/networking/v1";
import type { LabelSelector } from "kubernetes-types/meta/v1";
import type { SeenPod } from "./connections";
import type { NamespaceLabels, PolicyState } from "./policy-state";

/** One end of a connection; without a pod it is the node or something outside. */
export interface Peer {
  readonly address: string;
  readonly pod: SeenPod | undefined;
}

export interface SeenFlow {
  readonly from: Peer;
  readonly to: Peer;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/**
 * Why network policies forbid a flow, undefined when they allow it. Read as the specification says: what no policy
 * selects is free, what one selects needs a rule, on both ends. An `ipBlock` is taken for addresses outside the
 * cluster only, as the strictest engines do.
 */
export function forbidden(
  policies: readonly NetworkPolicy[],
  namespaces: NamespaceLabels,
  flow: SeenFlow,
): string | undefined {
  if (!passes("Egress", policies, namespaces, flow)) return `no rule lets ${nameOf(flow.from)} out to ${target(flow)}`;
  if (!passes("Ingress", policies, namespaces, flow)) return `no rule lets ${nameOf(flow.from)} in to ${target(flow)}`;
  return undefined;
}

/** The same for a flow of a time when one of several states held: undefined as soon as one of them allows it. */
export function forbiddenByAll(states: readonly PolicyState[], flow: SeenFlow): string | undefined {
  if (states.length === 0) return `nobody knows which policies held for ${nameOf(flow.from)} → ${target(flow)}`;
  const reasons = states.map(({ policies, namespaces }) => forbidden(policies, namespaces, flow));
  return reasons.includes(undefined) ? undefined : reasons.at(-1);
}

function passes(
  direction: "Ingress" | "Egress",
  policies: readonly NetworkPolicy[],
  namespaces: NamespaceLabels,
  flow: SeenFlow,
): boolean {
  const [own, other] = direction === "Egress" ? [flow.from, flow.to] : [flow.to, flow.from];
  if (own.pod === undefined) return true;
  // The node may always speak to its own pods: probes come from there.
  if (direction === "Ingress" && other.pod === undefined) return true;
  const { pod } = own;
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata?.namespace === pod.namespace &&
      (spec?.policyTypes ?? ["Ingress"]).includes(direction) &&
      selects(spec?.podSelector, pod.labels),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ metadata, spec }) => {
    const rules =
      direction === "Egress"
        ? (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }))
        : (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }));
    return rules.some(
      ({ peers = [], ports = [] }) =>
        (peers.length === 0 || peers.some((peer) => matches(peer, other, metadata?.namespace ?? "", namespaces))) &&
        (ports.length === 0 || ports.some((port) => portMatches(port, flow))),
    );
  });
}

function matches(peer: NetworkPolicyPeer, end: Peer, policyNamespace: string, namespaces: NamespaceLabels): boolean {
  if (peer.ipBlock !== undefined) {
    const { cidr, except = [] } = peer.ipBlock;
    return (
      end.pod === undefined && contains(cidr, end.address) && !except.some((range) => contains(range, end.address))
    );
  }
  if (end.pod === undefined) return false;
  const { namespace, labels } = end.pod;
  const inNamespace =
    peer.namespaceSelector === undefined
      ? namespace === policyNamespace
      : selects(peer.namespaceSelector, namespaces.get(namespace) ?? {});
  return inNamespace && (peer.podSelector === undefined || selects(peer.podSelector, labels));
}

function portMatches({ port, endPort, protocol = "TCP" }: NetworkPolicyPort, flow: SeenFlow): boolean {
  if (protocol !== flow.protocol) return false;
  if (port === undefined) return true;
  const first = typeof port === "string" ? flow.to.pod?.ports[port] : port;
  if (first === undefined) return false;
  return flow.port >= first && flow.port <= (endPort ?? first);
}

/** Whether a label selector selects; an empty one selects everything, an absent one nothing. */
export function selects(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}

function contains(cidr: string, address: string): boolean {
  const [base = "", bits = "32"] = cidr.split("/");
  const mask = Number(bits) === 0 ? 0 : (~0 << (32 - Number(bits))) >>> 0;
  return (toNumber(base) & mask) >>> 0 === (toNumber(address) & mask) >>> 0;
}

const toNumber = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

export function nameOf({ address, pod }: Peer): string {
  return pod === undefined ? address : `${pod.namespace}/${pod.name}`;
}

const target = ({ to, port, protocol }: SeenFlow) => `${nameOf(to)}:${port}/${protocol}`;
