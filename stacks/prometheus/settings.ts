import { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { enabledWith, sections, size, statefulSettingsOf } from "../../environment/settings";

/** The port of its HTTP API. */
export const httpPort = 9090;

/** What may be written at `observability:systems.prometheus`. */
export const settings = statefulSettingsOf(
  sections([
    "global",
    "alerting",
    "rule_files",
    "scrape_configs",
    "remote_write",
    "remote_read",
    "storage",
    "otlp",
    "tracing",
    "runtime",
  ]),
).extend({
  /** Parts of the targets, each scraped by `replicas` of its own; rules across targets then run on VictoriaMetrics. */
  shards: z.int().min(1).max(50),
});

declare module "../../environment/composition" {
  interface Systems {
    readonly prometheus: z.output<typeof settings>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    all: { shards: 1 },
    local: enabledWith(1, size("100m", "256Mi", "1Gi"), "5Gi"),
    dev: enabledWith(1, size("500m", "2Gi", "3Gi"), "20Gi"),
    prod: enabledWith(2, size("2", "6Gi", "8Gi"), "50Gi"),
  },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
