import { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { componentSettingsOf, enabledWith, sections, size, statefulSettingsOf } from "../../environment/settings";
import { components, lokiComponents } from "./components";

/** The port of its HTTP API. */
export const httpPort = 3100;

/** What may be written at `observability:systems.loki`. */
export const settings = statefulSettingsOf(
  sections([
    "server",
    "common",
    "memberlist",
    "distributor",
    "querier",
    "query_range",
    "frontend",
    "ruler",
    "ruler_storage",
    "ingester_client",
    "ingester",
    "pattern_ingester",
    "index_gateway",
    "schema_config",
    "storage_config",
    "chunk_store_config",
    "compactor",
    "limits_config",
    "frontend_worker",
    "table_manager",
    "runtime_config",
    "operational_config",
    "tracing",
    "analytics",
    "query_scheduler",
    "bloom_build",
    "bloom_gateway",
    "auth_enabled",
  ]),
).extend({
  /** `single`: each replica is a whole Loki; `distributed`: its parts run apart, sized by `components`. */
  mode: z.enum(["single", "distributed"]),
  /** Replicas, resources and volume of each part, where they run apart. */
  components: componentSettingsOf(lokiComponents),
});

/** What may be written at `observability:loki`. */
export const section = z.strictObject({
  replicationFactor: z.int().min(1).max(5),
  ingestionRateMb: z.int().min(1),
});

declare module "../../environment/composition" {
  interface Systems {
    readonly loki: z.output<typeof settings>;
  }
  interface SystemSections {
    readonly loki: z.output<typeof section>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    all: { mode: "single", components },
    local: enabledWith(1, size("50m", "192Mi", "768Mi"), "5Gi"),
    dev: enabledWith(3, size("250m", "1Gi", "2Gi"), "10Gi"),
    prod: enabledWith(3, size("2", "4Gi", "6Gi"), "20Gi"),
  },
  section: { all: { replicationFactor: 3, ingestionRateMb: 16 }, local: { replicationFactor: 1 } },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
