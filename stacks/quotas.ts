import type { LimitRange, ResourceQuota } from "kubernetes-types/core/v1";
import type { PriorityClass } from "kubernetes-types/scheduling/v1";
import {
  agentsNamespace,
  Bytes,
  Cpu,
  EnvironmentError,
  type Environment,
  type Fault,
  type Quota,
} from "../environment";
import { workloadName, type KubernetesObject, type WorkloadArgs } from "./kubernetes";

/** What a quota counts: CPU in thousandths, memory and storage in bytes. */
export interface Amounts {
  readonly cpuRequests: number;
  readonly memoryRequests: number;
  readonly memoryLimits: number;
  readonly storage: number;
}

/** What one workload takes, with the pods that a rolling update starts beside the old ones. */
export interface Consumer extends Amounts {
  readonly name: string;
  readonly pods: number;
}

/** The quota of the stack's namespace, and what it is made of. */
export interface StackQuota {
  readonly consumers: readonly Consumer[];
  readonly sum: Amounts;
  readonly hard: Amounts;
  readonly explicit: boolean;
}

const labels = { "app.kubernetes.io/part-of": "observability", "app.kubernetes.io/managed-by": "pulumi" };
const GiB = 2 ** 30;

/**
 * What a namespace's pods take at most at the same time. The agents are left out: there are as many as there are nodes,
 * and a quota must not keep a new node from having them.
 */
function consumersOf(workloads: readonly WorkloadArgs[], namespace: string): Consumer[] {
  return workloads.filter((args) => args.namespace === namespace && args.kind !== "DaemonSet").map(consumer);
}

/** What the agents take on so many nodes together: no quota bounds them, and they cost as anything else. */
export function agentsOn(nodes: number, workloads: readonly WorkloadArgs[]): Amounts {
  const each = sumOf(workloads.filter(({ kind }) => kind === "DaemonSet").map(consumer));
  return {
    cpuRequests: nodes * each.cpuRequests,
    memoryRequests: nodes * each.memoryRequests,
    memoryLimits: nodes * each.memoryLimits,
    storage: nodes * each.storage,
  };
}

function consumer(args: WorkloadArgs): Consumer {
  const sidecars = (args.sidecars ?? []).map(({ resources }) => ({
    cpu: Cpu.parse(String(resources?.requests?.["cpu"])).millis,
    memory: Bytes.parse(String(resources?.requests?.["memory"])).bytes,
    limit: Bytes.parse(String(resources?.limits?.["memory"])).bytes,
  }));
  const { requests, limits } = args.resources;
  const own = { cpu: requests.cpu.millis, memory: requests.memory.bytes, limit: limits.memory.bytes };
  const containers = [own, ...sidecars];
  // A StatefulSet takes a pod away before it starts the next; a Deployment starts a quarter more first, rounded up.
  const most = args.autoscaling?.maxReplicas ?? args.replicas;
  const pods = most + (args.kind === "Deployment" ? Math.ceil(most / 4) : 0);
  const sum = (pick: (of: typeof own) => number) => pods * containers.reduce((total, each) => total + pick(each), 0);
  return {
    name: workloadName(args),
    pods,
    cpuRequests: sum(({ cpu }) => cpu),
    memoryRequests: sum(({ memory }) => memory),
    memoryLimits: sum(({ limit }) => limit),
    storage: most * (args.volume?.size.bytes ?? 0),
  };
}

const kinds = ["cpuRequests", "memoryRequests", "memoryLimits", "storage"] as const;
type AmountKind = (typeof kinds)[number];

function sumOf(consumers: readonly Amounts[]): Amounts {
  const total = (kind: AmountKind) => consumers.reduce((sum, each) => sum + each[kind], 0);
  return {
    cpuRequests: total("cpuRequests"),
    memoryRequests: total("memoryRequests"),
    memoryLimits: total("memoryLimits"),
    storage: total("storage"),
  };
}

/** The stack's own quota: what is written, or the sum with headroom, in whole CPUs and GiB. */
export function stackQuota(environment: Environment, workloads: readonly WorkloadArgs[]): StackQuota {
  const consumers = consumersOf(workloads, environment.namespace);
  const sum = sumOf(consumers);
  const { headroom, stack } = environment.quotas;
  const roomy = (amount: number, whole: number) => Math.ceil((amount * (1 + headroom)) / whole) * whole;
  const hard = stack
    ? amountsOf(stack)
    : {
        cpuRequests: roomy(sum.cpuRequests, 1000),
        memoryRequests: roomy(sum.memoryRequests, GiB),
        memoryLimits: roomy(sum.memoryLimits, GiB),
        storage: roomy(sum.storage, GiB),
      };
  return { consumers, sum, hard, explicit: stack !== undefined };
}

const amountsOf = ({ cpu, memory, storage }: Quota): Amounts => ({
  cpuRequests: cpu.request.millis,
  memoryRequests: memory.request.bytes,
  memoryLimits: memory.limit.bytes,
  storage: storage.limit.bytes,
});

