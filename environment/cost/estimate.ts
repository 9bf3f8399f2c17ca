import type { Environment } from "../schema";
import { compression, objectBytes, spanBytes } from "../sizing";
import { sizingRequest } from "../sizing/request";
import type { Prices } from "./prices";

/** What the stack's own pods reserve: whole CPUs, bytes of memory and of volumes. */
export interface Reserved {
  readonly cpu: number;
  readonly memory: number;
  readonly volumes: number;
}

/** US dollars a month, by what they are paid for. */
export type Cost = Readonly<Record<"compute" | "volumes" | "s3Storage" | "s3Requests" | "crossZone" | "total", number>>;

const hours = 730;
const seconds = hours * 3_600;
const GiB = 2 ** 30;
const GB = 1e9;

/** Objects as Loki and Tempo write them, in bytes and seconds: chunks near 1.5 MB; a Tempo block each half hour. */
const objects = { chunk: 1.5e6, indexInterval: 900, blockInterval: 1_800, perBlock: 8, rewritten: 3 };
/** What one person who searches reads: 50 queries an hour of eight hours a day, 200 objects each. */
const readsPerUser = 50 * 8 * 30 * 200;
/** Of three zones, two are others. */
const crossing = 2 / 3;
/** A sample on its way to VictoriaMetrics, compressed, in bytes; spans and lines are compressed by half on the way. */
const sampleOnWire = 5;
const textOnWire = 0.5;

/**
 * What an environment costs in a month, with retention filled, by the prices of `cost.prices`. What the agents
 * on the nodes reserve is in it where `load.nodes` says how many there are; Grafana's users' traffic is not. S3 inside the cluster costs its volume.
 */
export function monthlyCost(environment: Environment, reserved: Reserved): Cost {
  const { cpuHour, memoryGibHour, volumeGbMonth, s3GbMonth, crossZoneGb } = environment.cost.prices;
  const request = sizingRequest(environment, environment);
  const { load } = request;
  const s3 = environment.storage.kind === "aws";
  const stored = objectBytes(request);
  const logCopies = environment.loki.replicationFactor;
  const pairs = environment.systems.prometheus.replicas * environment.systems.victoriametrics.replicas;
  const onWire =
    load.samples.perSecond * sampleOnWire * pairs +
    load.logBytes.perSecond * textOnWire * (1 + logCopies) +
    load.spans.perSecond * spanBytes * textOnWire * 2;
  const parts = {
    compute: (reserved.cpu * cpuHour + (reserved.memory / GiB) * memoryGibHour) * hours,
    volumes: (reserved.volumes / GB) * volumeGbMonth,
    s3Storage: s3 ? ((stored.logs + stored.traces) / GB) * s3GbMonth : 0,
    s3Requests: s3 ? requestCost(environment, request, environment.cost.prices) : 0,
    crossZone: s3 ? ((onWire * crossing * seconds) / GB) * crossZoneGb : 0,
  };
  const whole = Object.fromEntries(
    Object.entries(parts).map(([name, dollars]) => [name, Math.ceil(dollars)]),
  ) as typeof parts;
  return { ...whole, total: Object.values(whole).reduce((sum, each) => sum + each, 0) };
}

type Parts = { readonly ingester: { readonly replicas: number } };

function requestCost(
  environment: Environment,
  { load, kept }: ReturnType<typeof sizingRequest>,
  { s3PutThousand, s3GetThousand }: Prices,
): number {
  const { chunk, indexInterval, blockInterval, perBlock, rewritten } = objects;
  const { loki, systems } = environment;
  // Each copy of a chunk is written, in the worst case; the index is shipped each quarter of an hour.
  const chunks = (load.logBytes.perSecond / compression.logs / chunk) * loki.replicationFactor;
  const writers = ({ mode, replicas, components }: { mode: string; replicas: number; components: Parts }) =>
    mode === "single" ? replicas : components.ingester.replicas;
  const index = writers(systems.loki) / indexInterval;
  const spans = kept.traces.length * load.spans.perSecond * spanBytes;
  // A block by time, or by size when there is much; compaction writes each several times again.
  const blocks = (kept.traces.length * writers(systems.tempo)) / blockInterval + spans / compression.traces / 100e6;
  const puts = (chunks + index + blocks * perBlock * rewritten) * seconds;
  const gets = load.queryUsers * readsPerUser + blocks * perBlock * rewritten * seconds;
  return (puts / 1000) * s3PutThousand + (gets / 1000) * s3GetThousand;
}
