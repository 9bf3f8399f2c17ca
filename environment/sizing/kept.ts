import { logsKept, tierName, traceTiers } from "../retention";
import type { Environment } from "../schema";
import type { Duration } from "../units";

export interface Tier {
  /** The key below `systems.victoriametrics.stores` that its size is written at, unless it is the last. */
  readonly name: string;
  readonly resolution: Duration;
  readonly keep: Duration;
}

/** What is kept for how long, as far as sizes and costs depend on it: the one place that reads `retention` for them. */
export interface Kept {
  /** Of the samples of a load. */
  readonly scrapeInterval: Duration;
  /** In Prometheus itself. */
  readonly prometheus: Duration;
  /** In VictoriaMetrics: a store for each resolution, the finest first; the last one is the system's own workload. */
  readonly metrics: readonly Tier[];
  readonly logs: Duration;
  /** How long queues keep what a store that is away can't take. */
  readonly outage: Duration;
  /** Tiers of traces; `share` of the spans that are sent, 0..1. */
  readonly traces: readonly { readonly share: number; readonly keep: Duration }[];
}

export function keptBy(environment: Environment): Kept {
  const { retention, scrapeInterval, sampling } = environment;
  return {
    scrapeInterval,
    prometheus: retention.prometheus,
    metrics: retention.metrics.map(({ resolution, keep }) => ({
      name: tierName(resolution),
      resolution: resolution ?? scrapeInterval,
      keep,
    })),
    logs: logsKept(environment),
    outage: environment.outage,
    traces: traceTiers(environment).map(({ name, keep }) => ({ share: name === "full" ? 1 : sampling.ratio, keep })),
  };
}
