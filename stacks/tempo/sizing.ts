import {
  pod,
  sources,
  type Choice,
  type Pod,
  type SizingRequest,
  type SystemSizing,
} from "../../environment/sizing/choice";
import { spanBytes } from "../../environment/sizing/objects";
import { cpuFor, diskFor, GiB, memoryFor, printedBytes, printedNumber } from "../../environment/sizing/steps";
import type { TempoComponent } from "./components";

/** One process of Tempo 3 takes 25 to 35 MB/s; one ingester of 2.10 takes 3 to 5. */
export const largestSingle = { alone: 25, beforeDistributed: 4 };
/** One process for each MB/s: an ingester (2.5 CPUs, 4 to 20 GB at 4 MB/s), a compactor and its share of the rest. */
const whole = { cores: 1, memory: 3 * GiB, disk: 12 * GiB };
const smallest = {
  local: { cores: 0.05, memory: 0.125, disk: 5 },
  dev: { cores: 0.5, memory: 2, disk: 20 },
  prod: { cores: 2, memory: 8, disk: 50 },
} as const;

export const sizeTempo: SystemSizing = (request) => {
  const { load } = request;
  const given = {
    majorVersion: request.written("tempo.majorVersion"),
    mode: request.written("systems.tempo.mode"),
  } as {
    readonly majorVersion?: "2" | "3";
    readonly mode?: "single" | "distributed";
  };
  const kafka = request.setting("tempo.kafka") !== undefined;
  const rate = (load.spans.perSecond * spanBytes) / 1e6;
  const { alone, beforeDistributed } = largestSingle;
  // Only somebody who asked for Tempo 3 and has no Kafka stays with one process that could be several.
  const bound = given.majorVersion === "3" && !kafka;
  const free = rate > beforeDistributed && !bound ? "distributed" : "single";
  const mode = given.mode ?? free;
  const majorVersion = given.majorVersion ?? (mode === "distributed" && !kafka ? "2" : "3");
  const why = `${String(load.spans)} × ${spanBytes} B = ${printedNumber(rate)} MB/s; an ingester takes ${beforeDistributed}, one process of Tempo 3 takes ${alone}`;
  return [
    {
      key: "systems.tempo.mode",
      value: mode,
      reason: mode === free ? why : `as written; the load alone gives ${free}: ${why}`,
      source: sources.tempo,
    },
    {
      key: "tempo.majorVersion",
      value: majorVersion,
      reason:
        mode === "single"
          ? "one process needs no Kafka"
          : majorVersion === "2"
            ? "2.10 runs distributed without Kafka"
            : "Tempo 3 with the Kafka that is given",
      source: sources.tempo,
    },
    ...(mode === "single" ? single(request, rate) : distributed(majorVersion, rate, load.queryUsers)),
  ];
};

function single({ profile }: SizingRequest, rate: number): Choice[] {
  const least = smallest[profile];
  const [cores, memory, disk] = [rate * whole.cores, rate * whole.memory, rate * whole.disk];
  const request = memoryFor(Math.max(memory, least.memory * GiB));
  return [
    { key: "systems.tempo.replicas", value: 1, reason: "more would need Kafka", source: sources.tempo },
    {
      key: "systems.tempo.resources",
      value: pod(cpuFor(Math.max(cores, least.cores)), request, request),
      reason: `1 CPU and 3 GiB for each MB/s of ${printedNumber(rate)}; at least ${least.cores} and ${least.memory} GiB`,
      source: sources.tempo,
    },
    {
      key: "systems.tempo.volume",
      value: diskFor(Math.max(disk, least.disk * GiB)).toString(),
      reason: `write-ahead log and blocks not yet in S3, 12 GiB for each MB/s: ${printedBytes(disk)}; at least ${least.disk} GiB`,
      source: sources.derived,
    },
  ];
}

const gi = (count: number) => memoryFor(count * GiB);

function distributed(majorVersion: "2" | "3", rate: number, users: number): Choice[] {
  const shown = `${printedNumber(rate)} MB/s`;
  const one = (per: number, least: number) => Math.max(least, Math.ceil(rate / per));
  const rule = (per: number, least: number) => `1 for each ${per} of ${shown}, at least ${least}`;
  const part = (name: TempoComponent, replicas: number, size: Pod, reason: string, volume?: string): Choice[] => [
    { key: `systems.tempo.components.${name}.replicas`, value: replicas, reason, source: sources.tempo },
    {
      key: `systems.tempo.components.${name}.resources`,
      value: size,
      reason: "the size of each",
      source: sources.tempo,
    },
    ...(volume === undefined
      ? []
      : [
          {
            key: `systems.tempo.components.${name}.volume`,
            value: volume,
            reason: "write-ahead log and blocks not yet in S3",
            source: sources.derived,
          },
        ]),
  ];
  const both = [
    ...part("distributor", one(10, 2), pod(cpuFor(1), gi(1)), rule(10, 2)),
    ...part(
      "querier",
      Math.max(one(2, 2), Math.ceil(users / 10)),
      pod(cpuFor(1), gi(2), gi(4)),
      `${rule(2, 2)}, and 1 for 10 of ${users} users`,
    ),
    ...part("query-frontend", 2, pod(cpuFor(0.5), gi(1), gi(2)), "a pair"),
    ...part("metrics-generator", one(5, 2), pod(cpuFor(1), gi(2), gi(4)), rule(5, 2), "10Gi"),
  ];
  return majorVersion === "2"
    ? [
        ...both,
        ...part("ingester", one(4, 3), pod(cpuFor(2.5), gi(8), gi(16)), rule(4, 3), "20Gi"),
        ...part("compactor", one(4, 2), pod(cpuFor(1), gi(4), gi(8)), rule(4, 2)),
      ]
    : [
        ...both,
        // In each of two zones; as many partitions of the topic as block builders.
        ...part("live-store", 2 * one(8, 1), pod(cpuFor(1), gi(4), gi(8)), `${rule(8, 1)}, in two zones`, "20Gi"),
        ...part(
          "block-builder",
          one(2, 3),
          pod(cpuFor(1), gi(2), gi(4)),
          `${rule(2, 3)}: one for each partition`,
          "10Gi",
        ),
        ...part("backend-scheduler", 1, pod(cpuFor(0.5), gi(1), gi(2)), "one", "5Gi"),
        ...part("backend-worker", one(4, 2), pod(cpuFor(1), gi(4), gi(8)), rule(4, 2)),
      ];
}
