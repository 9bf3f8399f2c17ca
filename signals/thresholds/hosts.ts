import { quantity } from "../units";

/** Where "too much" begins on hosts, beyond what they share with others. */
export const hostThresholds = {
  /** A waiting time for disk requests that users begin to feel. */
  diskLatency: { warning: quantity(0.05, "seconds"), critical: quantity(0.2, "seconds") },
  /** File systems: what must be left before a forecast counts (node-mixin: 40 % and 20 %). */
  diskLeft: { warning: quantity(40, "percent"), critical: quantity(20, "percent") },
  /** Entries of the connection tracking table (node-mixin: 75 %; a full table drops new connections). */
  conntrack: { warning: quantity(0.75, "ratio"), critical: quantity(0.9, "ratio") },
  /** Runnable tasks for each core over a quarter of an hour (node-mixin: 2). */
  load: { warning: quantity(2, "number") },
  /** Packets with errors (node-mixin: 1 %). */
  networkErrors: { warning: quantity(0.01, "ratio") },
  /** A clock off by more breaks the order of logs and traces (node-mixin: 50 ms). */
  clockSkew: { warning: quantity(0.05, "seconds") },
  /** Pages read back from disk per second (node-mixin: 500). */
  majorFaults: { warning: quantity(500, "count per second") },
} as const;
