import type { Environment } from "../../environment";

/** The systems that keep their data in buckets; also the names of their service accounts. */
export type StoringSystem = "loki" | "tempo";

/** An IAM document, as AWS reads it. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | { readonly Service: string } | { readonly Federated: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const document = (...statements: Statement[]): PolicyDocument => ({ Version: "2012-10-17", Statement: statements });

/**
 * What a server may do to objects. AbortMultipartUpload: both servers' S3 client ends an upload that failed half way.
 * Tagging: Tempo's documentation asks for it; S3 wants it as soon as `storage.trace.s3.tags` is set.
 */
const objectActions: Readonly<Record<StoringSystem, readonly string[]>> = {
  loki: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
  tempo: [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:GetObjectTagging",
    "s3:PutObjectTagging",
  ],
};

export interface Access {
  readonly system: StoringSystem;
  readonly bucketArn: string;
  /** Objects lie under `<prefix>/`; empty: anywhere in the bucket. */
  readonly prefix: string;
  /** The account that owns the bucket; undefined for one that was not made here and may belong to another account. */
  readonly owner: string | undefined;
}

/**
 * The permissions of one server: its own objects, no versions of them, nothing of the bucket's configuration.
 *
 * ListBucket decides more than listing: without it S3 answers 403 instead of 404 for a missing object, and both
 * servers take a 404 for "not written yet". In a bucket that the stack made there is nothing but the server's objects,
 * so it stands without a condition. In a bucket that exists already, listing ends at the prefix; S3 then compares the
 * key of a missing object with it. Tempo's first request lists `<prefix>` without the slash.
 *
 * Tempo before grafana/tempo#6011 deletes the index of a tenant without any block left outside its prefix; that stays
 * refused, and costs a log line and a count in tempodb_blocklist_tenant_index_errors_total at each poll.
 *
 * A bucket's name is free for anyone once the bucket is gone: the condition on the owner keeps data from flowing into
 * a stranger's bucket.
 */
export function accessPolicy({ system, bucketArn, prefix, owner }: Access): PolicyDocument {
  const owned = owner === undefined ? {} : { StringEquals: { "aws:ResourceAccount": owner } };
  const listed = owner === undefined && prefix !== "" ? { StringLike: { "s3:prefix": [prefix, `${prefix}/*`] } } : {};
  const statement = (Sid: string, Action: readonly string[], Resource: string, condition: object): Statement => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition as NonNullable<Statement["Condition"]> }),
  });
  const objects = prefix === "" ? `${bucketArn}/*` : `${bucketArn}/${prefix}/*`;
  return document(
    statement("ListObjects", ["s3:ListBucket"], bucketArn, { ...owned, ...listed }),
    statement("UseObjects", objectActions[system], objects, owned),
  );
}

/**
 * The right to send text messages: to each topic that is named, and to telephone numbers. A number is no resource with
 * an ARN; everything that is no topic stands for it, so that no topic of the account comes along.
 */
export function messagePolicy(topics: readonly string[], numbers: boolean, partition: string): PolicyDocument {
  const publish = { Effect: "Allow", Action: "sns:Publish" } as const;
  return document(
    ...(topics.length > 0 ? [{ Sid: "PublishToTopics", ...publish, Resource: [...topics] }] : []),
    ...(numbers ? [{ Sid: "SendToNumbers", ...publish, NotResource: `arn:${partition}:sns:*:*:*` }] : []),
  );
}

/** Nobody speaks to a bucket in the clear or with a TLS older than 1.2, whatever else allows them to. */
export function bucketPolicy(bucketArn: string): PolicyDocument {
  const everything = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
  } as const;
  return document(
    { Sid: "DenyPlainHttp", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "DenyOldTls", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  );
}

/**
 * Who may take a server's role: the pods of exactly one service account of one cluster.
 *
 * Pod Identity's principal is the same for every cluster of every account; its session tags name the cluster, the
 * namespace and the account of the pod. The audience of IRSA's token is `sts.amazonaws.com` in every partition, China
 * included: it is what the EKS webhook writes into the token, not an address.
 */
export function trustPolicy(
  aws: NonNullable<Environment["aws"]>,
  pod: { readonly clusterName: string; readonly namespace: string; readonly serviceAccount: string },
  partition: string,
): PolicyDocument {
  const { identity, region, account } = aws;
  if (identity.kind === "pod-identity") {
    return document({
      Sid: "PodIdentity",
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Condition: {
        StringEquals: {
          "aws:SourceAccount": account,
          "aws:RequestTag/eks-cluster-arn": `arn:${partition}:eks:${region}:${account}:cluster/${pod.clusterName}`,
          "aws:RequestTag/kubernetes-namespace": pod.namespace,
          "aws:RequestTag/kubernetes-service-account": pod.serviceAccount,
        },
      },
    });
  }
  return document({
    Sid: "ServiceAccountToken",
    Effect: "Allow",
    Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${identity.oidcIssuer}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${identity.oidcIssuer}:aud`]: "sts.amazonaws.com",
        [`${identity.oidcIssuer}:sub`]: `system:serviceaccount:${pod.namespace}:${pod.serviceAccount}`,
      },
    },
  });
}
