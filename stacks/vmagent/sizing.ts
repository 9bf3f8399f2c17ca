import { pod, sources, type SystemSizing } from "../../environment/sizing/choice";
import { cpuFor, diskFor, GiB, memoryFor, printedBytes, printedNumber } from "../../environment/sizing/steps";

/** vmagent passes each sample on to every tier, and keeps the last one of each series and interval until it is over. */
const agent = { cores: 300_000, memoryPerSeries: 500, bytesOnWire: 5 };
/** Share of its volume that its queues may fill (`-remoteWrite.maxDiskUsagePerURL`, one for each store). */
export const usable = 0.9;
const smallestQueue = { local: 1, dev: 10, prod: 20 } as const;

export const sizeVmagent: SystemSizing = ({ profile, load, kept }) => {
  if (kept.metrics.length < 2) return [];
  const tiers = kept.metrics.length;
  const cores = (load.samples.perSecond * tiers) / agent.cores;
  const memory = load.activeSeries.count * agent.memoryPerSeries * (tiers - 1);
  const queue = (load.samples.perSecond * tiers * agent.bytesOnWire * kept.outage.seconds) / usable;
  const smallest = smallestQueue[profile];
  return [
    {
      key: "systems.vmagent.resources",
      value: pod(cpuFor(cores), memoryFor(Math.max(memory, GiB / 4))),
      reason: `CPU: 1 for each 300k samples/s to each of ${tiers} tiers = ${printedNumber(cores)}; memory: ${String(load.activeSeries)} × 500 B × ${tiers - 1} tiers that thin out = ${printedBytes(memory)}`,
      source: sources.derived,
    },
    {
      key: "systems.vmagent.volume",
      value: diskFor(Math.max(queue, smallest * GiB)).toString(),
      reason: `what the stores can't take in ${kept.outage.toString()}, 5 B a sample and tier, 90 % full: ${printedBytes(queue)}; at least ${smallest} GiB`,
      source: sources.derived,
      needs: { bytes: queue },
    },
  ];
};
