import { singleReplica, type Rule } from "../../environment/rule";

/** What must hold of its keys. */
export const rules: readonly Rule[] = [
  singleReplica("kube-state-metrics", "each replica would report every object once more"),
];
