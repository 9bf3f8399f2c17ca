import { awsFiles, planStorage, serviceAccountAnnotations, type AwsPlan } from "../../stacks/storage/plan";
import * as fc from "fast-check";
import { logsKept, queryLength, traceTiers, type Environment } from "../../environment";
import { validRetention } from "../environment/support";
import { account, dev, issuer, local, prod } from "./environments";

function awsPlan(environment: Environment): AwsPlan {
  const { aws } = planStorage(environment);
  if (aws === undefined) throw new Error(`${environment.name} has no plan for AWS`);
  return aws;
}

function only<T>(list: readonly T[], matches: (item: T) => boolean): T {
  const found = list.filter(matches);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} found, 1 expected`);
  return found[0];
}

const bucketOf = (plan: AwsPlan, content: string) => only(plan.buckets, (bucket) => bucket.content === content);
const roleOf = (plan: AwsPlan, system: string) => only(plan.roles, (role) => role.system === system);

describe("places", () => {
  test("inside the cluster nothing of AWS is planned, and the endpoint is versitygw's service", () => {
    expect(planStorage(local())).toEqual({
      kind: "in-cluster",
      buckets: { logs: "local-logs", traces: "local-traces" },
      endpoint: "http://versitygw.observability.svc:7070",
      host: "versitygw.observability.svc:7070",
      region: "us-east-1",
    });
  });

  test("an S3 server that exists already is refused: nobody would know its keys", () => {
    const url = "https://s3.example.com:9443";
    expect(() => local({ systems: { versitygw: { existingUrl: url } } })).toThrow("has keys of its own");
  });

  test("on AWS the account stands in front of a bucket's name, which the whole world shares", () => {
    expect(planStorage(dev())).toMatchObject({
      kind: "aws",
      buckets: { logs: `${account}-phoenix-dev-logs`, traces: `${account}-phoenix-dev-traces` },
      endpoint: undefined,
      host: "s3.us-west-2.amazonaws.com",
      region: "us-west-2",
    });
  });

  test("a chosen name replaces the computed one, and only that", () => {
    const { buckets } = planStorage(dev({ storage: { buckets: { logs: "phoenix-logs" } } }));
    expect(buckets).toEqual({ logs: "phoenix-logs", traces: `${account}-phoenix-dev-traces` });
  });

  test.each([
    ["us-west-2", "aws", "s3.us-west-2.amazonaws.com"],
    ["cn-north-1", "aws-cn", "s3.cn-north-1.amazonaws.com.cn"],
    ["us-gov-west-1", "aws-us-gov", "s3.us-gov-west-1.amazonaws.com"],
    ["us-isob-east-1", "aws-iso-b", "s3.us-isob-east-1.sc2s.sgov.gov"],
  ])("in %s no ARN leaves the partition %s", (region, partition, host) => {
    for (const environment of [dev({ aws: { region } }), prod({ aws: { region } })]) {
      const storage = planStorage(environment);
      expect(storage.host).toBe(host);
      const arns = JSON.stringify(storage.aws).match(/arn:[a-z-]+:/g) ?? [];
      expect(arns.length).toBeGreaterThan(10);
      expect(new Set(arns)).toEqual(new Set([`arn:${partition}:`]));
    }
  });
});

describe("what is made", () => {
  test("a bucket that exists already is neither made nor configured, but its server may use it", () => {
    const plan = awsPlan(prod({ storage: { existingBuckets: { logs: "company-logs" } } }));
    expect(plan.buckets.map(({ content }) => content)).toEqual(["traces"]);
    expect(JSON.stringify(roleOf(plan, "loki").policy)).toContain("arn:aws:s3:::company-logs/phoenix-orch/*");
  });

  test("a stage that is left out leaves no bucket and no role behind", () => {
    const plan = awsPlan(dev({ stages: ["metrics", "traces"] }));
    expect(plan.buckets.map(({ content }) => content)).toEqual(["traces"]);
    expect(plan.roles.map(({ system }) => system)).toEqual(["tempo"]);
  });

  test("a Loki that exists elsewhere needs no bucket here", () => {
    const plan = awsPlan(dev({ systems: { loki: { existingUrl: "https://loki.example.com" } } }));
    expect(plan.roles.map(({ system }) => system)).toEqual(["tempo"]);
  });

  test("protected data is neither forced away nor unprotected; dev's goes with the stack", () => {
    const flags = (environment: Environment) =>
      awsPlan(environment).buckets.map(({ protect, forceDestroy }) => ({ protect, forceDestroy }));
    expect(flags(prod())).toEqual(Array(2).fill({ protect: true, forceDestroy: false }));
    expect(flags(dev())).toEqual(Array(2).fill({ protect: false, forceDestroy: true }));
    expect(flags(prod({ storage: { protect: false } }))).toEqual(
      Array(2).fill({ protect: false, forceDestroy: false }),
    );
  });

  test("only protected logs keep their versions", () => {
    const versioned = (environment: Environment) =>
      awsPlan(environment).buckets.flatMap(({ content, versioning }) => (versioning ? [content] : []));
    expect(versioned(prod())).toEqual(["logs"]);
    expect(versioned(dev())).toEqual([]);
  });

  test("what no server knows of is cleared away: uploads that never ended, and deleted versions", () => {
    for (const { lifecycle } of [...awsPlan(dev()).buckets, ...awsPlan(prod()).buckets]) {
      expect(lifecycle.rules.slice(0, 2)).toEqual([
        {
          id: "abort-incomplete-uploads",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        },
        {
          id: "expire-deleted-versions",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 7 },
          expiration: { expiredObjectDeleteMarker: true },
        },
      ]);
    }
  });

  test("orphans go below the folders of tenants, two weeks after the retention of each", () => {
    const expiries = awsPlan(dev()).buckets.flatMap(({ content, lifecycle }) =>
      lifecycle.rules.flatMap(({ filter, expiration }) =>
        expiration !== undefined && "days" in expiration ? [`${content} ${filter.prefix} ${expiration.days}`] : [],
      ),
    );
    expect(expiries).toEqual([
      "logs phoenix-orch/phoenix/ 21",
      "traces phoenix-orch/full/ 15",
      "traces phoenix-orch/single-tenant/ 21",
    ]);
  });

  test("whatever is kept, no rule deletes what a server still knows, and never an index", () =>
    fc.assert(
      fc.property(validRetention, (retention) => {
        const environment = prod({ retention });
        const kept: Record<string, number> = {
          [`phoenix-orch/${environment.tenant}/`]: logsKept(environment).days,
          ...Object.fromEntries(
            traceTiers(environment).map(({ tenant, keep }) => [`phoenix-orch/${tenant}/`, keep.days]),
          ),
        };
        const rules = awsPlan(environment).buckets.flatMap(({ lifecycle }) => lifecycle.rules);
        const deleting = rules.flatMap(({ filter, expiration }) =>
          expiration !== undefined && "days" in expiration ? [{ ...filter, ...expiration }] : [],
        );
        expect(deleting.map(({ prefix }) => prefix).sort()).toEqual(Object.keys(kept).sort());
        for (const { prefix, days } of deleting) {
          // A day for the two hours of Loki's delay and for S3, which looks once a day.
          expect(days).toBeGreaterThan((kept[prefix] ?? Infinity) + 1);
          expect("phoenix-orch/index/index_20000/x".startsWith(prefix)).toBe(false);
        }
        expect(queryLength(environment).days).toBeLessThanOrEqual(logsKept(environment).days);
      }),
      { numRuns: 40 },
    ));

  test("every bucket is closed to the public, encrypted, and without access lists", () => {
    for (const bucket of [...awsPlan(dev()).buckets, ...awsPlan(prod()).buckets]) {
      expect(Object.values(bucket.publicAccessBlock)).toEqual([true, true, true, true]);
      expect(bucket.ownershipControls.rule.objectOwnership).toBe("BucketOwnerEnforced");
      expect(bucket.encryption.rules).toEqual([{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
    }
  });
});

describe("policies", () => {
  test("a bucket refuses plain HTTP and TLS below 1.2, for itself and for its objects", () => {
    const { arn, policy } = bucketOf(awsPlan(prod()), "logs");
    const refused = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, `${arn}/*`] };
    expect(policy.Statement).toEqual([
      { Sid: "DenyPlainHttp", ...refused, Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Sid: "DenyOldTls", ...refused, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    ]);
  });

  test("Loki's role reaches Loki's objects and nothing else", () => {
    const bucket = `arn:aws:s3:::${account}-phoenix-prod-logs`;
    const owner = { StringEquals: { "aws:ResourceAccount": account } };
    expect(roleOf(awsPlan(prod()), "loki").policy.Statement).toEqual([
      { Sid: "ListObjects", Effect: "Allow", Action: ["s3:ListBucket"], Resource: bucket, Condition: owner },
      {
        Sid: "UseObjects",
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
        Resource: `${bucket}/phoenix-orch/*`,
        Condition: owner,
      },
    ]);
  });

  test("no role may do anything by wildcard, delete versions or change a bucket", () => {
    const actions = [...awsPlan(dev()).roles, ...awsPlan(prod()).roles].flatMap(({ policy }) =>
      policy.Statement.flatMap(({ Action }) => Action),
    );
    expect(new Set(actions)).toEqual(
      new Set([
        "s3:ListBucket",
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:GetObjectTagging",
        "s3:PutObjectTagging",
      ]),
    );
  });

  test("in a bucket of somebody else, listing ends at the prefix", () => {
    const plan = awsPlan(prod({ storage: { existingBuckets: { traces: "company-traces" } } }));
    const [list, use] = roleOf(plan, "tempo").policy.Statement;
    expect(list?.Condition).toEqual({ StringLike: { "s3:prefix": ["phoenix-orch", "phoenix-orch/*"] } });
    expect(use?.Condition).toBeUndefined();
  });

  test("without a prefix the objects of the whole bucket are the server's", () => {
    const [list, use] = roleOf(awsPlan(dev({ storage: { prefix: "" } })), "loki").policy.Statement;
    expect(list?.Condition).toEqual({ StringEquals: { "aws:ResourceAccount": account } });
    expect(use?.Resource).toBe(`arn:aws:s3:::${account}-phoenix-dev-logs/*`);
  });
});

describe("identity", () => {
  test("IRSA: exactly one service account's token is accepted, and the account carries the role", () => {
    const role = roleOf(awsPlan(dev()), "tempo");
    expect(role.trust.Statement).toEqual([
      {
        Sid: "ServiceAccountToken",
        Effect: "Allow",
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: "sts.amazonaws.com",
            [`${issuer}:sub`]: "system:serviceaccount:observability:tempo",
          },
        },
      },
    ]);
    expect(role.podIdentity).toBeUndefined();
    expect(role.arn).toBe(`arn:aws:iam::${account}:role/phoenix-dev-observability-tempo`);
    expect(serviceAccountAnnotations(dev(), "tempo")).toEqual({ "eks.amazonaws.com/role-arn": role.arn });
  });

  test("Pod Identity: one service account of one cluster, by association and without an annotation", () => {
    const role = roleOf(awsPlan(prod()), "loki");
    expect(role.trust.Statement).toEqual([
      {
        Sid: "PodIdentity",
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:SourceAccount": account,
            "aws:RequestTag/eks-cluster-arn": `arn:aws:eks:us-west-2:${account}:cluster/eks-prod-1`,
            "aws:RequestTag/kubernetes-namespace": "observability",
            "aws:RequestTag/kubernetes-service-account": "loki",
          },
        },
      },
    ]);
    expect(role.podIdentity).toEqual({ clusterName: "eks-prod-1", namespace: "observability", serviceAccount: "loki" });
    expect(serviceAccountAnnotations(prod(), "loki")).toEqual({});
  });

  test("inside the cluster no service account is annotated", () => {
    expect(serviceAccountAnnotations(local(), "loki")).toEqual({});
  });
});

describe("files", () => {
  test("one per bucket and role, each complete, the same bytes every time", () => {
    const files = awsFiles(awsPlan(prod()));
    expect(Object.keys(files)).toEqual(["bucket-logs.json", "bucket-traces.json", "role-loki.json", "role-tempo.json"]);
    expect(files["bucket-logs.json"]).toMatchObject({
      region: "us-west-2",
      account,
      name: `${account}-phoenix-prod-logs`,
      tags: {
        project: "observability",
        environment: "prod",
        cluster: "phoenix-prod",
        "managed-by": "pulumi",
        system: "loki",
      },
    });
    expect(JSON.stringify(awsFiles(awsPlan(prod())))).toBe(JSON.stringify(files));
    expect(JSON.parse(JSON.stringify(files))).toEqual(files);
  });
});
