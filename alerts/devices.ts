import { changes, increase, matches, matchesNot, max, node, on, predictLinear, quantity, rate } from "../signals";
import { alert, levels, type Alert } from "./language";

const component = "node";
const dashboard = "system-performance";
const filesystem = ["cluster", "instance", "device", "fstype", "mountpoint"] as const;
/** File systems on disks; those of pods are watched as volumes. */
const onDisk = {
  fstype: matchesNot("tmpfs|overlay|squashfs|ramfs|nsfs|fuse.*|autofs|iso9660|erofs"),
  mountpoint: matchesNot(".*/kubelet/.*|.*/containerd/.*|/run/.*"),
} as const;
const filesLeft = max(node.node_filesystem_files_free.where(onDisk))
  .by(...filesystem)
  .dividedBy(max(node.node_filesystem_files.where(onDisk)).by(...filesystem));
const filesIn = (window: string, seconds: number) =>
  max(predictLinear(node.node_filesystem_files_free.where(onDisk).over(window), seconds))
    .by(...filesystem)
    .below(quantity(0, "count"));
const writable = max(node.node_filesystem_readonly.where(onDisk))
  .by(...filesystem)
  .equals(quantity(0, "state"));
const disks = { device: matches("(/dev/)?(mmcblk.p.+|nvme.+|rbd.+|sd.+|vd.+|xvd.+|dm-.+|md.+|dasd.+)") } as const;

/** Levels of node-mixin: inodes left before a forecast counts, requests that a disk may have waiting on average. */
const forecastBelow = { warning: quantity(0.4, "ratio"), critical: quantity(0.2, "ratio") };
const waiting = quantity(10, "count");

/** Disks, network interfaces and file systems of hosts that are about to fail. */
export const deviceAlerts = (): Alert[] => [
  alert({
    name: "HostInodesFillInHours",
    component,
    dashboard,
    runbook: "HostDisk",
    severity: "critical",
    pages: "data",
    when: filesLeft
      .below(forecastBelow.critical)
      .and(filesIn("1h", 4 * 3600))
      .and(writable),
    for: "30m",
    summary: ({ instance, mountpoint }) => `${mountpoint} on ${instance} has no inodes left within four hours.`,
    description: ({ mountpoint }, value) =>
      `Only ${value} of the inodes of ${mountpoint} are left, and the last hour's growth uses them up within four.`,
  }),
  alert({
    name: "HostInodesFillInADay",
    component,
    dashboard,
    runbook: "HostDisk",
    severity: "warning",
    when: filesLeft
      .below(forecastBelow.warning)
      .and(filesIn("6h", 24 * 3600))
      .and(writable),
    for: "1h",
    summary: ({ instance, mountpoint }) => `${mountpoint} on ${instance} has no inodes left within a day.`,
    description: ({ mountpoint }, value) =>
      `${value} of the inodes of ${mountpoint} are left, and the growth of six hours uses them up within a day.`,
  }),
  levels({
    name: "HostDiskQueueLong",
    component,
    dashboard,
    runbook: "HostDiskSlow",
    value: rate(node.node_disk_io_time_weighted_seconds_total.where(disks).over("5m")).as("count"),
    above: { warning: waiting },
    for: "30m",
    summary: ({ instance, device }) => `Requests pile up in front of disk ${device} of ${instance}.`,
    description: ({ device }, value) => `${value} requests wait for ${device} on average: it can't keep up.`,
  }),
  alert({
    name: "HostRaidDiskFailed",
    component,
    runbook: "HostRaidDegraded",
    severity: "warning",
    when: node.node_md_disks.where({ state: "failed" }).above(0),
    for: "0s",
    summary: ({ instance, device }) => `A disk of RAID ${device} on ${instance} failed.`,
    description: ({ device }, value) => `${value} disks of ${device} failed; a spare may have taken their place.`,
  }),
  alert({
    name: "HostBondDegraded",
    component,
    runbook: "HostNetworkLinks",
    severity: "warning",
    when: node.node_bonding_slaves.minus(node.node_bonding_active, on("cluster", "instance", "master")).above(0),
    for: "5m",
    summary: ({ instance, master }) => `Bond ${master} of ${instance} lacks an interface.`,
    description: ({ master }, value) =>
      `${value} interfaces of ${master} are down: the next failure cuts the host off.`,
  }),
  alert({
    name: "HostInterfaceFlaps",
    component,
    dashboard,
    runbook: "HostNetworkLinks",
    severity: "warning",
    // Those of pods come and go with them.
    when: changes(node.node_network_up.where({ device: matchesNot("veth.+|cali.*|lxc.*") }).over("5m")).above(2),
    for: "2m",
    summary: ({ instance, device }) => `Interface ${device} of ${instance} goes up and down.`,
    description: ({ device }, value) => `${device} changed its state ${value} times in five minutes.`,
  }),
];

/** What runs on a host beside its pods. */
export const unitAlerts = (): Alert[] => [
  alert({
    name: "HostSystemdUnitRestarts",
    component,
    runbook: "HostSystemdUnitFailed",
    severity: "warning",
    when: increase(node.node_systemd_service_restart_total.over("5m")).above(2),
    for: "15m",
    summary: ({ instance, name }) => `Unit ${name} of ${instance} ends again and again.`,
    description: ({ name }, value) => `systemd started ${name} anew ${value} times in five minutes.`,
  }),
  alert({
    name: "HostTextfileErrors",
    component: "node-exporter",
    dashboard: "node-exporter",
    runbook: "HostCollectorFailed",
    severity: "warning",
    when: node.node_textfile_scrape_error.equals(quantity(1, "state")),
    for: "5m",
    summary: ({ instance }) => `Metrics from files of ${instance} can't be read.`,
    description: ({ instance }) => `A file of ${instance} is broken or gone: what it measures is missing.`,
  }),
];
