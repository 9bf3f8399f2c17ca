import { quantity } from "../units";

/** Where "too much" begins with Phoenix, beyond what requirements name. */
export const phoenixThresholds = {
  /** Age of an agent's last success. */
  agentSilence: { warning: quantity(1_800, "seconds") },
} as const;
