import { counter, gauge, growing, steady } from "../support/proof";
import { target, type Situation } from "./situation";

const vmagent = target("vmagent");
const store = 'url="1:http://victoriametrics-raw.o.svc:8428/api/v1/write"';
const prometheus = target("prometheus");
const remote = `${prometheus}, remote_name="vm", url="http://vm"`;
const collector = (job: string) =>
  `cluster="local", job="${job}", namespace="observability", pod="${job}-x", instance="x"`;
const stateful = 'cluster="local", job="kube-state-metrics", namespace="observability"';
const claim = 'cluster="local", job="kubelet", node="n", namespace="shop", persistentvolumeclaim="data"';
const queued = `${collector("collector-gateway")}, exporter="otlp_http/x"`;

/** Data is lost, or is about to be. */
export const data: readonly Situation[] = [
  {
    what: "the S3 server inside the cluster is down",
    series: [
      [gauge(`kube_statefulset_status_replicas_ready{${stateful}, statefulset="versitygw"}`, 1), 0],
      [steady(`kube_statefulset_replicas{${stateful}, statefulset="versitygw"}`, 1)],
    ],
    within: 10,
  },
  ...(["log_records", "spans", "metric_points"] as const).map((what): Situation => ({
    what: `a queue of the Collector overflows and ${what.replace("_", " ")} are dropped`,
    series: [[counter(`otelcol_exporter_enqueue_failed_${what}{${queued}, data_type="x"}`, 0), 600]],
    within: 15,
  })),
  {
    what: "the long-term store refuses a tenth of what Prometheus writes",
    series: [
      [counter(`prometheus_remote_storage_samples_failed_total{${remote}}`, 0), 60_000],
      [growing(`prometheus_remote_storage_samples_total{${remote}}`, 600_000)],
    ],
    within: 30,
  },
  {
    what: "the volume of VictoriaMetrics is full and it takes nothing",
    series: [[gauge(`vm_storage_is_read_only{${target("victoriametrics")}, path="/storage"}`, 0), 1]],
    within: 10,
  },
  {
    what: "vmagent throws samples away",
    series: [
      [counter(`vmagent_remotewrite_packets_dropped_total{${vmagent}, ${store}}`, 0), 30],
      [growing(`vm_persistentqueue_bytes_dropped_total{${vmagent}, name="n", path="/q"}`, 0)],
    ],
    within: 10,
  },
  {
    what: "the write-ahead log of Prometheus is damaged",
    series: [[counter(`prometheus_tsdb_wal_corruptions_total{${prometheus}}`, 0), 1]],
    within: 10,
  },
  {
    what: "Loki can't write chunks to S3",
    series: [[counter(`loki_ingester_chunks_flush_failures_total{${target("loki")}}`, 0), 10]],
    within: 30,
  },
  {
    what: "the volume of Loki's write-ahead log is full",
    series: [[counter(`loki_ingester_wal_disk_full_failures_total{${target("loki")}}`, 0), 10]],
    within: 15,
  },
  {
    what: "Tempo can't write blocks to S3, attempt after attempt",
    series: [[counter(`tempo_live_store_local_failed_flushes_total{${target("tempo")}}`, 0), 1]],
    within: 30,
  },
  {
    what: "Tempo can't make blocks of its write-ahead log",
    series: [[counter(`tempo_live_store_failed_completions_total{${target("tempo")}}`, 0), 1]],
    within: 30,
  },
  {
    what: "the volume of a pod has 2 % left",
    series: [
      [steady(`kubelet_volume_stats_capacity_bytes{${claim}}`, 1e10)],
      [gauge(`kubelet_volume_stats_used_bytes{${claim}}`, 5e9), 9.8e9],
      [gauge(`kubelet_volume_stats_available_bytes{${claim}}`, 5e9), 2e8],
    ],
    within: 15,
  },
  {
    what: "an array of disks lacks one",
    series: [
      [steady('node_md_disks_required{cluster="local", job="node-exporter", instance="n", device="md0"}', 2)],
      [gauge('node_md_disks{cluster="local", job="node-exporter", instance="n", device="md0", state="active"}', 2), 1],
    ],
    within: 30,
  },
];
