import type { PodSpec } from "kubernetes-types/core/v1";
import { parse } from "yaml";
import type { Environment, SystemName } from "../../environment";
import type { Resource } from "../../policies/index";
import type { StackPlan } from "../../stacks";
import { planStack } from "../../stacks/plan";
import { stableName, type KubernetesObject } from "../../stacks/kubernetes";
import { podSpecs } from "../../tools/render/checks";
import { dev, local, prod } from "../environment/support";
import { topology } from "./topologies";

export { dev, local, prod } from "../environment/support";

/** Everything but dashboards, which take most of a plan's time and nothing of its structure. */
export const withoutDashboards = { stages: ["metrics", "logs", "traces", "alerts"] };

/** Environments that between them have every workload, and every kind of replica. */
export const environments: readonly [string, Environment][] = [
  ["local", local()],
  ["dev", dev()],
  ["prod", prod({ tempo: { majorVersion: "2" }, systems: { tempo: { replicas: 3 } } })],
  ["medium", topology("medium")],
  ["large", topology("large")],
];

const plans = new WeakMap<Environment, StackPlan>();

/** The plan of an environment; decided once for each. */
export function planOf(environment: Environment): StackPlan {
  const plan = plans.get(environment) ?? planStack(environment);
  plans.set(environment, plan);
  return plan;
}

export function objectsOf(plan: StackPlan): KubernetesObject[] {
  return [...plan.namespaces, ...plan.systems.flatMap(({ rendered }) => rendered), ...plan.exposure];
}

/** The Kubernetes objects of an environment as the engine is asked for them. */
export function resourcesOf(environment: Environment): Resource[] {
  return objectsOf(planOf(environment)).map((object) => ({
    type: `kubernetes:${object.apiVersion}:${object.kind}`,
    name: [object.metadata?.namespace, stableName(object)].filter(Boolean).join("/"),
    inputs: JSON.parse(JSON.stringify(object)) as Resource["inputs"],
  }));
}

export function labelsOf({ metadata }: KubernetesObject): Readonly<Record<string, string | undefined>> {
  return (metadata?.labels ?? {}) as Record<string, string>;
}

export function ofKind(objects: readonly KubernetesObject[], ...kinds: string[]): KubernetesObject[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

export function pods(environment: Environment): { name: string; namespace: string; spec: PodSpec }[] {
  return podSpecs(objectsOf(planOf(environment)));
}

/** The pod specs of one system, by the name of their workload. */
export function podsOf(environment: Environment, system: SystemName): Record<string, PodSpec> {
  const found = planOf(environment).systems.find(({ name }) => name === system);
  return Object.fromEntries(podSpecs(found?.rendered ?? []).map(({ name, spec }) => [name.split(" ")[2] ?? "", spec]));
}

/** A server's own configuration file, parsed. */
export function configOf<T = Tree>(environment: Environment, system: SystemName, file: string): T {
  const found = planOf(environment).systems.find(({ name }) => name === system);
  const text = found?.config[file];
  if (text === undefined) throw new Error(`${system} has no ${file}, only ${Object.keys(found?.config ?? {}).join()}`);
  return parse(text) as T;
}

/** Configuration, of which a test reads what it needs. */
export interface Tree {
  readonly [key: string]: Tree;
}

/** Everything that gets deployed, as one text to search in. */
export function renderedText(environment: Environment): string {
  const plan = planOf(environment);
  return JSON.stringify([objectsOf(plan), plan.systems.map(({ config, secrets }) => [config, secrets])]);
}
