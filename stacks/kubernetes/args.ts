import type { Container, EnvVar, HTTPGetAction, Toleration, VolumeMount } from "kubernetes-types/core/v1";
import type { PolicyRule } from "kubernetes-types/rbac/v1";
import type { Bytes, Resources, SystemName } from "../../environment";
import type { Workload } from "./flows";

export interface Port {
  readonly port: number;
  readonly protocol?: "TCP" | "UDP";
  /** Also on the node's own address. */
  readonly hostPort?: number;
  /** Left out of the service: only the pod itself and its probes use it. */
  readonly internal?: boolean;
}

/** Files that a server reads, from a ConfigMap; see {@link configMap} for the two modes. */
export interface Files {
  readonly name: string;
  readonly mountPath: string;
  readonly files: Readonly<Record<string, string>>;
  readonly mode: "immutable" | "reloaded";
  /** Several workloads read it: the ConfigMap is among the system's own objects. @default false */
  readonly shared?: boolean;
}

/** Workloads that hold copies for each other: of the pods of all of them one may be away. */
export interface Zoned {
  /** What they are together: `ingester` of `ingester-a` and `ingester-b`. */
  readonly component: string;
  /** Their pods in sum. */
  readonly replicas: number;
}

/** A departure from the restricted pod security standard; each states why. */
export interface HostAccess {
  readonly reason: string;
  readonly network?: boolean;
  readonly pid?: boolean;
  readonly paths: readonly {
    readonly name: string;
    readonly path: string;
    readonly mountPath: string;
    readonly propagation?: "HostToContainer";
    /** @default false */
    readonly writable?: boolean;
  }[];
  /** Linux capabilities to keep. */
  readonly capabilities?: readonly string[];
}

/** Everything that differs from workload to workload; the rest is the same for all and stands in {@link workload}. */
export interface WorkloadArgs {
  readonly system: SystemName;
  /** What this workload does in its system: `server`, `gateway`, `agent`. */
  readonly component: string;
  readonly kind: "Deployment" | "StatefulSet" | "DaemonSet";
  readonly namespace: string;
  readonly image: string;
  readonly version: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly ports: Readonly<Record<string, Port>>;
  /** Over HTTP, or by connecting to the named port where a server speaks something else. */
  readonly readiness: HTTPGetAction | { readonly tcp: string };
  /**
   * What answers as long as the process does. A server that is not ready because of others, or busy, gains nothing from a
   * restart.
   * @default as readiness
   */
  readonly liveness?: HTTPGetAction;
  /** How long the server may take to start, e.g. to replay a WAL. @default 60 */
  readonly startupSeconds?: number;
  /** How long after its start nobody asks whether it is ready: for a server that says so too early. @default 0 */
  readonly settleSeconds?: number;
  readonly replicas: number;
  /** Bounds within which Kubernetes chooses the replicas, by their use of CPU and memory. @default as many as `replicas` */
  readonly autoscaling?: { readonly minReplicas: number; readonly maxReplicas: number };
  /** The availability zone to run in, by the label `topology.kubernetes.io/zone`. @default spread over all, best effort */
  readonly zone?: string;
  /** Set where one component is a workload for each zone. @default this workload is all of its component */
  readonly zoned?: Zoned;
  /** The workload that has to be rolled out before this one: the two must not be away at the same time. @default none */
  readonly after?: string;
  /** A service account that several workloads share, among the system's own objects. @default one of its own */
  readonly account?: string;
  readonly resources: Resources;
  /** Share of the memory limit given to Go's GOMEMLIMIT, 0..1. @default none */
  readonly goMemoryShare?: number;
  /** User and group id of the official image. */
  readonly user: number;
  readonly volume?: { readonly mountPath: string; readonly size: Bytes };
  /** Folders for throw-away files. */
  readonly scratch?: readonly string[];
  readonly files?: readonly Files[];
  /** ConfigMaps among the objects of the system, which several of its workloads read. */
  readonly sharedFiles?: readonly { readonly configMap: string; readonly mountPath: string }[];
  readonly secretFiles?: readonly { readonly secret: string; readonly mountPath: string }[];
  readonly extraMounts?: readonly VolumeMount[];
  /** Seconds between SIGTERM and SIGKILL. */
  readonly gracePeriod: number;
  readonly clusterRules?: readonly PolicyRule[];
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
  readonly host?: HostAccess;
  /** Containers beside the server; they get the same security context. */
  readonly sidecars?: readonly Omit<Container, "securityContext">[];
  readonly tolerations?: readonly Toleration[];
  /** Of the pods. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Name of a workload and of its objects: `loki`, `collector-gateway`. */
export function workloadName({ system, component }: Pick<WorkloadArgs, "system" | "component">): string {
  return component === "server" ? system : `${system}-${component}`;
}

export function workloadEnd({ system, component, namespace }: WorkloadArgs): Workload {
  return { system, component, namespace };
}
