import { pod, sources, type Choice, type SizingRequest, type SystemSizing } from "../../environment/sizing/choice";
import type { Tier } from "../../environment/sizing/kept";
import { cpuFor, diskFor, GiB, memoryFor, printedBytes, printedNumber, TiB } from "../../environment/sizing/steps";
import { compact, type Duration } from "../../environment/units";
import type { VictoriametricsComponent } from "./components";

const month = 30 * 86_400;
/** A storage node of a cluster takes so much: 4 CPUs, half of them free, and 32 GiB. */
const node = { samples: 200_000, memory: 32 * GiB, cores: 4, disk: 8 * TiB };
const memoryPerSeries = 10_000;
/** The largest single node that is reasonable to ask for. */
const largestSingle = { samples: 1e6, memory: 128 * GiB, disk: 16 * TiB };

/** Bytes on disk for one sample a second, of which a tier keeps one in each of its intervals; a month longer, since whole months are deleted. */
function bytesPerRate(
  { resolution, keep }: Tier,
  scrapeInterval: Duration,
): { readonly bytes: number; readonly formula: string } {
  const share = scrapeInterval.seconds / resolution.seconds;
  const shown = share === 1 ? "" : `${scrapeInterval.toString()}/${resolution.toString()} × `;
  return {
    bytes: share * (keep.seconds + month) * 1.25 * 1.2,
    formula: `${shown}(${keep.toString()} + 1 month) × 1.25 free space × 1.2 index`,
  };
}

/** All tiers of a request, each with what it takes. */
function tiersOf({ kept }: SizingRequest) {
  return kept.metrics.map((tier) => ({ ...tier, ...bytesPerRate(tier, kept.scrapeInterval) }));
}

export const sizeVictoriametrics: SystemSizing = (request) => {
  const { profile, load } = request;
  const tiers = tiersOf(request);
  const [samples, series] = [load.samples.perSecond, load.activeSeries.count];
  const memory = series * memoryPerSeries;
  // A cluster is the longest tier alone; the others are a server each.
  const disk = samples * (tiers.at(-1)?.bytes ?? 0);
  const free = isTooMuch(request, disk) ? "cluster" : "single";
  const mode = (request.written("systems.victoriametrics.mode") as "single" | "cluster" | undefined) ?? free;
  const why = `${String(load.samples)}, ${printedBytes(memory)} of memory, ${printedBytes(disk)} of disk; one server below 1M samples/s, ${printedBytes(largestSingle.memory)} and ${printedBytes(largestSingle.disk)}`;
  const decided: Choice = {
    key: "systems.victoriametrics.mode",
    value: mode,
    reason: mode === free ? why : `as written; the load alone gives ${free}: ${why}`,
    source: sources.victoriametrics,
  };
  const amount = memoryFor(Math.max(memory, GiB / 4));
  const store = ({ name, resolution, bytes, formula }: (typeof tiers)[number], index: number): Choice[] => {
    const own = `systems.victoriametrics.stores.${name}`;
    const last = index === tiers.length - 1;
    const key = last ? "systems.victoriametrics" : own;
    const unless = (what: string) => (last ? { unless: `${own}.${what}` } : {});
    const share = request.kept.scrapeInterval.seconds / resolution.seconds;
    const cores = (samples / 100_000) * 2 * share + load.queryUsers / 20;
    return [
      // A profile may have a size for a store of this name, which would stand above.
      ...(last ? [{ key: own, value: null, reason: "has the size of the system", source: sources.derived }] : []),
      {
        ...unless("resources"),
        key: `${key}.resources`,
        value: pod(cpuFor(cores), amount, amount),
        reason: `memory: ${String(load.activeSeries)} × 10 kB = ${printedBytes(memory)}; CPU: 1 for each 100k samples/s kept, half of it free, and 1 for 20 users = ${printedNumber(cores)}`,
        source: `${sources.victoriametrics}; 5 kB a series in its case study, doubled`,
      },
      {
        ...unless("volume"),
        key: `${key}.volume`,
        value: diskFor(samples * bytes).toString(),
        reason: `1 B × ${String(load.samples)} × ${formula} = ${printedBytes(samples * bytes)}`,
        source: sources.victoriametrics,
        needs: { bytes: (samples * bytes) / 1.25 },
      },
    ];
  };
  if (mode === "cluster") {
    const others = tiers.flatMap((tier, index) => (index < tiers.length - 1 ? store(tier, index) : []));
    return [decided, ...others, ...cluster(request)];
  }
  return [
    decided,
    {
      key: "systems.victoriametrics.replicas",
      value: profile === "prod" ? 2 : 1,
      reason:
        profile === "prod"
          ? "two servers with every sample, behind vmauth"
          : "Prometheus sends again what a restart missed",
      source: sources.availability,
    },
    ...tiers.flatMap(store),
  ];
};

