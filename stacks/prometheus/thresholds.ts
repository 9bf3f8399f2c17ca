import { quantity } from "../../signals";

/** Where "too much" begins with Prometheus. */
export const prometheusThresholds = {
  /** How far remote write may lag behind (kube-prometheus alerts at 120 s). */
  remoteWriteLag: { warning: quantity(60, "seconds"), critical: quantity(120, "seconds") },
} as const;
