import { quantity } from "../../signals";

/** Where "too much" begins with VictoriaMetrics. */
export const victoriametricsThresholds = {
  /** Share of rows that miss the cache; VictoriaMetrics' own alert fires at 5 percent. */
  slowInserts: { warning: quantity(0.02, "ratio"), critical: quantity(0.05, "ratio") },
  /** New series for each inserted row (VictoriaMetrics' own alert: 10 %). */
  churn: { warning: quantity(0.1, "ratio") },
  /** How long the disk lasts at the present growth (VictoriaMetrics' own alert: 3 days). */
  storageLasts: { warning: quantity(259_200, "seconds") },
} as const;
