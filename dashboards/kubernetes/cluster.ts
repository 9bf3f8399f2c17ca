import {
  apiserver,
  controlPlane,
  controlPlaneRates,
  count,
  kube,
  kubelet,
  max,
  matches,
  not,
  quantity,
  rate,
  sum,
  vector,
  workloads,
  inWords,
  kubernetesThresholds,
} from "../../signals";
import { column, gauge, latest, page, query, redFrom, rising, row, stat, status, table, timeSeries } from "../language";
import { cluster, folders, here, yesOrNo } from "../shared";

const etcd = apiserver.etcd_request_duration_seconds.where(here);
const allocatable = (resource: string) => sum(kube.kube_node_status_allocatable.where({ ...here, resource }));
const intoNamespace = {
  title: "This namespace",
  to: "kubernetes-namespace",
  keep: ["cluster"],
  set: { namespace: "${__field.labels.namespace}" },
} as const;
const byNamespace = "{{namespace}}" as const;

/** Nodes, capacity, the control plane (F6). */
export const kubernetesCluster = page(kubernetesThresholds, (thresholds) => ({
  uid: "kubernetes-cluster",
  title: "Kubernetes / Cluster",
  description: "Nodes, capacity and control plane.",
  folder: folders.infrastructure,
  variables: [cluster],
  rows: [
    row("Capacity", [
      gauge(
        "Processor used",
        `Cores used, of those to be had. Bad above ${inWords(thresholds.cpu.warning)}.`,
        query(sum(workloads.namespaceCpu.where(here)).dividedBy(allocatable("cpu").as("cores")).asPercent(), "used"),
        { thresholds: rising(thresholds.cpu), max: 100 },
      ),
      gauge(
        "Processor asked for",
        "Cores that pods ask for. Near 100 % nothing new finds a node.",
        query(
          sum(workloads.namespaceCpuRequests.where(here)).dividedBy(allocatable("cpu").as("cores")).asPercent(),
          "requests",
        ),
        { thresholds: rising(thresholds.cpu), max: 100 },
      ),
      gauge(
        "Memory used",
        `Memory used, of what is to be had. Bad above ${inWords(thresholds.memory.warning)}.`,
        query(
          sum(workloads.namespaceMemory.where(here)).dividedBy(allocatable("memory").as("bytes")).asPercent(),
          "used",
        ),
        { thresholds: rising(thresholds.memory), max: 100 },
      ),
      gauge(
        "Memory asked for",
        "Memory that pods ask for. Near 100 % nothing new finds a node.",
        query(
          sum(workloads.namespaceMemoryRequests.where(here)).dividedBy(allocatable("memory").as("bytes")).asPercent(),
          "requests",
        ),
        { thresholds: rising(thresholds.memory), max: 100 },
      ),
      gauge(
        "Pods",
        "Pods that run, of those that nodes take.",
        query(
          sum(kubelet.kubelet_running_pods.where(here)).dividedBy(allocatable("pods").as("count")).asPercent(),
          "pods",
        ),
        { thresholds: rising(thresholds.cpu), max: 100 },
      ),
      stat(
        "Pods that aren't well",
        "Pods that wait, failed or are unknown. Anything but 0 for minutes is bad.",
        latest(
          query(
            sum(kube.kube_pod_status_phase.where({ ...here, phase: matches("Pending|Failed|Unknown") })).as("count"),
            "pods",
          ),
        ),
        { thresholds: redFrom(quantity(1, "count")), height: 6 },
      ),
    ]),
    row("Nodes", [
      status(
        "Ready",
        "Whether each node is ready to run pods.",
        query(
          max(kube.kube_node_status_condition.where({ ...here, condition: "Ready", status: "true" })).by("node"),
          "{{node}}",
        ),
        yesOrNo,
      ),
      timeSeries("Conditions", "Nodes under pressure of memory, disk or processes. Anything but 0 is bad.", [
        query(
          sum(kube.kube_node_status_condition.where({ ...here, condition: not("Ready"), status: "true" })).by(
            "node",
            "condition",
          ),
          "{{node}} {{condition}}",
        ),
      ]),
      timeSeries("Pods by node", "Pods that run on each node.", [
        query(sum(kubelet.kubelet_running_pods.where(here)).by("node"), "{{node}}"),
      ]),
      table("All nodes", "Version and system of each node.", [
        column(
          "Node",
          latest(
            query(max(kube.kube_node_info.where(here)).by("node", "kubelet_version", "os_image", "kernel_version"), ""),
          ),
        ),
      ]),
    ]),
    row("Namespaces", [
      timeSeries(
        "Processor",
        "Cores that each namespace uses.",
        [query(workloads.namespaceCpu.where(here), byNamespace)],
        { stacked: true, links: [intoNamespace] },
      ),
      timeSeries(
        "Memory",
        "Memory that each namespace uses.",
        [query(workloads.namespaceMemory.where(here), byNamespace)],
        { stacked: true, links: [intoNamespace] },
      ),
      timeSeries("Network in", "Bytes that each namespace receives.", [
        query(sum(workloads.namespaceReceived.where(here)).by("namespace"), byNamespace),
      ]),
      table(
        "Use against requests",
        "A namespace that uses far less than it asks for wastes nodes; one that uses more may be pushed out.",
        [
          column("Cores used", latest(query(workloads.namespaceCpu.where(here), ""))),
          column("Cores asked for", latest(query(workloads.namespaceCpuRequests.where(here), ""))),
          column("Memory used", latest(query(workloads.namespaceMemory.where(here), ""))),
          column("Memory asked for", latest(query(workloads.namespaceMemoryRequests.where(here), ""))),
        ],
      ),
    ]),
    row("Control plane", [
      timeSeries("API requests", "Requests by status. Many 4xx point at a broken client, 5xx at the server.", [
        query(sum(controlPlaneRates.apiRequests.where(here)).by("code"), "{{code}}"),
      ]),
      timeSeries(
        "API latency, p99",
        `By verb, watches and streams left out. Bad above ${inWords(thresholds.apiserverLatency.warning)}.`,
        [query(controlPlaneRates.apiLatencyP99.where(here), "{{verb}}")],
        { thresholds: rising(thresholds.apiserverLatency) },
      ),
      timeSeries(
        "etcd latency, average",
        `Requests to etcd by operation. Bad above ${inWords(thresholds.apiserverLatency.warning)}; their buckets would be too many series to scrape.`,
        [
          query(
            sum(rate(etcd.sum))
              .by("operation")
              .dividedBy(sum(rate(etcd.count)).by("operation"))
              .as("seconds"),
            "{{operation}}",
          ),
        ],
        { thresholds: rising(thresholds.apiserverLatency) },
      ),
      timeSeries("Work queues", "Objects that controllers in the API server still have to look at.", [
        query(sum(apiserver.workqueue_depth.where(here)).by("name"), "{{name}}"),
      ]),
      timeSeries("DNS", "Questions to CoreDNS by answer. Many SERVFAIL are bad.", [
        query(sum(rate(controlPlane.coredns_dns_responses_total.where(here))).by("rcode"), "{{rcode}}"),
      ]),
      timeSeries("Kubelet errors", "Runtime operations that failed, by operation. Bad when they stay.", [
        query(
          sum(rate(kubelet.kubelet_runtime_operations_errors_total.where(here))).by("operation_type"),
          "{{operation_type}}",
        ),
      ]),
      stat(
        "Nodes",
        "Nodes that the cluster knows.",
        query(count(kube.kube_node_info.where(here)).or(vector(0, "count")), "nodes"),
      ),
    ]),
  ],
}));
