import { counter, gauge, steady, written, type Proof } from "../support/proof";

const target = { instance: "a", node: "a", job: "node-exporter" };
const host = 'cluster="local", instance="a", node="a", job="node-exporter"';
const root = `${host}, device="/dev/vda", fstype="ext4", mountpoint="/"`;
const disk = { instance: "a", device: "/dev/vda", fstype: "ext4", mountpoint: "/" };
/** Inodes of a file system as they go; of a thousand. */
const inodes = (bad: string, near: string) => [
  written(`node_filesystem_files_free{${root}}`, bad, near),
  steady(`node_filesystem_files{${root}}`, 1_000),
  steady(`node_filesystem_readonly{${root}}`, 0),
];

export const deviceProofs: readonly Proof[] = [
  {
    alert: "HostInodesFillInHours",
    // One a minute, or half as many: in four hours 240 or 120. Then files are deleted.
    series: inodes("215-1x55 900x60", "215-0.5x100"),
    labels: disk,
    for: 30,
    lag: 5,
    end: 30,
    cases: {
      critical: [0, 0, "Only 16.5% of the inodes of / are left, and the last hour's growth uses them up within four."],
    },
  },
  {
    alert: "HostInodesFillInADay",
    series: inodes("390-0.3x440 900x500", "390-0.2x900"),
    labels: disk,
    warm: 1,
    for: 60,
    lag: 370,
    end: 400,
    cases: {
      warning: [0, 0, "26.07% of the inodes of / are left, and the growth of six hours uses them up within a day."],
    },
  },
  {
    alert: "HostDiskQueueLong",
    series: [counter(`node_disk_io_time_weighted_seconds_total{${host}, device="vda"}`, 0)],
    labels: { ...target, device: "vda" },
    for: 30,
    lag: 6,
    cases: { warning: [600, 720, "12 requests wait for vda on average: it can't keep up. The limit is 10."] },
  },
  {
    alert: "HostRaidDiskFailed",
    series: [gauge(`node_md_disks{${host}, device="md0", state="failed"}`, 0)],
    labels: { ...target, device: "md0", state: "failed" },
    for: 0,
    cases: { warning: [0, 1, "1 disks of md0 failed; a spare may have taken their place."] },
  },
  {
    alert: "HostBondDegraded",
    series: [
      gauge(`node_bonding_active{${host}, master="bond0"}`, 2),
      steady(`node_bonding_slaves{${host}, master="bond0"}`, 2),
    ],
    labels: { instance: "a", master: "bond0" },
    for: 5,
    cases: { warning: [2, 1, "1 interfaces of bond0 are down: the next failure cuts the host off."] },
  },
  {
    alert: "HostInterfaceFlaps",
    series: [
      written(`node_network_up{${host}, device="eth0"}`, "1x14 0 1 0 1 0 1 0 1 0 1 1x60", "1x14 0 1 1x60"),
      // Those of pods come and go with them.
      written(`node_network_up{${host}, device="veth1"}`, "1x80", `1x10 ${"0 1 ".repeat(20)}`),
    ],
    labels: { ...target, device: "eth0" },
    for: 2,
    lag: 5,
    end: 20,
    cases: { warning: [0, 0, "eth0 changed its state 4 times in five minutes."] },
  },
  {
    alert: "HostSystemdUnitRestarts",
    series: [counter(`node_systemd_service_restart_total{${host}, name="kubelet.service"}`, 0)],
    labels: { ...target, name: "kubelet.service" },
    for: 15,
    lag: 6,
    cases: { warning: [0.4, 1, "systemd started kubelet.service anew 5 times in five minutes."] },
  },
  {
    alert: "HostTextfileErrors",
    series: [gauge(`node_textfile_scrape_error{${host}}`, 0)],
    labels: target,
    for: 5,
    cases: { warning: [0, 1, "A file of a is broken or gone: what it measures is missing."] },
  },
];
