import type { NetworkPolicy } from "kubernetes-types/networking/v1";

/** Labels by namespace. */
export type NamespaceLabels = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** All network policies of the cluster, and the labels of its namespaces, as they stood together for a while. */
export interface PolicyState {
  readonly policies: readonly NetworkPolicy[];
  readonly namespaces: NamespaceLabels;
}
