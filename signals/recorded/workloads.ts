import { labelReplace, max, rate, sum } from "../functions";
import { matches, not, present } from "../labels";
import { on } from "../matching";
import { conditionally, record, ruleGroup } from "../recording";
import { cadvisor } from "../sources/cadvisor";
import { kube } from "../sources/kube-state-metrics";

/** cAdvisor also counts pause containers and whole cgroups, which have no image or container name. */
const ofContainers = { container: not(""), image: present } as const;
const container = ["cluster", "namespace", "pod", "container"] as const;

/** Pods of Deployments are owned by ReplicaSets, which Deployments own in turn. */
const podsOfDeployments = labelReplace(
  labelReplace(
    kube.kube_pod_owner.where({ owner_kind: "ReplicaSet" }),
    "replicaset",
    "$1",
    "owner_name",
    "(.*)",
  ).withLabelsOf(
    max(
      labelReplace(
        kube.kube_replicaset_owner.where({ owner_kind: "Deployment" }),
        "workload",
        "$1",
        "owner_name",
        "(.*)",
      ),
    ).by("cluster", "namespace", "replicaset", "workload"),
    on("cluster", "namespace", "replicaset").groupLeft("workload"),
  ),
  "workload_type",
  "Deployment",
  "pod",
  ".*",
);
const otherPods = labelReplace(
  labelReplace(
    kube.kube_pod_owner.where({ owner_kind: matches("StatefulSet|DaemonSet|Job") }),
    "workload",
    "$1",
    "owner_name",
    "(.*)",
  ),
  "workload_type",
  "$1",
  "owner_kind",
  "(.*)",
);
const perPod = ["cluster", "namespace", "workload", "workload_type", "pod"] as const;

const owner = record(
  "namespace_workload_pod:owner:relabel",
  "1 for each pod, with the workload that owns it",
  max(podsOfDeployments)
    .by(...perPod)
    .or(max(otherPods).by(...perPod)),
);
const containerCpu = record(
  "container:cpu_usage_cores:rate5m",
  "Processor use of a container",
  sum(rate(cadvisor.container_cpu_usage_seconds_total.where(ofContainers).over("5m"))).by(...container),
);
const containerMemory = record(
  "container:memory_working_set_bytes:max",
  "Memory of a container that can't be reclaimed",
  max(cadvisor.container_memory_working_set_bytes.where(ofContainers)).by(...container),
);

const requested = (resource: string) =>
  sum(kube.kube_pod_container_resource_requests.where({ resource })).by("cluster", "namespace");
const limited = (resource: string) =>
  sum(kube.kube_pod_container_resource_limits.where({ resource })).by("cluster", "namespace");

/** Containers, pods and the workloads that own them (C10, C11). */
export const workloads = {
  owner,
  containerCpu,
  containerMemory,
  namespaceCpu: record(
    "namespace:cpu_usage_cores:sum",
    "Processor use of a namespace",
    sum(containerCpu).by("cluster", "namespace"),
  ),
  namespaceMemory: record(
    "namespace:memory_working_set_bytes:sum",
    "Memory of a namespace",
    sum(containerMemory).by("cluster", "namespace"),
  ),
  namespaceCpuRequests: record(
    "namespace:cpu_requests_cores:sum",
    "Cores that a namespace asks for",
    requested("cpu").as("cores"),
  ),
  namespaceMemoryRequests: record(
    "namespace:memory_requests_bytes:sum",
    "Memory that a namespace asks for",
    requested("memory").as("bytes"),
  ),
  namespaceCpuLimits: conditionally(
    record("namespace:cpu_limits_cores:sum", "Cores that a namespace may use at most", limited("cpu").as("cores")),
    { only: "for containers with a CPU limit" },
  ),
  namespaceMemoryLimits: record(
    "namespace:memory_limits_bytes:sum",
    "Memory that a namespace may use at most",
    limited("memory").as("bytes"),
  ),
  namespaceReceived: record(
    "namespace:network_receive_bytes:rate5m",
    "Bytes that the pods of a namespace receive",
    sum(rate(cadvisor.container_network_receive_bytes_total.over("5m"))).by("cluster", "namespace"),
  ),
  workloadCpu: record(
    "workload:cpu_usage_cores:sum",
    "Processor use of a workload",
    sum(
      sum(containerCpu)
        .by("cluster", "namespace", "pod")
        .withLabelsOf(owner, on("cluster", "namespace", "pod").groupLeft("workload", "workload_type")),
    ).by("cluster", "namespace", "workload", "workload_type"),
  ),
  workloadMemory: record(
    "workload:memory_working_set_bytes:sum",
    "Memory of a workload",
    sum(
      sum(containerMemory)
        .by("cluster", "namespace", "pod")
        .withLabelsOf(owner, on("cluster", "namespace", "pod").groupLeft("workload", "workload_type")),
    ).by("cluster", "namespace", "workload", "workload_type"),
  ),
} as const;

export const workloadRules = [ruleGroup("workloads", "30s", Object.values(workloads))];
