import type { Environment } from "../../environment";
import { loadOf, spanBytes, type Load } from "../../environment/sizing";

/** What waits in a queue, by what it is. */
type Signal = "metrics" | "logs" | "traces";

const MiB = 2 ** 20;

/** Most samples are scraped by Prometheus and never see a gateway. */
export const pushed = 0.1;
/** A data point as OTLP has it, attributes and its share of the resource included, in bytes. */
const pointBytes = 200;
/** A log record in OTLP is its line and as much again by half: attributes, ids, its share of the resource. */
const recordOverhead = 1.5;

/**
 * Share of a volume that queues may fill. Pages that a queue left are used again, and those that have no neighbour are not
 * always: the file grows beyond what is in it.
 */
const usable = 0.8;

/** What arrives at all gateways together each second, in bytes as it lies in a queue. */
const arriving = ({ samples, logBytes, spans }: Load): Readonly<Record<Signal, number>> => ({
  metrics: samples.perSecond * pushed * pointBytes,
  logs: logBytes.perSecond * recordOverhead,
  traces: spans.perSecond * spanBytes,
});

/** How many queues of each signal a gateway has: one before each that keeps a copy. */
export type Queues = Readonly<Record<Signal, number>>;

/** Sum over all queues of a gateway. */
const summed = (load: Load, queues: Queues): number => {
  const rates = arriving(load);
  return rates.metrics * queues.metrics + rates.logs * queues.logs + rates.traces * queues.traces;
};

/**
 * The volume that a gateway needs so that any of its stores may be away.
 * @param seconds how long @param replicas among whom the load is spread
 * @returns bytes
 */
export const volumeFor = (load: Load, queues: Queues, seconds: number, replicas: number): number =>
  (summed(load, queues) * seconds) / replicas / usable;

/** Bytes that the queues of one pod may fill. Without a volume they lie on the pod's own disk, which is the node's. */
function spaceIn({ systems }: Environment): number {
  const { volume } = systems.collector;
  return volume === undefined ? 512 * MiB : volume.bytes * usable;
}

/** Bytes of each queue of a gateway: the volume is shared as the load is, so that all are full at the same time. */
export function gatewayQueues(environment: Environment, queues: Queues): Readonly<Record<Signal, number>> {
  const load = loadOf(environment);
  const share = spaceIn(environment) / summed(load, queues);
  const rates = arriving(load);
  return { metrics: rates.metrics * share, logs: rates.logs * share, traces: rates.traces * share };
}

/** Bytes of the one queue of a sampler: the whole of its volume. */
export const samplerQueue = spaceIn;

/** Nodes where nobody says how many there are: few, so that each has room for its share. */
const usualNodes = { local: 1, dev: 3, prod: 10 } as const;

/**
 * Bytes of an agent's queues, on its node's disk: lines for as long as `outage` says, twice the node's share since no two
 * write the same; and what its applications send, until another gateway takes it.
 */
export function agentQueues(environment: Environment): { readonly lines: number; readonly gateway: number } {
  const load = loadOf(environment);
  const nodes = load.nodes ?? usualNodes[environment.profile];
  const lines = (2 * arriving(load).logs * environment.outage.seconds) / nodes;
  return { lines: Math.max(lines, 256 * MiB), gateway: 256 * MiB };
}
