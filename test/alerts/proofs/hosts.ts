import { counter, gauge, growing, steady, written, type Proof } from "../support/proof";

const labels = { instance: "a", node: "a", job: "node-exporter", namespace: "agents", pod: "ne", container: "ne" };
const on = 'cluster="local", instance="a"';
const full =
  'cluster="local", instance="a", node="a", job="node-exporter", namespace="agents", pod="ne", container="ne"';
const disk = { instance: "a", device: "/dev/vda", fstype: "ext4", mountpoint: "/" };
const root = `${on}, device="/dev/vda", fstype="ext4", mountpoint="/"`;
const GiB = 2 ** 30;

export const hostProofs: readonly Proof[] = [
  {
    alert: "HostCpuHigh",
    series: [
      gauge(`cpu_usage_percent{${on}, job="node-exporter"}`, 20),
      steady(`cpu_usage_percent{${on}, job="app"}`, 99),
    ],
    labels: { instance: "a" },
    for: { info: 15, warning: 5 },
    cases: {
      info: [80, 81, "a uses 81% of its processor time: what runs there waits. The limit is 80 %."],
      warning: [90, 91, "a uses 91% of its processor time: what runs there waits. The limit is 90 %."],
    },
  },
  {
    alert: "HostMemoryHigh",
    series: [gauge(`instance:memory_used:percent{${full}}`, 40)],
    labels: { instance: "a" },
    for: { info: 15, warning: 5 },
    cases: {
      info: [80, 80.5, "80.5% of the memory of a is in use; when it is full, processes get killed. The limit is 80 %."],
      warning: [90, 95, "95% of the memory of a is in use; when it is full, processes get killed. The limit is 90 %."],
    },
  },
  {
    alert: "HostDiskHigh",
    series: [
      gauge(`instance_device:disk_used:percent{${full}, device="/dev/vda", fstype="ext4", mountpoint="/"}`, 10),
      steady(`node_filesystem_readonly{${full}, device="/dev/vda", fstype="ext4", mountpoint="/"}`, 0),
      // A disk that nobody can write to fills no further.
      steady(`instance_device:disk_used:percent{${full}, device="/dev/sr0", fstype="ext4", mountpoint="/media"}`, 100),
      steady(`node_filesystem_readonly{${full}, device="/dev/sr0", fstype="ext4", mountpoint="/media"}`, 1),
    ],
    labels: disk,
    for: 10,
    cases: {
      info: [75, 76, "76% of / (/dev/vda) is used. The limit is 75 %."],
      warning: [85, 86, "86% of / (/dev/vda) is used. The limit is 85 %."],
    },
  },
  {
    // 24 of 120 GiB are left at first; then it loses 0.2 each minute: 12.3 % left when it fires, gone within 4 h.
    alert: "HostDiskFillsInHours",
    series: [
      written(
        `node_filesystem_avail_bytes{${root}}`,
        `${24 * GiB}x14 ${24 * GiB}-${0.2 * GiB}x60 ${100 * GiB}x120`,
        `${23 * GiB}x200`,
      ),
      steady(`node_filesystem_size_bytes{${root}}`, 120 * GiB),
      steady(`node_filesystem_readonly{${root}}`, 0),
    ],
    labels: disk,
    for: 30,
    lag: 16,
    end: 60,
    cases: { critical: [0, 0, "Only 12.33% of / is left, and the last hour's growth fills it within four."] },
  },
  {
    // 44 of 120 GiB are left and 0.1 go each minute.
    alert: "HostDiskFillsInADay",
    series: [
      written(
        `node_filesystem_avail_bytes{${root}}`,
        `${44 * GiB}x14 ${44 * GiB}-${0.1 * GiB}x75 ${100 * GiB}x500`,
        `${44 * GiB}x500`,
      ),
      steady(`node_filesystem_size_bytes{${root}}`, 120 * GiB),
      steady(`node_filesystem_readonly{${root}}`, 0),
    ],
    labels: disk,
    for: 60,
    lag: 10,
    end: 60,
    cases: { warning: [0, 0, "30.83% of / is left, and the growth of the last six hours fills it within a day."] },
  },
  {
    alert: "HostInodesLow",
    series: [gauge(`node_filesystem_files_free{${root}}`, 500), steady(`node_filesystem_files{${root}}`, 1000)],
    labels: disk,
    for: 15,
    cases: {
      info: [
        50,
        40,
        "96% of the inodes of / are used; without one no file can be made, however much space is left. The limit is 95 %.",
      ],
      warning: [
        30,
        20,
        "98% of the inodes of / are used; without one no file can be made, however much space is left. The limit is 97 %.",
      ],
    },
  },
  {
    alert: "HostFileSystemError",
    series: [
      gauge(
        `node_filesystem_device_error{${full}, device="/dev/vda", fstype="ext4", mountpoint="/", device_error="i/o"}`,
        0,
      ),
      steady(
        `node_filesystem_device_error{${full}, device="/dev/vda", fstype="ext4", mountpoint="/x/kubelet/pods/1"}`,
        1,
      ),
    ],
    labels: { ...labels, ...disk, device_error: "i/o" },
    for: 10,
    cases: { warning: [0, 1, "Asking /dev/vda at / for its size fails: broken, or no longer mounted."] },
  },
  {
    // 120 operations a minute; seconds spent on them.
    alert: "HostDiskSlow",
    series: [
      counter(`node_disk_read_time_seconds_total{${full}, device="vda"}`, 0.1),
      growing(`node_disk_write_time_seconds_total{${full}, device="vda"}`, 0),
      growing(`node_disk_reads_completed_total{${full}, device="vda"}`, 60),
      growing(`node_disk_writes_completed_total{${full}, device="vda"}`, 60),
    ],
    labels: { ...labels, device: "vda" },
    for: { info: 15, warning: 10 },
    lag: 6,
    cases: {
      info: [6, 12, "A request to vda takes 100ms on average. The limit is 50 ms."],
      warning: [24, 60, "A request to vda takes 500ms on average. The limit is 200 ms."],
    },
  },
  {
    alert: "HostLoadHigh",
    series: [
      gauge(`node_load15{${full}}`, 1),
      growing(`node_cpu_seconds_total{${full}, cpu="0", mode="idle"}`, 30),
      growing(`node_cpu_seconds_total{${full}, cpu="1", mode="idle"}`, 30),
    ],
    labels: { instance: "a" },
    for: 15,
    cases: { warning: [4, 5, "The load of a is 2.5 tasks for each core. The limit is 2."] },
  },
  {
    alert: "HostMemoryPressure",
    series: [counter(`node_vmstat_pgmajfault{${full}}`, 60)],
    labels,
    for: 15,
    lag: 6,
    cases: {
      warning: [
        30000,
        60000,
        "a has 1k/s major page faults: memory is short and everything is slow. The limit is 500/s.",
      ],
    },
  },
  {
    alert: "HostOomKill",
    series: [counter(`node_vmstat_oom_kill{${full}}`, 0)],
    labels,
    for: 0,
    lag: 5,
    end: 30,
    cases: { warning: [0, 1, "6 processes were killed on a in ten minutes."] },
  },
  {
    alert: "HostNetworkErrors",
    series: [
      counter(`node_network_receive_errs_total{${full}, device="eth0"}`, 0),
      growing(`node_network_transmit_errs_total{${full}, device="eth0"}`, 0),
      growing(`node_network_receive_packets_total{${full}, device="eth0"}`, 500),
      growing(`node_network_transmit_packets_total{${full}, device="eth0"}`, 500),
    ],
    labels: { ...labels, device: "eth0" },
    for: 30,
    lag: 6,
    cases: { warning: [10, 50, "5% of the packets on eth0 are broken. The limit is 1 %."] },
  },
  {
    alert: "HostConntrackFull",
    series: [gauge(`node_nf_conntrack_entries{${full}}`, 10), steady(`node_nf_conntrack_entries_limit{${full}}`, 1000)],
    labels,
    for: 5,
    cases: {
      info: [
        750,
        800,
        "80% of the connection table of a is used; when it is full, new connections are dropped. The limit is 75 %.",
      ],
      warning: [
        900,
        950,
        "95% of the connection table of a is used; when it is full, new connections are dropped. The limit is 90 %.",
      ],
    },
  },
  {
    alert: "HostFileDescriptorsLow",
    series: [gauge(`node_filefd_allocated{${full}}`, 10), steady(`node_filefd_maximum{${full}}`, 1000)],
    labels,
    for: 15,
    cases: {
      info: [700, 800, "80% of the file descriptors of a are in use. The limit is 70 %."],
      warning: [900, 950, "95% of the file descriptors of a are in use. The limit is 90 %."],
    },
  },
  {
    alert: "HostClockSkew",
    series: [gauge(`node_timex_offset_seconds{${full}}`, 0)],
    labels,
    for: 10,
    lag: 7,
    cases: { warning: [-0.05, -0.2, "The clock of a is off by 200ms and doesn't come back. The limit is 50 ms."] },
  },
  {
    alert: "HostClockNotSynchronised",
    series: [gauge(`node_timex_sync_status{${full}}`, 1), steady(`node_timex_maxerror_seconds{${full}}`, 16)],
    labels,
    for: 10,
    lag: 1,
    cases: { warning: [1, 0, "No time server steers the clock of a: it drifts."] },
  },
  {
    // Started at minute 15 of the test, whose clock begins at 1970.
    alert: "HostRebooted",
    series: [gauge(`node_boot_time_seconds{${full}}`, -3600)],
    labels,
    for: 0,
    lag: 5,
    end: 15,
    cases: { info: [0, 900, "a is up for 5m 0s: what ran there was interrupted."] },
  },
  {
    alert: "HostRaidDegraded",
    series: [
      gauge(`node_md_disks{${full}, device="md0", state="active"}`, 2),
      steady(`node_md_disks_required{${full}, device="md0"}`, 2),
    ],
    labels: { instance: "a", device: "md0" },
    for: 15,
    cases: { critical: [2, 1, "md0 has fewer active disks than it needs: the next failure may lose data."] },
  },
  {
    alert: "HostSystemdUnitFailed",
    series: [gauge(`node_systemd_unit_state{${full}, name="x.service", state="failed", type="simple"}`, 0)],
    labels: { ...labels, name: "x.service", state: "failed", type: "simple" },
    for: 5,
    cases: { warning: [0, 1, "systemd gave up on x.service on a."] },
  },
  {
    alert: "HostCollectorFailed",
    series: [
      gauge(`node_scrape_collector_success{${full}, collector="meminfo"}`, 1),
      steady(`node_scrape_collector_success{${full}, collector="bcachefs"}`, 0),
    ],
    labels: { ...labels, collector: "meminfo" },
    for: 15,
    cases: { warning: [1, 0, "Metrics of meminfo are missing, and alerts on them are blind."] },
  },
];
