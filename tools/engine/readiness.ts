import type { DaemonSet, Deployment, StatefulSet } from "kubernetes-types/apps/v1";
import type { ContainerStatus, Event, Namespace, Pod } from "kubernetes-types/core/v1";
import type { Cluster } from "./cluster";
import { CancelledError, EngineError } from "./errors";

/** Something that is not ready, and why. */
export interface Unready {
  /** `observability/loki-0`, or `StatefulSet observability/loki` */
  readonly what: string;
  readonly why: string;
}

/** Label that stands on every object of the stack. */
export const PART_OF = "app.kubernetes.io/part-of=observability";

/** The namespaces of a stack: its own, and those made beside it (`observability-agent`), by name and label. */
export async function stackNamespaces(cluster: Cluster, namespace: string): Promise<string[]> {
  const labelled = await cluster.list<Namespace>("/api/v1/namespaces", { labelSelector: PART_OF });
  const names = labelled.map(({ metadata }) => metadata?.name ?? "").filter((name) => name.startsWith(`${namespace}-`));
  return [namespace, ...names.sort()];
}

/** Every pod that is not ready and every workload that has not rolled out, with reasons. */
export async function unready(cluster: Cluster, namespaces: readonly string[]): Promise<Unready[]> {
  const found = await Promise.all(namespaces.map((namespace) => unreadyIn(cluster, namespace)));
  return found.flat();
}

async function unreadyIn(cluster: Cluster, namespace: string): Promise<Unready[]> {
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const [pods, deployments, statefulSets, daemonSets] = await Promise.all([
    cluster.pods(namespace),
    cluster.list<Deployment>(`${apps}/deployments`),
    cluster.list<StatefulSet>(`${apps}/statefulsets`),
    cluster.list<DaemonSet>(`${apps}/daemonsets`),
  ]);
  const waiting = pods.filter((pod) => !isReady(pod));
  const reasons = await Promise.all(waiting.map((pod) => whyNotReady(cluster, pod)));
  const stalled = [
    ...deployments.map((object) =>
      stall("Deployment", object, object.spec?.replicas ?? 1, object.status?.updatedReplicas),
    ),
    ...statefulSets.map((object) =>
      stall("StatefulSet", object, object.spec?.replicas ?? 1, object.status?.updatedReplicas),
    ),
    ...daemonSets.map((object) =>
      stall("DaemonSet", object, object.status?.desiredNumberScheduled ?? 0, object.status?.updatedNumberScheduled),
    ),
  ].filter((found) => found !== undefined);
  const missing = await Promise.all(stalled.map((found) => whyStalled(cluster, namespace, found)));
  return [...reasons, ...missing];
}

/** Ready, or a job's pod that has ended well. One that is being deleted is on its way out and not ready. */
export function isReady({ metadata, status }: Pod): boolean {
  if (status?.phase === "Succeeded") return true;
  if (metadata?.deletionTimestamp !== undefined) return false;
  return status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
}

interface Stalled {
  readonly kind: string;
  readonly name: string;
  readonly why: string;
}

/** The controller has not yet seen the object, or not all pods are of its newest template. */
function stall(
  kind: string,
  { metadata, status }: Deployment | StatefulSet | DaemonSet,
  wanted: number,
  updated = 0,
): Stalled | undefined {
  const name = metadata?.name ?? "";
  if ((status?.observedGeneration ?? 0) < (metadata?.generation ?? 0)) {
    return { kind, name, why: "its controller has not seen it yet" };
  }
  if (updated >= wanted) return undefined;
  const failures = (status?.conditions ?? []).filter(({ type }) => type === "ReplicaFailure");
  const why = [
    `${updated} of ${wanted} pods are of the newest version`,
    ...failures.map(({ message }) => message ?? ""),
  ];
  return { kind, name, why: why.join("; ") };
}

