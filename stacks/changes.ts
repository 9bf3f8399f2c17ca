import type { StatefulSet } from "kubernetes-types/apps/v1";
import type { PersistentVolumeClaim } from "kubernetes-types/core/v1";
import { Bytes, type Environment } from "../environment";
import { selectorLabels } from "./kubernetes";

/**
 * What a change would do to data that workloads keep on volumes, before it is done. Everything else that Kubernetes
 * can't change in place is made anew without loss: its volumes outlive a StatefulSet.
 */
export interface Hazard {
  /** `StatefulSet observability/loki` */
  readonly where: string;
  /** What is changed: `replicas 10 → 8`. */
  readonly what: string;
  readonly why: string;
  /** How to get there without loss. */
  readonly wayOut: string;
}

/** The part of a StatefulSet that this looks at. */
interface Kept {
  readonly where: string;
  readonly namespace: string;
  readonly system: string;
  readonly component: string;
  readonly replicas: number;
  /** Bytes of each volume. */
  readonly volume: number | undefined;
}

function keptOf({ metadata, spec }: StatefulSet): Kept {
  const labels = metadata?.labels ?? {};
  const [name, component] = Object.keys(selectorLabels("", ""));
  const storage = spec?.volumeClaimTemplates?.[0]?.spec?.resources?.requests?.["storage"];
  return {
    where: `StatefulSet ${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`,
    namespace: metadata?.namespace ?? "",
    system: labels[name ?? ""] ?? "",
    component: labels[component ?? ""] ?? "",
    // Where an autoscaler counts, nobody says how many.
    replicas: spec?.replicas ?? Infinity,
    volume: storage === undefined ? undefined : Bytes.parse(String(storage)).bytes,
  };
}

/** Workloads that each hold a part of the data: what a node that is taken away held is no longer found. */
const holders: Readonly<Record<string, { readonly of: string; readonly wayOut: string }>> = {
  "victoriametrics/vmstorage": {
    of: "storage nodes",
    wayOut:
      "keep them until the retention has passed: vminsert can leave them out by its flags; or copy what they hold into the others with vmctl vm-native, then lower the number",
  },
};

/** Workloads whose members hold what is not yet in object storage: a majority of the copies has to stay. */
const ring = /^(loki|tempo)\/(server|ingester)/;

/**
 * The hazards of a change.
 * @param before the StatefulSets that run
 * @param after those that are planned, all of them
 * @param claims the volume claims that exist
 */
export function hazards(
  before: readonly StatefulSet[],
  after: readonly StatefulSet[],
  claims: readonly PersistentVolumeClaim[],
): Hazard[] {
  const planned = new Map(after.map(keptOf).map((kept) => [kept.where, kept]));
  return before.map(keptOf).flatMap((old) => {
    const now = planned.get(old.where);
    return now === undefined ? gone(old, [...planned.values()]) : [...resized(old, now, claims), ...fewer(old, now)];
  });
}

/** The claims of a workload: a StatefulSet's volumes have its own size only when they are made. */
function resized(old: Kept, now: Kept, claims: readonly PersistentVolumeClaim[]): Hazard[] {
  const [from, to] = [old.volume, now.volume];
  if (from === undefined || to === undefined || from === to) return [];
  const name = nameOf(old);
  const own = claims
    .filter(({ metadata }) => metadata?.namespace === old.namespace && isClaimOf(metadata?.name ?? "", name))
    .map(({ metadata, spec }) => ({
      name: metadata?.name ?? "",
      size: Bytes.parse(String(spec?.resources?.requests?.["storage"])).bytes,
    }));
  const [text, wanted] = [Bytes.of(from).toString(), Bytes.of(to).toString()];
  const hazard = { where: old.where, what: `volume ${text} → ${wanted}` };
  const small = own.filter(({ size }) => size < to).map((claim) => claim.name);
  const patch = `{"spec":{"resources":{"requests":{"storage":"${wanted}"}}}}`;
  if (small.length > 0) {
    return [
      {
        ...hazard,
        why: "the claims that exist keep their size",
        wayOut: `first: kubectl -n ${old.namespace} patch pvc ${small.join(" ")} -p '${patch}' (the storage class has to allow expansion)`,
      },
    ];
  }
  return own.some(({ size }) => size > to)
    ? [
        {
          ...hazard,
          why: "a claim can't shrink",
          wayOut: `keep ${text}; or move the data to a new claim and delete this one`,
        },
      ]
    : [];
}

const isClaimOf = (claim: string, name: string) =>
  claim.startsWith(`data-${name}-`) && /^\d+$/.test(claim.slice(name.length + 6));

const nameOf = ({ where }: Kept) => where.split("/")[1] ?? "";

function fewer(old: Kept, now: Kept): Hazard[] {
  if (now.replicas >= old.replicas) return [];
  const what = `replicas ${old.replicas} → ${now.replicas}`;
  const kind = `${old.system}/${old.component}`;
  const holder = holders[kind];
  if (holder !== undefined) {
    const why = `each of the ${holder.of} holds a part of the history, which would no longer be found`;
    return [{ where: old.where, what, why, wayOut: holder.wayOut }];
  }
  if (ring.test(kind) && old.replicas - now.replicas > 1) {
    const why = "of three copies of what is not yet in object storage, two could go at the same time";
    return [{ where: old.where, what, why, wayOut: `one at a time: ${old.replicas - 1} first` }];
  }
  return [];
}

/** A StatefulSet that would go, with what only it holds. */
function gone(old: Kept, planned: readonly Kept[]): Hazard[] {
  const what = "is taken away";
  const same = planned.filter(({ system }) => system === old.system);
  if (old.system === "prometheus" && same.length > 0) {
    return [
      {
        where: old.where,
        what,
        why: "a shard's local history and what it has not yet sent to VictoriaMetrics go with it",
        wayOut:
          "wait until the retention of Prometheus has passed with this shard's targets on the others, or accept it",
      },
    ];
  }
  if (old.system === "victoriametrics" && old.volume !== undefined && same.length > 0) {
    return [
      {
        where: old.where,
        what,
        why: "its history stays on its volume, where nothing reads it",
        wayOut: "copy it with vmctl vm-native into what comes instead, while both run; or accept it",
      },
    ];
  }
  return [];
}

/** Amounts by resource, as a ResourceQuota has them. */
export type Hard = Readonly<Record<string, string>>;

/**
 * The quota for the time of a change: when what runs does not fit the quota that is planned, pods that are replaced one
 * by one would be refused. Then the larger of both holds until the change is done.
 * @returns the value for `quotas.stack`, or undefined when the planned one will do
 */
export function quotaDuringChange(
  used: Hard,
  before: Hard,
  { quotas }: Environment,
  planned: Hard,
): Record<string, unknown> | undefined {
  const amount = (text: string | undefined) => (text === undefined ? 0 : quantity(text));
  const fits = Object.entries(planned).every(([resource, hard]) => amount(used[resource]) <= amount(hard));
  if (fits || quotas.stack !== undefined) return undefined;
  const larger = (resource: string) => {
    const [old = "0", now = "0"] = [before[resource], planned[resource]];
    return amount(old) > amount(now) ? old : now;
  };
  return {
    cpu: { request: larger("requests.cpu") },
    memory: { request: larger("requests.memory"), limit: larger("limits.memory") },
    storage: { limit: larger("requests.storage") },
  };
}

/** A Kubernetes quantity as a number. */
function quantity(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text);
  const units: Readonly<Record<string, number>> = {
    "": 1,
    m: 1e-3,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
  };
  return Number(match?.[1] ?? 0) * (units[match?.[2] ?? ""] ?? 1);
}
