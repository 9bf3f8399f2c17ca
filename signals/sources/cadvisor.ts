import { counter, gauge, source } from "../source";

/** Metrics of containers, as the kubelet's /metrics/cadvisor exposes them. Names and labels: a kubelet 1.36. */
export const cadvisor = source(
  {
    name: "cAdvisor",
    jobs: ["cadvisor"],
    targetLabels: ["cluster", "job", "instance", "node"],
  },
  {
    container_cpu_usage_seconds_total: counter(
      "core-seconds",
      ["container", "cpu", "id", "image", "name", "namespace", "pod"],
      "Cumulative cpu time consumed in seconds",
    ),
    container_cpu_cfs_periods_total: counter(
      "count",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Elapsed enforcement periods of CPU limits",
    ),
    container_cpu_cfs_throttled_periods_total: counter(
      "count",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Enforcement periods in which the container was throttled",
    ),
    container_memory_working_set_bytes: gauge(
      "bytes",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Current working set in bytes",
    ),
    container_memory_usage_bytes: gauge(
      "bytes",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Current memory usage in bytes, including all memory regardless of when it was accessed",
    ),
    container_memory_rss: gauge(
      "bytes",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Size of RSS in bytes",
    ),
    container_memory_cache: gauge(
      "bytes",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Number of bytes of page cache memory",
    ),
    container_memory_swap: gauge(
      "bytes",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Container swap usage in bytes",
    ),
    container_oom_events_total: counter(
      "count",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Count of out of memory events observed for the container",
    ),
    container_fs_usage_bytes: gauge(
      "bytes",
      ["container", "device", "id", "image", "name", "namespace", "pod"],
      "Number of bytes that are consumed by the container on this filesystem",
    ),
    container_fs_limit_bytes: gauge(
      "bytes",
      ["container", "device", "id", "image", "name", "namespace", "pod"],
      "Number of bytes that can be consumed by the container on this filesystem",
    ),
    container_fs_reads_total: counter(
      "operations",
      ["container", "device", "id", "image", "name", "namespace", "pod"],
      "Cumulative count of reads completed",
    ),
    container_fs_writes_total: counter(
      "operations",
      ["container", "device", "id", "image", "name", "namespace", "pod"],
      "Cumulative count of writes completed",
    ),
    container_fs_reads_bytes_total: counter(
      "bytes",
      ["container", "device", "id", "image", "name", "namespace", "pod"],
      "Bytes read",
    ),
    container_fs_writes_bytes_total: counter(
      "bytes",
      ["container", "device", "id", "image", "name", "namespace", "pod"],
      "Bytes written",
    ),
    container_network_receive_bytes_total: counter(
      "bytes",
      ["id", "image", "interface", "name", "namespace", "pod"],
      "Cumulative count of bytes received",
    ),
    container_network_transmit_bytes_total: counter(
      "bytes",
      ["id", "image", "interface", "name", "namespace", "pod"],
      "Cumulative count of bytes transmitted",
    ),
    container_network_receive_packets_total: counter(
      "packets",
      ["id", "image", "interface", "name", "namespace", "pod"],
      "Cumulative count of packets received",
    ),
    container_network_transmit_packets_total: counter(
      "packets",
      ["id", "image", "interface", "name", "namespace", "pod"],
      "Cumulative count of packets transmitted",
    ),
    container_network_receive_errors_total: counter(
      "packets",
      ["id", "image", "interface", "name", "namespace", "pod"],
      "Cumulative count of errors encountered while receiving",
    ),
    container_network_transmit_errors_total: counter(
      "packets",
      ["id", "image", "interface", "name", "namespace", "pod"],
      "Cumulative count of errors encountered while transmitting",
    ),
    container_network_receive_packets_dropped_total: counter(
      "packets",
      ["id", "image", "interface", "name", "namespace", "pod"],
      "Cumulative count of packets dropped while receiving",
    ),
    container_network_transmit_packets_dropped_total: counter(
      "packets",
      ["id", "image", "interface", "name", "namespace", "pod"],
      "Cumulative count of packets dropped while transmitting",
    ),
    container_spec_memory_limit_bytes: gauge(
      "bytes",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Memory limit for the container",
    ),
    container_start_time_seconds: gauge(
      "timestamp",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Start time of the container since unix epoch in seconds",
    ),
    container_last_seen: gauge(
      "timestamp",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Last time a container was seen by the exporter",
    ),
    container_processes: gauge(
      "count",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Number of processes running inside the container",
    ),
    container_threads: gauge(
      "count",
      ["container", "id", "image", "name", "namespace", "pod"],
      "Number of threads running inside the container",
    ),
    machine_cpu_cores: gauge("cores", ["boot_id", "machine_id", "system_uuid"], "Number of logical CPU cores"),
    machine_memory_bytes: gauge(
      "bytes",
      ["boot_id", "machine_id", "system_uuid"],
      "Amount of memory installed on the machine",
    ),
  },
  [
    {
      of: ["container_cpu_cfs_periods_total", "container_cpu_cfs_throttled_periods_total"],
      only: "for containers with a CPU limit",
    },
    {
      of: ["container_fs_reads_bytes_total", "container_fs_writes_bytes_total"],
      only: "where the node's cgroups count the disk I/O of containers",
    },
    {
      of: [
        "container_fs_usage_bytes",
        "container_fs_limit_bytes",
        "container_fs_reads_total",
        "container_fs_writes_total",
        "container_fs_reads_bytes_total",
        "container_fs_writes_bytes_total",
      ],
      labels: ["container", "image", "name", "namespace", "pod"],
      only: "where the node's cgroups count the disk I/O of containers",
    },
  ],
);
