import type { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { enabledWith, sections, size, statefulSettingsOf } from "../../environment/settings";

/** The port of its HTTP API. */
export const httpPort = 7070;

/** What may be written at `observability:systems.versitygw`. */
export const settings = statefulSettingsOf(sections(["flags"]));

declare module "../../environment/composition" {
  interface Systems {
    readonly versitygw: z.output<typeof settings>;
  }
}

/** What stands there before anybody writes a line. */
export const defaults = {
  settings: {
    local: enabledWith(1, size("20m", "64Mi", "512Mi"), "20Gi"),
    dev: { ...enabledWith(1, size("100m", "128Mi", "512Mi"), "50Gi"), enabled: false },
    prod: { ...enabledWith(1, size("100m", "128Mi", "512Mi"), "50Gi"), enabled: false },
  },
} as const satisfies { readonly settings: ByProfile; readonly section?: ByProfile };
