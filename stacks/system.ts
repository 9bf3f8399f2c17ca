import { stringify } from "yaml";
import type { RuleGroup } from "../alerts";
import { imageReference, imageVersion, type Environment, type ImageName, type SystemName } from "../environment";
import type { Flow, KubernetesObject, WorkloadArgs } from "./kubernetes";
import type { StoragePlan } from "./storage/plan";

/** What a system is planned with besides the environment. */
export interface Surroundings {
  readonly storage: StoragePlan;
  /** The scrape jobs of all others; empty for those that are no `lastPlanned`. */
  readonly scrapeJobs: readonly ScrapeJob[];
}

declare module "../environment/system" {
  interface System {
    /** Decides it: workloads, configuration, flows, secrets, scrape jobs. Pure. */
    readonly plan: (environment: Environment, surroundings: Surroundings) => SystemPlan;
    /** It needs to know all others first. */
    readonly lastPlanned?: true;
    /** Whether objects are kept in it, or it keeps its own there: the one comes before the other, and goes after it. */
    readonly objectStorage?: "serves" | "uses";
  }
}

/** A port of our own workloads that Prometheus scrapes. */
export interface ScrapeJob {
  /** Unique among all jobs. */
  readonly job: string;
  /** The `job` label, where several workloads are one job. @default the job */
  readonly label?: string;
  readonly namespace: string;
  readonly system: SystemName;
  readonly component: string;
  /** Name of the container port. */
  readonly port: string;
  /** The port's number, for the network policy. */
  readonly number: number;
  /** @default /metrics */
  readonly path?: string;
  /** Keep labels such as `namespace` as the target gives them: it speaks of other objects. @default false */
  readonly honorLabels?: boolean;
  /** The pod listens on the node's own address. @default false */
  readonly hostNetwork?: boolean;
}

/** Where the value of a secret's key comes from; the value itself is never part of a plan. */
export type SecretSource =
  | { readonly generate: number } // characters
  | { readonly setting: string } // `observability:secrets.<setting>`
  | { readonly literal: string }; // not secret itself, such as a user's name

export interface SecretPlan {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, SecretSource>>;
}

/** One system, decided: everything that a component, the review and the offline checks need, as plain data. */
export interface SystemPlan {
  readonly name: SystemName;
  readonly version: string;
  readonly workloads: readonly WorkloadArgs[];
  /** Objects beyond those of the workloads. */
  readonly objects: readonly KubernetesObject[];
  readonly secrets: readonly SecretPlan[];
  /** The server's configuration as it will see it, by file name. */
  readonly config: Readonly<Record<string, string>>;
  readonly flows: readonly Flow[];
  readonly scrapeJobs: readonly ScrapeJob[];
}

/**
 * Rule files as text, by name.
 * @param labels stand on everything that the groups produce: `ALERTS`, which Prometheus makes itself, has no others
 */
export function ruleFiles(
  groups: Readonly<Record<string, readonly RuleGroup[]>>,
  labels?: Readonly<Record<string, string>>,
): Record<string, string> {
  const labelled = (group: RuleGroup) => (labels === undefined ? group : { ...group, labels });
  return Object.fromEntries(Object.entries(groups).map(([name, all]) => [name, yaml({ groups: all.map(labelled) })]));
}

/** YAML as the servers read it: no anchors, no folded lines, so that a diff shows what changed and nothing else. */
export function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

export function image(environment: Environment, name: ImageName): { image: string; version: string } {
  const reference = imageReference(environment, name);
  return { image: reference, version: imageVersion(reference) };
}

/** `--name=value` flags in stable order; `true` alone is a bare flag, `false` and `null` leave it out. */
export function flags(values: Readonly<Record<string, unknown>>, dash: "-" | "--" = "--"): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === false) return [];
    if (Array.isArray(value)) return value.map((each) => `${dash}${name}=${String(each)}`);
    return [value === true ? `${dash}${name}` : `${dash}${name}=${String(value)}`];
  });
}
