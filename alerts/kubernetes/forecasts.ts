import { kube, kubelet, matchesNot, max, predictLinear, quantity } from "../../signals";
import { alert, levels, type Alert } from "../language";

const component = "kubernetes";
const dashboard = "capacity";
const claim = ["cluster", "namespace", "persistentvolumeclaim"] as const;
const object = ["cluster", "namespace", "resourcequota", "resource"] as const;

/** Levels of kubernetes-mixin: inodes left before a forecast counts, and how much of a quota may be taken. */
const inodesLeft = quantity(0.15, "ratio");
const quotaTaken = quantity(0.9, "ratio");

/** Volumes whose inodes run out; read from the kubelet, so it works without kube-state-metrics. */
export const inodeForecasts = (): Alert[] => [
  alert({
    name: "KubeVolumeInodesFillInDays",
    component,
    dashboard,
    runbook: "KubeVolume",
    severity: "warning",
    when: max(kubelet.kubelet_volume_stats_inodes_free)
      .by(...claim)
      .dividedBy(max(kubelet.kubelet_volume_stats_inodes).by(...claim))
      .below(inodesLeft)
      .and(
        max(predictLinear(kubelet.kubelet_volume_stats_inodes_free.over("6h"), 4 * 86_400))
          .by(...claim)
          .below(quantity(0, "count")),
      ),
    for: "1h",
    summary: ({ namespace, persistentvolumeclaim }) =>
      `Volume ${namespace}/${persistentvolumeclaim} has no inodes left within four days.`,
    description: ({ persistentvolumeclaim }, value) =>
      `${value} of the inodes of ${persistentvolumeclaim} are left, and six hours of growth use them up within four days.`,
  }),
];

const quotas = (type: "used" | "hard") =>
  max(
    kube.kube_resourcequota.where({
      // Processors, memory and storage have levels of their own.
      resource: matchesNot("((requests|limits)[.])?(cpu|memory)|(.*[/])?requests[.]storage"),
      type,
    }),
  ).by(...object);

/** Quotas of what is counted: pods, services, claims, objects of a kind. */
export const countedQuotas = (): Alert[] => [
  levels({
    name: "KubeQuotaObjects",
    component,
    dashboard,
    runbook: "KubeQuota",
    value: quotas("used")
      .dividedBy(quotas("hard").above(quantity(0, "number")))
      .as("ratio"),
    above: { warning: quotaTaken },
    for: "15m",
    summary: ({ namespace, resource }) => `Namespace ${namespace} has used up its quota of ${resource}.`,
    description: ({ resource, resourcequota }, value) =>
      `${value} of ${resource} in quota ${resourcequota} is taken; at 100 % no more can be made.`,
  }),
];
