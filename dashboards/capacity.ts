import {
  avgOverTime,
  deriv,
  hostShares,
  hosts,
  kube,
  kubelet,
  logCounts,
  maxOverTime,
  node,
  predictLinear,
  rate,
  sum,
  topk,
  workloads,
  inWords,
} from "../signals";
import { prometheus } from "../stacks/prometheus/metrics";
import { victoriametrics } from "../stacks/victoriametrics/metrics";
import { loki } from "../stacks/loki/metrics";
import { tempo } from "../stacks/tempo/metrics";
import { bars, column, latest, page, query, rising, row, stat, table, timeSeries } from "./language";
import { cluster, folders, here } from "./shared";

const h = { ...here, job: "node-exporter" } as const;
const longTerm = { source: "victoriametrics" } as const;
const days = 86_400;
const allocatable = (resource: string) =>
  sum(kube.kube_node_status_allocatable.where({ ...here, resource })).by("cluster");
const free = victoriametrics.vm_free_disk_space_bytes.where(here);

/** What runs out, and when (F10). */
export const capacity = page((thresholds) => ({
  uid: "capacity",
  title: "Capacity",
  description: "What runs out, and when; who uses it.",
  folder: folders.infrastructure,
  variables: [cluster],
  from: "now-7d",
  rows: [
    row("Cluster", [
      timeSeries(
        "Processor: used, asked for, to be had",
        "Bad when requests come near to what there is: nothing new finds a node.",
        [
          query(sum(workloads.namespaceCpu.where(here)).by("cluster"), "used {{cluster}}", longTerm),
          query(sum(workloads.namespaceCpuRequests.where(here)).by("cluster"), "asked for {{cluster}}", longTerm),
          query(allocatable("cpu").as("cores"), "to be had {{cluster}}", longTerm),
        ],
        { width: "half" },
      ),
      timeSeries(
        "Memory: used, asked for, to be had",
        "Bad when requests come near to what there is.",
        [
          query(sum(workloads.namespaceMemory.where(here)).by("cluster"), "used {{cluster}}", longTerm),
          query(sum(workloads.namespaceMemoryRequests.where(here)).by("cluster"), "asked for {{cluster}}", longTerm),
          query(allocatable("memory").as("bytes"), "to be had {{cluster}}", longTerm),
        ],
        { width: "half" },
      ),
      bars(
        "Cores asked for and not used",
        "Namespaces that could ask for less: the most to save is on top.",
        [
          query(
            topk(
              10,
              sum(workloads.namespaceCpuRequests.where(here))
                .by("namespace")
                .minus(sum(workloads.namespaceCpu.where(here)).by("namespace")),
            ),
            "{{namespace}}",
          ),
        ],
        { width: "half" },
      ),
      bars(
        "Memory asked for and not used",
        "Namespaces that could ask for less.",
        [
          query(
            topk(
              10,
              sum(workloads.namespaceMemoryRequests.where(here))
                .by("namespace")
                .minus(sum(workloads.namespaceMemory.where(here)).by("namespace")),
            ),
            "{{namespace}}",
          ),
        ],
        { width: "half" },
      ),
    ]),
    row("Disks", [
      timeSeries(
        "Free space in four days",
        "Straight line through the last six hours. Below 0 the disk is full before the weekend is over.",
        [
          query(
            predictLinear(node.node_filesystem_avail_bytes.where(h).over("6h"), 4 * days),
            "{{instance}} {{mountpoint}}",
          ),
        ],
        { width: "half" },
      ),
      table(
        "File systems",
        "Use now and growth per second.",
        [
          column("Used", latest(query(hostShares.disk_used_percent.where(h), "")), rising(thresholds.disk)),
          column("Growth", latest(query(deriv(hosts.disk_usage_bytes.where(h).over("6h")), ""))),
        ],
        { width: "half" },
      ),
      bars(
        "Volumes in use",
        `How full each claim is. Bad above ${inWords(thresholds.disk.warning)}.`,
        [
          query(
            kubelet.kubelet_volume_stats_used_bytes
              .where(here)
              .dividedBy(kubelet.kubelet_volume_stats_capacity_bytes.where(here))
              .asPercent(),
            "{{namespace}} {{persistentvolumeclaim}}",
          ),
        ],
        { thresholds: rising(thresholds.disk), max: 100, width: "half" },
      ),
      timeSeries(
        "Volumes in four days",
        "Free space of each claim, straight line through the last six hours.",
        [
          query(
            predictLinear(kubelet.kubelet_volume_stats_available_bytes.where(here).over("6h"), 4 * days),
            "{{namespace}} {{persistentvolumeclaim}}",
          ),
        ],
        { width: "half" },
      ),
    ]),
    row("Hosts", [
      timeSeries(
        "Processor, daily average",
        "Growth over weeks says when to add nodes.",
        [query(avgOverTime(hosts.cpu_usage_percent.where(h).over("1d")), "{{instance}}", longTerm)],
        { thresholds: rising(thresholds.cpu), max: 100 },
      ),
      timeSeries(
        "Memory, daily peak",
        "Highest use of each day.",
        [query(maxOverTime(hostShares.memory_used_percent.where(h).over("1d")), "{{instance}}", longTerm)],
        { thresholds: rising(thresholds.memory), max: 100 },
      ),
      timeSeries("Network", "Bytes through the hosts' interfaces.", [
        query(sum(rate(hosts.network_bytes_in.where(h))).by("instance"), "in {{instance}}"),
        query(sum(rate(hosts.network_bytes_out.where(h))).by("instance"), "out {{instance}}"),
      ]),
    ]),
    row("Signals", [
      stat(
        "Active series",
        "Series that Prometheus holds in memory; it needs some kilobytes for each.",
        query(sum(prometheus.prometheus_tsdb_head_series.where(here)), "series"),
        { width: "quarter" },
      ),
      stat(
        "Samples",
        "Samples that come in each second.",
        query(sum(rate(prometheus.prometheus_tsdb_head_samples_appended_total.where(here))), "samples"),
        { width: "quarter" },
      ),
      stat(
        "Log bytes",
        "Bytes of logs that come in each second.",
        query(sum(rate(loki.loki_distributor_bytes_received_total.where(here))), "bytes"),
        { width: "quarter" },
      ),
      stat(
        "Spans",
        "Spans that come in each second.",
        query(sum(rate(tempo.tempo_distributor_spans_received_total.where(here))), "spans"),
        { width: "quarter" },
      ),
      timeSeries(
        "Log bytes of a namespace",
        "Average of each day, counted before the lines go. What grows here fills S3.",
        [
          query(
            sum(avgOverTime(logCounts.bytes.where(here).over("1d"))).by("k8s_namespace_name"),
            "{{k8s_namespace_name}}",
            longTerm,
          ),
        ],
        { width: "half" },
      ),
      timeSeries(
        "Long-term storage: free space",
        "Bad when it falls below what a merge needs, a fifth of the disk.",
        [query(free, "{{instance}} {{path}}")],
        { width: "half" },
      ),
      timeSeries(
        "Long-term storage in four weeks",
        "Straight line through the last day.",
        [query(predictLinear(free.over("1d"), 28 * days), "{{instance}} {{path}}", longTerm)],
        { width: "half" },
      ),
    ]),
  ],
}));
