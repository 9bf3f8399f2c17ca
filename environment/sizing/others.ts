import { compact, Rate } from "../units";
import type { Profile } from "../defaults";
import { pod, sources, type Choice, type SystemSizing } from "./choice";
import type { Load } from "./load";
import { cpuFor, diskFor, GiB, limitAbove, memoryFor, printedBytes, printedNumber } from "./steps";
import { spanBytes } from "./tempo";

/** What one core of a Collector takes each second. */
const core = { spans: 15_000, points: 20_000, records: 10_000 };
/** A gateway is full at this share of its queue and CPU: above it, one more is started. */
const utilisation = 0.7;
/** Most samples are scraped by Prometheus and never see the gateway. */
const pushed = 0.1;
const gateways = { local: 1, dev: 2, prod: 3 } as const;
const smallestGateway = { local: 0.05, dev: 0.25, prod: 1 } as const;
const smallestQueue = { local: 2, dev: 10, prod: 20 } as const;
const largestGateway = 4;
/** CPUs and GiB of the agent on a node that has little to read. */
const smallestAgent = {
  local: { cores: 0.05, memory: 0.125, limit: 0.375 },
  dev: { cores: 0.05, memory: 0.125, limit: 0.5 },
  prod: { cores: 0.1, memory: 0.25, limit: 1 },
} as const;
/** E2: 1,000 spans/s, of what a sampler keeps. */
const leastKept = 1_000;

/** The Collector's gateways and samplers, and the agent on each node where it is known how many there are. */
export const sizeCollector: SystemSizing = ({ profile, load, kept: { traces } }) => {
  const kept = traces.at(-1)?.share ?? 1;
  const least = gateways[profile];
  const points = load.samples.perSecond * pushed;
  const busy = load.spans.perSecond / core.spans + points / core.points + load.logLines.perSecond / core.records;
  const cores = busy / utilisation;
  const size = cpuFor(Math.min(largestGateway, Math.max(cores / least, smallestGateway[profile])));
  const replicas = Math.max(least, Math.ceil(cores / (size.millis / 1000)));
  const perSampler = (2 * load.spans.perSecond * kept) / replicas;
  const queue = ((core.spans * spanBytes * size.millis) / 1000) * utilisation * 3_600;
  const memory = memoryFor(Math.max((size.millis / 1000) * 2 * GiB, GiB / 8));
  return [
    {
      key: "systems.collector.replicas",
      value: replicas,
      reason: `${String(load.spans)} ÷ 15k, ${compact(points)} points/s (a tenth of the samples) ÷ 20k and ${String(load.logLines)} ÷ 10k, at 70 %: ${printedNumber(cores)} CPUs; at least ${least} of them`,
      source: sources.collector,
    },
    {
      key: "systems.collector.resources",
      value: pod(size, memory, profile === "prod" ? memory : undefined),
      reason: `2 GiB for each CPU; ${size.toString()} of at most ${largestGateway} CPUs`,
      source: sources.collector,
    },
    {
      key: "systems.collector.volume",
      value: diskFor(Math.max(queue, smallestQueue[profile] * GiB)).toString(),
      reason: `an hour of what a full one takes, 15k spans/s × 450 B for each CPU at 70 %: ${printedBytes(queue)}; at least ${smallestQueue[profile]} GiB`,
      source: sources.derived,
    },
    ...sizeAgent(profile, load),
    ...(perSampler > leastKept
      ? [
          {
            key: "sampling.keptPerSecond",
            value: Rate.of("spans", Math.ceil(perSampler / 100) * 100).toString(),
            reason: `twice the share of ${printedNumber(kept)} of ${String(load.spans)}, on ${replicas} samplers; at least 1k`,
            source: sources.derived,
          },
        ]
      : []),
    ...(profile === "prod" && replicas > least
      ? [
          {
            key: "systems.collector.autoscaling",
            value: { minReplicas: replicas, maxReplicas: replicas * 2 },
            reason: "up to twice the stated load",
            source: sources.collector,
          },
        ]
      : []),
  ];
};

