// By service: the whole package has 2,714 declaration files.
import { PodIdentityAssociation } from "@pulumi/aws/eks";
import { Role, RolePolicy } from "@pulumi/aws/iam";
import { Provider } from "@pulumi/aws/provider";
import * as s3 from "@pulumi/aws/s3";
import type { Region } from "@pulumi/aws/types/enums";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlan, BucketPlan, RolePlan, StoragePlan } from "./plan";

export interface ObjectStorageArgs {
  readonly plan: StoragePlan;
}

/**
 * The buckets and roles of a {@link StoragePlan} on AWS; nothing when the S3 server runs inside the cluster. All names
 * and ARNs stand in the plan already: what needs them waits for this component (`dependsOn`), not for its values. Such
 * a wait covers the component's own children only, so none of them is a child of another.
 */
export class ObjectStorage extends pulumi.ComponentResource {
  constructor(name: string, { plan }: ObjectStorageArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("observability:storage:ObjectStorage", name, {}, options);
    if (plan.aws !== undefined) {
      const provider = this.createProvider(name, plan.aws);
      for (const bucket of plan.aws.buckets) this.createBucket(`${name}-${bucket.content}`, bucket, provider);
      for (const role of plan.aws.roles) this.createRole(`${name}-${role.system}`, role, provider);
    }
    this.registerOutputs({ buckets: plan.buckets });
  }

  /** Explicit, so that neither a shell's region nor another account's credentials can decide where the data goes. */
  private createProvider(name: string, { region, account, tags }: AwsPlan): Provider {
    const args = { region: region as Region, allowedAccountIds: [account], defaultTags: { tags } };
    return new Provider(`${name}-aws`, args, { parent: this });
  }

  private createBucket(name: string, plan: BucketPlan, provider: Provider): void {
    // The settings share the bucket's protection: a destroy that leaves protected resources out would open the bucket
    // it leaves. Retained as well: state edited by hand does not delete data either.
    const { protect } = plan;
    const kept = { protect, retainOnDelete: protect, provider };
    const { forceDestroy, tags } = plan;
    const bucket = new s3.Bucket(name, { bucket: plan.name, forceDestroy, tags }, { ...kept, parent: this });
    const settings = { ...kept, parent: this, dependsOn: [bucket] as pulumi.Resource[], deletedWith: bucket };
    const target = { bucket: plan.name };

    const block = new s3.BucketPublicAccessBlock(name, { ...target, ...plan.publicAccessBlock }, settings);
    new s3.BucketOwnershipControls(name, { ...target, ...plan.ownershipControls }, settings);
    new s3.BucketServerSideEncryptionConfiguration(name, { ...target, ...mutable(plan.encryption) }, settings);
    const versioning = plan.versioning && new s3.BucketVersioning(name, { ...target, ...plan.versioning }, settings);
    // S3 answers 409 to a rule on versions or a policy while it still works on versioning or on public access.
    new s3.BucketLifecycleConfiguration(
      name,
      { ...target, ...mutable(plan.lifecycle) },
      { ...settings, dependsOn: versioning ? [versioning] : [bucket] },
    );
    const policy = JSON.stringify(plan.policy);
    new s3.BucketPolicy(name, { ...target, policy }, { ...settings, dependsOn: [block] });
  }

  private createRole(name: string, plan: RolePlan, provider: Provider): void {
    const { description, tags } = plan;
    const trust = JSON.stringify(plan.trust);
    const role = new Role(
      name,
      { name: plan.name, description, assumeRolePolicy: trust, tags },
      { provider, parent: this },
    );
    const below = { provider, parent: this };
    const policy = new RolePolicy(
      name,
      { name: plan.about, role: plan.name, policy: JSON.stringify(plan.policy) },
      { ...below, dependsOn: [role] },
    );
    if (plan.podIdentity === undefined) return;
    const association = { ...plan.podIdentity, roleArn: plan.arn, tags };
    new PodIdentityAssociation(name, association, { ...below, dependsOn: [role, policy] });
  }
}

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

/** The provider's types know no readonly lists. */
function mutable<T>(value: T): Mutable<T> {
  // A plan is JSON; structuredClone would make lists of another realm under jest, which Pulumi takes for objects.
  return JSON.parse(JSON.stringify(value)) as Mutable<T>;
}
