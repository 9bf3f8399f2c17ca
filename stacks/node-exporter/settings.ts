import type { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { enabledWith, sections, settingsOf, size } from "../../environment/settings";

/** The port of its HTTP API. */
export const httpPort = 9100;

/** What may be written at `observability:systems.node-exporter`. */
export const settings = settingsOf(sections(["flags"]));

declare module "../../environment/composition" {
  interface Systems {
    readonly "node-exporter": z.output<typeof settings>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    local: enabledWith(1, size("10m", "24Mi", "96Mi")),
    dev: enabledWith(1, size("20m", "32Mi", "128Mi")),
    prod: enabledWith(1, size("50m", "48Mi", "128Mi")),
  },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
