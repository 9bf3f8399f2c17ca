import { cadvisor, count, increase, kube, kubelet, rate, scrape, sum, histogramQuantile, max } from "../../signals";
import { latest, page, query, rising, row, stat, timeSeries } from "../../dashboards/language";
import { cluster, folders, here } from "../../dashboards/shared";
import { instancesOf, logsRow, processRow, targetsOf } from "../../dashboards/process";
import { kubeStateMetricsThresholds } from "./thresholds";

const t = targetsOf("kube-state-metrics");
/** Its own metrics come from a port, and so a job, of their own. */
const itself = { ...here, job: "kube-state-metrics-telemetry" } as const;
const onKubelets = { ...here, job: "kubelet" } as const;

/** kube-state-metrics, kubelets and cAdvisor about themselves (F11, A9). */
export const kubeStateMetricsPage = page(kubeStateMetricsThresholds, (thresholds) => ({
  uid: "kube-state-metrics",
  title: "kube-state-metrics and kubelets",
  description: "Whether the states of objects and the use of containers are measured.",
  folder: folders.stack,
  variables: [cluster, instancesOf("kube-state-metrics|kube-state-metrics-telemetry")],
  rows: [
    row("kube-state-metrics", [
      stat(
        "Objects",
        "Pods, deployments and nodes that it tells about.",
        latest(query(count(kube.kube_pod_info.where(here)), "pods")),
        { width: "quarter" },
      ),
      stat(
        "Shards",
        "Instances that share the work.",
        query(max(kube.kube_state_metrics_total_shards.where(itself)), "shards"),
        { width: "quarter" },
      ),
      stat(
        "Samples",
        "Samples of a scrape. Growth means more objects.",
        query(max(scrape.scrape_samples_scraped.where(t)), "samples"),
        { width: "quarter" },
      ),
      stat(
        "Scrape time",
        "Bad when it nears the scrape timeout.",
        query(max(scrape.scrape_duration_seconds.where(t)), "time"),
        { width: "quarter" },
      ),
      timeSeries(
        "Watches and lists",
        "Calls to the API server, by result. Errors mean stale or missing states. Newer API servers stream a list with its watch: lists show only where they don't.",
        [
          query(
            sum(rate(kube.kube_state_metrics_watch_total.where(itself))).by("resource", "result"),
            "watch {{resource}} {{result}}",
          ),
          query(
            sum(rate(kube.kube_state_metrics_list_total.where(itself))).by("resource", "result"),
            "list {{resource}} {{result}}",
          ),
        ],
        { mayBeEmpty: { only: "where the API server streams no lists, or one failed", refIds: ["B"] } },
      ),
    ]),
    row("Kubelets", [
      timeSeries(
        "Relist time, p99",
        "How long a kubelet takes to see what runs. Bad above some seconds: pods start late.",
        [
          query(
            histogramQuantile(
              0.99,
              sum(rate(kubelet.kubelet_pleg_relist_duration_seconds.buckets.where(onKubelets))).by("node", "le"),
            ),
            "{{node}}",
          ),
        ],
      ),
      timeSeries(
        "Pod start, p99",
        "Without the time to pull images. Bad above some seconds.",
        [
          query(
            histogramQuantile(
              0.99,
              sum(rate(kubelet.kubelet_pod_start_sli_duration_seconds.buckets.where(onKubelets))).by("node", "le"),
            ),
            "{{node}}",
          ),
        ],
        { thresholds: rising(thresholds.podStart) },
      ),
      timeSeries("Runtime errors", "Operations of the container runtime that failed.", [
        query(
          sum(increase(kubelet.kubelet_runtime_operations_errors_total.where(onKubelets))).by("node", "operation_type"),
          "{{node}} {{operation_type}}",
        ),
      ]),
      timeSeries(
        "Containers seen",
        "Containers that cAdvisor measures, by node. 0 on a node means that its use is unknown.",
        [
          query(
            count(cadvisor.container_last_seen.where({ ...here, container: { operator: "!=", value: "" } })).by("node"),
            "{{node}}",
          ),
        ],
        { width: "full" },
      ),
    ]),
    processRow("kube-state-metrics-telemetry"),
    logsRow("kube-state-metrics"),
  ],
}));
