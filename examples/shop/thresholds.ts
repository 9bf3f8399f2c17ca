import { quantity } from "../../signals";

/** Where "too much" begins: page and alerts read these, and an environment tunes them by `alerting.thresholds.<name>`. */
export const shopThresholds = {
  /** Share of orders that fail. */
  failedOrders: { warning: quantity(0.02, "ratio"), critical: quantity(0.1, "ratio") },
  /** Time to confirm an order, p95. */
  orderTime: { warning: quantity(5, "seconds"), critical: quantity(15, "seconds") },
} as const;
