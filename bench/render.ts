import { pathToFileURL } from "node:url";
import { profileNames } from "../environment";
import { planStack } from "../stacks";
import { readEnvironment } from "../tools/stack-file";
import { median, secondsOf, type Figure, type Measured } from "./measure";

/** Seconds for all three environments, rendered and checked, on a machine whose floor is 0.6 s: five times the floor. */
const GOAL = 3;
const GOAL_NOTE = "the goal is for a machine with a floor of 0.6 s: × 5";

/**
 * Rendering as people start it, each time in a process of its own, against a process that only imports Pulumi: nothing
 * that runs a Pulumi program can be faster. Rounds go over all cases, so that a slow moment of the machine meets all.
 */
export function renderTimes(root: string, rounds: number): Measured {
  const start = ["--import", pathToFileURL(require.resolve("tsx")).href, "tools/start.ts"];
  const cases = new Map<string, readonly string[]>([
    ["floor", ["-e", 'require("@pulumi/pulumi")']],
    ["providers", ["-e", 'require("@pulumi/pulumi"); require("@pulumi/kubernetes"); require("@pulumi/aws")']],
    ...profileNames.map((name) => [name, [...start, "--env", name]] as const),
    ["all", start],
  ]);
  const times = new Map([...cases.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of cases) times.get(name)?.push(secondsOf(args, root));
  }
  const value = (name: string) => median(times.get(name) ?? []);
  const floor = value("floor");
  const figure = (id: string, what: string, rest: Partial<Figure> = {}): Figure => {
    return { id: `render.${id}`, what, value: value(id), unit: "s", ratio: value(id) / floor, ...rest };
  };
  return {
    figures: [
      figure("floor", "floor: Node.js and the import of Pulumi"),
      figure("providers", "the same and the packages of both providers"),
      ...profileNames.map((name) => figure(name, `npm start -- --env ${name}, without npm itself`)),
      figure("all", "npm start, all environments with checks, without npm itself", { goal: GOAL, note: GOAL_NOTE }),
    ],
    missing: [],
  };
}

/** Deciding alone: from the environment to the plan, in this process, once everything is loaded and warm. */
export function planTimes(rounds: number): Measured {
  const figures = profileNames.map((name): Figure => {
    const environment = readEnvironment(name);
    const times = Array.from({ length: rounds + 3 }, () => {
      const begin = process.hrtime.bigint();
      planStack(environment);
      return Number(process.hrtime.bigint() - begin) / 1e6;
    });
    return { id: `plan.${name}`, what: `plan of ${name} alone`, value: median(times.slice(3)), unit: "ms" };
  });
  return { figures, missing: [] };
}
