import { componentDefault, size } from "../../environment/settings";

/** The parts that can run apart. */
export const victoriametricsComponents = ["vmauth", "vminsert", "vmselect", "vmstorage"] as const;
export type VictoriametricsComponent = (typeof victoriametricsComponents)[number];

/**
 * How large each is before anybody says so, after the server's own sizing guide for a medium load (300k samples/s,
 * 10 MB/s of logs, 3k spans/s); a stated load replaces this, and a stack file both.
 */
// VictoriaMetrics' cluster with each sample on two of three storage nodes: for N copies it wants 2N − 1 of them.
export const components = {
  vmauth: componentDefault(2, size("500m", "256Mi", "512Mi")),
  vminsert: componentDefault(2, size("2", "2Gi")),
  vmselect: componentDefault(2, size("2", "4Gi")),
  vmstorage: componentDefault(3, size("4", "32Gi"), "1700Gi"),
} satisfies Record<VictoriametricsComponent, object>;
