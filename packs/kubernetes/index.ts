import { apiServerAlerts, controlPlaneAlerts } from "../../alerts/kubernetes/control-plane";
import { nodeAlerts } from "../../alerts/kubernetes/nodes";
import { podAlerts } from "../../alerts/kubernetes/pods";
import { quotaAlerts, volumeAlerts } from "../../alerts/kubernetes/volumes";
import { workloadAlerts } from "../../alerts/kubernetes/workloads";
import { apiServerObjectives } from "../../alerts/slos";
import { kubernetesCluster } from "../../dashboards/kubernetes/cluster";
import { kubernetesNamespace } from "../../dashboards/kubernetes/namespace";
import { kubernetesWorkload } from "../../dashboards/kubernetes/workload";
import type { Pack, SystemName } from "../../environment";
import {
  apiserver,
  cadvisor,
  controlPlane,
  controlPlaneRates,
  controlPlaneRules,
  kube,
  kubelet,
  workloadRules,
  workloads,
} from "../../signals";

const needs: readonly SystemName[] = ["kube-state-metrics"];

/** Kubernetes: its objects, what its containers use, and its control plane. */
export const kubernetesPack: Pack = {
  name: "kubernetes",
  metrics: [cadvisor, kubelet, kube, apiserver, controlPlane, workloads, controlPlaneRates],
  recorded: [...workloadRules, ...controlPlaneRules],
  pages: [kubernetesCluster, kubernetesNamespace, kubernetesWorkload].map((page) => ({ page: () => page, needs })),
  alerts: [
    { name: "kubernetes-nodes", needs, alerts: (_, limits) => nodeAlerts(limits) },
    { name: "kubernetes-pods", needs, alerts: (_, limits) => podAlerts(limits) },
    { name: "kubernetes-workloads", needs, alerts: (_, limits) => workloadAlerts(limits) },
    { name: "kubernetes-volumes", alerts: (_, limits) => volumeAlerts(limits) },
    { name: "kubernetes-quotas", needs, alerts: (_, limits) => quotaAlerts(limits) },
    {
      name: "control-plane",
      alerts: (environment, limits) => [
        ...apiServerAlerts(limits),
        ...controlPlaneAlerts(limits, environment.controlPlane),
      ],
    },
  ],
  objectives: apiServerObjectives,
};
