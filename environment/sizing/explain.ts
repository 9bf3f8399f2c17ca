import { isDeployed } from "../addresses";
import { defaultsOf } from "../defaults";
import type { Environment } from "../schema";
import type { SystemName } from "../composition";
import { Bytes, Cpu, Rate } from "../units";
import type { Choice, Pod } from "./choice";
import { sizing } from "./index";
import { loadOf, printedLoad } from "./load";
import { sizingRequest, valueAt as at } from "./request";

/** A number of an environment, and why it is this one. */
export interface Explained {
  readonly key: string;
  /** The system that it is of; `loki.replicationFactor` is of Loki too. */
  readonly system: SystemName;
  /** What stands in the environment. */
  readonly value: string;
  /** What the rules give for the load; the same unless somebody wrote another value, or no load is stated. */
  readonly byRule: string;
  /** Who chose: the load (stated, or that of the profile where a retention outgrows its volumes), the profile, or a person. */
  readonly origin: "load" | "default" | "written";
  readonly reason: string;
  readonly source: string;
}

/** Every number that sizing chooses, as it is in an environment, with its reason. */
export function explain(environment: Environment): Explained[] {
  const { composition } = environment;
  const defaults = defaultsOf(environment.profile, composition);
  return sizing(composition, sizingRequest(environment, environment)).flatMap((choice): Explained[] => {
    const { system } = choice;
    if (choice.value === null || !isDeployed(environment, system)) return [];
    const value = shown(plain(chosen(environment, choice)));
    const byRule = shown(choice.value);
    // No size of the profile for a tier stands above that of the system any more.
    const usual = shown(chosen(defaults, { key: choice.key }));
    const outgrown = choice.needs !== undefined && usual !== "none" && Bytes.parse(usual).bytes < choice.needs.bytes;
    const follows = environment.load !== undefined || outgrown;
    const origin = originOf(value, follows ? byRule : usual, follows);
    return [{ key: choice.key, system, value, byRule, origin, reason: choice.reason, source: choice.source }];
  });
}

/** The volumes that can't hold what they are to keep, by the rules for the load, each by the key that it stands at. */
export function tooSmall(environment: Environment): (Choice & { readonly volume: Bytes; readonly least: Bytes })[] {
  return sizing(environment.composition, sizingRequest(environment, environment)).flatMap((choice) => {
    const volume = chosen(environment, choice);
    if (choice.needs === undefined || !(volume instanceof Bytes) || volume.bytes >= choice.needs.bytes) return [];
    if (!isDeployed(environment, choice.system)) return [];
    const { key, unless } = choice;
    const stands = unless !== undefined && at(environment, unless) !== undefined ? unless : key;
    return [{ ...choice, key: stands, volume, least: Bytes.parse(String(choice.value)) }];
  });
}

/** The load that sizes follow from, or that the sizes of the profile carry, in words. */
export function explainLoad(environment: Environment): string {
  const { profile, load } = environment;
  const all = printedLoad(loadOf(environment));
  return load === undefined ? `no load stated; the sizes of ${profile} carry ${all}` : `sized for ${all}`;
}

function originOf(value: string, expected: string, follows: boolean): Explained["origin"] {
  if (value !== expected) return "written";
  return follows ? "load" : "default";
}

/** What stands at a key; a store of metrics without a size of its own has that of the system. */
const chosen = (tree: object, { key, unless }: Pick<Choice, "key" | "unless">) =>
  (unless === undefined ? undefined : at(tree, unless)) ??
  at(tree, key) ??
  at(tree, key.replace(/\.stores\.[^.]+\./, "."));

/** A parsed value as it would be written. */
function plain(value: unknown): unknown {
  if (value instanceof Bytes || value instanceof Cpu || value instanceof Rate) return value.toString();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** `3`, `20Gi`, `2 CPU, 4Gi–6Gi`, `6 to 12` */
function shown(value: unknown): string {
  if (value === undefined) return "none";
  if (typeof value !== "object" || value === null) return String(value);
  if ("minReplicas" in value && "maxReplicas" in value)
    return `${String(value.minReplicas)} to ${String(value.maxReplicas)}`;
  const { requests, limits } = value as Pod;
  const memory = [...new Set([requests.memory, limits.memory])].join("–");
  return `${requests.cpu} CPU, ${memory}`;
}
