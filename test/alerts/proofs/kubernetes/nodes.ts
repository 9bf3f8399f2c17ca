import { counter, gauge, growing, steady, written, type Proof } from "../../support/proof";
import { inContainer, inPod, ksm, kubelet, node } from "./shared";

const wants = (resource: string, value: number) =>
  gauge(`kube_pod_container_resource_requests{${inContainer}, resource="${resource}"}`, value);
const running = (name: string, value: number) =>
  gauge(`kube_pod_status_phase{${ksm}, namespace="shop", pod="${name}", phase="Running"}`, value);
const pods = Array.from({ length: 19 }, (_, index) => index);
const allocatable = (name: string, resource: string, value: number) =>
  steady(`kube_node_status_allocatable{${ksm}, node="${name}", resource="${resource}"}`, value);

export const nodeProofs: readonly Proof[] = [
  {
    alert: "KubeNodeNotReady",
    series: [
      gauge(`kube_node_status_condition{${ksm}, node="n", condition="Ready", status="true"}`, 1),
      steady(`kube_node_spec_unschedulable{${ksm}, node="n"}`, 0),
      // Somebody works on this one.
      steady(`kube_node_status_condition{${ksm}, node="cordoned", condition="Ready", status="true"}`, 0),
      steady(`kube_node_spec_unschedulable{${ksm}, node="cordoned"}`, 1),
    ],
    labels: node,
    for: 5,
    cases: { warning: [1, 0, "n has not been ready for five minutes: its pods will be moved, or are gone."] },
  },
  {
    alert: "KubeNodeFlapping",
    series: [
      written(
        `kube_node_status_condition{${ksm}, node="n", condition="Ready", status="true"}`,
        `1x14 ${"0 1 ".repeat(10)}1x60`,
        "1x20 0x5 1x60",
      ),
    ],
    labels: node,
    for: 15,
    lag: 3,
    end: 30,
    cases: { warning: [0, 0, "n changed between ready and not ready 14 times in a quarter of an hour."] },
  },
  {
    alert: "KubeNodePressure",
    series: [gauge(`kube_node_status_condition{${ksm}, node="n", condition="DiskPressure", status="true"}`, 0)],
    labels: { ...node, condition: "DiskPressure" },
    for: 5,
    cases: { warning: [0, 1, "DiskPressure holds on n: the kubelet evicts pods or takes no new ones."] },
  },
  {
    alert: "KubeNodePodsFull",
    series: [
      ...pods.map((index) => ({ ...running(`p${index}`, 1), driven: false })),
      running("last", 0),
      ...[...pods.map((index) => `p${index}`), "last"].map((name) =>
        steady(`kube_pod_info{${ksm}, namespace="shop", pod="${name}", node="n"}`, 1),
      ),
      allocatable("n", "pods", 20),
    ],
    labels: node,
    for: 15,
    cases: { warning: [0, 1, "100% of the pods that n may run are running. The limit is 95 %."] },
  },
  {
    // Two nodes of 4 and 8: without the larger one 4 are left.
    alert: "KubeCpuOvercommitted",
    series: [
      wants("cpu", 1),
      steady(`kube_pod_status_phase{${inPod}, phase="Running"}`, 1),
      allocatable("a", "cpu", 4),
      allocatable("b", "cpu", 8),
    ],
    labels: {},
    for: 10,
    cases: { warning: [4, 6, "Pods in local ask for 2 cores more than what is left when the largest node fails."] },
  },
  {
    alert: "KubeMemoryOvercommitted",
    series: [
      wants("memory", 1),
      steady(`kube_pod_status_phase{${inPod}, phase="Running"}`, 1),
      allocatable("a", "memory", 1024),
      allocatable("b", "memory", 4096),
    ],
    labels: {},
    for: 10,
    cases: { warning: [1024, 3072, "Pods in local ask for 2kiB more than what is left when the largest node fails."] },
  },
  {
    // Between the buckets of 10 and 20 seconds p99 is 19.9.
    alert: "KubeletRelistSlow",
    series: [
      counter(`kubelet_pleg_relist_duration_seconds_bucket{${kubelet}, le="10"}`, 60),
      growing(`kubelet_pleg_relist_duration_seconds_bucket{${kubelet}, le="20"}`, 60),
      growing(`kubelet_pleg_relist_duration_seconds_bucket{${kubelet}, le="+Inf"}`, 60),
    ],
    labels: node,
    for: 5,
    lag: 7,
    cases: {
      warning: [
        60,
        0,
        "Listing the containers of n takes 19.9s (p99): the runtime or its disk is overloaded. The limit is 10s.",
      ],
    },
  },
  ...(["client", "server"] as const).map((kind): Proof => ({
    alert: kind === "client" ? "KubeletClientCertificateExpires" : "KubeletServerCertificateExpires",
    series: [gauge(`kubelet_certificate_manager_${kind}_ttl_seconds{${kubelet}}`, 2_000_000)],
    labels: node,
    for: 0,
    cases: {
      warning: [
        604_800,
        604_000,
        `In 6d 23h 46m 40s ${kind === "client" ? "the API server no longer knows n." : "logs, exec and metrics of n stop."} The limit is 7d.`,
      ],
      critical: [
        86_400,
        3600,
        `In 1h 0m 0s ${kind === "client" ? "the API server no longer knows n." : "logs, exec and metrics of n stop."} The limit is 1d.`,
      ],
    },
  })),
  {
    alert: "KubeletCertificateRenewalFails",
    series: [counter(`kubelet_certificate_manager_client_expiration_renew_errors{${kubelet}}`, 0)],
    labels: { ...node, job: "kubelet", instance: "n" },
    for: 15,
    lag: 5,
    end: 25,
    cases: {
      warning: [
        0,
        1,
        "15 renewals failed on n in a quarter of an hour; when the certificate expires, the node is lost.",
      ],
    },
  },
];
