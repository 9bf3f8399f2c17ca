import { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import {
  componentSettingsOf,
  enabledWith,
  resourcesSchema,
  sections,
  size,
  statefulSettingsOf,
} from "../../environment/settings";
import { bytes, fault } from "../../environment/values";
import { components, victoriametricsComponents } from "./components";

/** The port of its HTTP API. */
export const httpPort = 8428;

/** A store of metrics: the resolution of a tier, `raw` for the one of every sample, or the history of alerts. */
const storeName = z.string().regex(/^(raw|alerts|\d+(ms|[smhd]))$/, {
  error: fault("is not the name of a store", '"raw", "alerts", or the resolution of a tier such as "1m"'),
});

/** What may be written at `observability:systems.victoriametrics`. */
export const settings = statefulSettingsOf(sections(["flags"])).extend({
  /** `single`: whole servers, each with every sample, behind vmauth when there are several; `cluster` spreads them. */
  mode: z.enum(["single", "cluster"]),
  /** How many storage nodes of a cluster keep each sample; N copies want 2N − 1 nodes. */
  replicationFactor: z.int().min(1).max(5),
  /** Replicas, resources and volume of each part, where they run apart. */
  components: componentSettingsOf(victoriametricsComponents),
  /** What differs for one of several stores, by its name: a tier's resolution such as `1m`, `raw`, or `alerts`. */
  stores: z.record(storeName, z.strictObject({ resources: resourcesSchema, volume: bytes }).partial()),
});

declare module "../../environment/composition" {
  interface Systems {
    readonly victoriametrics: z.output<typeof settings>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    all: {
      mode: "single",
      replicationFactor: 2,
      components,
      // Alerts are a few hundred series: their history needs no more, whatever the load.
      stores: { alerts: { resources: size("50m", "128Mi", "256Mi"), volume: "5Gi" } },
    },
    local: enabledWith(1, size("50m", "128Mi", "512Mi"), "5Gi"),
    dev: enabledWith(1, size("500m", "2Gi"), "100Gi"),
    prod: {
      ...enabledWith(1, size("2", "8Gi"), "400Gi"),
      // VictoriaMetrics deletes by the month: a tier of a day can hold a month and a day.
      stores: { raw: { volume: "200Gi" }, "1m": { volume: "100Gi" } },
    },
  },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
