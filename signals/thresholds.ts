import { quantity, type Quantity } from "./units";

/**
 * Where "too much" begins, as several owners have it: a panel draws these lines and an alert fires on them, one constant,
 * so that the graph shows what pages. What only one has stands with it: of a pack of ours in `thresholds/`, of a system in
 * its folder. Values: requirements G1 and I1, unless a line says otherwise.
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
  /** Inodes in use, of hosts and of volumes (node-mixin alerts at 95 and 97 %). */
  inodes: { warning: quantity(0.95, "ratio"), critical: quantity(0.97, "ratio") },
  /** File descriptors in use, of a host and of a process (node-mixin: 70 and 90 %). */
  fileDescriptors: { warning: quantity(0.7, "ratio"), critical: quantity(0.9, "ratio") },
  /** Lines of a service that are errors. */
  logErrors: { warning: quantity(0.05, "ratio") },
} as const;

export type Thresholds = typeof thresholds;

/** Levels by name, or one that needs none, such as `latencyObjective`. */
export type Threshold = Quantity | Readonly<Record<string, Quantity>>;

/** The levels of thresholds, by name. */
export type Levels = Readonly<Record<string, Threshold>>;

/** Whether a threshold is one level without a name. */
export const isSingle = (threshold: Threshold): threshold is Quantity => typeof threshold.value === "number";

/** The levels of a threshold, by the names that an environment writes; one without a name is its `value`. */
export const levelsOf = (threshold: Threshold): Readonly<Record<string, Quantity>> =>
  isSingle(threshold) ? { value: threshold } : threshold;

/**
 * The thresholds of one owner beside those that all share.
 * @param own those that a pack or a system declares
 * @param tuned all that there are, as its page and its alerts get them; what is not there stays as declared
 */
export const ownLevels = <Own extends Levels, All extends object>(own: Own, tuned: All): Own & All => ({
  ...own,
  ...tuned,
});
