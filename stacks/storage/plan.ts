import {
  isDeployed,
  logsKept,
  serviceHost,
  traceTiers,
  type Duration,
  type Environment,
  portOf,
} from "../../environment";
import {
  partitionOf,
  type AwsPlan,
  type BucketPlan,
  type Content,
  type LifecycleRule,
  type RoleHolder,
  type RolePlan,
} from "./aws";
import {
  accessPolicy,
  bucketPolicy,
  messagePolicy,
  trustPolicy,
  type PolicyDocument,
  type StoringSystem,
} from "./policies";

export { awsFiles, type AwsPlan, type BucketPlan, type RolePlan } from "./aws";

/** Where the servers keep their objects. */
export interface StoragePlan {
  readonly kind: "aws" | "in-cluster";
  readonly buckets: Readonly<Record<Content, string>>;
  /** URL of the S3 server inside the cluster; undefined on AWS. */
  readonly endpoint: string | undefined;
  /** `host` or `host:port` of the S3 API, on AWS too: Loki and Tempo refuse to start without one. */
  readonly host: string;
  readonly region: string;
  readonly aws?: AwsPlan;
}

/** versitygw's own default; a client that signs for another region is refused. */
const inClusterRegion = "us-east-1";

const contentOf = { loki: "logs", tempo: "traces" } as const satisfies Record<StoringSystem, Content>;

/** Decides names, places and every AWS resource of the object storage. Asks nobody: names and ARNs are computed. */
export function planStorage(environment: Environment): StoragePlan {
  const buckets = { logs: bucketName(environment, "logs"), traces: bucketName(environment, "traces") };
  if (environment.storage.kind === "in-cluster") {
    const endpoint = `http://${serviceHost(environment, "versitygw")}:${portOf(environment, "versitygw")}`;
    return { kind: "in-cluster", buckets, endpoint, host: new URL(endpoint).host, region: inClusterRegion };
  }
  const { region } = awsOf(environment);
  const host = `s3.${region}.${partitionOf(region).suffix}`;
  return { kind: "aws", buckets, endpoint: undefined, host, region, aws: planAws(environment, buckets) };
}

/**
 * The annotation by which EKS gives a service account its role (IRSA). Empty with Pod Identity, where an association
 * outside Kubernetes does that, and inside the cluster, where keys come from a Secret.
 */
export function serviceAccountAnnotations(environment: Environment, system: RoleHolder): Record<string, string> {
  if (environment.storage.kind !== "aws" || awsOf(environment).identity.kind !== "irsa") return {};
  return { "eks.amazonaws.com/role-arn": roleArn(environment, system) };
}

/** A bucket's name: one that exists, one that was chosen, or `<cluster>-<content>`, on AWS with the account in front. */
function bucketName(environment: Environment, content: Content): string {
  const { existingBuckets, buckets, kind } = environment.storage;
  // Bucket names are unique over all accounts of AWS: the account keeps ours from being somebody else's.
  const account = kind === "aws" ? `${awsOf(environment).account}-` : "";
  return existingBuckets[content] ?? buckets[content] ?? `${account}${environment.cluster}-${content}`;
}

/** Unique for every stack of an account: two stacks on one cluster live in two namespaces. */
const roleName = ({ cluster, namespace }: Environment, system: RoleHolder) => `${cluster}-${namespace}-${system}`;

function roleArn(environment: Environment, system: RoleHolder): string {
  const { region, account } = awsOf(environment);
  return `arn:${partitionOf(region).partition}:iam::${account}:role/${roleName(environment, system)}`;
}

function awsOf({ name, aws }: Environment): NonNullable<Environment["aws"]> {
  if (aws === undefined) throw new Error(`environment "${name}" keeps its objects on AWS but has no aws section`);
  return aws;
}

function planAws(environment: Environment, names: StoragePlan["buckets"]): AwsPlan {
  const { region, account } = awsOf(environment);
  const { partition } = partitionOf(region);
  const systems = (["loki", "tempo"] as const).filter((system) => isDeployed(environment, system));
  const made = systems.filter((system) => environment.storage.existingBuckets[contentOf[system]] === undefined);
  return {
    region,
    account,
    partition,
    tags: {
      project: "observability",
      environment: environment.name,
      cluster: environment.cluster,
      "managed-by": "pulumi",
    },
    buckets: made.map((system) => planBucket(environment, system, names[contentOf[system]], partition)),
    roles: [
      ...systems.map((system) => storingRole(environment, system, names[contentOf[system]], partition)),
      ...(sendsMessages(environment) ? [messagingRole(environment, partition)] : []),
    ],
  };
}

/** How long a deleted log object can be brought back, in days: a weekend and the days it takes to notice. */
const undeleteDays = 7;

/**
 * How much longer than its own retention a server's objects stay, in days. The server deletes first: Loki's compactor
 * marks a chunk within minutes and deletes it two hours later, Tempo's within an hour. What is left after two weeks is an
 * orphan, whose mark or block list was lost with a volume, or the server has not run for that long.
 */
const orphanDays = 14;

