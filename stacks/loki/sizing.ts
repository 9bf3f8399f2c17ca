import {
  pod,
  sources,
  type Choice,
  type Pod,
  type SizingRequest,
  type SystemSizing,
} from "../../environment/sizing/choice";
import { cpuFor, diskFor, GiB, memoryFor, printedBytes, printedNumber } from "../../environment/sizing/steps";
import type { LokiComponent } from "./components";

/** 3 TB a day in MB/s: the load that Loki's own table of parts is for. */
const tablesLoad = 3e6 / 86_400;
/** Whole Lokis beside each other up to here; its docs know one process to 20 GB a day, and 3 TB a day distributed. */
const largestSingle = { rate: 3, users: 100 };
/** A whole Loki of a replicated three, for each MB/s. */
const whole = { cores: 2, memory: 4 * GiB };
/** The write-ahead log of an ingester: 10 to 15 GB at 5 MB/s. */
const walBytesPerRate = 3e9;
const smallestDisk = { local: 5, dev: 10, prod: 20 } as const;

export const sizeLoki: SystemSizing = (request) => {
  const { profile, load } = request;
  const rate = load.logBytes.perSecond / 1e6;
  const free = rate > largestSingle.rate || load.queryUsers > largestSingle.users ? "distributed" : "single";
  const mode = (request.written("systems.loki.mode") as "single" | "distributed" | undefined) ?? free;
  const copies = profile === "local" && mode === "single" ? 1 : 3;
  const why = `${String(load.logBytes)}, ${load.queryUsers} users; whole Lokis to ${largestSingle.rate} MB/s and ${largestSingle.users} users`;
  const limit = Math.max(16, Math.ceil(rate * 2));
  return [
    {
      key: "systems.loki.mode",
      value: mode,
      reason: mode === free ? why : `as written; the load alone gives ${free}: ${why}`,
      source: `${sources.loki}; ${sources.derived}`,
    },
    {
      key: "loki.replicationFactor",
      value: copies,
      reason: copies === 1 ? "one copy is enough in local" : "one lost replica loses no line",
      source: sources.availability,
    },
    {
      key: "loki.ingestionRateMb",
      value: limit,
      reason: `twice ${String(load.logBytes)}, at least 16`,
      source: "headroom for bursts",
    },
    ...(mode === "single" ? single(request, rate, copies) : distributed(rate, load.queryUsers)),
  ];
};

function single({ profile, load }: SizingRequest, rate: number, copies: number): Choice[] {
  const cores = rate * whole.cores + Math.max(0, load.queryUsers - 10) / 20;
  const memory = Math.max(rate * whole.memory, GiB / 4);
  const smallest = smallestDisk[profile] * GiB;
  const wal = rate * walBytesPerRate;
  return [
    {
      key: "systems.loki.replicas",
      value: copies,
      reason: `each line on ${copies} of them`,
      source: sources.availability,
    },
    {
      key: "systems.loki.resources",
      value: pod(cpuFor(cores), memoryFor(memory)),
      reason: `${String(load.logBytes)} at 2 CPUs and 4 GiB for each MB/s, and a CPU for 20 users beyond 10: ${printedNumber(cores)} and ${printedBytes(memory)}`,
      source: sources.derived,
    },
    {
      key: "systems.loki.volume",
      value: diskFor(Math.max(wal * 2, smallest)).toString(),
      reason: `write-ahead log, 15 GB at 5 MB/s: ${printedBytes(wal)}; as much again for index and compactor; at least ${smallestDisk[profile]} GiB`,
      source: sources.loki,
      needs: { bytes: wal },
    },
  ];
}

const gi = (count: number) => memoryFor(count * GiB);

/** The parts of Loki's table, as many as the load is of the table's. */
function distributed(rate: number, users: number): Choice[] {
  const share = rate / tablesLoad;
  const shown = `${printedNumber(rate)} MB/s`;
  const large = share > 1;
  const times = (count: number, least: number) => Math.max(least, Math.ceil(count * share));
  // A multiple of the three copies: as many in each zone.
  const ingesters = Math.ceil(times(6, 3) / 3) * 3;
  const wal = diskFor(((tablesLoad * 3) / 6) * walBytesPerRate);
  const part = (name: LokiComponent, replicas: number, size: Pod, reason: string, volume?: string): Choice[] => [
    { key: `systems.loki.components.${name}.replicas`, value: replicas, reason, source: sources.loki },
    { key: `systems.loki.components.${name}.resources`, value: size, reason: "the size of each", source: sources.loki },
    ...(volume === undefined
      ? []
      : [
          {
            key: `systems.loki.components.${name}.volume`,
            value: volume,
            reason:
              name === "ingester" ? "write-ahead log, 15 GB at 5 MB/s, of a full ingester (17 MB/s)" : "index and work",
            source: sources.loki,
          },
        ]),
  ];
  const table = (count: number, least: number) =>
    `${count} at 3 TB a day (34.7 MB/s), ${shown} here, at least ${least}`;
  return [
    ...part("ingester", ingesters, pod(cpuFor(2), gi(4)), `${table(6, 3)}, a multiple of 3`, wal.toString()),
    ...part("distributor", times(4, 3), pod(cpuFor(2), gi(0.5)), table(4, 3)),
    ...part(
      "querier",
      Math.max(times(10, 3), Math.ceil(users / 5)),
      pod(cpuFor(1), gi(1), gi(3)),
      `${table(10, 3)}, and 1 for 5 of ${users} users`,
    ),
    ...part(
      "query-frontend",
      Math.max(2, Math.ceil(users / 50)),
      pod(cpuFor(1), gi(2), gi(2)),
      "1 for 50 users, at least 2",
    ),
    ...part("query-scheduler", 2, pod(cpuFor(2), gi(0.5), gi(0.5)), "a pair"),
    ...part("index-gateway", times(4, 2), pod(cpuFor(0.5), gi(2), gi(2)), table(4, 2), "20Gi"),
    ...part(
      "compactor",
      1,
      large ? pod(cpuFor(6), gi(20), gi(20)) : pod(cpuFor(2), gi(10), gi(10)),
      large ? "one; 6 CPUs and 20 GiB above 3 TB a day" : "one; 2 CPUs and 10 GiB to 3 TB a day",
      large ? "50Gi" : "20Gi",
    ),
    ...part(
      "pattern-ingester",
      Math.max(2, Math.ceil(rate / 20)),
      pod(cpuFor(0.5), gi(1), gi(2)),
      "1 for 20 MB/s, at least 2",
      "5Gi",
    ),
    ...part("ruler", 2, pod(cpuFor(0.5), gi(1), gi(2)), "a pair", "5Gi"),
    ...part(
      "chunks-cache",
      Math.max(2, Math.ceil(rate / 10)),
      pod(cpuFor(0.5), gi(4), gi(4)),
      "4 GiB for 10 MB/s, at least 2",
    ),
    ...part("results-cache", 2, pod(cpuFor(0.25), gi(1), gi(1)), "a pair"),
  ];
}
