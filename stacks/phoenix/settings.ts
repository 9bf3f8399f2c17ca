import { z } from "zod";
import type { ByProfile } from "../../environment/profile";
import { enabledWith, sections, settingsOf, size } from "../../environment/settings";
import { decimalFrom, duration, ratio } from "../../environment/values";

/** The port of its HTTP API. */
export const httpPort = 8080;

/** The agents of the demo application. */
export const phoenixAgents = ["git", "llm-router", "obsidian"] as const;

/** What may be written at `observability:systems.phoenix`. */
export const settings = settingsOf(sections(["env"])).extend({
  load: z.strictObject({
    /** Plans that the demo's users begin each second; each makes about ten requests. 0: nobody comes. */
    plansPerSecond: decimalFrom(0, 20),
  }),
  /** What goes wrong on purpose until somebody switches it at run time (`node phoenix.js faults`). */
  faults: z.strictObject({
    /** Share of the demo's requests and calls to its agents that fail, 0..1. */
    errors: ratio,
    /** Added to each request and call. @default none */
    latency: duration.optional(),
    /** How many times `plansPerSecond`. */
    load: decimalFrom(0, 50),
    /** Share of lookups that the demo's cache does not answer although it could, 0..1. */
    misses: ratio,
    /** Agents of the demo that refuse to work. */
    down: z.array(z.enum(phoenixAgents)),
  }),
});

declare module "../../environment/composition" {
  interface Systems {
    readonly phoenix: z.output<typeof settings>;
  }
}

/** What stands there before anybody writes a line: it is off outside of `local`, and where it is on nothing is wrong. */
export const defaults = {
  settings: {
    all: {
      ...enabledWith(1, size("5m", "32Mi", "128Mi")),
      enabled: false,
      load: { plansPerSecond: 1 },
      faults: { errors: 0, load: 1, misses: 0, down: [] },
    },
    local: { enabled: true },
  },
} as const satisfies { readonly settings: ByProfile };