/** Whether a store is more than one server takes. */
const isTooMuch = ({ load }: SizingRequest, disk: number): boolean =>
  load.samples.perSecond >= largestSingle.samples ||
  load.activeSeries.count * memoryPerSeries > largestSingle.memory ||
  disk > largestSingle.disk;

/** The tiers that are one server each, and would need more than one is; with what they need, in words. */
export function tooMuchForOne(request: SizingRequest): { readonly name: string; readonly why: string }[] {
  const { load } = request;
  const samples = load.samples.perSecond;
  return tiersOf(request)
    .slice(0, -1)
    .flatMap(({ name, bytes }) => {
      if (!isTooMuch(request, samples * bytes)) return [];
      const memory = printedBytes(load.activeSeries.count * memoryPerSeries);
      const why = `${String(load.samples)}, ${memory} of memory and ${printedBytes(samples * bytes)} of disk; a server takes less than 1M samples/s, ${printedBytes(largestSingle.memory)} and ${printedBytes(largestSingle.disk)}`;
      return [{ name, why }];
    });
}

/** Two copies of each sample: they need three storage nodes at least (N copies want 2N − 1). */
const copies = 2;

function cluster(request: SizingRequest): Choice[] {
  const { load } = request;
  const { bytes = 0, formula = "" } = tiersOf(request).at(-1) ?? {};
  const [samples, series] = [load.samples.perSecond, load.activeSeries.count];
  const fullDisk = node.samples * bytes;
  const disk = Math.min(fullDisk, node.disk);
  const bySamples = (samples * copies) / node.samples;
  const nodes = Math.max(
    2 * copies - 1,
    Math.ceil(bySamples),
    Math.ceil((series * memoryPerSeries * copies) / node.memory),
    Math.ceil((bySamples * fullDisk) / disk),
  );
  const front = Math.max(2, Math.ceil(samples / 250_000));
  const select = Math.max(front, Math.ceil(load.queryUsers / 25));
  const part = (
    name: VictoriametricsComponent,
    replicas: number,
    resources: Choice["value"],
    reason: string,
  ): Choice[] => [
    {
      key: `systems.victoriametrics.components.${name}.replicas`,
      value: replicas,
      reason,
      source: sources.victoriametrics,
    },
    {
      key: `systems.victoriametrics.components.${name}.resources`,
      value: resources,
      reason: "the size of each",
      source: sources.derived,
    },
  ];
  const gi = (count: number) => memoryFor(count * GiB);
  return [
    {
      key: "systems.victoriametrics.replicationFactor",
      value: copies,
      reason: "one lost node loses nothing",
      source: sources.availability,
    },
    ...part(
      "vmstorage",
      nodes,
      pod(cpuFor(node.cores), gi(32), gi(32)),
      `${copies} copies of ${String(load.samples)} and ${String(load.activeSeries)} × 10 kB; a node takes ${compact(node.samples)} samples/s and 32 GiB; at least ${2 * copies - 1}`,
    ),
    {
      key: "systems.victoriametrics.components.vmstorage.volume",
      value: diskFor(disk).toString(),
      reason: `a full node: 1 B × ${compact(node.samples)} samples/s × ${formula} = ${printedBytes(fullDisk)}, at most ${printedBytes(node.disk)}`,
      source: sources.victoriametrics,
      needs: { bytes: (samples * copies * bytes) / 1.25 / nodes },
    },
    ...part("vminsert", front, pod(cpuFor(4), gi(4), gi(4)), `1 for each 250k of ${String(load.samples)}, at least 2`),
    ...part(
      "vmselect",
      select,
      pod(cpuFor(8), gi(16), gi(16)),
      `1 for each 250k of ${String(load.samples)} or 25 of ${load.queryUsers} users, at least 2`,
    ),
    ...part("vmauth", 2, pod(cpuFor(0.5), gi(0.25), gi(0.5)), "a pair at the door"),
  ];
}
