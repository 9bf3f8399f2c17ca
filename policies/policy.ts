import type { Environment } from "../environment";

/** A resource as the program asks the engine for it. */
export interface Resource {
  /** Pulumi's type token: `kubernetes:apps/v1:Deployment`, `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Pulumi's name: `observability/loki`, `storage-logs`. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The engine refuses to delete it. @default not known: a rendering without an engine sees inputs only */
  readonly protect?: boolean;
}

/** What policies need to know of an environment: the rest they read from its resources. */
export interface PolicyEnvironment {
  readonly name: string;
  readonly profile: Environment["profile"];
  /** Registry (and path) that replaces every registry. @default none */
  readonly mirror?: string | undefined;
  /** Base domain. @default none: nothing is meant to be reached from outside */
  readonly domain?: string | undefined;
}

/** One thing that is wrong with a resource. */
export interface Flaw {
  /** What exactly, in a word that exemptions repeat: `hostNetwork`, `container loki`, `hostPath /var/log`. */
  readonly subject: string;
  /** Reads on from the resource's name: `runs container loki as root`. */
  readonly problem: string;
}

export interface Finding extends Flaw {
  readonly resource: Resource;
}

/** `mandatory` stops a deployment, `advisory` is told. */
export type Severity = "mandatory" | "advisory";

interface Common {
  /** Lower case with hyphens; what exemptions and the engine call it. */
  readonly name: string;
  /** What goes wrong without it. */
  readonly reason: string;
  /** What to do about a finding. */
  readonly fix: string;
  readonly severity: Severity;
}

/** Judges each resource alone. */
export interface ResourcePolicy extends Common {
  readonly kind: "resource";
  check(resource: Resource, environment: PolicyEnvironment): readonly Flaw[];
}

/** Judges all resources of a stack together: what is missing, and what belongs together. */
export interface StackPolicy extends Common {
  readonly kind: "stack";
  check(resources: readonly Resource[], environment: PolicyEnvironment): readonly Finding[];
}

export type Policy = ResourcePolicy | StackPolicy;

/** The part of an environment that policies ask for. */
export function policyEnvironment({ name, profile, images, domain }: Environment): PolicyEnvironment {
  return { name, profile, mirror: images.mirror, domain };
}

/** Everything that a policy finds, in the order of the resources; exemptions are none of its business. */
export function findings(
  policy: Policy,
  resources: readonly Resource[],
  environment: PolicyEnvironment,
): readonly Finding[] {
  if (policy.kind === "stack") return policy.check(resources, environment);
  return resources.flatMap((resource) => policy.check(resource, environment).map((flaw) => ({ ...flaw, resource })));
}
