import type { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { enabledWith, sections, settingsOf, size } from "../../environment/settings";

/** The port of its HTTP API. */
export const httpPort = 8080;

/** What may be written at `observability:systems.kube-state-metrics`. */
export const settings = settingsOf(sections(["flags"]));

declare module "../../environment/composition" {
  interface Systems {
    readonly "kube-state-metrics": z.output<typeof settings>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    local: enabledWith(1, size("10m", "48Mi", "256Mi")),
    dev: enabledWith(1, size("50m", "128Mi", "256Mi")),
    prod: enabledWith(1, size("100m", "256Mi", "512Mi")),
  },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
