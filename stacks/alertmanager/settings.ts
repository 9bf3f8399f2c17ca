import type { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { enabledWith, sections, size, statefulSettingsOf } from "../../environment/settings";

/** The port of its HTTP API. */
export const httpPort = 9093;

/** What may be written at `observability:systems.alertmanager`. */
export const settings = statefulSettingsOf(
  sections(["global", "route", "receivers", "inhibit_rules", "templates", "time_intervals", "tracing"]),
);

declare module "../../environment/composition" {
  interface Systems {
    readonly alertmanager: z.output<typeof settings>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    local: enabledWith(1, size("10m", "32Mi", "128Mi"), "1Gi"),
    dev: enabledWith(1, size("20m", "64Mi", "128Mi"), "1Gi"),
    prod: enabledWith(2, size("100m", "200Mi", "400Mi"), "2Gi"),
  },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
