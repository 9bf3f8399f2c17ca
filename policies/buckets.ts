import { isForEverybody, list, statementName, statementsOf, type Statement } from "./documents";
import type { Finding, Flaw, Resource, StackPolicy } from "./policy";
import { ofAwsKind } from "./resources";

/** A bucket's settings are resources of their own, tied to it by its name. */
function settings(resources: readonly Resource[], kind: string, bucket: Resource): readonly Resource["inputs"][] {
  return ofAwsKind(resources, kind)
    .map(({ inputs }) => inputs)
    .filter((inputs) => inputs["bucket"] === bucket.inputs["bucket"]);
}

type Look = (bucket: Resource, of: (kind: string) => readonly Resource["inputs"][]) => readonly Flaw[];

const eachBucket =
  (look: Look) =>
  (resources: readonly Resource[]): readonly Finding[] =>
    ofAwsKind(resources, "Bucket").flatMap((resource) =>
      look(resource, (kind) => settings(resources, kind, resource)).map((flaw) => ({ ...flaw, resource })),
    );

const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const allows = (document: unknown): readonly Statement[] =>
  (statementsOf(document) ?? []).filter(({ Effect }) => Effect === "Allow");

export const bucketsPrivate: StackPolicy = {
  kind: "stack",
  name: "buckets-private",
  reason: "Logs and traces hold what customers did; one public grant shows them to everybody.",
  fix: "add a BucketPublicAccessBlock with all four blocks, ownership BucketOwnerEnforced, no grant to everybody",
  severity: "mandatory",
  check: eachBucket((bucket, of) => {
    const block = Object.assign({}, ...of("BucketPublicAccessBlock")) as Record<string, unknown>;
    const open = blocks.filter((name) => block[name] !== true);
    const owned = of("BucketOwnershipControls").some(
      ({ rule }) => (rule as { objectOwnership?: string } | undefined)?.objectOwnership === "BucketOwnerEnforced",
    );
    const acls = [bucket.inputs["acl"], ...of("BucketAcl").map(({ acl }) => acl)].filter(
      (acl) => typeof acl === "string" && acl !== "private",
    );
    return [
      ...(open.length > 0
        ? [{ subject: "public access", problem: `does not block public access (${open.join(", ")})` }]
        : []),
      ...(owned ? [] : [{ subject: "ownership", problem: "still takes access lists (no BucketOwnerEnforced)" }]),
      ...acls.map((acl) => ({ subject: "acl", problem: `has the access list "${String(acl)}"` })),
      ...of("BucketPolicy").flatMap(({ policy }) =>
        allows(policy).flatMap((statement, index) =>
          isForEverybody(statement)
            ? [{ subject: "policy", problem: `gives access to everybody in ${statementName(statement, index)}` }]
            : [],
        ),
      ),
    ];
  }),
};

export const bucketsEncrypted: StackPolicy = {
  kind: "stack",
  name: "buckets-encrypted",
  reason: "Encryption that the bucket decides cannot be forgotten by a client.",
  fix: "add a BucketServerSideEncryptionConfiguration with AES256 or aws:kms",
  severity: "mandatory",
  check: eachBucket((_, of) => {
    const rules = of("BucketServerSideEncryptionConfiguration").flatMap(
      ({ rules }) => (rules ?? []) as { applyServerSideEncryptionByDefault?: { sseAlgorithm?: string } }[],
    );
    const algorithms = rules.map((rule) => rule.applyServerSideEncryptionByDefault?.sseAlgorithm ?? "");
    return algorithms.some((name) => /^(AES256|aws:kms(:dsse)?)$/.test(name))
      ? []
      : [{ subject: "encryption", problem: "has no encryption of its own" }];
  }),
};

export const bucketsTlsOnly: StackPolicy = {
  kind: "stack",
  name: "buckets-tls-only",
  reason: "S3 answers plain HTTP too; a wrong endpoint would send logs readable over the network.",
  fix: "add a BucketPolicy that denies s3:* to everybody on the bucket and its objects when aws:SecureTransport is false",
  severity: "mandatory",
  check: eachBucket((_, of) => {
    const statements = of("BucketPolicy").flatMap(({ policy }) => statementsOf(policy) ?? []);
    return statements.some(refusesPlainHttp) ? [] : [{ subject: "tls", problem: "can be read over plain HTTP" }];
  }),
};

function refusesPlainHttp(statement: Statement): boolean {
  const { Effect, Action, Resource: resource, Condition } = statement;
  const resources = list(resource);
  return (
    Effect === "Deny" &&
    isForEverybody(statement) &&
    list(Action).some((action) => action === "s3:*" || action === "*") &&
    resources.some((arn) => arn.endsWith("/*") || arn === "*") &&
    resources.some((arn) => !arn.endsWith("/*")) &&
    list(Condition?.["Bool"]?.["aws:SecureTransport"]).includes("false")
  );
}

interface LifecycleRule {
  readonly status?: string;
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation?: number };
}

export const bucketsWithLifecycle: StackPolicy = {
  kind: "stack",
  name: "buckets-with-lifecycle",
  reason: "Uploads that never ended are in no listing and are paid for for ever.",
  fix: "add a BucketLifecycleConfiguration with an enabled rule that aborts incomplete uploads",
  severity: "mandatory",
  check: eachBucket((_, of) => {
    const rules = of("BucketLifecycleConfiguration").flatMap(({ rules }) => (rules ?? []) as LifecycleRule[]);
    const ends = rules.some(
      ({ status, abortIncompleteMultipartUpload: abort }) =>
        status === "Enabled" && (abort?.daysAfterInitiation ?? 0) > 0,
    );
    return ends ? [] : [{ subject: "lifecycle", problem: "keeps uploads that never ended" }];
  }),
};
