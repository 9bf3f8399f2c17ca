import { later, ours, type RuleSet } from "./verdict";

export const nodeMixin: RuleSet = {
  name: "node-mixin",
  repository: "prometheus/node_exporter",
  commit: "a7dcc3a0",
  alerts: {
    NodeFilesystemSpaceFillingUp: ours(["warning", "critical"], ["HostDiskFillsInADay", "HostDiskFillsInHours"]),
    NodeFilesystemAlmostOutOfSpace: ours(["warning", "critical"], ["HostDiskHigh"]),
    NodeFilesystemFilesFillingUp: ours(["warning", "critical"], ["HostInodesFillInADay", "HostInodesFillInHours"]),
    NodeFilesystemAlmostOutOfFiles: later(
      ["warning", "critical"],
      ["HostInodesLow"],
      "a ticket from 97 % on, as its critical one",
    ),
    NodeNetworkReceiveErrs: later("warning", ["HostNetworkErrors"], "both directions of an interface count together"),
    NodeNetworkTransmitErrs: later("warning", ["HostNetworkErrors"], "both directions of an interface count together"),
    NodeHighNumberConntrackEntriesUsed: later("warning", ["HostConntrackFull"], "a ticket from 90 % on"),
    NodeTextFileCollectorScrapeError: ours("warning", ["HostTextfileErrors"]),
    NodeClockSkewDetected: ours("warning", ["HostClockSkew"]),
    NodeClockNotSynchronising: ours("warning", ["HostClockNotSynchronised"]),
    NodeRAIDDegraded: ours("critical", ["HostRaidDegraded"]),
    NodeRAIDDiskFailure: ours("warning", ["HostRaidDiskFailed"]),
    NodeFileDescriptorLimit: later(
      ["warning", "critical"],
      ["HostFileDescriptorsLow"],
      "a ticket from 90 % on, as its critical one",
    ),
    NodeCPUHighUsage: ours("info", ["HostCpuHigh"]),
    NodeSystemSaturation: later(
      "warning",
      ["HostLoadHigh"],
      "reads the load of 15 minutes, not of one: a burst is no alert",
    ),
    NodeMemoryMajorPagesFaults: ours("warning", ["HostMemoryPressure"]),
    NodeMemoryHighUtilization: ours("warning", ["HostMemoryHigh"]),
    NodeDiskIOSaturation: ours("warning", ["HostDiskQueueLong"]),
    NodeSystemdServiceFailed: ours("warning", ["HostSystemdUnitFailed"]),
    NodeSystemdServiceCrashlooping: ours("warning", ["HostSystemdUnitRestarts"]),
    NodeBondingDegraded: ours("warning", ["HostBondDegraded"]),
  },
};
