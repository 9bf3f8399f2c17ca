import type { System } from "../../environment/system";
import { images } from "./images";
import { planPhoenix } from "./plan";
import { rules } from "./rules";
import { defaults, httpPort, settings } from "./settings";

/** The demo application, which sends every kind of signal. */
export const phoenix: System = {
  name: "phoenix",
  purpose: "a small application to look at: the demo",
  stages: ["metrics", "logs", "traces"],
  // What watches it is a pack: without it nobody would look.
  when: ({ composition }) => composition.packs.some(({ name }) => name === "phoenix"),
  port: httpPort,
  main: "api",
  // No part of the stack: in a namespace as a team's own would be.
  namespace: ({ namespace }) => `${namespace}-phoenix`,
  // It sends OTLP: nothing is scraped.
  jobs: () => [],
  images,
  settings,
  defaults,
  rules,
  plan: planPhoenix,
};
