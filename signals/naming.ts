/**
 * Names that break Prometheus' own rules, kept because whoever exposes them, or the requirements, spell them so. A test
 * holds this list against the catalogue: an entry that isn't needed fails as much as one that is missing.
 */
export const namingExceptions: Readonly<Record<string, string>> = {
  goroutines_total: "C1: a gauge that ends in _total",
  cache_items_total: "C1: a gauge that ends in _total",
  disk_io_reads: "C12: a counter without _total",
  disk_io_writes: "C12: a counter without _total",
  network_bytes_in: "C12: a counter without _total",
  network_bytes_out: "C12: a counter without _total",
  network_packets_in: "C12: a counter without _total",
  network_packets_out: "C12: a counter without _total",
  network_errors: "C12: a counter without _total",
};

/** Sources whose counters carry no `_total`, or whose gauges do, throughout. */
export const namingExceptionSources: Readonly<Record<string, string>> = {
  "OpenTelemetry Collector": "its own metrics are exposed without type suffix",
  node_exporter: "netstat and vmstat keep the kernel's names",
  kubelet: "some alpha metrics lack the suffix",
  Loki: "loki_ruler_managers_total is a gauge",
  Tempo: "its receivers and service graphs lack the suffix, and totals of the block list are gauges",
  cAdvisor: "sizes of memory carry no unit",
  "span metrics": "Tempo says size for bytes",
  Grafana: "grafana_access_evaluation_count lacks the suffix",
};

/** Names that two sources expose with different labels. */
export const sharedNames: Readonly<Record<string, string>> = {
  cpu_usage_percent: "C1 gives it to a process, C12 to a host: label job tells them apart (node-exporter is the host)",
};

/** Bounds that histograms of applications must have, because a recording rule reads that bucket. */
export const requiredBuckets = { request_duration_seconds: [0.5] } as const;