/** How each amount is written, where a person sets it, and what Kubernetes calls it. */
const words: Readonly<Record<AmountKind, { key: string; resource: string; what: string }>> = {
  cpuRequests: { key: "cpu.request", resource: "requests.cpu", what: "CPU requests" },
  memoryRequests: { key: "memory.request", resource: "requests.memory", what: "memory requests" },
  memoryLimits: { key: "memory.limit", resource: "limits.memory", what: "memory limits" },
  storage: { key: "storage.limit", resource: "requests.storage", what: "volumes" },
};

/** An amount as Kubernetes writes it. */
function printedAmount(kind: AmountKind, amount: number): string {
  return kind === "cpuRequests" ? Cpu.millis(amount).toString() : Bytes.of(amount).toString();
}

/** Where pods don't fit their quota: one fault for each amount, with the largest consumers. */
function overruns(key: string, hard: Amounts, consumers: readonly Consumer[]): Fault[] {
  const sum = sumOf(consumers);
  return kinds.flatMap((kind): Fault[] => {
    if (sum[kind] <= hard[kind]) return [];
    const largest = [...consumers].sort((a, b) => b[kind] - a[kind]).filter((each) => each[kind] > 0);
    const shown = largest
      .slice(0, 3)
      .map((each) => `${each.name} ${printedAmount(kind, each[kind])} (${each.pods} pods)`);
    const total = printedAmount(kind, sum[kind]);
    return [
      {
        key: `observability:${key}.${words[kind].key}`,
        value: printedAmount(kind, hard[kind]),
        reason: `the ${words[kind].what} sum up to ${total}, a rolling update included; the largest: ${shown.join(", ")}`,
        fix: `at least ${total}, or smaller or fewer of these pods`,
      },
    ];
  });
}

/**
 * Quotas and limits of namespaces, and the priorities of the stack's pods.
 * @throws EnvironmentError when pods that are planned don't fit the quota of their namespace
 */
export function quotaObjects(environment: Environment, workloads: readonly WorkloadArgs[]): KubernetesObject[] {
  const { namespace, quotas } = environment;
  const { applicationNamespaces, application } = quotas;
  const stack = stackQuota(environment, workloads);
  const faults = [
    ...(quotas.stack ? overruns("quotas.stack", amountsOf(quotas.stack), stack.consumers) : []),
    ...applicationNamespaces.flatMap((name) => {
      const { initial, limit } = application.storage;
      const hard = { ...amountsOf(application), storage: (initial ?? limit).bytes };
      return overruns("quotas.application", hard, consumersOf(workloads, name));
    }),
  ];
  if (faults.length > 0) throw new EnvironmentError(environment.name, faults);
  return [
    ...priorities(environment),
    quota(
      namespace,
      kinds
        .filter((kind) => stack.hard[kind] > 0)
        .map((kind) => [words[kind].resource, printedAmount(kind, stack.hard[kind])]),
    ),
    // What runs here besides, such as a pod for debugging, states nothing and would be refused.
    limitRange(namespace, { memory: "256Mi" }, { cpu: "50m", memory: "64Mi" }),
    ...applicationNamespaces.flatMap((name) => applicationObjects(name, application)),
  ];
}

function applicationObjects(namespace: string, { cpu, memory, storage }: Quota): KubernetesObject[] {
  return [
    quota(namespace, [
      ["requests.cpu", cpu.request.toString()],
      ...(cpu.limit ? [["limits.cpu", cpu.limit.toString()] as const] : []),
      ["requests.memory", memory.request.toString()],
      ["limits.memory", memory.limit.toString()],
      ["requests.storage", storage.limit.toString()],
    ]),
    // A quota refuses pods that state nothing: these are what they get.
    limitRange(
      namespace,
      { ...(cpu.limit ? { cpu: "1" } : {}), memory: "512Mi" },
      { cpu: "100m", memory: "128Mi" },
      storage.initial,
    ),
  ];
}

function quota(
  namespace: string,
  hard: readonly (readonly [string, string])[],
): ResourceQuota & { apiVersion: string; kind: string } {
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "observability", namespace, labels },
    spec: { hard: Object.fromEntries(hard) },
  };
}

function limitRange(
  namespace: string,
  limits: Record<string, string>,
  requests: Record<string, string>,
  largestClaim?: Bytes,
): LimitRange & { apiVersion: string; kind: string } {
  const claim = largestClaim && { type: "PersistentVolumeClaim", max: { storage: largestClaim.toString() } };
  return {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "observability", namespace, labels },
    spec: { limits: [{ type: "Container", default: limits, defaultRequest: requests }, ...(claim ? [claim] : [])] },
  };
}

/**
 * Above everything that has no priority: when a node runs full, what watches it goes last. The classes are called as the
 * namespaces whose pods have them, since they belong to the whole cluster.
 */
function priorities(environment: Environment): KubernetesObject[] {
  const of = (
    name: string,
    value: number,
    preemptionPolicy: string,
    description: string,
  ): PriorityClass & KubernetesObject => ({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name, labels },
    value,
    preemptionPolicy,
    description,
  });
  const servers = "Servers of the observability stack: evicted late, and never started by evicting others.";
  const agents = "Agents of the observability stack on each node: they take the place of what has less priority.";
  return [
    of(environment.namespace, 1_000_000, "Never", servers),
    of(agentsNamespace(environment), 1_100_000, "PreemptLowerPriority", agents),
  ];
}
