import { apiAlerts } from "../../alerts/kubernetes/api";
import { apiServerAlerts, controlPlaneAlerts } from "../../alerts/kubernetes/control-plane";
import { dnsAlerts } from "../../alerts/kubernetes/dns";
import { etcdTroubles } from "../../alerts/kubernetes/etcd";
import { countedQuotas, inodeForecasts } from "../../alerts/kubernetes/forecasts";
import { kubeletAlerts } from "../../alerts/kubernetes/kubelets";
import { nodeAlerts } from "../../alerts/kubernetes/nodes";
import { podAlerts } from "../../alerts/kubernetes/pods";
import { rolloutAlerts } from "../../alerts/kubernetes/rollouts";
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
  kubernetesThresholds,
  ownLevels,
  type Thresholds,
  workloadRules,
  workloads,
} from "../../signals";

const needs: readonly SystemName[] = ["kube-state-metrics"];
const own = (thresholds: Thresholds) => ownLevels(kubernetesThresholds, thresholds);

/** Kubernetes: its objects, what its containers use, and its control plane. */
export const kubernetesPack: Pack = {
  name: "kubernetes",
  metrics: [cadvisor, kubelet, kube, apiserver, controlPlane, workloads, controlPlaneRates],
  recorded: [...workloadRules, ...controlPlaneRules],
  thresholds: kubernetesThresholds,
  pages: [kubernetesCluster, kubernetesNamespace, kubernetesWorkload].map((page) => ({ page: () => page, needs })),
  alerts: [
    {
      name: "kubernetes-nodes",
      needs,
      alerts: (_, thresholds) => [...nodeAlerts(own(thresholds)), ...kubeletAlerts()],
    },
    { name: "kubernetes-pods", needs, alerts: (_, thresholds) => podAlerts(own(thresholds)) },
    {
      name: "kubernetes-workloads",
      needs,
      alerts: (_, thresholds) => [...workloadAlerts(own(thresholds)), ...rolloutAlerts()],
    },
    { name: "kubernetes-volumes", alerts: (_, thresholds) => [...volumeAlerts(own(thresholds)), ...inodeForecasts()] },
    { name: "kubernetes-quotas", needs, alerts: (_, thresholds) => [...quotaAlerts(thresholds), ...countedQuotas()] },
    {
      name: "control-plane",
      alerts: (environment, thresholds) => [
        ...apiServerAlerts(own(thresholds)),
        ...apiAlerts(),
        ...dnsAlerts(),
        ...controlPlaneAlerts(own(thresholds), environment.controlPlane),
        ...(environment.controlPlane.includes("etcd") ? etcdTroubles() : []),
      ],
    },
  ],
  objectives: apiServerObjectives,
};
