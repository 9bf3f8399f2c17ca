import {
  abs,
  age,
  count,
  deriv,
  hosts,
  hostShares,
  increase,
  max,
  minOverTime,
  node,
  on,
  oneOf,
  quantity,
  rate,
  type hostThresholds,
  type Thresholds,
} from "../signals";
import { alert, levels, ticket, type Alert } from "./language";

const component = "node";
const dashboard = "system-performance";
const host = ["cluster", "instance"] as const;
/** The application has a gauge of the same name; the job tells the host's apart. */
const cpu = max(hosts.cpu_usage_percent.where({ job: "node-exporter" })).by(...host);
const cores = count(node.node_cpu_seconds_total.where({ mode: "idle" }).total()).by(...host);
/** Above zero and falling, or below and rising: the clock is being corrected. */
const drift = node.node_timex_offset_seconds;
const comesBack = drift
  .above(0)
  .and(deriv(drift.over("5m")).below(0))
  .or(drift.below(0).and(deriv(drift.over("5m")).above(0)));

/** Hosts: what node-mixin's users expect, with the thresholds of G1. */
export const hostAlerts = (thresholds: Thresholds & typeof hostThresholds): Alert[] => [
  levels({
    name: "HostCpuHigh",
    component,
    dashboard,
    value: cpu,
    above: ticket(thresholds.cpu),
    for: { info: "15m", warning: "5m" },
    summary: ({ instance }) => `The processors of ${instance} are busy.`,
    description: ({ instance }, value) => `${instance} uses ${value} of its processor time: what runs there waits.`,
  }),
  levels({
    name: "HostMemoryHigh",
    component,
    dashboard,
    value: max(hostShares.memory_used_percent).by(...host),
    above: ticket(thresholds.memory),
    for: { info: "15m", warning: "5m" },
    summary: ({ instance }) => `The memory of ${instance} runs out.`,
    description: ({ instance }, value) =>
      `${value} of the memory of ${instance} is in use; when it is full, processes get killed.`,
  }),
  levels({
    name: "HostLoadHigh",
    component,
    dashboard,
    runbook: "HostCpuHigh",
    value: max(node.node_load15)
      .by(...host)
      .dividedBy(cores, on(...host))
      .as("number"),
    above: thresholds.load,
    for: "15m",
    summary: ({ instance }) => `Too many tasks want the processors of ${instance}.`,
    description: ({ instance }, value) => `The load of ${instance} is ${value} tasks for each core.`,
  }),
  levels({
    name: "HostMemoryPressure",
    component,
    dashboard,
    runbook: "HostMemoryHigh",
    value: rate(node.node_vmstat_pgmajfault.over("5m")),
    above: thresholds.majorFaults,
    for: "15m",
    summary: ({ instance }) => `${instance} reads its memory back from disk.`,
    description: ({ instance }, value) =>
      `${instance} has ${value} major page faults: memory is short and everything is slow.`,
  }),
  alert({
    name: "HostOomKill",
    component,
    dashboard,
    runbook: "HostMemoryHigh",
    severity: "warning",
    when: increase(node.node_vmstat_oom_kill.over("10m")).above(0),
    for: "0s",
    keepFiringFor: "10m",
    summary: ({ instance }) => `The kernel of ${instance} killed a process for lack of memory.`,
    description: ({ instance }, value) => `${value} processes were killed on ${instance} in ten minutes.`,
  }),
  levels({
    name: "HostNetworkErrors",
    component,
    dashboard,
    value: rate(node.node_network_receive_errs_total.over("5m"))
      .plus(rate(node.node_network_transmit_errs_total.over("5m")))
      .dividedBy(
        rate(node.node_network_receive_packets_total.over("5m")).plus(
          rate(node.node_network_transmit_packets_total.over("5m")),
        ),
      ),
    above: thresholds.networkErrors,
    for: "30m",
    summary: ({ instance, device }) => `Interface ${device} of ${instance} has errors.`,
    description: ({ device }, value) => `${value} of the packets on ${device} are broken.`,
  }),
  levels({
    name: "HostConntrackFull",
    component,
    dashboard,
    value: node.node_nf_conntrack_entries.dividedBy(node.node_nf_conntrack_entries_limit),
    above: ticket(thresholds.conntrack),
    for: "5m",
    summary: ({ instance }) => `The connection table of ${instance} is filling.`,
    description: ({ instance }, value) =>
      `${value} of the connection table of ${instance} is used; when it is full, new connections are dropped.`,
  }),
  levels({
    name: "HostFileDescriptorsLow",
    component,
    dashboard,
    value: node.node_filefd_allocated.dividedBy(node.node_filefd_maximum),
    above: ticket(thresholds.fileDescriptors),
    for: "15m",
    summary: ({ instance }) => `${instance} runs out of file descriptors.`,
    description: ({ instance }, value) => `${value} of the file descriptors of ${instance} are in use.`,
  }),
  levels({
    name: "HostClockSkew",
    component,
    runbook: "HostClock",
    value: abs(node.node_timex_offset_seconds),
    guard: (over) => over.unless(comesBack),
    above: thresholds.clockSkew,
    for: "10m",
    summary: ({ instance }) => `The clock of ${instance} is wrong.`,
    description: ({ instance }, value) => `The clock of ${instance} is off by ${value} and doesn't come back.`,
  }),
  alert({
    name: "HostClockNotSynchronised",
    component,
    runbook: "HostClock",
    severity: "warning",
    when: minOverTime(node.node_timex_sync_status.over("5m"))
      .equals(quantity(0, "state"))
      .and(node.node_timex_maxerror_seconds.atLeast(quantity(16, "seconds"))),
    for: "10m",
    summary: ({ instance }) => `The clock of ${instance} follows nobody.`,
    description: ({ instance }) => `No time server steers the clock of ${instance}: it drifts.`,
  }),
  alert({
    name: "HostRebooted",
    component,
    dashboard,
    severity: "info",
    when: age(node.node_boot_time_seconds).below(quantity(600, "seconds")),
    for: "0s",
    summary: ({ instance }) => `${instance} was started.`,
    description: ({ instance }, value) => `${instance} is up for ${value}: what ran there was interrupted.`,
  }),
  alert({
    name: "HostSystemdUnitFailed",
    component,
    severity: "warning",
    when: node.node_systemd_unit_state.where({ state: "failed" }).equals(quantity(1, "state")),
    for: "5m",
    summary: ({ instance, name }) => `Unit ${name} of ${instance} failed.`,
    description: ({ instance, name }) => `systemd gave up on ${name} on ${instance}.`,
  }),
  alert({
    name: "HostCollectorFailed",
    component: "node-exporter",
    dashboard: "node-exporter",
    severity: "warning",
    // A collector without its hardware also counts as failed: only those that every host has can say something.
    when: node.node_scrape_collector_success
      .where({
        collector: oneOf(
          "cpu",
          "diskstats",
          "filesystem",
          "loadavg",
          "meminfo",
          "netdev",
          "netstat",
          "stat",
          "time",
          "vmstat",
        ),
      })
      .equals(quantity(0, "state")),
    for: "15m",
    summary: ({ instance, collector }) => `Collector ${collector} of node_exporter fails on ${instance}.`,
    description: ({ collector }) => `Metrics of ${collector} are missing, and alerts on them are blind.`,
  }),
];
