import { quantity } from "../../signals";

/** Where "too much" begins with Tempo. */
export const tempoThresholds = {
  /** p99 of requests (tempo-mixin: 3 s). */
  tempoLatency: { warning: quantity(3, "seconds") },
  /** Blocks that wait for compaction (tempo-mixin: 100). */
  outstandingBlocks: { warning: quantity(100, "count") },
} as const;
