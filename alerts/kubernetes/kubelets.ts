import { histogramQuantile, increase, kubelet, quantity, rate, sum } from "../../signals";
import { alert, levels, type Alert } from "../language";

const component = "kubelet";
const dashboard = "kubernetes-cluster";
const perNode = ["cluster", "node"] as const;
/** p99 of bringing one pod to where it should be (kubernetes-mixin: 60 s). */
const syncTime = quantity(60, "seconds");

/** What the kubelets themselves tell of their nodes. */
export const kubeletAlerts = (): Alert[] => [
  alert({
    name: "KubeletServerCertificateRenewalFails",
    component,
    runbook: "KubeCertificates",
    severity: "warning",
    when: increase(kubelet.kubelet_server_expiration_renew_errors.over("15m")).above(0),
    for: "15m",
    summary: ({ node }) => `The kubelet on ${node} can't renew its serving certificate.`,
    description: ({ node }, value) =>
      `${value} renewals failed in a quarter of an hour; when it expires, logs, exec and metrics of ${node} stop.`,
  }),
  levels({
    name: "KubeletSyncSlow",
    component,
    dashboard,
    runbook: "Kubelet",
    value: histogramQuantile(
      0.99,
      sum(rate(kubelet.kubelet_pod_worker_duration_seconds.buckets.over("5m"))).by(...perNode, "le"),
    ),
    above: { warning: syncTime },
    for: "15m",
    summary: ({ node }) => `The kubelet of ${node} is slow to start and end pods.`,
    description: ({ node }, value) => `Bringing a pod of ${node} to where it should be takes ${value} (p99).`,
  }),
  alert({
    name: "KubeNodeEvicts",
    component,
    dashboard,
    runbook: "KubeNode",
    severity: "warning",
    when: sum(increase(kubelet.kubelet_evictions.over("15m")))
      .by(...perNode, "eviction_signal")
      .above(0),
    for: "0s",
    summary: ({ node }) => `Node ${node} throws pods out.`,
    description: ({ eviction_signal }, value) =>
      `${value} pods were evicted in a quarter of an hour for want of ${eviction_signal}.`,
  }),
];
