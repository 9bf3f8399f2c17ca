import type { Finding, Flaw, Resource, ResourcePolicy, StackPolicy } from "./policy";
import { isKubernetes, labelsOf, ofAwsKind, podOf } from "./resources";

/** The owner: the product that an object is part of. Who looks after that product is in its documentation. */
const ownerLabel = "app.kubernetes.io/part-of";
/** The owner on AWS, where tags have no namespace. */
const ownerTag = "project";

const everywhere = [ownerLabel, "app.kubernetes.io/managed-by"];
const onWorkloads = [
  "app.kubernetes.io/name",
  "app.kubernetes.io/component",
  "app.kubernetes.io/version",
  ...everywhere,
];

export const objectsLabelled: ResourcePolicy = {
  kind: "resource",
  name: "objects-labelled",
  reason: "Whoever finds an object at night must see whose it is; network policies and dashboards select by labels.",
  fix: `set Kubernetes' recommended labels; ${ownerLabel} names the owner`,
  severity: "mandatory",
  check(resource) {
    if (!isKubernetes(resource)) return [];
    const pod = podOf(resource);
    const own = missing(labelsOf(resource), pod === undefined ? everywhere : onWorkloads).map((key): Flaw => ({
      subject: key,
      problem: `has no label ${key}`,
    }));
    const onPods = pod === undefined ? [] : missing(pod.metadata?.labels ?? {}, onWorkloads);
    return [...own, ...onPods.map((key) => ({ subject: key, problem: `has no label ${key} on its pods` }))];
  },
};

const requiredTags = [ownerTag, "environment", "managed-by"];
/** Kinds that the stack makes and that take tags. */
const taggable = ["Bucket", "PodIdentityAssociation", "Policy", "Role"];

export const cloudTagged: StackPolicy = {
  kind: "stack",
  name: "cloud-tagged",
  reason: "An account is shared: without tags nobody knows what a bucket is for, nor who pays for it.",
  fix: `set the tags ${requiredTags.join(", ")} on the resource, or as default tags of its provider; ${ownerTag} names the owner`,
  severity: "mandatory",
  check(resources) {
    const providers = resources.filter(({ type }) => type === "pulumi:providers:aws");
    // Which provider makes a resource is not among its inputs: with several, all must have a tag for it to count.
    const defaults = providers.map(defaultTags);
    const shared = requiredTags.filter((tag) => defaults.length > 0 && defaults.every((tags) => tag in tags));
    return taggable
      .flatMap((kind) => ofAwsKind(resources, kind))
      .flatMap((resource): Finding[] => {
        const own = (resource.inputs["tags"] ?? {}) as Record<string, string>;
        const wanted = requiredTags.filter((tag) => !shared.includes(tag));
        return missing(own, wanted).map((tag) => ({ resource, subject: tag, problem: `has no tag ${tag}` }));
      });
  },
};

/** A provider's nested settings travel as JSON text. */
function defaultTags({ inputs }: Resource): Record<string, string> {
  const given = inputs["defaultTags"];
  const read = (typeof given === "string" ? JSON.parse(given) : (given ?? {})) as { tags?: Record<string, string> };
  return read.tags ?? {};
}

const missing = (values: Readonly<Record<string, string>>, wanted: readonly string[]): readonly string[] =>
  wanted.filter((key) => (values[key] ?? "") === "");
