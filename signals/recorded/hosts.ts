import { avg, complement, count, rate } from "../functions";
import { matches, matchesNot } from "../labels";
import { conditionally, record, ruleGroup } from "../recording";
import { node } from "../sources/node-exporter";

/** Loop devices, RAM disks and partitions' parents would count the same I/O again. */
const realDisks = {
  device: matches(String.raw`(/dev/)?(mmcblk\d+|nvme\w+|sd[a-z]+|vd[a-z]+|xvd[a-z]+|dm-\d+|md\d+|rbd\d+|dasd\w+)`),
};
/** Interfaces that only pass on what a physical one counts already. */
const realInterfaces = {
  device: matchesNot("lo|veth.*|cni.*|docker.*|flannel.*|cali.*|cilium.*|lxc.*|kube-ipvs.*|dummy.*"),
};
/** File systems that live in memory or are views of others. */
const realFileSystems = {
  fstype: matchesNot("tmpfs|overlay|squashfs|ramfs|nsfs|fuse.*|autofs"),
  mountpoint: matchesNot("/var/lib/kubelet/.*|/run/.*"),
};

const perHost = ["cluster", "job", "instance", "node"] as const;
const cpuShare = (mode: string) =>
  avg(rate(node.node_cpu_seconds_total.where({ mode }).over("5m")))
    .by(...perHost)
    .as("ratio");

/** The 17 resource metrics of C12, under the names that the requirements give them. */
export const hosts = {
  cpu_usage_percent: record(
    "cpu_usage_percent",
    "Processor use of a host, all modes but idle",
    complement(cpuShare("idle")).asPercent(),
  ),
  cpu_system_percent: record("cpu_system_percent", "Processor time in the kernel", cpuShare("system").asPercent()),
  cpu_user_percent: record("cpu_user_percent", "Processor time in user mode", cpuShare("user").asPercent()),
  cpu_iowait_percent: record(
    "cpu_iowait_percent",
    "Processor time idle while disks work",
    cpuShare("iowait").asPercent(),
  ),
  memory_used_bytes: record(
    "memory_used_bytes",
    "Memory that can't be had without swapping",
    node.node_memory_MemTotal_bytes.minus(node.node_memory_MemAvailable_bytes),
  ),
  memory_available_bytes: record(
    "memory_available_bytes",
    "Memory to be had without swapping",
    node.node_memory_MemAvailable_bytes,
  ),
  memory_cached_bytes: record("memory_cached_bytes", "Page cache", node.node_memory_Cached_bytes),
  memory_swap_used_bytes: record(
    "memory_swap_used_bytes",
    "Swap in use",
    node.node_memory_SwapTotal_bytes.minus(node.node_memory_SwapFree_bytes),
  ),
  disk_usage_bytes: conditionally(
    record(
      "disk_usage_bytes",
      "Used space of a file system",
      node.node_filesystem_size_bytes
        .where(realFileSystems)
        .minus(node.node_filesystem_avail_bytes.where(realFileSystems)),
    ),
    { labels: ["device_error"], only: "while a device fails" },
  ),
  disk_io_reads: record("disk_io_reads", "Reads completed", node.node_disk_reads_completed_total.where(realDisks)),
  disk_io_writes: record("disk_io_writes", "Writes completed", node.node_disk_writes_completed_total.where(realDisks)),
  disk_io_queue: record(
    "disk_io_queue",
    "Requests in a disk's queue, on average over 5 minutes",
    rate(node.node_disk_io_time_weighted_seconds_total.where(realDisks).over("5m")).as("count"),
  ),
  network_bytes_in: record(
    "network_bytes_in",
    "Bytes received",
    node.node_network_receive_bytes_total.where(realInterfaces),
  ),
  network_bytes_out: record(
    "network_bytes_out",
    "Bytes sent",
    node.node_network_transmit_bytes_total.where(realInterfaces),
  ),
  network_packets_in: record(
    "network_packets_in",
    "Packets received",
    node.node_network_receive_packets_total.where(realInterfaces),
  ),
  network_packets_out: record(
    "network_packets_out",
    "Packets sent",
    node.node_network_transmit_packets_total.where(realInterfaces),
  ),
  network_errors: record(
    "network_errors",
    "Packets received or sent with errors",
    node.node_network_receive_errs_total
      .where(realInterfaces)
      .total()
      .plus(node.node_network_transmit_errs_total.where(realInterfaces).total()),
    "counter",
  ),
} as const;

/** Shares of the whole, which thresholds are written for, and what they are shares of. */
export const hostShares = {
  cores: record(
    "instance:cpu_cores:count",
    "Processors of a host",
    count(node.node_cpu_seconds_total.where({ mode: "idle" }).total())
      .by(...perHost)
      .as("cores"),
  ),
  memory_used_percent: record(
    "instance:memory_used:percent",
    "Memory in use",
    hosts.memory_used_bytes.dividedBy(node.node_memory_MemTotal_bytes).asPercent(),
  ),
  disk_used_percent: conditionally(
    record(
      "instance_device:disk_used:percent",
      "Used space of a file system",
      hosts.disk_usage_bytes.dividedBy(node.node_filesystem_size_bytes.where(realFileSystems)).asPercent(),
    ),
    { labels: ["device_error"], only: "while a device fails" },
  ),
} as const;

export const hostRules = [
  ruleGroup("hosts", "15s", Object.values(hosts)),
  ruleGroup("host-shares", "30s", Object.values(hostShares)),
];
