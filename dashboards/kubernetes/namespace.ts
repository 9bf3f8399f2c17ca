import {
  cadvisor,
  increase,
  kube,
  kubelet,
  max,
  min,
  on,
  rate,
  sum,
  workloads,
  inWords,
  kubernetesThresholds,
} from "../../signals";
import { column, latest, page, pie, query, rising, row, stat, table, timeSeries, variable } from "../language";
import { cluster, folders, here, ofNamespace } from "../shared";

const namespace = variable("namespace", kube.kube_pod_info.where(here), "namespace", { all: false });
const n = ofNamespace;
const intoWorkload = {
  title: "This workload",
  to: "kubernetes-workload",
  keep: ["cluster", "namespace"],
  set: { workload: "${__field.labels.workload}" },
} as const;
const volumes = kubelet.kubelet_volume_stats_used_bytes.where(n);

/** What runs in a namespace and what it uses (F6, C10). */
export const kubernetesNamespace = page(kubernetesThresholds, (thresholds) => ({
  uid: "kubernetes-namespace",
  title: "Kubernetes / Namespace",
  description: "What runs in a namespace and what it uses.",
  folder: folders.infrastructure,
  variables: [cluster, namespace],
  rows: [
    row("Use", [
      stat(
        "Cores",
        "Cores in use. Bad when they near what was asked for.",
        query(sum(workloads.namespaceCpu.where(n)), "used"),
        { width: "quarter" },
      ),
      stat(
        "Memory",
        "Memory in use. Bad when it nears what was asked for.",
        query(sum(workloads.namespaceMemory.where(n)), "used"),
        { width: "quarter" },
      ),
      stat(
        "Of the cores asked for",
        "Use against requests. Above 100 % pods live on what others leave.",
        query(sum(workloads.namespaceCpu.where(n)).dividedBy(sum(workloads.namespaceCpuRequests.where(n))), "used"),
        { width: "quarter" },
      ),
      stat(
        "Of the memory asked for",
        "Use against requests. Above 100 % pods are the first to be pushed out.",
        query(
          sum(workloads.namespaceMemory.where(n)).dividedBy(sum(workloads.namespaceMemoryRequests.where(n))),
          "used",
        ),
        { width: "quarter" },
      ),
      timeSeries(
        "Processor by workload",
        "Cores that each workload uses.",
        [query(workloads.workloadCpu.where(n), "{{workload_type}} {{workload}}")],
        { stacked: true, width: "half", links: [intoWorkload] },
      ),
      timeSeries(
        "Memory by workload",
        "Memory that each workload uses.",
        [query(workloads.workloadMemory.where(n), "{{workload_type}} {{workload}}")],
        { stacked: true, width: "half", links: [intoWorkload] },
      ),
    ]),
    row("Pods", [
      pie(
        "Phases",
        "Pods by phase. Pending and Failed ones are bad.",
        query(sum(kube.kube_pod_status_phase.where(n)).by("phase").as("count"), "{{phase}}"),
      ),
      timeSeries(
        "Restarts",
        "Restarts of containers in a quarter of an hour. Bad from the first on.",
        [
          query(
            sum(increase(kube.kube_pod_container_status_restarts_total.where(n).over("15m"))).by("pod", "container"),
            "{{pod}} {{container}}",
          ),
        ],
        { thresholds: rising(thresholds.restarts) },
      ),
      timeSeries("Waiting containers", "Why containers don't start. CrashLoopBackOff and ImagePullBackOff are bad.", [
        query(sum(kube.kube_pod_container_status_waiting_reason.where(n)).by("reason").as("count"), "{{reason}}"),
      ]),
      table("All pods", "Use and restarts, pod by pod.", [
        column("Cores", latest(query(sum(workloads.containerCpu.where(n)).by("namespace", "pod"), ""))),
        column("Memory", latest(query(sum(workloads.containerMemory.where(n)).by("namespace", "pod"), ""))),
        column(
          "Restarts",
          latest(query(sum(kube.kube_pod_container_status_restarts_total.where(n).total()).by("namespace", "pod"), "")),
        ),
      ]),
    ]),
    row("Rollouts", [
      timeSeries(
        "Deployments",
        "Share of wanted replicas that are available. Bad below 100 %.",
        [
          query(
            kube.kube_deployment_status_replicas_available
              .where(n)
              .dividedBy(kube.kube_deployment_spec_replicas.where(n)),
            "{{namespace}} {{deployment}}",
          ),
        ],
        { max: 1 },
      ),
      timeSeries(
        "StatefulSets",
        "Share of wanted replicas that are ready. Bad below 100 %.",
        [
          query(
            kube.kube_statefulset_status_replicas_ready.where(n).dividedBy(kube.kube_statefulset_replicas.where(n)),
            "{{namespace}} {{statefulset}}",
          ),
        ],
        { max: 1 },
      ),
      timeSeries(
        "DaemonSets",
        "Share of nodes on which the pod is ready. Bad below 100 %.",
        [
          query(
            kube.kube_daemonset_status_number_ready
              .where(n)
              .dividedBy(kube.kube_daemonset_status_desired_number_scheduled.where(n)),
            "{{namespace}} {{daemonset}}",
          ),
        ],
        { max: 1 },
      ),
    ]),
    row("Network and volumes", [
      timeSeries("Network", "Bytes in and out of each pod.", [
        query(sum(rate(cadvisor.container_network_receive_bytes_total.where(n))).by("pod"), "in {{pod}}"),
        query(sum(rate(cadvisor.container_network_transmit_bytes_total.where(n))).by("pod"), "out {{pod}}"),
      ]),
      timeSeries(
        "Volumes",
        `How full each claim is. Bad above ${inWords(thresholds.disk.warning)}.`,
        [
          query(
            volumes.dividedBy(kubelet.kubelet_volume_stats_capacity_bytes.where(n)).asPercent(),
            "{{namespace}} {{persistentvolumeclaim}}",
          ),
        ],
        { thresholds: rising(thresholds.disk), max: 100 },
      ),
      timeSeries(
        "Quotas",
        "Use of resource quotas. Bad above 80 %: new pods are refused at 100 %.",
        [
          query(
            max(kube.kube_resourcequota.where({ ...n, type: "used" }))
              .by("namespace", "resourcequota", "resource")
              .dividedBy(
                min(kube.kube_resourcequota.where({ ...n, type: "hard" })).by("namespace", "resourcequota", "resource"),
                on("namespace", "resourcequota", "resource"),
              )
              .as("ratio"),
            "{{namespace}} {{resource}}",
          ),
        ],
        { max: 1 },
      ),
    ]),
  ],
}));
