import { gauge, steady, written, type Proof } from "../../support/proof";
import { ksm, kubelet, inShop, shop } from "./shared";

const claim = `${kubelet}, namespace="shop", persistentvolumeclaim="data"`;
const quota = (resource: string, type: string) =>
  `kube_resourcequota{${inShop(`resourcequota="q", resource="${resource}", type="${type}"`)}}`;
const quotaProof = (alert: string, resource: string, near: number, bad: number, says: string): Proof => ({
  alert,
  series: [gauge(quota(resource, "used"), 1), steady(quota(resource, "hard"), 100)],
  labels: shop({ resourcequota: "q", resource }),
  for: 15,
  cases: { warning: [near, bad, says] },
});

export const volumeProofs: readonly Proof[] = [
  {
    alert: "KubePersistentVolumeErrors",
    series: [gauge(`kube_persistentvolume_status_phase{${ksm}, persistentvolume="v", phase="Failed"}`, 0)],
    labels: { persistentvolume: "v", phase: "Failed" },
    for: 5,
    cases: { warning: [0, 1, "v is Failed: whoever needs it doesn't start."] },
  },
  {
    alert: "KubeVolumeHigh",
    series: [
      gauge(`kubelet_volume_stats_used_bytes{${claim}}`, 10),
      steady(`kubelet_volume_stats_capacity_bytes{${claim}}`, 100),
    ],
    labels: shop({ persistentvolumeclaim: "data" }),
    for: 5,
    cases: {
      info: [75, 80, "80% of data is used. The limit is 75 %."],
      warning: [85, 90, "90% of data is used. The limit is 85 %."],
      critical: [97, 98, "98% of data is used. The limit is 97 %."],
    },
  },
  {
    alert: "KubeVolumeFillsInDays",
    series: [
      written(`kubelet_volume_stats_available_bytes{${claim}}`, "3800x14 3800-1x100 9000x600", "3800x600"),
      written(`kubelet_volume_stats_used_bytes{${claim}}`, "6200x14 6200+1x100 1000x600", "6200x600"),
      steady(`kubelet_volume_stats_capacity_bytes{${claim}}`, 10_000),
    ],
    labels: shop({ persistentvolumeclaim: "data" }),
    for: 60,
    lag: 25,
    end: 30,
    cases: { warning: [0, 0, "62.85% of data is used, and the growth of six hours fills it within four days."] },
  },
  {
    alert: "KubeVolumeInodesLow",
    series: [
      gauge(`kubelet_volume_stats_inodes_used{${claim}}`, 10),
      steady(`kubelet_volume_stats_inodes{${claim}}`, 100),
    ],
    labels: shop({ persistentvolumeclaim: "data" }),
    for: 5,
    cases: {
      info: [95, 96, "96% of the inodes of data are used. The limit is 95 %."],
      warning: [97, 98, "98% of the inodes of data are used. The limit is 97 %."],
    },
  },
  quotaProof(
    "KubeQuotaCpu",
    "limits.cpu",
    80,
    85,
    "85% of limits.cpu in quota q is taken; at 100 % new pods are refused. The limit is 80 %.",
  ),
  quotaProof(
    "KubeQuotaMemory",
    "requests.memory",
    85,
    90,
    "90% of requests.memory in quota q is taken; at 100 % new pods are refused. The limit is 85 %.",
  ),
  quotaProof(
    "KubeQuotaStorage",
    "requests.storage",
    75,
    80,
    "80% of requests.storage in quota q is taken; at 100 % new pods are refused. The limit is 75 %.",
  ),
];
