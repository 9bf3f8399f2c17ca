import type { Scenario } from "../scenario";
import { ksm, kubelet } from "./series";

const node = `${ksm}, node="n"`;
/** A histogram of which most observations lie between two bounds. */
const between = (name: string, labels: string, low: string, high: string) => ({
  [`${name}_bucket{${labels}, le="${low}"}`]: 0,
  [`${name}_bucket{${labels}, le="${high}"}`]: "+60",
  [`${name}_bucket{${labels}, le="+Inf"}`]: "+60",
});

/** Nodes, their kubelets and the controllers. */
export const nodeScenarios: readonly Scenario[] = [
  {
    of: "KubeNodeNotReady warning",
    series: {
      [`kube_node_status_condition{${node}, condition="Ready", status="true"}`]: 0,
      [`kube_node_spec_unschedulable{${node}}`]: 0,
    },
    at: 20,
    fires: ["KubeNodeNotReady"],
  },
  {
    of: "KubeNodePressure info",
    series: {
      [`kube_node_status_condition{${node}, condition="DiskPressure", status="true"}`]: 1,
      [`kube_node_spec_unschedulable{${node}}`]: 0,
    },
    at: 15,
    fires: ["KubeNodePressure"],
  },
  {
    of: "KubeNodeReadinessFlapping warning",
    series: {
      [`kube_node_status_condition{${node}, condition="Ready", status="true"}`]:
        "1x3 0x3 1x3 0x3 1x3 0x3 1x3 0x3 1x3 0x3",
      [`kube_node_spec_unschedulable{${node}}`]: 0,
    },
    at: 36,
    fires: ["KubeNodeFlapping"],
  },
  {
    of: "KubeNodeEviction info",
    series: {
      [`kubelet_evictions{${kubelet}, eviction_signal="memory.available"}`]: "0x5 1x30",
      [`kubelet_node_name{${kubelet}}`]: 1,
    },
    at: 8,
    fires: ["KubeNodeEvicts"],
  },
  {
    of: "KubeletPlegDurationHigh warning",
    series: {
      ...between("kubelet_pleg_relist_duration_seconds", kubelet, "10", "11"),
      [`kubelet_node_name{${kubelet}}`]: 1,
    },
    at: 20,
    fires: ["KubeletRelistSlow"],
  },
  {
    of: "KubeletPodStartUpLatencyHigh warning",
    series: {
      ...between("kubelet_pod_worker_duration_seconds", `${kubelet}, operation_type="create"`, "60", "61"),
      [`kubelet_node_name{${kubelet}}`]: 1,
    },
    at: 25,
    fires: ["KubeletSyncSlow"],
  },
  ...(["client", "server"] as const).flatMap((which) =>
    (
      [
        ["warning", 604_700],
        ["critical", 86_300],
      ] as const
    ).map(([severity, left]) => {
      const name = which === "client" ? "Client" : "Server";
      return {
        of: `Kubelet${name}CertificateExpiration ${severity}`,
        series: { [`kubelet_certificate_manager_${which}_ttl_seconds{${kubelet}}`]: left },
        at: 5,
        fires: [`Kubelet${name}CertificateExpires`],
      };
    }),
  ),
  {
    of: "KubeletClientCertificateRenewalErrors warning",
    series: { [`kubelet_certificate_manager_client_expiration_renew_errors{${kubelet}}`]: "+0.25" },
    at: 25,
    fires: ["KubeletCertificateRenewalFails"],
  },
  {
    of: "KubeletServerCertificateRenewalErrors warning",
    series: { [`kubelet_server_expiration_renew_errors{${kubelet}}`]: "+0.25" },
    at: 25,
    fires: ["KubeletServerCertificateRenewalFails"],
  },
  { of: "KubeletInstanceUnreachable warning", series: { [`up{${kubelet}}`]: 0 }, at: 20, fires: ["TargetDown"] },
  {
    of: "KubeletDown critical",
    series: { [`kube_node_info{${node}}`]: 1, [`up{${kubelet}}`]: 0 },
    at: 20,
    fires: ['TargetMissing{job="kubelet"}'],
  },
  ...(
    [
      ["KubeScheduler", "kube-scheduler"],
      ["KubeControllerManager", "kube-controller-manager"],
    ] as const
  ).flatMap(([name, job]) => [
    {
      of: `${name}Down critical`,
      series: { 'up{cluster="local", job="prometheus", instance="p"}': 1 },
      at: 20,
      fires: [`TargetMissing{job="${job}"}`],
    },
    {
      of: `${name}InstanceUnreachable warning`,
      series: { [`up{cluster="local", job="${job}", instance="n"}`]: 0 },
      at: 20,
      fires: ["TargetDown"],
    },
  ]),
];
