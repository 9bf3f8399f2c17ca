import * as pulumi from "@pulumi/pulumi";
import { ObjectStorage } from "../../stacks/storage/component";
import { planStorage } from "../../stacks/storage/plan";
import type { Environment } from "../../environment";
import { account, dev, local, prod } from "./environments";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly options: pulumi.CustomResourceOptions;
}

/** What the engine is asked to make for an environment, without an engine. */
async function registered(environment: Environment): Promise<{ resources: Registered[]; parent: pulumi.Resource }> {
  // The engine sees values, but not every option; a transformation sees the options, but no values yet.
  const inputs = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs: given }) => {
      inputs.set(`${type} ${name}`, given as Record<string, unknown>);
      return { id: `${name}-id`, state: given as Record<string, unknown> };
    },
    call: () => ({}),
  });
  const made: { resource: pulumi.Resource; type: string; name: string; options: pulumi.CustomResourceOptions }[] = [];
  const record: pulumi.ResourceTransformation = ({ resource, type, name, opts: options }) => {
    made.push({ resource, type, name, options });
    return undefined;
  };
  const parent = new ObjectStorage("storage", { plan: planStorage(environment) }, { transformations: [record] });
  await new Promise((resolve) => pulumi.all(made.map(({ resource }) => resource.urn)).apply(resolve));
  const children = made.filter(({ resource }) => resource !== parent);
  const resources = children.map(({ type, name, options }) => {
    return { type, name, options, inputs: inputs.get(`${type} ${name}`) ?? {} };
  });
  return { resources, parent };
}

const kinds = (resources: readonly Registered[]) => resources.map(({ type, name }) => `${name} ${type}`).sort();

describe("object storage", () => {
  test("nothing is asked of AWS when the S3 server runs inside the cluster", async () => {
    expect((await registered(local())).resources).toEqual([]);
  });

  test("every resource of the plan is made, under names that stay the same", async () => {
    const bucket = (name: string) =>
      [
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      ].map((type) => `${name} ${type}`);
    const role = (name: string) => [
      `${name} aws:eks/podIdentityAssociation:PodIdentityAssociation`,
      `${name} aws:iam/role:Role`,
      `${name} aws:iam/rolePolicy:RolePolicy`,
    ];
    expect(kinds((await registered(prod())).resources)).toEqual(
      [
        "storage-aws pulumi:providers:aws",
        ...bucket("storage-logs"),
        "storage-logs aws:s3/bucketVersioning:BucketVersioning",
        ...bucket("storage-traces"),
        ...role("storage-loki"),
        ...role("storage-tempo"),
      ].sort(),
    );
  });

  test("with IRSA no association is made", async () => {
    expect(kinds((await registered(dev())).resources).filter((kind) => kind.includes("eks"))).toEqual([]);
  });

  test("the provider refuses every account but the environment's, and tags everything", async () => {
    const { resources } = await registered(prod());
    const provider = resources.find(({ type }) => type === "pulumi:providers:aws");
    const text = (value: unknown) => (typeof value === "string" ? JSON.parse(value) : value) as unknown;
    expect(provider?.inputs["region"]).toBe("us-west-2");
    expect(text(provider?.inputs["allowedAccountIds"])).toEqual([account]);
    expect(text(provider?.inputs["defaultTags"])).toEqual({
      tags: { project: "observability", environment: "prod", cluster: "phoenix-prod", "managed-by": "pulumi" },
    });
  });

  test("prod's buckets and their settings survive a destroy, its roles need not", async () => {
    const { resources } = await registered(prod());
    for (const { type, name, options } of resources) {
      const isData = type.startsWith("aws:s3/");
      expect([type, name, options.protect ?? false, options.retainOnDelete ?? false]).toEqual([
        type,
        name,
        isData,
        isData,
      ]);
    }
  });

  test("dev's buckets go with the stack", async () => {
    const { resources } = await registered(dev());
    const buckets = resources.filter(({ type }) => type === "aws:s3/bucket:Bucket");
    expect(buckets.map(({ inputs }) => inputs["forceDestroy"])).toEqual([true, true]);
    expect(resources.filter(({ options }) => options.protect === true)).toEqual([]);
  });

  test("whoever waits for the storage waits for its policies and associations too", async () => {
    const { resources, parent } = await registered(prod());
    expect(resources.filter(({ options }) => options.parent !== parent)).toEqual([]);
  });

  test("physical names are the plan's, never the engine's inventions", async () => {
    const environment = prod();
    const plan = planStorage(environment);
    const { resources } = await registered(environment);
    const physical = (type: string, key: string) =>
      resources.filter((resource) => resource.type === type).map(({ inputs }) => inputs[key]);
    expect(physical("aws:s3/bucket:Bucket", "bucket")).toEqual([plan.buckets.logs, plan.buckets.traces]);
    expect(physical("aws:iam/role:Role", "name")).toEqual(plan.aws?.roles.map(({ name }) => name));
    expect(physical("aws:eks/podIdentityAssociation:PodIdentityAssociation", "roleArn")).toEqual(
      plan.aws?.roles.map(({ arn }) => arn),
    );
  });
});
