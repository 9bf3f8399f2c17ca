import type { Scenario } from "../scenario";
import { cart, inShop, ksm, kubelet } from "./series";

const data = `${kubelet}, namespace="shop", persistentvolumeclaim="data"`;
const quota = (resource: string, used: number) => ({
  [`kube_resourcequota{${inShop}, resourcequota="q", resource="${resource}", type="used"}`]: used,
  [`kube_resourcequota{${inShop}, resourcequota="q", resource="${resource}", type="hard"}`]: 100,
});
/** Two nodes of which one can't hold what is asked for. */
const asked = (resource: string, share: number) => ({
  [`kube_node_status_allocatable{${ksm}, node="a", resource="${resource}"}`]: 4,
  [`kube_node_status_allocatable{${ksm}, node="b", resource="${resource}"}`]: 4,
  [`kube_pod_container_resource_requests{${cart}, container="c", node="a", resource="${resource}"}`]: share,
  [`kube_pod_status_phase{${cart}, phase="Running"}`]: 1,
});
const volume = (left: Record<string, string | number>, inodes = false) => ({
  [`kubelet_volume_stats_${inodes ? "inodes" : "capacity_bytes"}{${data}}`]: 1000,
  ...left,
});

/** What is asked for, and volumes. */
export const resourceScenarios: readonly Scenario[] = [
  {
    of: "KubeCPUOvercommit warning",
    series: asked("cpu", 4.1),
    at: 15,
    fires: ["KubeCpuOvercommitted"],
  },
  {
    of: "KubeMemoryOvercommit warning",
    series: asked("memory", 4.1),
    at: 15,
    fires: ["KubeMemoryOvercommitted"],
  },
  ...(
    [
      ["requests.cpu", "KubeQuotaCpu"],
      ["limits.memory", "KubeQuotaMemory"],
      ["requests.storage", "KubeQuotaStorage"],
      ["pods", "KubeQuotaObjects"],
    ] as const
  ).flatMap(([resource, ours]) =>
    (
      [
        ["KubeQuotaAlmostFull info", 91],
        ["KubeQuotaFullyUsed info", 100],
        ["KubeQuotaExceeded warning", 101],
      ] as const
    ).map(([of, used]) => ({ of, series: quota(resource, used), at: 20, fires: [ours] })),
  ),
  {
    of: "CPUThrottlingHigh info",
    series: {
      'container_cpu_cfs_throttled_periods_total{cluster="local", job="cadvisor", instance="n", namespace="shop", pod="cart-0", container="c"}':
        "+26",
      'container_cpu_cfs_periods_total{cluster="local", job="cadvisor", instance="n", namespace="shop", pod="cart-0", container="c"}':
        "+100",
    },
    at: 25,
    fires: ["KubeCpuThrottling"],
  },
  {
    of: "KubePersistentVolumeFillingUp critical",
    series: volume({
      [`kubelet_volume_stats_available_bytes{${data}}`]: 29,
      [`kubelet_volume_stats_used_bytes{${data}}`]: 971,
    }),
    at: 10,
    fires: ["KubeVolumeHigh"],
  },
  {
    of: "KubePersistentVolumeFillingUp warning",
    series: volume({
      [`kubelet_volume_stats_available_bytes{${data}}`]: "149-0.1x480",
      [`kubelet_volume_stats_used_bytes{${data}}`]: "851+0.1x480",
    }),
    at: 80,
    fires: ["KubeVolumeHigh", "KubeVolumeFillsInDays"],
  },
  {
    of: "KubePersistentVolumeInodesFillingUp critical",
    series: volume(
      {
        [`kubelet_volume_stats_inodes_free{${data}}`]: 29,
        [`kubelet_volume_stats_inodes_used{${data}}`]: 971,
      },
      true,
    ),
    at: 10,
    fires: ["KubeVolumeInodesLow"],
  },
  {
    of: "KubePersistentVolumeInodesFillingUp warning",
    series: volume(
      {
        [`kubelet_volume_stats_inodes_free{${data}}`]: "149-0.1x480",
        [`kubelet_volume_stats_inodes_used{${data}}`]: "851+0.1x480",
      },
      true,
    ),
    at: 80,
    fires: ["KubeVolumeInodesFillInDays"],
  },
  {
    of: "KubePersistentVolumeErrors critical",
    series: { [`kube_persistentvolume_status_phase{${ksm}, persistentvolume="pv", phase="Failed"}`]: 1 },
    at: 10,
    fires: ["KubePersistentVolumeErrors"],
  },
];
