import type { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { enabledWith, sections, size, statefulSettingsOf } from "../../environment/settings";

/** The port of its HTTP API. */
export const httpPort = 8429;

/** What may be written at `observability:systems.vmagent`. */
export const settings = statefulSettingsOf(sections(["flags"]));

declare module "../../environment/composition" {
  interface Systems {
    readonly vmagent: z.output<typeof settings>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    local: enabledWith(1, size("20m", "64Mi", "256Mi"), "1Gi"),
    dev: enabledWith(1, size("100m", "256Mi"), "10Gi"),
    prod: enabledWith(2, size("500m", "512Mi", "1Gi"), "20Gi"),
  },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
