import {
  changes,
  count,
  histogramQuantile,
  kube,
  kubelet,
  increase,
  matches,
  max,
  min,
  on,
  quantity,
  rate,
  sum,
  type kubernetesThresholds,
  type Thresholds,
} from "../../signals";
import { alert, levels, type Alert } from "../language";

const component = "kubernetes";
const dashboard = "kubernetes-cluster";
/** States come from kube-state-metrics: its own pod and address say nothing about the node. */
const perNode = ["cluster", "node"] as const;
const ready = kube.kube_node_status_condition.where({ condition: "Ready", status: "true" });
const podsOfNodes = count(
  max(kube.kube_pod_status_phase.where({ phase: "Running" }))
    .by("cluster", "namespace", "pod")
    .equals(quantity(1, "state"))
    .withLabelsOf(
      max(kube.kube_pod_info).by("cluster", "namespace", "pod", "node"),
      on("cluster", "namespace", "pod").groupLeft("node"),
    ),
).by(...perNode);

/** Nodes, as kubernetes-mixin's users expect. */
export const nodeAlerts = (thresholds: Thresholds & typeof kubernetesThresholds): Alert[] => [
  alert({
    name: "KubeNodeNotReady",
    component,
    dashboard,
    runbook: "KubeNode",
    severity: "warning",
    // A cordoned node is being worked on.
    when: max(ready)
      .by(...perNode)
      .equals(quantity(0, "state"))
      .unless(
        max(kube.kube_node_spec_unschedulable)
          .by(...perNode)
          .equals(quantity(1, "state")),
      ),
    for: "5m",
    summary: ({ node }) => `Node ${node} is not ready.`,
    description: ({ node }) => `${node} has not been ready for five minutes: its pods will be moved, or are gone.`,
  }),
  alert({
    name: "KubeNodeFlapping",
    component,
    dashboard,
    runbook: "KubeNode",
    severity: "warning",
    when: sum(changes(ready.over("15m")))
      .by(...perNode)
      .above(2),
    for: "15m",
    summary: ({ node }) => `Node ${node} comes and goes.`,
    description: ({ node }, value) =>
      `${node} changed between ready and not ready ${value} times in a quarter of an hour.`,
  }),
  alert({
    name: "KubeNodePressure",
    component,
    dashboard,
    runbook: "KubeNode",
    severity: "warning",
    when: max(
      kube.kube_node_status_condition.where({
        condition: matches("MemoryPressure|DiskPressure|PIDPressure|NetworkUnavailable"),
        status: "true",
      }),
    )
      .by(...perNode, "condition")
      .equals(quantity(1, "state")),
    for: "5m",
    summary: ({ node, condition }) => `Node ${node} reports ${condition}.`,
    description: ({ node, condition }) =>
      `${condition} holds on ${node}: the kubelet evicts pods or takes no new ones.`,
  }),
  levels({
    name: "KubeNodePodsFull",
    component,
    dashboard,
    runbook: "KubeCapacity",
    value: podsOfNodes.dividedBy(
      max(kube.kube_node_status_allocatable.where({ resource: "pods" }))
        .by(...perNode)
        .as("count"),
    ),
    above: thresholds.podsOnNode,
    for: "15m",
    summary: ({ node }) => `Node ${node} takes hardly any more pods.`,
    description: ({ node }, value) => `${value} of the pods that ${node} may run are running.`,
  }),
  alert({
    name: "KubeCpuOvercommitted",
    component,
    dashboard,
    runbook: "KubeCapacity",
    severity: "warning",
    when: overcommitted("cpu"),
    for: "10m",
    summary: ({ cluster }) => `Cluster ${cluster} can't lose a node: processors.`,
    description: ({ cluster }, value) =>
      `Pods in ${cluster} ask for ${value} cores more than what is left when the largest node fails.`,
  }),
  alert({
    name: "KubeMemoryOvercommitted",
    component,
    dashboard,
    runbook: "KubeCapacity",
    severity: "warning",
    when: overcommitted("memory").as("bytes"),
    for: "10m",
    summary: ({ cluster }) => `Cluster ${cluster} can't lose a node: memory.`,
    description: ({ cluster }, value) =>
      `Pods in ${cluster} ask for ${value} more than what is left when the largest node fails.`,
  }),
  levels({
    name: "KubeletRelistSlow",
    component: "kubelet",
    dashboard,
    runbook: "Kubelet",
    value: histogramQuantile(
      0.99,
      sum(rate(kubelet.kubelet_pleg_relist_duration_seconds.buckets.over("5m"))).by(...perNode, "le"),
    ),
    above: thresholds.relist,
    for: "5m",
    summary: ({ node }) => `The kubelet of ${node} is slow to see its containers.`,
    description: ({ node }, value) =>
      `Listing the containers of ${node} takes ${value} (p99): the runtime or its disk is overloaded.`,
  }),
  levels({
    name: "KubeletClientCertificateExpires",
    component: "kubelet",
    runbook: "KubeCertificates",
    value: min(kubelet.kubelet_certificate_manager_client_ttl_seconds).by(...perNode),
    below: thresholds.certificate,
    pages: "cluster",
    for: "0s",
    summary: ({ node }) => `The client certificate of the kubelet on ${node} expires.`,
    description: ({ node }, value) => `In ${value} the API server no longer knows ${node}.`,
  }),
  levels({
    name: "KubeletServerCertificateExpires",
    component: "kubelet",
    runbook: "KubeCertificates",
    value: min(kubelet.kubelet_certificate_manager_server_ttl_seconds).by(...perNode),
    below: thresholds.certificate,
    pages: "cluster",
    for: "0s",
    summary: ({ node }) => `The serving certificate of the kubelet on ${node} expires.`,
    description: ({ node }, value) => `In ${value} logs, exec and metrics of ${node} stop.`,
  }),
  alert({
    name: "KubeletCertificateRenewalFails",
    component: "kubelet",
    runbook: "KubeCertificates",
    severity: "warning",
    when: increase(kubelet.kubelet_certificate_manager_client_expiration_renew_errors.over("15m")).above(0),
    for: "15m",
    summary: ({ node }) => `The kubelet on ${node} can't renew its certificate.`,
    description: ({ node }, value) =>
      `${value} renewals failed on ${node} in a quarter of an hour; when the certificate expires, the node is lost.`,
  }),
];

/** What is asked for beyond what is left without the largest node; never for a cluster of one node. */
function overcommitted(resource: "cpu" | "memory") {
  const allocatable = max(kube.kube_node_status_allocatable.where({ resource })).by(...perNode);
  const requests = max(kube.kube_pod_container_resource_requests.where({ resource }))
    .by("cluster", "namespace", "pod", "container")
    .and(
      max(kube.kube_pod_status_phase.where({ phase: matches("Pending|Running") }))
        .by("cluster", "namespace", "pod")
        .equals(quantity(1, "state")),
      on("cluster", "namespace", "pod"),
    );
  const rest = sum(allocatable).by("cluster").minus(max(allocatable).by("cluster"));
  return sum(requests).by("cluster").minus(rest.above(0)).above(0);
}
