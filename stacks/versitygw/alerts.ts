import { alert, type Alert } from "../../alerts/language";
import { kube, max } from "../../signals";

/** The S3 server inside the cluster has no metrics: its StatefulSet speaks for it. */
export const objectStoreAlerts = (namespace: string): Alert[] => [
  alert({
    name: "ObjectStoreDown",
    component: "versitygw",
    dashboard: "kubernetes-workload",
    severity: "critical",
    pages: "data",
    when: max(kube.kube_statefulset_status_replicas_ready.where({ namespace, statefulset: "versitygw" }))
      .by("cluster", "namespace", "statefulset")
      .below(1),
    for: "2m",
    summary: ({ namespace }) => `The object store in ${namespace} is down.`,
    description: ({ statefulset }) =>
      `${statefulset} has no ready pod: Loki and Tempo keep data on their volumes until these are full.`,
  }),
];