/**
 * What no server knows of any more goes two weeks after its retention. Safe because an object is never older than what
 * stands in it: it is written after the last line or span, and compaction writes a new one. Only below the folders of
 * tenants: Loki's index, which its compactor rewrites, lies beside them, and an index object that a lifecycle rule took
 * away is data lost (grafana/loki#8359, #16908).
 */
function orphansGo(environment: Environment, content: Content): LifecycleRule[] {
  const kept: Readonly<Record<string, Duration>> =
    content === "logs"
      ? { [environment.tenant]: logsKept(environment) }
      : Object.fromEntries(traceTiers(environment).map(({ tenant, keep }) => [tenant, keep]));
  const { prefix } = environment.storage;
  return Object.entries(kept).map(([tenant, keep]) => ({
    id: `expire-orphans-of-${tenant}`,
    status: "Enabled",
    filter: { prefix: `${prefix === "" ? "" : `${prefix}/`}${tenant}/` },
    expiration: { days: Math.ceil(keep.days) + orphanDays },
  }));
}

/** These clear away what no server knows of: uploads that never ended, and versions that the server has deleted. */
const lifecycleRules: readonly LifecycleRule[] = [
  {
    id: "abort-incomplete-uploads",
    status: "Enabled",
    filter: { prefix: "" },
    // A day, as Tempo's documentation says; no upload of a block or chunk takes longer.
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  },
  {
    // Stands in unversioned buckets too: whoever switches versioning off leaves versions behind.
    id: "expire-deleted-versions",
    status: "Enabled",
    filter: { prefix: "" },
    noncurrentVersionExpiration: { noncurrentDays: undeleteDays },
    // A marker that hides nothing any more still slows every listing.
    expiration: { expiredObjectDeleteMarker: true },
  },
];

/**
 * Logs are versioned where they are protected: a retention set too short by mistake deletes them for good otherwise.
 * Chunks are written once and deleted once, so a week of versions costs a week of storage. Traces are not: Tempo's
 * compaction rewrites every block several times in its first hours, and each rewrite would stay for a week, for data
 * that lives for two.
 */
const isVersioned = (content: Content, protect: boolean) => content === "logs" && protect;

function planBucket(environment: Environment, system: StoringSystem, name: string, partition: string): BucketPlan {
  const content = contentOf[system];
  const { protect } = environment.storage;
  const arn = `arn:${partition}:s3:::${name}`;
  return {
    content,
    name,
    arn,
    protect,
    // `protect: false` gives volumes and objects away with the stack; prod has to empty its buckets by hand even then.
    forceDestroy: !protect && environment.profile !== "prod",
    tags: { system },
    publicAccessBlock: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rule: { objectOwnership: "BucketOwnerEnforced" } },
    // Keys of S3 itself. Keys of KMS would need a key and a permission that the environment does not name.
    encryption: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    ...(isVersioned(content, protect)
      ? { versioning: { versioningConfiguration: { status: "Enabled" as const } } }
      : {}),
    lifecycle: { rules: [...lifecycleRules, ...orphansGo(environment, content)] },
    policy: bucketPolicy(arn),
  };
}

/** Whether Alertmanager has text messages to send, for which it needs a role. */
export const sendsMessages = (environment: Environment): boolean =>
  environment.storage.kind === "aws" &&
  isDeployed(environment, "alertmanager") &&
  environment.alerting.receivers.some(({ kind }) => kind === "sms");

function storingRole(environment: Environment, system: StoringSystem, bucket: string, partition: string): RolePlan {
  const { prefix, existingBuckets } = environment.storage;
  const owner = existingBuckets[contentOf[system]] === undefined ? awsOf(environment).account : undefined;
  const policy = accessPolicy({ system, bucketArn: `arn:${partition}:s3:::${bucket}`, prefix, owner });
  return planRole(environment, system, "objects", `Objects of ${system} in bucket ${bucket}`, policy);
}

function messagingRole(environment: Environment, partition: string): RolePlan {
  const messages = environment.alerting.receivers.filter(({ kind }) => kind === "sms");
  const topics = messages.flatMap((receiver) => ("topicArn" in receiver ? (receiver.topicArn ?? []) : []));
  const policy = messagePolicy([...new Set(topics)].sort(), topics.length < messages.length, partition);
  return planRole(environment, "alertmanager", "messages", "Text messages of alertmanager", policy);
}

function planRole(
  environment: Environment,
  system: RoleHolder,
  about: RolePlan["about"],
  description: string,
  policy: PolicyDocument,
): RolePlan {
  const aws = awsOf(environment);
  const { cluster, namespace } = environment;
  const pod = { clusterName: aws.eksCluster ?? cluster, namespace, serviceAccount: system };
  return {
    system,
    name: roleName(environment, system),
    arn: roleArn(environment, system),
    description,
    tags: { system },
    trust: trustPolicy(aws, pod, partitionOf(aws.region).partition),
    about,
    policy,
    ...(aws.identity.kind === "pod-identity" ? { podIdentity: pod } : {}),
  };
}