/** An agent for its share of the lines, and as much again: no two nodes write the same. */
function sizeAgent(profile: Profile, { logLines, nodes }: Load): Choice[] {
  if (nodes === undefined) return [];
  const cores = (2 * logLines.perSecond) / nodes / core.records;
  const least = smallestAgent[profile];
  const memory = memoryFor(Math.max(cores * 2, least.memory) * GiB);
  const limit = Math.max(limitAbove(memory).bytes, least.limit * GiB);
  return [
    {
      key: "systems.collector.agentResources",
      value: pod(cpuFor(Math.max(cores, least.cores)), memory, memoryFor(limit)),
      reason: `${String(logLines)} ÷ ${nodes} nodes ÷ 10k, doubled: ${printedNumber(cores)} CPUs; 2 GiB for each; at least ${least.cores} and ${printedBytes(least.memory * GiB)}`,
      source: sources.collector,
    },
  ];
}

export const sizeAlertmanager: SystemSizing = ({ profile, load }) => {
  const large = load.samples.perSecond >= 100_000;
  return [
    {
      key: "systems.alertmanager.replicas",
      value: profile === "prod" ? (large ? 3 : 2) : 1,
      reason: profile === "prod" ? "a pair; three from 100k samples/s" : "alerts may be late outside prod",
      source: sources.availability,
    },
  ];
};

export const sizeGrafana: SystemSizing = ({ profile, load, given }) => {
  const wanted = Math.max(load.samples.perSecond >= 1e6 ? 3 : 2, Math.ceil(load.queryUsers / 50));
  const shared = given.database && profile === "prod";
  const users = load.queryUsers;
  const memory = { local: 0.1, dev: 0.2, prod: 0.4 }[profile] * GiB + users * 10 * 2 ** 20;
  const cores = { local: 0.05, dev: 0.1, prod: 0.15 }[profile] + users / 100;
  return [
    {
      key: "systems.grafana.replicas",
      value: shared ? wanted : 1,
      reason: shared
        ? `1 for 50 of ${users} users, at least 2; three from 1M samples/s`
        : "several would need a PostgreSQL (grafana.database)",
      source: sources.availability,
    },
    {
      key: "systems.grafana.resources",
      value: pod(cpuFor(cores), memoryFor(memory)),
      reason: `10 MiB and a hundredth of a CPU for each of ${users} users`,
      source: sources.derived,
    },
  ];
};

/** kube-state-metrics follows the objects of the cluster, of which the load says nothing but the series. */
export const sizeKubeStateMetrics: SystemSizing = ({ load }) => {
  const share = load.activeSeries.count / 750_000;
  return [
    {
      key: "systems.kube-state-metrics.resources",
      value: pod(cpuFor(share * 0.1), memoryFor((share * GiB) / 4)),
      reason: `0.1 CPU and 250 MiB for each 750k of ${String(load.activeSeries)}`,
      source: sources.kubeStateMetrics,
    },
  ];
};

/**
 * Compression of what lies in S3, a little less than `npm run bench -- --compression` measures for phoenix: lines of 489 B in
 * 143 B (3.4:1), spans of 410 B as they are sent in 123 B (3.3:1). The goal is 10:1 (H6).
 */
export const compression = { logs: 3, traces: 3 } as const;

/** Bytes that lie in S3 once the retention is full. */
export function objectBytes({ load, kept }: Parameters<SystemSizing>[0]): {
  readonly logs: number;
  readonly traces: number;
} {
  const logs = (load.logBytes.perSecond * kept.logs.seconds) / compression.logs;
  const traces = kept.traces.map(({ share, keep }) => load.spans.perSecond * share * spanBytes * keep.seconds);
  return { logs, traces: traces.reduce((sum, each) => sum + each, 0) / compression.traces };
}

export const sizeVersitygw: SystemSizing = (request) => {
  if (!request.given.inClusterStorage) return [];
  const { logs, traces } = objectBytes(request);
  return [
    {
      key: "systems.versitygw.volume",
      value: diskFor((logs + traces) * 1.25).toString(),
      reason: `logs ${printedBytes(logs)} (÷ ${compression.logs}) and traces ${printedBytes(traces)} (÷ ${compression.traces}) × 1.25 free space`,
      source: sources.derived,
      needs: { bytes: logs + traces },
    },
  ];
};
