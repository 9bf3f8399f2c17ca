import type { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { enabledWith, sections, settingsOf, size } from "../../environment/settings";

/** The port of its HTTP API. */
export const httpPort = 8880;

/** What may be written at `observability:systems.vmalert`. */
export const settings = settingsOf(sections(["flags"]));

declare module "../../environment/composition" {
  interface Systems {
    readonly vmalert: z.output<typeof settings>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    local: enabledWith(1, size("10m", "32Mi", "128Mi")),
    dev: enabledWith(1, size("20m", "64Mi", "256Mi")),
    prod: enabledWith(2, size("100m", "128Mi", "512Mi")),
  },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
