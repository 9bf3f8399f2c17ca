import { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { componentSettingsOf, enabledWith, sections, size, statefulSettingsOf } from "../../environment/settings";
import { digitsAsText, fault, hostAndPort } from "../../environment/values";
import { components, tempoComponents } from "./components";

/** The port of its HTTP API. */
export const httpPort = 3200;

/** What may be written at `observability:systems.tempo`. */
export const settings = statefulSettingsOf(
  sections([
    "server",
    "distributor",
    "ingester",
    "ingester_client",
    "live_store",
    "backend_scheduler",
    "backend_worker",
    "compactor",
    "query_frontend",
    "querier",
    "metrics_generator",
    "storage",
    "memberlist",
    "overrides",
    "usage_report",
    "ingest",
    "block_builder",
    "cache",
    "multitenancy_enabled",
    "stream_over_http_enabled",
  ]),
).extend({
  /** `single`: each replica is a whole Tempo; `distributed`: its parts run apart, with Kafka between them in Tempo 3. */
  mode: z.enum(["single", "distributed"]),
  /** Replicas, resources and volume of each part, where they run apart. */
  components: componentSettingsOf(tempoComponents),
});

/** What may be written at `observability:tempo`. */
export const section = z.strictObject({
  /** `3` needs Kafka for more than one replica; `2` (2.10) is highly available without. */
  majorVersion: z.preprocess(digitsAsText, z.enum(["2", "3"])),
  /** A Kafka that exists, between the parts of a distributed Tempo 3. */
  kafka: z
    .strictObject({
      /** Host and port of a broker, such as `kafka.kafka.svc:9092`. */
      address: hostAndPort,
      /** The topic for spans, which exists already; its partitions bound how many live stores share the load. */
      topic: z.string().regex(/^[a-zA-Z0-9._-]{1,249}$/, {
        error: fault("is not a topic Kafka takes", "letters, digits, dots, underscores and hyphens"),
      }),
    })
    .optional(),
});

declare module "../../environment/composition" {
  interface Systems {
    readonly tempo: z.output<typeof settings>;
  }
  interface SystemSections {
    readonly tempo: z.output<typeof section>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    all: { mode: "single", components },
    local: enabledWith(1, size("50m", "128Mi", "768Mi"), "5Gi"),
    dev: enabledWith(1, size("500m", "2Gi", "4Gi"), "20Gi"),
    prod: enabledWith(1, size("2", "8Gi"), "50Gi"),
  },
  section: { all: { majorVersion: "3" } },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
