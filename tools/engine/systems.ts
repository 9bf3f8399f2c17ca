import type { ContainerStatus, PersistentVolumeClaim, Pod } from "kubernetes-types/core/v1";
import { imageVersion } from "../../environment/images";
import type { Cluster } from "./cluster";
import { isReady } from "./readiness";

/** The pods of one component of one system, together. */
export interface SystemStatus {
  /** `loki`, `collector-gateway` */
  readonly system: string;
  readonly namespace: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  /** Since the oldest pod was made, in seconds. */
  readonly age: number;
  /** Versions of the images that run; more than one during a rollout. */
  readonly versions: readonly string[];
  /** Requested sizes of the claims of all its pods. */
  readonly volumes: readonly string[];
}

/** What runs of a stack, by system. */
export async function systemStatus(
  cluster: Cluster,
  namespaces: readonly string[],
  now = Date.now(),
): Promise<SystemStatus[]> {
  const all = await Promise.all(
    namespaces.map(async (namespace) => ({
      pods: await cluster.pods(namespace),
      claims: await cluster.list<PersistentVolumeClaim>(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`),
    })),
  );
  return all.flatMap(({ pods, claims }) => summarize(pods, claims, now));
}

/** Groups pods by the system and component that their labels name. */
export function summarize(pods: readonly Pod[], claims: readonly PersistentVolumeClaim[], now: number): SystemStatus[] {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (pod.status?.phase === "Succeeded") continue;
    groups.set(systemOf(pod), [...(groups.get(systemOf(pod)) ?? []), pod]);
  }
  const sizes = new Map(claims.map((claim) => [claim.metadata?.name, claim.spec?.resources?.requests?.["storage"]]));
  return [...groups]
    .map(([system, members]) => ({
      system,
      namespace: members[0]?.metadata?.namespace ?? "",
      ready: members.filter(isReady).length,
      total: members.length,
      restarts: sum(members.flatMap(containers).map(({ restartCount }) => restartCount)),
      age: Math.max(...members.map(({ metadata }) => (now - Date.parse(metadata?.creationTimestamp ?? "")) / 1000)),
      versions: distinct(members.map(({ spec }) => imageVersion(spec?.containers[0]?.image ?? ""))),
      volumes: members.flatMap(({ spec }) =>
        (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => sizes.get(persistentVolumeClaim?.claimName) ?? []),
      ),
    }))
    .sort((a, b) => a.system.localeCompare(b.system));
}

function systemOf({ metadata }: Pod): string {
  const name = metadata?.labels?.["app.kubernetes.io/name"] ?? metadata?.name ?? "";
  const component = metadata?.labels?.["app.kubernetes.io/component"] ?? "server";
  return component === "server" ? name : `${name}-${component}`;
}

const containers = ({ status }: Pod): ContainerStatus[] => status?.containerStatuses ?? [];
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const distinct = (words: readonly string[]) => [...new Set(words)].sort();

/** `45s`, `12m`, `5h`, `3d`: as kubectl writes ages, by the largest unit. */
export function ageOf(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)}s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)}h` : `${Math.round(seconds / 86_400)}d`;
}

/** Equal sizes are counted: `3 x 20Gi`. */
function volumeText(volumes: readonly string[]): string {
  const texts = distinct(volumes).map((size) => {
    const count = volumes.filter((other) => other === size).length;
    return count === 1 ? size : `${count} x ${size}`;
  });
  return texts.join(", ") || "-";
}

/** Rows of the table, its heading first. */
export function statusRows(systems: readonly SystemStatus[]): string[][] {
  const rows = systems.map(({ system, namespace, ready, total, restarts, age, versions, volumes }) => [
    system,
    namespace,
    `${ready}/${total}`,
    String(restarts),
    ageOf(age),
    versions.join(", "),
    volumeText(volumes),
  ]);
  return [["SYSTEM", "NAMESPACE", "READY", "RESTARTS", "AGE", "VERSION", "VOLUME"], ...rows];
}
