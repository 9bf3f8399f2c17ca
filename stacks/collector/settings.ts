import { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { enabledWith, resourcesSchema, sections, size, statefulSettingsOf } from "../../environment/settings";

/** The port of its HTTP API. */
export const httpPort = 4318;

const collectorSections = sections(["receivers", "processors", "exporters", "extensions", "connectors", "service"]);

/** What may be written at `observability:systems.collector`. */
export const settings = statefulSettingsOf(
  z.strictObject({ agent: collectorSections, gateway: collectorSections, sampler: collectorSections }).partial(),
).extend({
  /** Of the agent on each node; `resources` are those of the gateway and the samplers. */
  agentResources: resourcesSchema,
  /** Bounds of the gateway's replicas, chosen by its use of CPU and memory. @default as many as `replicas` */
  autoscaling: z.strictObject({ minReplicas: z.int().min(1).max(50), maxReplicas: z.int().min(1).max(200) }).optional(),
});

declare module "../../environment/composition" {
  interface Systems {
    readonly collector: z.output<typeof settings>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    local: { ...enabledWith(1, size("50m", "128Mi", "512Mi"), "2Gi"), agentResources: size("20m", "96Mi", "384Mi") },
    dev: { ...enabledWith(2, size("250m", "512Mi", "1Gi"), "10Gi"), agentResources: size("50m", "128Mi", "512Mi") },
    prod: { ...enabledWith(3, size("1", "2Gi"), "20Gi"), agentResources: size("100m", "256Mi", "1Gi") },
  },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
