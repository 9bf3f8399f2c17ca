import { counter, gauge, info, source, summary } from "../source";

/** What client libraries expose about the process they run in, the same for every server. */
export const process = source(
  {
    name: "client libraries",
    jobs: [],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
  },
  {
    process_cpu_seconds_total: counter("core-seconds", [], "Total user and system CPU time spent in seconds"),
    process_resident_memory_bytes: gauge("bytes", [], "Resident memory size in bytes"),
    process_virtual_memory_bytes: gauge("bytes", [], "Virtual memory size in bytes"),
    process_open_fds: gauge("count", [], "Number of open file descriptors"),
    process_max_fds: gauge("count", [], "Maximum number of open file descriptors"),
    process_start_time_seconds: gauge("timestamp", [], "Start time of the process since unix epoch in seconds"),
    process_network_receive_bytes_total: counter(
      "bytes",
      [],
      "Number of bytes received by the process over the network",
    ),
    process_network_transmit_bytes_total: counter("bytes", [], "Number of bytes sent by the process over the network"),
    go_goroutines: gauge("count", [], "Number of goroutines that currently exist"),
    go_memstats_heap_inuse_bytes: gauge("bytes", [], "Heap bytes in use"),
    go_gc_duration_seconds: summary("seconds", [], "Pauses of the garbage collector"),
    go_info: info(["version"], "Version of Go"),
  },
);