/** Pods that a quota or the pod security level forbids never come to be: only an event of their owner says so. */
async function whyStalled(cluster: Cluster, namespace: string, { kind, name, why }: Stalled): Promise<Unready> {
  const events = await cluster.list<Event>(`/api/v1/namespaces/${namespace}/events`, {
    fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name},type=Warning`,
  });
  return { what: `${kind} ${namespace}/${name}`, why: [why, ...newestEvent(events)].join("; ") };
}

/** Why a pod is not ready: what its containers say, what the scheduler says, and the newest event about it. */
async function whyNotReady(cluster: Cluster, pod: Pod): Promise<Unready> {
  const { namespace = "", name = "" } = pod.metadata ?? {};
  const events = await cluster.list<Event>(`/api/v1/namespaces/${namespace}/events`, {
    fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${name}`,
  });
  return { what: `${namespace}/${name}`, why: podReasons(pod, events).join("; ") };
}

/** The reasons in the order in which they help. */
export function podReasons({ metadata, status }: Pod, events: readonly Event[]): string[] {
  const reasons: string[] = [];
  if (metadata?.deletionTimestamp !== undefined) reasons.push("is being ended");
  for (const condition of status?.conditions ?? []) {
    if (condition.type === "PodScheduled" && condition.status === "False")
      reasons.push(`not scheduled: ${condition.message ?? ""}`);
  }
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const state = containerState(container);
    if (state !== undefined) reasons.push(`${container.name}: ${state}`);
  }
  if (reasons.length === 0)
    reasons.push(status?.phase === "Running" ? "runs and is not ready" : (status?.phase ?? "unknown"));
  reasons.push(...newestEvent(events));
  return reasons;
}

/** A registry's refusal names the image several times over: its beginning says it. */
const MESSAGE_LENGTH = 240;

function newestEvent(events: readonly Event[]): string[] {
  const when = ({ lastTimestamp, eventTime, metadata }: Event) =>
    Date.parse(lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? "") || 0;
  const newest = [...events].sort((a, b) => when(b) - when(a))[0];
  if (newest?.message === undefined) return [];
  return [`last event: ${newest.reason ?? ""}: ${newest.message.trim().slice(0, MESSAGE_LENGTH)}`];
}

function containerState({ ready, restartCount, state, lastState }: ContainerStatus): string | undefined {
  if (state?.terminated?.exitCode === 0 || (ready && state?.running)) return undefined;
  const restarts = restartCount > 0 ? ` (${restartCount} restarts${exit(lastState?.terminated)})` : "";
  if (state?.waiting) {
    const { reason = "no reason given", message } = state.waiting;
    return `waiting, ${reason}${restarts}${message === undefined ? "" : `: ${message.trim().slice(0, MESSAGE_LENGTH)}`}`;
  }
  if (state?.terminated) return `ended${exit(state.terminated)}${restarts}`;
  return `runs and is not ready${restarts}`;
}

const exit = (ended: { reason?: string; exitCode: number } | undefined) =>
  ended === undefined ? "" : `, ${ended.reason ?? "exit"} ${ended.exitCode}`;

export interface WaitOptions {
  /** @default 600 */
  readonly seconds?: number;
  /** Called with what is still missing each time that changes. */
  readonly onChange?: (missing: readonly Unready[]) => void;
  /** Asked every second: the person wants to stop. @default never */
  readonly cancelled?: () => boolean;
}

/** Waits until all is ready. @returns the seconds it took @throws EngineError with everything that is not, and why */
export async function waitUntilReady(
  cluster: Cluster,
  namespaces: readonly string[],
  { seconds = 600, onChange, cancelled }: WaitOptions = {},
): Promise<number> {
  const begin = Date.now();
  let before = "";
  for (;;) {
    const missing = await unready(cluster, namespaces);
    if (missing.length === 0) return (Date.now() - begin) / 1000;
    const now = missing.map(({ what }) => what).join();
    if (now !== before) onChange?.(missing);
    before = now;
    if (cancelled?.()) throw new CancelledError("waiting for pods was cancelled", { reason: listed(missing) });
    if (Date.now() - begin > seconds * 1000) {
      throw new EngineError(`not everything is ready after ${seconds} s`, {
        reason: listed(missing),
        fix: "kubectl describe pod and kubectl logs say more; a mended setting is deployed by the same command",
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function listed(missing: readonly Unready[]): string {
  return missing.map(({ what, why }) => `${what}: ${why}`).join("\n");
}
