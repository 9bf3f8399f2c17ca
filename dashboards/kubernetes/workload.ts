import {
  cadvisor,
  increase,
  kube,
  lineRate,
  logs,
  matches,
  on,
  rate,
  sum,
  workloads,
  inWords,
  kubernetesThresholds,
} from "../../signals";
import { selected, logLines, page, query, rising, row, stat, timeSeries, variable } from "../language";
import { cluster, folders, namespace, ofNamespace } from "../shared";

const workload = variable("workload", workloads.owner.where(ofNamespace), "workload", { all: false });
const w = { ...ofNamespace, workload: selected("workload") } as const;
/** Only what may be the workload's pods is read; whose they are, the join says. */
const ofPods = { ...ofNamespace, pod: matches("($workload)-.*") } as const;
const owner = workloads.owner.where(w);
const perPod = on("cluster", "namespace", "pod").groupLeft("workload");
const perContainer = on("cluster", "namespace", "pod").groupLeft("workload");

const requests = (resource: string) =>
  sum(kube.kube_pod_container_resource_requests.where({ ...ofPods, resource })).by("cluster", "namespace", "pod");
const limits = (resource: string) =>
  sum(kube.kube_pod_container_resource_limits.where({ ...ofPods, resource })).by("cluster", "namespace", "pod");
const throttled = sum(rate(cadvisor.container_cpu_cfs_throttled_periods_total.where(ofPods))).by(
  "cluster",
  "namespace",
  "pod",
  "container",
);
const periods = sum(rate(cadvisor.container_cpu_cfs_periods_total.where(ofPods))).by(
  "cluster",
  "namespace",
  "pod",
  "container",
);
const inPods = { cluster: selected("cluster"), k8s_namespace_name: selected("namespace") } as const;
const ofWorkload = logs(inPods).where({ k8s_pod_name: { operator: "=~", value: "($workload)-.*" } });

/** One workload: its pods against their requests and limits (F6). */
export const kubernetesWorkload = page(kubernetesThresholds, (thresholds) => ({
  uid: "kubernetes-workload",
  title: "Kubernetes / Workload",
  description: "One workload: its pods against their requests and limits.",
  folder: folders.infrastructure,
  variables: [cluster, namespace, workload],
  rows: [
    row("Processor", [
      stat("Pods", "Pods of the workload. Fewer than usual is bad.", query(sum(owner).as("count"), "pods"), {
        width: "quarter",
      }),
      stat(
        "Cores",
        "Cores in use. Bad when they near the limit.",
        query(sum(workloads.workloadCpu.where(w)), "cores"),
        { width: "quarter" },
      ),
      stat(
        "Memory",
        "Memory in use. Bad when it nears the limit.",
        query(sum(workloads.workloadMemory.where(w)), "memory"),
        { width: "quarter" },
      ),
      stat(
        "Restarts",
        "Restarts of containers in a quarter of an hour. Bad from the first on.",
        query(
          sum(
            sum(increase(kube.kube_pod_container_status_restarts_total.where(ofPods).over("15m")))
              .by("cluster", "namespace", "pod")
              .withLabelsOf(owner, perPod),
          ),
          "restarts",
        ),
        { thresholds: rising(thresholds.restarts), width: "quarter" },
      ),
      timeSeries(
        "Cores by pod",
        "Use against what was asked for and what is allowed.",
        [
          query(
            sum(workloads.containerCpu.where(ofPods)).by("cluster", "namespace", "pod").withLabelsOf(owner, perPod),
            "{{pod}}",
          ),
          query(requests("cpu").as("cores").withLabelsOf(owner, perPod), "asked for {{pod}}"),
          query(limits("cpu").as("cores").withLabelsOf(owner, perPod), "allowed {{pod}}"),
        ],
        { width: "half" },
      ),
      timeSeries(
        "Throttling",
        `Share of periods in which a container hit its processor limit. Bad above ${inWords(thresholds.throttling.warning)}.`,
        [query(throttled.dividedBy(periods).withLabelsOf(owner, perContainer), "{{pod}} {{container}}")],
        { thresholds: rising(thresholds.throttling), width: "half", max: 1 },
      ),
    ]),
    row("Memory", [
      timeSeries(
        "Memory by pod",
        "Use against what was asked for and what is allowed. At the limit the kernel kills it.",
        [
          query(
            sum(workloads.containerMemory.where(ofPods)).by("cluster", "namespace", "pod").withLabelsOf(owner, perPod),
            "{{pod}}",
          ),
          query(requests("memory").as("bytes").withLabelsOf(owner, perPod), "asked for {{pod}}"),
          query(limits("memory").as("bytes").withLabelsOf(owner, perPod), "allowed {{pod}}"),
        ],
        { width: "half" },
      ),
      timeSeries(
        "Killed for memory",
        "Containers that the kernel killed. Anything but 0 is bad.",
        [
          query(
            sum(increase(cadvisor.container_oom_events_total.where(ofPods)))
              .by("cluster", "namespace", "pod")
              .withLabelsOf(owner, perPod),
            "{{pod}}",
          ),
        ],
        { width: "half" },
      ),
    ]),
    row("Network and disks", [
      timeSeries("Network", "Bytes in and out of each pod.", [
        query(
          sum(rate(cadvisor.container_network_receive_bytes_total.where(ofPods)))
            .by("cluster", "namespace", "pod")
            .withLabelsOf(owner, perPod),
          "in {{pod}}",
        ),
        query(
          sum(rate(cadvisor.container_network_transmit_bytes_total.where(ofPods)))
            .by("cluster", "namespace", "pod")
            .withLabelsOf(owner, perPod),
          "out {{pod}}",
        ),
      ]),
      timeSeries("Packets dropped", "Packets that were lost on the way in. Anything but 0 for long is bad.", [
        query(
          sum(rate(cadvisor.container_network_receive_packets_dropped_total.where(ofPods)))
            .by("cluster", "namespace", "pod")
            .withLabelsOf(owner, perPod),
          "{{pod}}",
        ),
      ]),
      timeSeries(
        "Disk operations",
        "Reads and writes of each pod.",
        [
          query(
            sum(rate(cadvisor.container_fs_reads_total.where(ofPods)))
              .by("cluster", "namespace", "pod")
              .withLabelsOf(owner, perPod),
            "reads {{pod}}",
          ),
          query(
            sum(rate(cadvisor.container_fs_writes_total.where(ofPods)))
              .by("cluster", "namespace", "pod")
              .withLabelsOf(owner, perPod),
            "writes {{pod}}",
          ),
        ],
        { mayBeEmpty: { only: "where the node's cgroups count the disk I/O of containers" } },
      ),
    ]),
    row("Logs", [
      timeSeries(
        "Lines by level",
        "A step up in errors often explains what the graphs above show.",
        [query(sum(lineRate(ofWorkload)).by("detected_level"), "{{detected_level}}")],
        { stacked: true, width: "full", style: "bars", height: 6 },
      ),
      logLines("Lines", "Log lines of the workload's pods, newest first.", ofWorkload),
    ]),
  ],
}));
