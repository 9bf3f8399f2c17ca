import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
} from "kubernetes-types/networking/v1";
import { selectorLabels } from "./objects";

/** One end of a connection that is ours: a workload, as `system` and `component`. */
export interface Workload {
  readonly system: string;
  readonly component: string;
  readonly namespace: string;
}

/**
 * The other ends. Addresses of nodes and of the Kubernetes API are not known before deployment, and cloud addresses
 * change: those are bounded by port, not by address.
 */
export type Outside =
  | "kubernetes-api" // the API server, behind the `kubernetes` service
  | "nodes" // host-network endpoints: kubelet, node_exporter, control plane
  | "cluster-dns"
  | "object-storage" // AWS S3 and STS
  | "internet" // receivers of notifications
  | "existing" // a system that the environment brings along, wherever it runs
  | "applications" // any pod of any namespace
  | "ingress-controller" // any namespace: where it runs is the cluster's business
  | { readonly namespace: string };

/** A connection that is allowed, with its reason; policies, topology and review read the same list. */
export interface Flow {
  readonly from: Workload | Outside;
  readonly to: Workload | Outside;
  /** `any` where the other end chooses it: pods that announce their own metrics port. */
  readonly port: number | "any";
  readonly protocol: "TCP" | "UDP";
  readonly why: string;
}

export function isWorkload(end: Workload | Outside): end is Workload {
  return typeof end === "object" && "system" in end;
}

export function endName(end: Workload | Outside): string {
  if (isWorkload(end)) return `${end.namespace}/${end.system}-${end.component}`;
  return typeof end === "string" ? end : `namespace ${end.namespace}`;
}

function peerOf(end: Workload | Outside): NetworkPolicyPeer[] {
  if (isWorkload(end)) {
    return [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": end.namespace } },
        podSelector: { matchLabels: selectorLabels(end.system, end.component) },
      },
    ];
  }
  if (typeof end === "object")
    return [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": end.namespace } } }];
  switch (end) {
    case "applications":
    case "ingress-controller":
      return [{ namespaceSelector: {} }];
    case "cluster-dns":
      return [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
          podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
        },
      ];
    case "existing":
      return [{ namespaceSelector: {} }, { ipBlock: { cidr: "0.0.0.0/0" } }];
    case "kubernetes-api":
    case "nodes":
    case "object-storage":
    case "internet":
      return [{ ipBlock: { cidr: "0.0.0.0/0" } }];
  }
}

const same = (a: Workload, b: Workload | Outside) => isWorkload(b) && endName(a) === endName(b);

/** The flows of a workload to the cluster's DNS, which every pod needs that opens a connection by name. */
export function dnsFlows(from: Workload): Flow[] {
  const why = "resolves service names";
  return (["UDP", "TCP"] as const).map((protocol) => ({ from, to: "cluster-dns", port: 53, protocol, why }));
}

/** The flows of a workload to the API server: the service's port, and the server's own behind it. */
export function apiFlows(from: Workload, why: string): Flow[] {
  return [443, 6443].map((port) => ({ from, to: "kubernetes-api", port, protocol: "TCP", why }));
}

/** The policy of one workload: nothing but the flows that begin or end there. */
export function networkPolicyOf(
  workload: Workload,
  flows: readonly Flow[],
  labels: Record<string, string>,
): NetworkPolicy & { apiVersion: string; kind: string } {
  const ports = ({ port, protocol }: Flow) => (port === "any" ? [{ protocol }] : [{ port, protocol }]);
  const ingress: NetworkPolicyIngressRule[] = flows
    .filter(({ to }) => same(workload, to))
    .map((flow) => ({ from: peerOf(flow.from), ports: ports(flow) }));
  const egress: NetworkPolicyEgressRule[] = flows
    .filter(({ from }) => same(workload, from))
    .map((flow) => ({ to: peerOf(flow.to), ports: ports(flow) }));
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `${workload.system}-${workload.component}`, namespace: workload.namespace, labels },
    spec: {
      podSelector: { matchLabels: selectorLabels(workload.system, workload.component) },
      policyTypes: ["Ingress", "Egress"],
      ingress,
      egress,
    },
  };
}

/** Denies everything in a namespace that no other policy allows. */
export function defaultDeny(namespace: string): NetworkPolicy & { apiVersion: string; kind: string } {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      name: "default-deny",
      namespace,
      labels: { "app.kubernetes.io/part-of": "observability", "app.kubernetes.io/managed-by": "pulumi" },
    },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}
