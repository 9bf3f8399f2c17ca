import {
  aws,
  awsProvider,
  bucket,
  bucketPolicy,
  configMap,
  denyPlainHttp,
  encryption,
  kubernetes,
  lifecycle,
  namespace,
  ownership,
  pod,
  publicAccessBlock,
  rolePolicy,
  running,
  trustedRole,
  workload,
} from "../resources";
import type { Case } from "./case";

const isPrivate =
  "; fix: add a BucketPublicAccessBlock with all four blocks, ownership BucketOwnerEnforced, no grant to everybody";
const tls =
  "; fix: add a BucketPolicy that denies s3:* to everybody on the bucket and its objects when aws:SecureTransport is false";
const kept =
  "; fix: set observability:storage.protect to true (protect, forceDestroy: false); keep claims when a StatefulSet goes";
const narrow =
  "; fix: list the actions and the ARNs; a wildcard may only end an object path (arn:aws:s3:::bucket/prefix/*)";
const trust =
  "; fix: trust one service account: StringEquals on the issuer's :sub (IRSA), or on the cluster and account (Pod Identity)";
const tagged =
  "; fix: set the tags project, environment, managed-by on the resource, or as default tags of its provider; project names the owner";
const labelled = "; fix: set Kubernetes' recommended labels; app.kubernetes.io/part-of names the owner";
const plain =
  "; fix: pulumi config set --secret --path observability:secrets.<name>, and read it from a file of a Kubernetes Secret";

