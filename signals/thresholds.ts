import { quantity, type Quantity } from "./units";

/**
 * Where "too much" begins. A panel draws these lines and an alert fires on them: one constant, so that the graph shows
 * what pages. Values: requirements G1 and I1, unless a line says otherwise.
 */
export const thresholds = {
  /** Processor use of a host or of what a container may use. */
  cpu: { warning: quantity(80, "percent"), critical: quantity(90, "percent") },
  memory: { info: quantity(80, "percent"), warning: quantity(85, "percent"), critical: quantity(90, "percent") },
  disk: { warning: quantity(75, "percent"), critical: quantity(85, "percent") },
  /** Share of requests, tasks or calls that fail, for any component. */
  errorRatio: { warning: quantity(0.01, "ratio"), critical: quantity(0.05, "ratio") },
  /** Time to answer a request, p95. */
  responseTime: { warning: quantity(0.5, "seconds"), critical: quantity(1, "seconds") },
  /** Time to finish a plan, p95. */
  planTime: { warning: quantity(5, "seconds"), critical: quantity(10, "seconds") },
  availability: { objective: quantity(0.999, "ratio") },
  /** Share of requests that must be faster than `responseTime.warning`. */
  latencyObjective: quantity(0.95, "ratio"),
  planSuccess: { warning: quantity(0.95, "ratio"), critical: quantity(0.9, "ratio") },
  agentHealth: { warning: quantity(0.8, "ratio"), critical: quantity(0.5, "ratio") },
  agentQueue: { warning: quantity(50, "count"), critical: quantity(200, "count") },
  systemLoad: { warning: quantity(0.8, "ratio"), critical: quantity(0.9, "ratio") },
  cacheHits: { warning: quantity(0.8, "ratio"), critical: quantity(0.5, "ratio") },
  /** Use of resource quotas (I1). */
  quota: { cpu: quantity(0.8, "ratio"), memory: quantity(0.85, "ratio"), storage: quantity(0.75, "ratio") },
  /** Filling of a queue in front of an exporter: the Collector's docs scale at 60 to 70 percent. */
  queueFill: { warning: quantity(0.6, "ratio"), critical: quantity(0.8, "ratio") },
  /** A waiting time for disk requests that users begin to feel. */
  diskLatency: { warning: quantity(0.05, "seconds"), critical: quantity(0.2, "seconds") },
  /** How far remote write may lag behind (kube-prometheus alerts at 120 s). */
  remoteWriteLag: { warning: quantity(60, "seconds"), critical: quantity(120, "seconds") },
  /** How long compaction and retention may stand still before an index grows without bound. */
  compactionAge: { warning: quantity(10_800, "seconds"), critical: quantity(86_400, "seconds") },
  /** Restarts of a container in a quarter of an hour. */
  restarts: { warning: quantity(1, "count"), critical: quantity(5, "count") },
  /** Response time of the API server that kubernetes-mixin's SLO takes for objects. */
  apiserverLatency: { warning: quantity(1, "seconds"), critical: quantity(5, "seconds") },
  /** Share of rows that miss VictoriaMetrics' cache; its own alert fires at 5 percent. */
  slowInserts: { warning: quantity(0.02, "ratio"), critical: quantity(0.05, "ratio") },
  /** Throttled enforcement periods of a container (kubernetes-mixin: 25 percent). */
  throttling: { warning: quantity(0.1, "ratio"), critical: quantity(0.25, "ratio") },
} as const;

export type Thresholds = typeof thresholds;

/** Levels by name, or one level that needs none, such as `latencyObjective`. */
export type Levels = Readonly<Record<string, Quantity | Readonly<Record<string, Quantity>>>>;

/** What an environment writes: numbers in the units of the levels; a level without a name is written as `{value: 0.95}`. */
export type TunedThresholds = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Levels with an environment's numbers laid over them. Names that are none of them are left alone: whoever reads the
 * environment has said so.
 */
export function tunedLevels<All extends Levels>(all: All, overrides: TunedThresholds): All {
  const entries = Object.entries(all).map(([name, levels]) => {
    const over = overrides[name] ?? {};
    const changed = (level: string, { value, unit }: Quantity) => quantity(over[level] ?? value, unit);
    const single = asQuantity(levels);
    if (single !== undefined) return [name, changed("value", single)];
    return [
      name,
      Object.fromEntries(Object.entries(levels).map(([level, of]) => [level, changed(level, of as Quantity)])),
    ];
  });
  return Object.fromEntries(entries) as All;
}

/**
 * The levels of a pack, as an environment tunes them.
 * @param own those that the pack declares
 * @param tuned all that there are, as its page and its alerts get them; what is not there stays as declared
 */
export const ownLevels = <Own extends Levels>(own: Own, tuned: object): Own =>
  Object.fromEntries(Object.entries(own).map(([name, levels]) => [name, (tuned as Levels)[name] ?? levels])) as Own;

/** A threshold without levels. */
export function asQuantity(of: object): Quantity | undefined {
  return "value" in of && "unit" in of && typeof of.value === "number" ? (of as Quantity) : undefined;
}
