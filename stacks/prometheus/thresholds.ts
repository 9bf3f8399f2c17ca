import { quantity } from "../../signals";

/** Where "too much" begins with Prometheus. */
export const prometheusThresholds = {
  /** How far remote write may lag behind: kube-prometheus alerts at 120 s; beyond two hours samples are lost for good. */
  remoteWriteLag: { warning: quantity(120, "seconds"), critical: quantity(3_600, "seconds") },
} as const;
