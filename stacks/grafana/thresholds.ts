import { quantity } from "../../signals";

/** Where "too much" begins with Grafana. */
export const grafanaThresholds = {
  /** p95 of requests; Grafana's own mixin has no number for it. */
  grafanaLatency: { warning: quantity(3, "seconds") },
} as const;
