import { quantity } from "../../signals";

/** Where "too much" begins with kubelets, as the page of their states draws it. */
export const kubeStateMetricsThresholds = {
  /** p99 of the time in which a pod starts, pulling of images apart (Kubernetes' own objective: 5 s). */
  podStart: { warning: quantity(5, "seconds"), critical: quantity(10, "seconds") },
} as const;
