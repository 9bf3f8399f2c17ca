import {
  hostShares,
  matchesNot,
  max,
  node,
  on,
  predictLinear,
  quantity,
  rate,
  type hostThresholds,
  type Thresholds,
} from "../signals";
import { alert, levels, ticket, type Alert } from "./language";

const component = "node";
const dashboard = "system-performance";
/** File systems that fill: neither in memory nor views of others, and writable. */
const fills = {
  fstype: matchesNot("tmpfs|overlay|squashfs|ramfs|nsfs|fuse.*|autofs|iso9660|erofs"),
  // Mounts of pods show the same device once more, under paths that node_exporter may not read.
  mountpoint: matchesNot(".*/kubelet/.*|.*/containerd/.*|/run/.*"),
} as const;
const filesystem = ["cluster", "instance", "device", "fstype", "mountpoint"] as const;
const left = max(node.node_filesystem_avail_bytes.where(fills))
  .by(...filesystem)
  .dividedBy(max(node.node_filesystem_size_bytes.where(fills)).by(...filesystem))
  .asPercent();
const writable = max(node.node_filesystem_readonly.where(fills))
  .by(...filesystem)
  .equals(quantity(0, "state"));
const forecast = (window: string, seconds: number) =>
  max(predictLinear(node.node_filesystem_avail_bytes.where(fills).over(window), seconds)).by(...filesystem);
const operations = (window: string) =>
  rate(node.node_disk_reads_completed_total.over(window)).plus(
    rate(node.node_disk_writes_completed_total.over(window)),
  );
const waited = (window: string) =>
  rate(node.node_disk_read_time_seconds_total.over(window)).plus(
    rate(node.node_disk_write_time_seconds_total.over(window)),
  );

/** Disks and file systems of the nodes. */
export const diskAlerts = (thresholds: Thresholds & typeof hostThresholds): Alert[] => [
  levels({
    name: "HostDiskHigh",
    component,
    dashboard,
    runbook: "HostDisk",
    value: max(hostShares.disk_used_percent).by(...filesystem),
    guard: (over) => over.and(writable),
    above: ticket(thresholds.disk),
    for: "10m",
    summary: ({ instance, mountpoint }) => `${mountpoint} on ${instance} is filling.`,
    description: ({ device, mountpoint }, value) => `${value} of ${mountpoint} (${device}) is used.`,
  }),
  alert({
    name: "HostDiskFillsInHours",
    component,
    dashboard,
    runbook: "HostDisk",
    severity: "critical",
    pages: "data",
    when: left
      .below(thresholds.diskLeft.critical)
      .and(forecast("1h", 4 * 3600).below(quantity(0, "bytes")))
      .and(writable),
    for: "30m",
    summary: ({ instance, mountpoint }) => `${mountpoint} on ${instance} is full within four hours.`,
    description: ({ mountpoint }, value) =>
      `Only ${value} of ${mountpoint} is left, and the last hour's growth fills it within four.`,
  }),
  alert({
    name: "HostDiskFillsInADay",
    component,
    dashboard,
    runbook: "HostDisk",
    severity: "warning",
    when: left
      .below(thresholds.diskLeft.warning)
      .and(forecast("6h", 24 * 3600).below(quantity(0, "bytes")))
      .and(writable),
    for: "1h",
    summary: ({ instance, mountpoint }) => `${mountpoint} on ${instance} is full within a day.`,
    description: ({ mountpoint }, value) =>
      `${value} of ${mountpoint} is left, and the growth of the last six hours fills it within a day.`,
  }),
  levels({
    name: "HostInodesLow",
    component,
    dashboard,
    runbook: "HostDisk",
    value: max(node.node_filesystem_files.where(fills))
      .by(...filesystem)
      .minus(max(node.node_filesystem_files_free.where(fills)).by(...filesystem))
      .dividedBy(max(node.node_filesystem_files.where(fills)).by(...filesystem)),
    above: ticket(thresholds.inodes),
    for: "15m",
    summary: ({ instance, mountpoint }) => `${mountpoint} on ${instance} runs out of inodes.`,
    description: ({ mountpoint }, value) =>
      `${value} of the inodes of ${mountpoint} are used; without one no file can be made, however much space is left.`,
  }),
  alert({
    name: "HostFileSystemError",
    component,
    runbook: "HostDisk",
    severity: "warning",
    when: node.node_filesystem_device_error.where(fills).equals(quantity(1, "state")),
    for: "10m",
    summary: ({ instance, mountpoint }) => `${mountpoint} on ${instance} can't be read.`,
    description: ({ device, mountpoint }) =>
      `Asking ${device} at ${mountpoint} for its size fails: broken, or no longer mounted.`,
  }),
  levels({
    name: "HostDiskSlow",
    component,
    dashboard,
    value: waited("5m").dividedBy(operations("5m")).as("seconds"),
    guard: (over) => over.and(operations("5m").above(quantity(1, "operations per second"))),
    above: ticket(thresholds.diskLatency),
    for: { info: "15m", warning: "10m" },
    summary: ({ instance, device }) => `Disk ${device} of ${instance} is slow.`,
    description: ({ device }, value) => `A request to ${device} takes ${value} on average.`,
  }),
  alert({
    name: "HostRaidDegraded",
    component,
    severity: "critical",
    pages: "data",
    when: node.node_md_disks_required.above(
      max(node.node_md_disks.where({ state: "active" })).by("cluster", "instance", "device"),
      on("cluster", "instance", "device"),
    ),
    for: "15m",
    summary: ({ instance, device }) => `RAID ${device} of ${instance} lacks a disk.`,
    description: ({ device }) => `${device} has fewer active disks than it needs: the next failure may lose data.`,
  }),
];
