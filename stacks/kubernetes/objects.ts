import { createHash } from "node:crypto";
import type { DaemonSet, Deployment, StatefulSet } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type {
  ConfigMap,
  LimitRange,
  Namespace,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from "kubernetes-types/core/v1";
import type { Ingress, NetworkPolicy } from "kubernetes-types/networking/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "kubernetes-types/rbac/v1";
import type { PriorityClass } from "kubernetes-types/scheduling/v1";

/** The Gateway API has no types in Kubernetes itself. */
export interface HttpRoute {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: "HTTPRoute" | "GRPCRoute" | "Gateway";
  readonly metadata: { readonly name: string; readonly namespace: string; readonly [key: string]: unknown };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Every kind of object that the stack makes, as plain data. */
export type KubernetesObject = (
  | ConfigMap
  | ClusterRole
  | ClusterRoleBinding
  | DaemonSet
  | Deployment
  | HorizontalPodAutoscaler
  | Ingress
  | LimitRange
  | Namespace
  | NetworkPolicy
  | PodDisruptionBudget
  | PriorityClass
  | ResourceQuota
  | Role
  | RoleBinding
  | Secret
  | Service
  | ServiceAccount
  | StatefulSet
  | HttpRoute
) & { readonly apiVersion: string; readonly kind: string };

/** On a workload: the name of the one that has to be rolled out before it. */
export const rolloutAfterAnnotation = "observability/rollout-after";

export type Labels = Readonly<Record<string, string>>;

/** The labels that identify a workload's pods; immutable once deployed, so nothing that changes is among them. */
export function selectorLabels(system: string, component: string): Record<string, string> {
  return { "app.kubernetes.io/name": system, "app.kubernetes.io/component": component };
}

/** Labels of every object of a workload, as Kubernetes recommends them. */
export function objectLabels(system: string, component: string, version: string): Record<string, string> {
  return {
    ...selectorLabels(system, component),
    "app.kubernetes.io/part-of": "observability",
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/version": version.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 63),
  };
}

/**
 * A ConfigMap for files. An immutable one carries a hash of its content in its name, so that a change makes a new
 * object and rolls exactly the pods that read it, while the pods still running keep the old one (also on rollback).
 * A reloaded one keeps its name: the server watches its files.
 */
export function configMap(
  name: string,
  namespace: string,
  labels: Labels,
  files: Readonly<Record<string, string>>,
  mode: "immutable" | "reloaded",
): ConfigMap & { apiVersion: string; kind: string; metadata: { name: string } } {
  const hash = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 10);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: mode === "immutable" ? `${name}-${hash}` : name, namespace, labels: { ...labels } },
    ...(mode === "immutable" ? { immutable: true } : {}),
    data: { ...files },
  };
}

/** The name of an object without the hash of its content: what stays the same over changes. */
export function stableName(object: KubernetesObject): string {
  const name = object.metadata?.name ?? "";
  return object.kind === "ConfigMap" && "immutable" in object && object.immutable
    ? name.replace(/-[0-9a-f]{10}$/, "")
    : name;
}
