import type { StatefulSet } from "kubernetes-types/apps/v1";
import type { PersistentVolumeClaim, ResourceQuota } from "kubernetes-types/core/v1";
import type { Environment } from "../../environment";
import { hazards, quotaDuringChange, type Hazard } from "../../stacks/changes";
import type { KubernetesObject } from "../../stacks/kubernetes";
import { planStack } from "../../stacks/plan";
import type { Cluster } from "./cluster";
import type { Settings } from "../stack-file";

/** What deploying an environment would do to what runs. */
export interface Change {
  readonly hazards: readonly Hazard[];
  /** Settings to deploy with first: the quota with room for the old pods and the new ones. */
  readonly first: Settings | undefined;
}

/** Compares what runs with what is planned. Reads only. @throws EnvironmentError when the plan does not fit its quota */
export async function inspectChange(cluster: Cluster, environment: Environment): Promise<Change> {
  const { namespace } = environment;
  const plan = planStack(environment);
  const [sets, claims, quota] = await Promise.all([
    cluster.list<StatefulSet>(`/apis/apps/v1/namespaces/${namespace}/statefulsets`),
    cluster.list<PersistentVolumeClaim>(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`),
    cluster.find<ResourceQuota>(`/api/v1/namespaces/${namespace}/resourcequotas/observability`),
  ]);
  const planned = plan.systems.flatMap(({ rendered }) => rendered).filter(isStatefulSet);
  const own = sets.filter(({ metadata }) => metadata?.labels?.["app.kubernetes.io/part-of"] === "observability");
  const hard = plan.namespaces.find(isQuotaOf(namespace))?.spec?.hard;
  const { used, hard: before } = quota?.status ?? {};
  const during = used && before && hard ? quotaDuringChange(used, before, environment, hard) : undefined;
  return {
    hazards: hazards(own, planned, claims),
    first: during === undefined ? undefined : { quotas: { stack: during } },
  };
}

const isStatefulSet = (object: KubernetesObject): object is StatefulSet & KubernetesObject =>
  object.kind === "StatefulSet";

const isQuotaOf =
  (namespace: string) =>
  (object: KubernetesObject): object is ResourceQuota & KubernetesObject =>
    object.kind === "ResourceQuota" && object.metadata?.namespace === namespace;

/** The hazards as a person reads them. */
export function printedHazards(found: readonly Hazard[]): string {
  const count = found.length === 1 ? "1 change" : `${found.length} changes`;
  const lines = found.map(({ where, what, why, wayOut }) => `  ${where}: ${what}\n    ${why}\n    way out: ${wayOut}`);
  return `${count} would lose data, or not take place; nothing was done:\n${lines.join("\n")}\n  --accept goes on all the same`;
}
