import { counter, gauge, growing, steady, type Proof } from "../../support/proof";
import { kubelet, node } from "./shared";

const api = 'cluster="local", job="apiserver", instance="1.1.1.1:6443"';
const version = (job: string, minor: string, value: number) =>
  steady(`kubernetes_build_info{cluster="local", job="${job}", instance="i", major="1", minor="${minor}"}`, value);

export const kubeletProofs: readonly Proof[] = [
  {
    alert: "KubeletServerCertificateRenewalFails",
    series: [counter(`kubelet_server_expiration_renew_errors{${kubelet}}`, 0)],
    labels: { ...node, job: "kubelet", instance: "n" },
    for: 15,
    lag: 16,
    end: 40,
    cases: {
      warning: [0, 1, "15 renewals failed in a quarter of an hour; when it expires, logs, exec and metrics of n stop."],
    },
  },
  {
    alert: "KubeletSyncSlow",
    series: [
      counter(`kubelet_pod_worker_duration_seconds_bucket{${kubelet}, operation_type="create", le="60"}`, 60),
      growing(`kubelet_pod_worker_duration_seconds_bucket{${kubelet}, operation_type="create", le="120"}`, 60),
      growing(`kubelet_pod_worker_duration_seconds_bucket{${kubelet}, operation_type="create", le="+Inf"}`, 60),
    ],
    labels: node,
    for: 15,
    lag: 7,
    cases: { warning: [60, 0, "Bringing a pod of n to where it should be takes 1m 59s (p99). The limit is 1m."] },
  },
  {
    alert: "KubeNodeEvicts",
    series: [counter(`kubelet_evictions{${kubelet}, eviction_signal="memory.available"}`, 0)],
    labels: { ...node, eviction_signal: "memory.available" },
    for: 0,
    lag: 14,
    end: 30,
    cases: { warning: [0, 1, "15 pods were evicted in a quarter of an hour for want of memory.available."] },
  },
  {
    alert: "KubeApiClientErrors",
    series: [
      counter(`rest_client_requests_total{${api}, code="500", method="GET", host="h"}`, 0),
      growing(`rest_client_requests_total{${api}, code="200", method="GET", host="h"}`, 90),
    ],
    labels: { instance: "1.1.1.1:6443" },
    for: 15,
    lag: 6,
    cases: { warning: [0.9, 10, "10% of its own requests end in errors. The limit is 1 %."] },
  },
  {
    alert: "KubeAggregatedApiFlaps",
    series: [gauge(`aggregator_unavailable_apiservice{${api}, name="v1.metrics"}`, 0)],
    labels: { name: "v1.metrics" },
    for: 5,
    lag: 3,
    end: 20,
    // Half of it away is 1 in two; the value is a share of each minute here.
    cases: {
      warning: [
        0.15,
        0.5,
        "What extends the API with v1.metrics didn't answer for 45% of ten minutes. The limit is 15 %.",
      ],
    },
  },
  {
    alert: "KubeVersionMismatch",
    series: [
      gauge('kubernetes_build_info{cluster="local", job="kubelet", instance="n", major="1", minor="35"}', "_"),
      version("apiserver", "36", 1),
      // The version of its libraries says nothing of the cluster.
      version("coredns", "33", 1),
    ],
    labels: {},
    for: 240,
    cases: { warning: ["_", 1, "2 minor versions run beside each other: an upgrade stopped half way."] },
  },
];
