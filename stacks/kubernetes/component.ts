import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../environment";
import type { SecretPlan, SecretSource } from "../system";
import { rolloutAfterAnnotation, stableName, type KubernetesObject } from "./objects";

/** Gives the value of a secret; the plan only knows where it comes from. */
export type SecretValues = (source: SecretSource) => pulumi.Input<string>;

export interface KubernetesObjectsArgs {
  readonly objects: readonly KubernetesObject[];
  readonly secrets?: readonly SecretPlan[];
  readonly secretValues?: SecretValues;
  /** How long a workload may take to become ready. */
  readonly rolloutTimeout: Duration;
  /** Refuse to delete the namespaces, and with them the volumes. */
  readonly protect?: boolean;
}

type Constructor = new (name: string, args: never, options: pulumi.CustomResourceOptions) => pulumi.CustomResource;

const { autoscaling, core, apps, networking, policy, rbac, scheduling } = kubernetes;
const classes: Readonly<Record<string, Constructor>> = {
  ClusterRole: rbac.v1.ClusterRole,
  ClusterRoleBinding: rbac.v1.ClusterRoleBinding,
  ConfigMap: core.v1.ConfigMap,
  DaemonSet: apps.v1.DaemonSet,
  Deployment: apps.v1.Deployment,
  HorizontalPodAutoscaler: autoscaling.v2.HorizontalPodAutoscaler,
  Ingress: networking.v1.Ingress,
  LimitRange: core.v1.LimitRange,
  Namespace: core.v1.Namespace,
  NetworkPolicy: networking.v1.NetworkPolicy,
  PodDisruptionBudget: policy.v1.PodDisruptionBudget,
  PriorityClass: scheduling.v1.PriorityClass,
  ResourceQuota: core.v1.ResourceQuota,
  Role: rbac.v1.Role,
  RoleBinding: rbac.v1.RoleBinding,
  Service: core.v1.Service,
  ServiceAccount: core.v1.ServiceAccount,
  StatefulSet: apps.v1.StatefulSet,
};
const workloadKinds = ["DaemonSet", "Deployment", "StatefulSet"];

/** Plain objects as Pulumi resources: the one place where the plan meets the engine. */
export class KubernetesObjects extends pulumi.ComponentResource {
  constructor(name: string, args: KubernetesObjectsArgs, options: pulumi.ComponentResourceOptions) {
    super("observability:kubernetes:Objects", name, {}, options);
    const seconds = `${args.rolloutTimeout.seconds}s`;
    const secrets = (args.secrets ?? []).map((plan) => this.secret(plan, args));
    const create = (object: KubernetesObject, dependsOn: pulumi.Resource[]) => {
      const isWorkload = workloadKinds.includes(object.kind);
      const resourceName = [object.metadata?.namespace, stableName(object)].filter(Boolean).join("/");
      const resourceOptions: pulumi.CustomResourceOptions = {
        parent: this,
        dependsOn,
        protect: args.protect === true && object.kind === "Namespace",
        ...(isWorkload ? { customTimeouts: { create: seconds, update: seconds } } : {}),
      };
      const Class = classes[object.kind] ?? kubernetes.apiextensions.CustomResource;
      // The plan's objects are typed by Kubernetes' own schema; Pulumi's input types are the same, wrapped in Input.
      return new (Class as Constructor)(resourceName, object as never, resourceOptions);
    };
    const before = args.objects.filter(({ kind }) => !workloadKinds.includes(kind)).map((object) => create(object, []));
    const needed = [...secrets, ...before];
    const workloads = new Map<string, pulumi.Resource>();
    for (const object of args.objects.filter(({ kind }) => workloadKinds.includes(kind))) {
      // One after the other where the plan says so: it lists them in this order.
      const annotations = new Map(Object.entries(object.metadata?.annotations ?? {}));
      const first = workloads.get(String(annotations.get(rolloutAfterAnnotation)));
      workloads.set(object.metadata?.name ?? "", create(object, first === undefined ? needed : [...needed, first]));
    }
    this.registerOutputs();
  }

  private secret(plan: SecretPlan, { secretValues }: KubernetesObjectsArgs): kubernetes.core.v1.Secret {
    if (secretValues === undefined) throw new Error(`${plan.name} has nobody to give its values`);
    const sources = Object.entries(plan.data);
    const stringData = Object.fromEntries(sources.map(([key, source]) => [key, pulumi.secret(secretValues(source))]));
    const generated = sources.some(([, source]) => "generate" in source);
    return new kubernetes.core.v1.Secret(
      `${plan.namespace}/${plan.name}`,
      {
        metadata: { name: plan.name, namespace: plan.namespace, labels: { ...plan.labels } },
        type: "Opaque",
        stringData,
      },
      // Made up once, at the first deployment: later runs make up others, which are not wanted.
      { parent: this, ...(generated ? { ignoreChanges: ["stringData", "data"] } : {}) },
    );
  }
}
