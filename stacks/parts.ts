import type { ComponentSettings, Environment, SystemName, Use } from "../environment";
import {
  configMap,
  objectLabels,
  serviceAccount,
  workloadEnd,
  type Files,
  type Flow,
  type KubernetesObject,
  type WorkloadArgs,
} from "./kubernetes";
import { image, type ScrapeJob } from "./system";

/** What the systems share whose parts run apart. */

/** Ports on which the parts of Loki and of Tempo meet. */
export const grpcPort = 9095;
export const gossipPort = 7946;

/** The part that answers: the whole server, or of several apart the one that is asked or written to. */
export function frontOf({ mode }: { readonly mode: "single" | "distributed" }, use: Use): string {
  if (mode === "single") return "server";
  return use === "read" ? "query-frontend" : "distributor";
}

/** The part that a workload plays: of several workloads of one part each has a zone behind its component's name. */
export interface Member<Part extends string> {
  readonly part: Part;
  readonly args: WorkloadArgs;
}

/**
 * One component in zones: a workload for each, rolled out one after the other and with one disruption budget, so that
 * never more than one zone misses a pod. Without zones it is one workload, spread best effort.
 */
export function inZones(
  args: WorkloadArgs,
  zones: readonly { readonly name: string; readonly zone?: string }[],
  flagsOf: (name: string) => readonly string[],
): WorkloadArgs[] {
  if (zones.length === 0) return [args];
  const each = Math.ceil(args.replicas / zones.length);
  return zones.map(({ name, zone }, index) => ({
    ...args,
    component: `${args.component}-${name}`,
    replicas: each,
    zoned: { component: args.component, replicas: each * zones.length },
    args: [...args.args, ...flagsOf(name)],
    ...(zone === undefined ? {} : { zone }),
    ...(index === 0 ? {} : { after: `${args.system}-${args.component}-${zones[index - 1]?.name ?? ""}` }),
  }));
}

/** Replicas, resources and, where something is kept, the volume of a part. */
export function sized(settings: ComponentSettings, mountPath?: string) {
  const { replicas, resources, volume } = settings;
  return {
    replicas,
    resources,
    ...(volume === undefined || mountPath === undefined ? {} : { volume: { mountPath, size: volume } }),
  };
}

/** What all parts share: the account that the object storage knows, and the files, made once. */
export function sharedObjects(
  environment: Environment,
  name: "loki" | "tempo" | "tempo-2",
  files: readonly Files[],
  annotations: Readonly<Record<string, string>> | undefined,
): KubernetesObject[] {
  const { namespace } = environment;
  const system = name === "loki" ? "loki" : "tempo";
  const labels = objectLabels(system, "server", image(environment, name).version);
  return [
    serviceAccount({ name: system, namespace, labels }, annotations),
    ...files.map((each) => configMap(each.name, namespace, labels, each.files, each.mode)),
  ];
}

/** Every part gossips with every other. */
export function gossipFlows(members: readonly WorkloadArgs[]): Flow[] {
  const ends = members.map(workloadEnd);
  return ends.flatMap((from) =>
    ends.map((to): Flow => ({ from, to, port: gossipPort, protocol: "TCP", why: "gossip" })),
  );
}

/** Flows between parts: `{ querier: ["ingester"] }`. */
export function partFlows<Part extends string>(
  members: readonly Member<Part>[],
  who: Partial<Record<Part, readonly Part[]>>,
  port: number,
  why: string,
): Flow[] {
  const ends = (part: Part) => members.filter((each) => each.part === part).map(({ args }) => workloadEnd(args));
  return (Object.entries(who) as [Part, readonly Part[]][]).flatMap(([from, targets]) =>
    ends(from).flatMap((source) =>
      targets.flatMap(ends).map((to): Flow => ({ from: source, to, port, protocol: "TCP", why })),
    ),
  );
}

/** Each part as a target of its own; all of them are the system's job, as in one piece. */
export function partJobs(
  system: SystemName,
  members: readonly WorkloadArgs[],
  number: number,
  port = "http",
): ScrapeJob[] {
  return members.map(({ component, namespace }) => ({
    job: `${system}-${component}`,
    label: system,
    namespace,
    system,
    component,
    port,
    number,
  }));
}
