import {
  kube,
  kubelet,
  matches,
  max,
  predictLinear,
  quantity,
  type kubernetesThresholds,
  type Thresholds,
} from "../../signals";
import { alert, levels, ticket, type Alert } from "../language";

const component = "kubernetes";
const claim = ["cluster", "namespace", "persistentvolumeclaim"] as const;
const used = max(kubelet.kubelet_volume_stats_used_bytes)
  .by(...claim)
  .dividedBy(max(kubelet.kubelet_volume_stats_capacity_bytes).by(...claim))
  .asPercent();
const inodes = max(kubelet.kubelet_volume_stats_inodes_used)
  .by(...claim)
  .dividedBy(max(kubelet.kubelet_volume_stats_inodes).by(...claim));

/** Volumes of pods; read from the kubelet, so they work without kube-state-metrics. */
export const volumeAlerts = (thresholds: Thresholds & typeof kubernetesThresholds): Alert[] => [
  levels({
    name: "KubeVolumeHigh",
    component,
    dashboard: "capacity",
    runbook: "KubeVolume",
    value: used,
    above: { ...ticket(thresholds.disk), critical: thresholds.volumeFull.critical },
    pages: "data",
    for: "5m",
    summary: ({ namespace, persistentvolumeclaim }) => `Volume ${namespace}/${persistentvolumeclaim} is filling.`,
    description: ({ persistentvolumeclaim }, value) => `${value} of ${persistentvolumeclaim} is used.`,
  }),
  alert({
    name: "KubeVolumeFillsInDays",
    component,
    dashboard: "capacity",
    runbook: "KubeVolume",
    severity: "warning",
    when: used.above(quantity(60, "percent")).and(
      max(predictLinear(kubelet.kubelet_volume_stats_available_bytes.over("6h"), 4 * 86_400))
        .by(...claim)
        .below(quantity(0, "bytes")),
    ),
    for: "1h",
    summary: ({ namespace, persistentvolumeclaim }) =>
      `Volume ${namespace}/${persistentvolumeclaim} is full within four days.`,
    description: ({ persistentvolumeclaim }, value) =>
      `${value} of ${persistentvolumeclaim} is used, and the growth of six hours fills it within four days.`,
  }),
  levels({
    name: "KubeVolumeInodesLow",
    component,
    dashboard: "capacity",
    runbook: "KubeVolume",
    value: inodes,
    above: ticket(thresholds.inodes),
    for: "5m",
    summary: ({ namespace, persistentvolumeclaim }) =>
      `Volume ${namespace}/${persistentvolumeclaim} runs out of inodes.`,
    description: ({ persistentvolumeclaim }, value) => `${value} of the inodes of ${persistentvolumeclaim} are used.`,
  }),
];

const quotaUse = (resource: string) => {
  const of = (type: string) =>
    max(kube.kube_resourcequota.where({ resource: matches(resource), type })).by(
      "cluster",
      "namespace",
      "resourcequota",
      "resource",
    );
  return of("used")
    .dividedBy(of("hard").above(quantity(0, "number")))
    .as("ratio");
};

/** Use of resource quotas (I1): processors 80 %, memory 85 %, storage 75 %. */
export const quotaAlerts = ({ quota }: Thresholds): Alert[] =>
  (
    [
      ["KubeQuotaCpu", "(requests[.]|limits[.])?cpu", quota.cpu],
      ["KubeQuotaMemory", "(requests[.]|limits[.])?memory", quota.memory],
      ["KubeQuotaStorage", "(.*[/])?requests[.]storage", quota.storage],
    ] as const
  ).map(([name, resource, warning]) =>
    levels({
      name,
      component,
      dashboard: "capacity",
      runbook: "KubeQuota",
      value: quotaUse(resource),
      above: { warning },
      for: "15m",
      summary: ({ namespace, resource }) => `Namespace ${namespace} has used up its quota of ${resource}.`,
      description: ({ resource, resourcequota }, value) =>
        `${value} of ${resource} in quota ${resourcequota} is taken; at 100 % new pods are refused.`,
    }),
  );