const issuer = "oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE";
const irsa = (condition: object) => ({
  Sid: "Token",
  Effect: "Allow",
  Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer}` },
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition: condition,
});
const podIdentity = (equals: object) => ({
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: ["sts:AssumeRole", "sts:TagSession"],
  Condition: { StringEquals: equals },
});
const allow = (Action: string, Resource: string) => ({ Sid: "Use", Effect: "Allow", Action, Resource });

export const cloudCases: readonly Case[] = [
  {
    policy: "buckets-private",
    what: "a bucket closed on every side is fine",
    resources: [bucket(), publicAccessBlock(), ownership, bucketPolicy(denyPlainHttp)],
    messages: [],
  },
  {
    policy: "buckets-private",
    what: "half a block, access lists and a grant to everybody are found",
    resources: [
      bucket({ acl: "public-read" }),
      publicAccessBlock({ blockPublicPolicy: false }),
      bucketPolicy({ Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:GetObject", Resource: "x" }),
    ],
    messages: [
      `Bucket storage-logs does not block public access (blockPublicPolicy)${isPrivate}`,
      `Bucket storage-logs still takes access lists (no BucketOwnerEnforced)${isPrivate}`,
      `Bucket storage-logs has the access list "public-read"${isPrivate}`,
      `Bucket storage-logs gives access to everybody in statement 1${isPrivate}`,
    ],
  },
  {
    policy: "buckets-encrypted",
    what: "keys of S3 or KMS are fine",
    resources: [bucket(), encryption("AES256"), encryption("aws:kms")],
    messages: [],
  },
  {
    policy: "buckets-encrypted",
    what: "another bucket's encryption does not count",
    resources: [bucket({ bucket: "other" }), encryption("AES256")],
    messages: [
      "Bucket storage-logs has no encryption of its own; fix: add a BucketServerSideEncryptionConfiguration with AES256 or aws:kms",
    ],
  },
  {
    policy: "buckets-tls-only",
    what: "a refusal on the bucket and its objects is fine",
    resources: [bucket(), bucketPolicy(denyPlainHttp)],
    messages: [],
  },
  {
    policy: "buckets-tls-only",
    what: "a refusal that leaves out the objects, or some people, does not count",
    resources: [
      bucket(),
      bucketPolicy({ ...denyPlainHttp, Resource: "arn:aws:s3:::123456789012-logs" }),
      bucketPolicy({ ...denyPlainHttp, Principal: { AWS: "arn:aws:iam::123456789012:root" } }),
    ],
    messages: [`Bucket storage-logs can be read over plain HTTP${tls}`],
  },
  {
    policy: "buckets-with-lifecycle",
    what: "an enabled rule for uploads is fine",
    resources: [bucket(), lifecycle("Enabled")],
    messages: [],
  },
  {
    policy: "buckets-with-lifecycle",
    what: "a rule that is switched off does not count",
    resources: [bucket(), lifecycle("Disabled")],
    messages: [
      "Bucket storage-logs keeps uploads that never ended; fix: add a BucketLifecycleConfiguration with an enabled rule that aborts incomplete uploads",
    ],
  },
  {
    policy: "data-protected",
    what: "what is protected, or not known to be open, is fine",
    resources: [bucket({}, true), bucket(), namespace("restricted", true), workload()],
    messages: [],
  },
  {
    policy: "data-protected",
    what: "dev may throw its data away",
    resources: [bucket({ forceDestroy: true }, false), namespace("restricted", false)],
    environment: { profile: "dev" },
    messages: [],
  },
  {
    policy: "data-protected",
    what: "every way to lose prod's data at once is found",
    resources: [
      bucket({ forceDestroy: true }, false),
      namespace("restricted", false),
      workload(pod(), {
        spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" } },
      }),
    ],
    messages: [
      `Bucket storage-logs holds data and is not protected${kept}`,
      `Bucket storage-logs takes its objects with it when it is deleted${kept}`,
      `Namespace web holds data and is not protected${kept}`,
      `StatefulSet web/shop deletes its volumes (whenDeleted: Delete)${kept}`,
    ],
  },
  {
    policy: "iam-without-wildcards",
    what: "listed actions on one folder are fine, and a refusal may be as wide as it likes",
    resources: [
      rolePolicy(allow("s3:GetObject", "arn:aws:s3:::logs/shop/*"), allow("s3:ListBucket", "arn:aws:s3:::logs")),
      rolePolicy({ Effect: "Deny", Action: "*", Resource: "*" }),
    ],
    messages: [],
  },
  {
    policy: "iam-without-wildcards",
    what: "text messages may go to telephone numbers, which have no ARN; nothing else may be all but something",
    resources: [
      rolePolicy(
        { Effect: "Allow", Action: "sns:Publish", NotResource: "arn:aws:sns:*:*:*" },
        { Effect: "Allow", Action: "sns:DeleteTopic", NotResource: "arn:aws:sns:*:*:*" },
        { Effect: "Allow", Action: "sns:Publish", NotResource: "arn:aws:sns:*:*:other" },
      ),
    ],
    messages: ["2", "3"].map(
      (statement) =>
        `RolePolicy storage-logs allows every resource but some (NotResource) in statement ${statement} of its policy${narrow}`,
    ),
  },
  {
    policy: "iam-without-wildcards",
    what: "wildcards in actions and resources, their negations and AWS' own wide policies are found",
    resources: [
      rolePolicy(allow("s3:*", "arn:aws:s3:::logs*/shop/*"), { Effect: "Allow", NotAction: "iam:*", NotResource: "x" }),
      aws("iam/role:Role", {
        inlinePolicies: [{ name: "extra", policy: JSON.stringify({ Statement: allow("s3:GetObject", "*") }) }],
        managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"],
      }),
      aws("iam/rolePolicy:RolePolicy", { policy: "not a document" }),
    ],
    messages: [
      `RolePolicy storage-logs allows the action s3:* in statement Use of its policy${narrow}`,
      `RolePolicy storage-logs allows the resource arn:aws:s3:::logs*/shop/* in statement Use of its policy${narrow}`,
      `RolePolicy storage-logs allows every action but some (NotAction) in statement 2 of its policy${narrow}`,
      `RolePolicy storage-logs allows every resource but some (NotResource) in statement 2 of its policy${narrow}`,
      `Role storage-logs allows the resource * in statement Use of its inline policy extra${narrow}`,
      `Role storage-logs has the managed policy AmazonS3FullAccess${narrow}`,
      `RolePolicy storage-logs has a policy that is no IAM document${narrow}`,
    ],
  },
  {
    policy: "iam-trust-narrow",
    what: "exactly one service account, by IRSA or Pod Identity, is fine",
    resources: [
      trustedRole(irsa({ StringEquals: { [`${issuer}:sub`]: "system:serviceaccount:web:shop" } })),
      trustedRole(
        podIdentity({ "aws:SourceAccount": "123456789012", "aws:RequestTag/kubernetes-service-account": "shop" }),
      ),
    ],
    messages: [],
  },
  {
    policy: "iam-trust-narrow",
    what: "any token of the issuer, a pattern, any cluster and everybody are found",
    resources: [
      trustedRole(irsa({ StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com" } })),
      trustedRole(irsa({ StringLike: { [`${issuer}:sub`]: "system:serviceaccount:*:shop" } })),
      trustedRole(podIdentity({ "aws:SourceAccount": "123456789012" })),
      trustedRole({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
    ],
    messages: [
      `Role storage-logs may be taken by any identity of the issuer (statement Token)${trust}`,
      `Role storage-logs may be taken by any identity of the issuer (statement Token)${trust}`,
      `Role storage-logs may be taken by pods of other clusters or accounts (statement 1)${trust}`,
      `Role storage-logs may be taken by everybody (statement 1)${trust}`,
    ],
  },
  {
    policy: "cloud-tagged",
    what: "tags of the resource and of the provider count together",
    resources: [
      bucket({ tags: { project: "observability" } }),
      awsProvider({ environment: "prod", "managed-by": "pulumi" }),
    ],
    messages: [],
  },
  {
    policy: "cloud-tagged",
    what: "a bucket without an owner is found",
    resources: [bucket({ tags: { environment: "prod", "managed-by": "pulumi", project: "" } })],
    messages: [`Bucket storage-logs has no tag project${tagged}`],
  },
  {
    policy: "objects-labelled",
    what: "the recommended labels are fine, on objects of any kind",
    resources: [workload(), namespace(), configMap({})],
    messages: [],
  },
  {
    policy: "objects-labelled",
    what: "an object without an owner, and pods without the labels of their workload, are found",
    resources: [
      kubernetes("core/v1:ConfigMap", "shop", {}, { labels: { "app.kubernetes.io/managed-by": "pulumi" } }),
      workload(pod(), { podLabels: { "app.kubernetes.io/name": "shop" } }),
    ],
    messages: [
      `ConfigMap web/shop has no label app.kubernetes.io/part-of${labelled}`,
      `StatefulSet web/shop has no label app.kubernetes.io/component on its pods${labelled}`,
      `StatefulSet web/shop has no label app.kubernetes.io/version on its pods${labelled}`,
      `StatefulSet web/shop has no label app.kubernetes.io/part-of on its pods${labelled}`,
      `StatefulSet web/shop has no label app.kubernetes.io/managed-by on its pods${labelled}`,
    ],
  },
  {
    policy: "no-secrets-in-plain-text",
    what: "a reference to a secret, and a Secret itself, are fine",
    resources: [
      running({ env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "shop", key: "password" } } }] }),
      kubernetes("core/v1:Secret", "shop", { stringData: { password: "hunter2" } }),
    ],
    messages: [],
  },
  {
    policy: "no-secrets-in-plain-text",
    what: "a password in a config map, in an environment and in a flag is found",
    resources: [
      configMap({ "shop.yaml": "database: {password: hunter2}" }),
      running({ env: [{ name: "DB_PASSWORD", value: "hunter2" }], args: ["--api-key=hunter2"] }),
    ],
    messages: [
      `ConfigMap web/shop-config sets database.password in data["shop.yaml"]${plain}`,
      `StatefulSet web/shop sets DB_PASSWORD in the environment of container shop${plain}`,
      `StatefulSet web/shop sets api-key in the arguments of container shop${plain}`,
    ],
  },
];
