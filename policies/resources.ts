import type { Container, PodSpec } from "kubernetes-types/core/v1";
import type { ObjectMeta } from "kubernetes-types/meta/v1";
import type { Resource } from "./policy";

/** `Deployment`, `Bucket`: the last part of the type. AWS's superseded `BucketV2` and its like count as the plain kind. */
export function kindOf({ type }: Resource): string {
  return type.slice(type.lastIndexOf(":") + 1).replace(/V2$/, "");
}

/** The resource in messages: `StatefulSet observability/loki`. */
export function displayName(resource: Resource): string {
  return `${kindOf(resource)} ${resource.name}`;
}

/** The resource in exemptions, the same in whatever namespace a stack is: `StatefulSet loki`. */
export function shortName(resource: Resource): string {
  return `${kindOf(resource)} ${resource.name.slice(resource.name.lastIndexOf("/") + 1)}`;
}

export const isKubernetes = ({ type }: Resource): boolean => type.startsWith("kubernetes:");
export const isAws = ({ type }: Resource): boolean => type.startsWith("aws:");

/** Metadata of a Kubernetes object; empty for anything else. */
export function metadataOf({ inputs }: Resource): ObjectMeta {
  return (inputs["metadata"] ?? {}) as ObjectMeta;
}

/** The `spec` of a Kubernetes object, of the type that its kind has. */
export function specOf<Spec extends object>({ inputs }: Resource): Partial<Spec> {
  return (inputs["spec"] ?? {}) as Partial<Spec>;
}

export function labelsOf(resource: Resource): Readonly<Record<string, string>> {
  return metadataOf(resource).labels ?? {};
}

/** The Kubernetes resources of one kind, or of several. */
export function ofKind(resources: readonly Resource[], ...kinds: readonly string[]): readonly Resource[] {
  return resources.filter((resource) => isKubernetes(resource) && kinds.includes(kindOf(resource)));
}

/** The AWS resources of one kind. */
export function ofAwsKind(resources: readonly Resource[], kind: string): readonly Resource[] {
  return resources.filter((resource) => isAws(resource) && kindOf(resource) === kind);
}

/** A pod as a workload describes it. */
export interface PodTemplate {
  readonly metadata?: ObjectMeta;
  readonly spec: PodSpec;
}

/** The pod that a resource makes: of a controller, of a job, or itself; undefined where it makes none. */
export function podOf(resource: Resource): PodTemplate | undefined {
  if (!isKubernetes(resource)) return undefined;
  const { inputs } = resource;
  const spec = specOf<{ template: PodTemplate; jobTemplate: { spec?: { template?: PodTemplate } } }>(resource);
  switch (kindOf(resource)) {
    case "DaemonSet":
    case "Deployment":
    case "Job":
    case "ReplicaSet":
    case "StatefulSet":
      return spec.template;
    case "CronJob":
      return spec.jobTemplate?.spec?.template;
    case "Pod":
      return { metadata: metadataOf(resource), spec: inputs["spec"] as PodSpec };
    default:
      return undefined;
  }
}

/** The containers of a pod, those that run before the others included. */
export function containersOf({ spec }: PodTemplate): readonly Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

/** Whether every label of a selector stands among some labels. */
export function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels?.[key] === value);
}
