import { pod, sources, type Choice, type SystemSizing } from "../../environment/sizing/choice";
import type { Load } from "../../environment/sizing/load";
import {
  cpuFor,
  diskFor,
  GiB,
  limitAbove,
  memoryFor,
  printedBytes,
  printedNumber,
} from "../../environment/sizing/steps";
import type { Profile } from "../../environment/profile";
import { compact, Rate } from "../../environment/units";
import { replicasOf } from "../prometheus/sizing";
import { pushed, volumeFor } from "./queues";

/** What one core of a Collector takes each second. */
const core = { spans: 15_000, points: 20_000, records: 10_000 };
/** A gateway is full at this share of its queue and CPU: above it, one more is started. */
const utilisation = 0.7;
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
export const sizeCollector: SystemSizing = ({ profile, load, kept: { traces, outage }, written }) => {
  // Each replica of Prometheus gets every sample, from a queue of its own.
  const writes = Number(written("systems.prometheus.replicas") ?? replicasOf(profile));
  const kept = traces.at(-1)?.share ?? 1;
  const least = gateways[profile];
  const points = load.samples.perSecond * pushed;
  const busy = load.spans.perSecond / core.spans + points / core.points + load.logLines.perSecond / core.records;
  const cores = busy / utilisation;
  const size = cpuFor(Math.min(largestGateway, Math.max(cores / least, smallestGateway[profile])));
  const replicas = Math.max(least, Math.ceil(cores / (size.millis / 1000)));
  const perSampler = (2 * load.spans.perSecond * kept) / replicas;
  const queues = { metrics: writes, logs: 1, traces: traces.length };
  const queue = volumeFor(load, queues, outage.seconds, replicas);
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
      reason: `what arrives in ${outage.toString()} without stores, a queue before each copy, on ${replicas}, 80 % full: ${printedBytes(queue)}; at least ${smallestQueue[profile]} GiB`,
      source: sources.derived,
      needs: { bytes: queue },
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
