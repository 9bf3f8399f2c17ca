import type { Composition } from "../environment";
import { quantity, thresholds, tunedLevels, type TunedThresholds } from "../signals";

/**
 * Every level at which something alerts. Those of `signals/thresholds.ts` are drawn by panels too; those here have no
 * panel of their own. Each can be changed for an environment by `alerting.thresholds.<name>.<level>`.
 */
export const limits = {
  ...thresholds,
  /** File systems: what must be left before a forecast counts (node-mixin: 40 % and 20 %). */
  diskLeft: { warning: quantity(40, "percent"), critical: quantity(20, "percent") },
  /** Inodes in use (node-mixin alerts at 95 and 97 %). */
  inodes: { warning: quantity(0.95, "ratio"), critical: quantity(0.97, "ratio") },
  /** Entries of the connection tracking table (node-mixin: 75 %; a full table drops new connections). */
  conntrack: { warning: quantity(0.75, "ratio"), critical: quantity(0.9, "ratio") },
  /** File descriptors in use, of a host and of a process (node-mixin: 70 and 90 %). */
  fileDescriptors: { warning: quantity(0.7, "ratio"), critical: quantity(0.9, "ratio") },
  /** Runnable tasks for each core over a quarter of an hour (node-mixin: 2). */
  load: { warning: quantity(2, "number") },
  /** Packets with errors (node-mixin: 1 %). */
  networkErrors: { warning: quantity(0.01, "ratio") },
  /** A clock off by more breaks the order of logs and traces (node-mixin: 50 ms). */
  clockSkew: { warning: quantity(0.05, "seconds") },
  /** Pages read back from disk per second (node-mixin: 500). */
  majorFaults: { warning: quantity(500, "count per second") },
  /** Pods on a node against what it takes (kubernetes-mixin: 95 %). */
  podsOnNode: { warning: quantity(0.95, "ratio") },
  /** p99 of the kubelet's relist (kubernetes-mixin: 10 s). */
  relist: { warning: quantity(10, "seconds") },
  /** What is left of a certificate (kubernetes-mixin: 7 d and 1 d). */
  certificate: { warning: quantity(604_800, "seconds"), critical: quantity(86_400, "seconds") },
  /** A container's memory against its limit, above which it is killed. */
  memoryOfLimit: { warning: quantity(0.9, "ratio") },
  /** Requests that the API server ends to protect itself (kubernetes-mixin: 20 %). */
  terminations: { warning: quantity(0.2, "ratio") },
  /** How long a job may run, and a scheduled one be late (kubernetes-mixin: 12 h). */
  jobAge: { warning: quantity(43_200, "seconds") },
  cronDelay: { warning: quantity(3_600, "seconds") },
  /** p99 of etcd's writes (etcd's own mixin: 500 ms and 1 s; 250 ms for commits). */
  etcdFsync: { warning: quantity(0.5, "seconds"), critical: quantity(1, "seconds") },
  etcdCommit: { warning: quantity(0.25, "seconds") },
  etcdQuota: { warning: quantity(0.8, "ratio"), critical: quantity(0.95, "ratio") },
  /** p99 of a DNS answer (coredns-mixin: 4 s). */
  dnsLatency: { critical: quantity(4, "seconds") },
  /** p99 of requests to Loki, Tempo and Grafana (loki-mixin: 1 s; tempo-mixin: 3 s). */
  lokiLatency: { warning: quantity(1, "seconds") },
  tempoLatency: { warning: quantity(3, "seconds") },
  grafanaLatency: { warning: quantity(3, "seconds") },
  /** Blocks that wait for compaction (tempo-mixin: 100). */
  outstandingBlocks: { warning: quantity(100, "count") },
  /** Age of an agent's last success. */
  agentSilence: { warning: quantity(1_800, "seconds") },
  /** How long VictoriaMetrics' disk lasts at the present growth (its own alert: 3 days). */
  storageLasts: { warning: quantity(259_200, "seconds") },
  /** New series for each inserted row (VictoriaMetrics' own alert: 10 %). */
  churn: { warning: quantity(0.1, "ratio") },
  /** Lines of a service that are errors. */
  logErrors: { warning: quantity(0.05, "ratio") },
} as const;

export type Limits = typeof limits;
export type LimitName = keyof Limits;

/** Names of the limits that are ours. */
export const stackLimits: readonly string[] = Object.keys(limits);

/** Every limit there is: ours, and those that packs bring along. */
export const limitsKnown = ({ packs }: Composition): Limits =>
  packs.reduce<Limits>((all, { thresholds = {} }) => ({ ...all, ...thresholds }), limits);

/** The numbers of an environment laid over the limits. Names and units were checked by `settings.ts`. */
export const limitsWith = (overrides: TunedThresholds, all: Limits): Limits => tunedLevels(all, overrides);
