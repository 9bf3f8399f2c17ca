import { nodeMixin } from "../../../docs/coverage/hosts";
import type { Scenarios } from "./scenario";

const host = 'cluster="local", job="node-exporter", instance="n"';
const root = `${host}, device="/dev/sda1", fstype="ext4", mountpoint="/"`;
const eth = `${host}, device="eth0"`;
const space = (left: string | number) => ({
  [`node_filesystem_avail_bytes{${root}}`]: left,
  [`node_filesystem_size_bytes{${root}}`]: 1000,
  [`node_filesystem_readonly{${root}}`]: 0,
});
const files = (left: string | number) => ({
  [`node_filesystem_files_free{${root}}`]: left,
  [`node_filesystem_files{${root}}`]: 1000,
  [`node_filesystem_readonly{${root}}`]: 0,
});
const errors = (bad: number) => ({
  ...Object.fromEntries(
    ["receive", "transmit"].flatMap((way) => [
      [`node_network_${way}_errs_total{${eth}}`, `+${bad}`],
      [`node_network_${way}_packets_total{${eth}}`, "+100"],
    ]),
  ),
});
const raid = `${host}, device="md0"`;

export const nodeScenarios: Scenarios = {
  set: nodeMixin,
  scenarios: [
    {
      of: "NodeFilesystemSpaceFillingUp warning",
      series: space("180-0.11x400"),
      at: 395,
      fires: ["HostDiskFillsInADay"],
    },
    {
      of: "NodeFilesystemSpaceFillingUp critical",
      series: space("200-0.4x400"),
      at: 395,
      fires: ["HostDiskFillsInHours"],
    },
    { of: "NodeFilesystemAlmostOutOfSpace warning", series: space(49), at: 40, fires: ["HostDiskHigh"] },
    { of: "NodeFilesystemAlmostOutOfSpace critical", series: space(29), at: 40, fires: ["HostDiskHigh"] },
    {
      of: "NodeFilesystemFilesFillingUp warning",
      series: files("400-0.3x400"),
      at: 395,
      fires: ["HostInodesFillInADay"],
    },
    {
      of: "NodeFilesystemFilesFillingUp critical",
      series: files("400-0.85x450"),
      at: 400,
      fires: ["HostInodesFillInHours"],
    },
    { of: "NodeFilesystemAlmostOutOfFiles warning", series: files(29), at: 65, fires: ["HostInodesLow"] },
    { of: "NodeFilesystemAlmostOutOfFiles critical", series: files(29), at: 65, fires: ["HostInodesLow"] },
    { of: "NodeNetworkReceiveErrs warning", series: errors(1.1), at: 70, fires: ["HostNetworkErrors"] },
    { of: "NodeNetworkTransmitErrs warning", series: errors(1.1), at: 70, fires: ["HostNetworkErrors"] },
    {
      of: "NodeHighNumberConntrackEntriesUsed warning",
      series: { [`node_nf_conntrack_entries{${host}}`]: 91, [`node_nf_conntrack_entries_limit{${host}}`]: 100 },
      at: 10,
      fires: ["HostConntrackFull"],
    },
    {
      of: "NodeTextFileCollectorScrapeError warning",
      series: { [`node_textfile_scrape_error{${host}}`]: 1 },
      at: 20,
      fires: ["HostTextfileErrors"],
    },
    ...["0.051", "-0.051"].map((offset) => ({
      of: "NodeClockSkewDetected warning",
      series: { [`node_timex_offset_seconds{${host}}`]: Number(offset) },
      at: 20,
      fires: ["HostClockSkew"],
    })),
    {
      of: "NodeClockNotSynchronising warning",
      series: { [`node_timex_sync_status{${host}}`]: 0, [`node_timex_maxerror_seconds{${host}}`]: 16 },
      at: 20,
      fires: ["HostClockNotSynchronised"],
    },
    {
      of: "NodeRAIDDegraded critical",
      series: { [`node_md_disks_required{${raid}}`]: 2, [`node_md_disks{${raid}, state="active"}`]: 1 },
      at: 20,
      fires: ["HostRaidDegraded"],
    },
    {
      of: "NodeRAIDDiskFailure warning",
      series: { [`node_md_disks{${raid}, state="failed"}`]: 1 },
      at: 5,
      fires: ["HostRaidDiskFailed"],
    },
    ...(
      [
        ["warning", 91],
        ["critical", 91],
      ] as const
    ).map(([severity, open]) => ({
      of: `NodeFileDescriptorLimit ${severity}`,
      series: { [`node_filefd_allocated{${host}}`]: open, [`node_filefd_maximum{${host}}`]: 100 },
      at: 20,
      fires: ["HostFileDescriptorsLow"],
    })),
    {
      of: "NodeCPUHighUsage info",
      series: {
        [`node_cpu_seconds_total{${host}, cpu="0", mode="idle"}`]: "+5.4",
        [`node_cpu_seconds_total{${host}, cpu="0", mode="user"}`]: "+54.6",
      },
      at: 25,
      fires: ["HostCpuHigh"],
    },
    {
      of: "NodeSystemSaturation warning",
      series: {
        [`node_load1{${host}}`]: 2.1,
        [`node_cpu_seconds_total{${host}, cpu="0", mode="idle"}`]: "+1",
      },
      beside: { [`node_load15{${host}}`]: 2.1 },
      at: 20,
      fires: ["HostLoadHigh"],
    },
    {
      of: "NodeMemoryMajorPagesFaults warning",
      // 501 a second.
      series: { [`node_vmstat_pgmajfault{${host}}`]: "+30060" },
      at: 25,
      fires: ["HostMemoryPressure"],
    },
    {
      of: "NodeMemoryHighUtilization warning",
      series: { [`node_memory_MemAvailable_bytes{${host}}`]: 9, [`node_memory_MemTotal_bytes{${host}}`]: 100 },
      at: 20,
      fires: ["HostMemoryHigh"],
    },
    {
      of: "NodeDiskIOSaturation warning",
      // 10.1 requests on average.
      series: { [`node_disk_io_time_weighted_seconds_total{${host}, device="sda"}`]: "+606" },
      at: 40,
      fires: ["HostDiskQueueLong"],
    },
    {
      of: "NodeSystemdServiceFailed warning",
      series: { [`node_systemd_unit_state{${host}, name="kubelet.service", state="failed"}`]: 1 },
      at: 10,
      fires: ["HostSystemdUnitFailed"],
    },
    {
      of: "NodeSystemdServiceCrashlooping warning",
      series: { [`node_systemd_service_restart_total{${host}, name="kubelet.service"}`]: "+0.5" },
      at: 30,
      fires: ["HostSystemdUnitRestarts"],
    },
    {
      of: "NodeBondingDegraded warning",
      series: {
        [`node_bonding_slaves{${host}, master="bond0"}`]: 2,
        [`node_bonding_active{${host}, master="bond0"}`]: 1,
      },
      at: 10,
      fires: ["HostBondDegraded"],
    },
  ],
};
