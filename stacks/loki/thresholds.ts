import { quantity } from "../../signals";

/** Where "too much" begins with Loki. */
export const lokiThresholds = {
  /** p99 of requests (loki-mixin: 1 s). */
  lokiLatency: { warning: quantity(1, "seconds") },
  /** How long compaction and retention may stand still before an index grows without bound. */
  compactionAge: { warning: quantity(10_800, "seconds"), critical: quantity(86_400, "seconds") },
} as const;
