import type { PolicyDocument, StoringSystem } from "./policies";

/**
 * Every AWS resource of the object storage as plain data. The nested objects have the shape of the provider's
 * arguments, which is the shape of the AWS API with a lower-case first letter.
 */
export interface AwsPlan {
  readonly region: string;
  /** The only account that the provider may touch. */
  readonly account: string;
  readonly partition: string;
  /** On every resource that takes tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** The buckets to make; those that exist already are not here. */
  readonly buckets: readonly BucketPlan[];
  readonly roles: readonly RolePlan[];
}

/** What a bucket holds; also the key of its name in the environment. */
export type Content = "logs" | "traces";

/** What has a role of its own: the storing systems, and Alertmanager when it sends text messages. */
export type RoleHolder = StoringSystem | "alertmanager";

export interface BucketPlan {
  readonly content: Content;
  readonly name: string;
  readonly arn: string;
  /** The engine refuses to delete it, and forgets rather than deletes it when it must go. */
  readonly protect: boolean;
  /** Objects go with the bucket; otherwise AWS refuses to delete a bucket that is not empty. */
  readonly forceDestroy: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly publicAccessBlock: {
    readonly blockPublicAcls: true;
    readonly blockPublicPolicy: true;
    readonly ignorePublicAcls: true;
    readonly restrictPublicBuckets: true;
  };
  readonly ownershipControls: { readonly rule: { readonly objectOwnership: "BucketOwnerEnforced" } };
  readonly encryption: {
    readonly rules: readonly [{ readonly applyServerSideEncryptionByDefault: { readonly sseAlgorithm: "AES256" } }];
  };
  /** Absent: the bucket keeps no older versions. */
  readonly versioning?: { readonly versioningConfiguration: { readonly status: "Enabled" } };
  readonly lifecycle: { readonly rules: readonly LifecycleRule[] };
  readonly policy: PolicyDocument;
}

export interface LifecycleRule {
  readonly id: string;
  readonly status: "Enabled";
  readonly filter: { readonly prefix: string };
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number };
  readonly noncurrentVersionExpiration?: { readonly noncurrentDays: number };
  /** Of markers, or of current objects so many days after they were written: see {@link orphansGo} for when that is safe. */
  readonly expiration?: { readonly expiredObjectDeleteMarker: true } | { readonly days: number };
}

export interface RolePlan {
  readonly system: RoleHolder;
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly trust: PolicyDocument;
  /** Name of its policy: what it is about. */
  readonly about: "objects" | "messages";
  readonly policy: PolicyDocument;
  /** With Pod Identity: the association that gives the role to the service account. */
  readonly podIdentity?: { readonly clusterName: string; readonly namespace: string; readonly serviceAccount: string };
}

/** Partitions whose regions have a prefix of their own; all others lie in `aws`. */
const partitions = [
  { prefix: "cn-", partition: "aws-cn", suffix: "amazonaws.com.cn" },
  { prefix: "us-gov-", partition: "aws-us-gov", suffix: "amazonaws.com" },
  { prefix: "us-iso-", partition: "aws-iso", suffix: "c2s.ic.gov" },
  { prefix: "us-isob-", partition: "aws-iso-b", suffix: "sc2s.sgov.gov" },
] as const;

/** The partition of a region, which begins every ARN, and the domain of its services. */
export function partitionOf(region: string): { readonly partition: string; readonly suffix: string } {
  const found = partitions.find(({ prefix }) => region.startsWith(prefix));
  return found ?? { partition: "aws", suffix: "amazonaws.com" };
}

/**
 * The files that describe a plan in `build/<env>/aws`: one for each bucket and each role, in a stable order. They stand
 * alone: region, account and all tags are in each.
 */
export function awsFiles(plan: AwsPlan): Record<string, unknown> {
  const { region, account } = plan;
  const described = ({ tags, ...rest }: BucketPlan | RolePlan) => ({
    region,
    account,
    ...rest,
    tags: { ...plan.tags, ...tags },
  });
  return Object.fromEntries([
    ...plan.buckets.map((bucket) => [`bucket-${bucket.content}.json`, described(bucket)]),
    ...plan.roles.map((role) => [`role-${role.system}.json`, described(role)]),
  ]);
}
