import {
  age,
  complement,
  hosts,
  hostShares,
  node,
  on,
  process,
  rate,
  sum,
  avg,
  inWords,
  hostThresholds,
} from "../signals";
import { bars, page, query, rising, row, stat, stateTimeline, timeSeries } from "./language";
import { cluster, folders, instance, ofHost, yesOrNo } from "./shared";

const h = { ...ofHost, job: "node-exporter" } as const;
const perHost = on("cluster", "job", "instance", "node");
const cores = hostShares.cores.where(h);
const perSecond = (title: string) => `${title} of each device`;

/** Hosts: processor, memory, disks, network (F2, C13), with the three panels that the requirements spell out (F15). */
export const systemPerformance = page(hostThresholds, (thresholds) => ({
  uid: "system-performance",
  title: "System Performance",
  description: "Processor, memory, disks and network of the hosts.",
  folder: folders.infrastructure,
  variables: [cluster, instance],
  rows: [
    row("Processes", [
      timeSeries("CPU Usage", "Cores that each scraped process uses. Bad when one stays at its limit.", [
        query(rate(process.process_cpu_seconds_total.over("5m")), "{{job}} {{instance}}"),
      ]),
      timeSeries("Memory Usage", "Resident memory of each scraped process. A line that only rises is a leak.", [
        query(process.process_resident_memory_bytes, "{{job}} {{instance}}"),
      ]),
      timeSeries("Disk IO", "Reads and writes of each disk. Bad when they stop growing while the queue does.", [
        query(rate(hosts.disk_io_reads.over("5m")), "read {{instance}} {{device}}"),
        query(rate(hosts.disk_io_writes.over("5m")), "write {{instance}} {{device}}"),
      ]),
    ]),
    row("Processor", [
      timeSeries(
        "Use",
        `Processor use of each host. Bad above ${inWords(thresholds.cpu.warning)}, critical above ${inWords(thresholds.cpu.critical)} for 5 minutes.`,
        [query(hosts.cpu_usage_percent.where(h), "{{instance}}")],
        { thresholds: rising(thresholds.cpu), max: 100 },
      ),
      timeSeries(
        "By mode",
        "Where processor time goes. Much iowait points at disks, much system at the kernel.",
        [
          query(avg(hosts.cpu_user_percent.where(h)), "user"),
          query(avg(hosts.cpu_system_percent.where(h)), "system"),
          query(avg(hosts.cpu_iowait_percent.where(h)), "iowait"),
        ],
        { stacked: true, max: 100 },
      ),
      timeSeries("Load per core", "Processes that run or wait, for each core. Above 1 they queue.", [
        query(node.node_load1.where(h).dividedBy(cores, perHost), "1 m {{instance}}"),
        query(node.node_load5.where(h).dividedBy(cores, perHost), "5 m {{instance}}"),
        query(node.node_load15.where(h).dividedBy(cores, perHost), "15 m {{instance}}"),
      ]),
      timeSeries("Context switches and interrupts", "A jump without more work points at a driver or a busy loop.", [
        query(rate(node.node_context_switches_total.where(h)), "switches {{instance}}"),
        query(rate(node.node_intr_total.where(h)), "interrupts {{instance}}"),
      ]),
      timeSeries(
        "Pressure",
        "Share of time in which something waited for processor, memory or disks. Bad above 10 %.",
        [
          query(rate(node.node_pressure_cpu_waiting_seconds_total.where(h)), "processor {{instance}}"),
          query(rate(node.node_pressure_memory_waiting_seconds_total.where(h)), "memory {{instance}}"),
          query(rate(node.node_pressure_io_waiting_seconds_total.where(h)), "disks {{instance}}"),
        ],
      ),
      timeSeries("Processes", "Processes that run and that wait for disks. Many waiting ones point at a slow disk.", [
        query(node.node_procs_running.where(h), "running {{instance}}"),
        query(node.node_procs_blocked.where(h), "waiting {{instance}}"),
      ]),
    ]),
    row("Memory", [
      timeSeries(
        "In use",
        `Memory that can't be had without swapping. Bad above ${inWords(thresholds.memory.warning)}.`,
        [query(hostShares.memory_used_percent.where(h), "{{instance}}")],
        { thresholds: rising(thresholds.memory), max: 100 },
      ),
      timeSeries(
        "What it is used for",
        "Used, available and cached memory and swap. Swap that grows means too little memory.",
        [
          query(sum(hosts.memory_used_bytes.where(h)), "used"),
          query(sum(hosts.memory_available_bytes.where(h)), "available"),
          query(sum(hosts.memory_cached_bytes.where(h)), "cached"),
          query(sum(hosts.memory_swap_used_bytes.where(h)), "swap"),
        ],
      ),
      timeSeries(
        "Page faults from disk",
        "Pages that had to be read from disk. Many of them mean that memory is short.",
        [query(rate(node.node_vmstat_pgmajfault.where(h)), "{{instance}}")],
      ),
    ]),
    row("Disks", [
      bars(
        "Used space",
        `How full each file system is. Bad above ${inWords(thresholds.disk.warning)}, critical above ${inWords(thresholds.disk.critical)}.`,
        [query(hostShares.disk_used_percent.where(h), "{{instance}} {{mountpoint}}")],
        { thresholds: rising(thresholds.disk), max: 100 },
      ),
      timeSeries(perSecond("Bandwidth"), "Bytes read and written. A flat top is the disk's limit.", [
        query(rate(node.node_disk_read_bytes_total.where(h)), "read {{instance}} {{device}}"),
        query(rate(node.node_disk_written_bytes_total.where(h)), "written {{instance}} {{device}}"),
      ]),
      timeSeries(
        perSecond("Latency"),
        `Average time of a read or write. Bad above ${inWords(thresholds.diskLatency.warning)}.`,
        [
          query(
            rate(node.node_disk_read_time_seconds_total.where(h))
              .dividedBy(rate(node.node_disk_reads_completed_total.where(h)))
              .as("seconds"),
            "read {{instance}} {{device}}",
          ),
          query(
            rate(node.node_disk_write_time_seconds_total.where(h))
              .dividedBy(rate(node.node_disk_writes_completed_total.where(h)))
              .as("seconds"),
            "write {{instance}} {{device}}",
          ),
        ],
        { thresholds: rising(thresholds.diskLatency) },
      ),
      timeSeries(perSecond("Queue"), "Requests that wait for a disk. Bad when it only grows.", [
        query(hosts.disk_io_queue.where(h), "{{instance}} {{device}}"),
      ]),
      timeSeries(perSecond("Busy time"), "Share of time in which a disk worked. At 100 % a single disk is saturated.", [
        query(rate(node.node_disk_io_time_seconds_total.where(h)), "{{instance}} {{device}}"),
      ]),
      timeSeries(
        "Free inodes",
        "Share of inodes that are left. At 0 no file can be made, however much space there is.",
        [
          query(
            node.node_filesystem_files_free.where(h).dividedBy(node.node_filesystem_files.where(h)),
            "{{instance}} {{mountpoint}}",
          ),
        ],
      ),
    ]),
    row("Network", [
      timeSeries("Traffic", "Bytes in and out of each interface. A flat top is the link's limit.", [
        query(rate(hosts.network_bytes_in.where(h)), "in {{instance}} {{device}}"),
        query(rate(hosts.network_bytes_out.where(h)), "out {{instance}} {{device}}"),
      ]),
      timeSeries("Packets", "Packets in and out of each interface.", [
        query(rate(hosts.network_packets_in.where(h)), "in {{instance}} {{device}}"),
        query(rate(hosts.network_packets_out.where(h)), "out {{instance}} {{device}}"),
      ]),
      timeSeries("Errors and drops", "Packets that were lost. Anything but 0 for long is bad.", [
        query(rate(hosts.network_errors.where(h)), "errors {{instance}} {{device}}"),
        query(rate(node.node_network_receive_drop_total.where(h)), "dropped in {{instance}} {{device}}"),
        query(rate(node.node_network_transmit_drop_total.where(h)), "dropped out {{instance}} {{device}}"),
      ]),
      timeSeries(
        "Packet loss",
        `Share of TCP segments that had to be sent again. Bad above ${inWords(thresholds.errorRatio.warning)}.`,
        [
          query(
            rate(node.node_netstat_Tcp_RetransSegs.where(h)).dividedBy(rate(node.node_netstat_Tcp_OutSegs.where(h))),
            "{{instance}}",
          ),
        ],
        {
          thresholds: rising(thresholds.errorRatio),
        },
      ),
      timeSeries("Connections", "Open TCP connections and the table that tracks them. Bad when the table is full.", [
        query(node.node_netstat_Tcp_CurrEstab.where(h), "open {{instance}}"),
        query(node.node_nf_conntrack_entries.where(h), "tracked {{instance}}"),
        query(node.node_nf_conntrack_entries_limit.where(h), "most {{instance}}"),
      ]),
      stateTimeline(
        "Clock in step",
        "Whether each host's clock follows a server. Signals of a drifting host land at the wrong time.",
        query(node.node_timex_sync_status.where(h), "{{instance}}"),
        yesOrNo,
        { width: "third" },
      ),
    ]),
    row("Hosts", [
      stat(
        "Longest uptime",
        "Time since the oldest host started.",
        query(age(node.node_boot_time_seconds.where(h)), "{{instance}}"),
        { width: "third" },
      ),
      stat(
        "Processor idle",
        "Share of processor time that is left over all hosts.",
        query(complement(avg(hosts.cpu_usage_percent.where(h)).times(0.01).as("ratio")), "idle"),
        { width: "third" },
      ),
      stat(
        "Killed for memory",
        "Processes that the kernel killed for lack of memory. Anything but 0 is bad.",
        query(rate(node.node_vmstat_oom_kill.where(h)), "{{instance}}"),
        { width: "third" },
      ),
    ]),
  ],
}));
