import { pod, sources, type SystemSizing } from "../../environment/sizing/choice";
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
import { compact } from "../../environment/units";

/** A full shard of Prometheus: 2.5M series at 15 s, on 4 CPUs and 16 GiB. */
const shard = { series: 2.5e6, samples: 2.5e6 / 15, cores: 4 };

/** Prometheus: bytes of memory for each series, of disk for each sample, and what the write-ahead log holds. */
const prometheusRules = { memory: 6_000, disk: 2, walBytes: 10, walSeconds: 3 * 3_600 };

/** A pair scrapes everything twice. */
export const replicasOf = (profile: Profile): number => (profile === "prod" ? 2 : 1);

export const sizePrometheus: SystemSizing = ({ profile, load, kept }) => {
  const [series, samples] = [load.activeSeries.count, load.samples.perSecond];
  const shards = Math.max(1, Math.ceil(series / shard.series), Math.ceil(samples / shard.samples));
  const full = shards > 1;
  const [perShard, samplesPerShard] = full ? [shard.series, shard.samples] : [series, samples];
  const memory = perShard * prometheusRules.memory;
  const cores = (samplesPerShard / shard.samples) * shard.cores;
  const { disk, walBytes, walSeconds } = prometheusRules;
  const data = samplesPerShard * (disk * kept.prometheus.seconds + walBytes * walSeconds);
  const volume = diskFor((data / 0.8) * 1.25);
  const replicas = replicasOf(profile);
  const pair = replicas > 1;
  const request = memoryFor(Math.max(memory, GiB / 4));
  return [
    {
      key: "systems.prometheus.shards",
      value: shards,
      reason: `${String(load.activeSeries)} and ${String(load.samples)}; a shard takes ${compact(shard.series)} series and ${compact(shard.samples)} samples/s`,
      source: sources.derived,
    },
    {
      key: "systems.prometheus.replicas",
      value: replicas,
      reason: pair ? "a pair scrapes everything twice" : "a restart may leave a gap outside prod",
      source: sources.availability,
    },
    {
      key: "systems.prometheus.resources",
      value: pod(cpuFor(cores), request, limitAbove(request)),
      reason: `memory: ${compact(perShard)} series × 6 kB = ${printedBytes(memory)}; CPU: 1 for each ${compact(shard.samples / shard.cores)} samples/s = ${printedNumber(cores)}`,
      source: sources.prometheus,
    },
    {
      key: "systems.prometheus.volume",
      value: volume.toString(),
      reason: `${compact(samplesPerShard)} samples/s × (2 B × ${String(kept.prometheus)} + 10 B × 3 h of write-ahead log) ÷ 0.8 (its size limit) × 1.25 = ${printedBytes((data / 0.8) * 1.25)}`,
      source: sources.prometheus,
      needs: { bytes: data },
    },
  ];
};
