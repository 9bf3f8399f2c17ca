import { planStack, type StackPlan } from "../stacks";
import { workloadName } from "../stacks/kubernetes";
import { environmentFlag, runCommand, type Command } from "./cli";
import { readEnvironment } from "./stack-file";
import { table } from "./render/summary";

const command = {
  name: "images",
  summary: "Lists every image of an environment, as the manifests name it: what a mirror has to hold.",
  flags: {
    env: environmentFlag,
    plain: { type: "boolean", description: "one reference a line and nothing else, for scripts" },
  },
} as const satisfies Command;

void runCommand(command, ({ env, plain }) => {
  const environment = readEnvironment(env);
  const images = workloadsByImage(planStack(environment));
  if (plain) {
    for (const reference of images.keys()) console.log(reference);
    return 0;
  }
  const { mirror } = environment.images;
  console.log(`${env}: ${images.size} images${mirror === undefined ? "" : `, from the mirror ${mirror}`}`);
  console.log(
    table(
      ["image", "used by"],
      [...images].map(([reference, workloads]) => [reference, workloads.join(", ")]),
    ),
  );
  return 0;
});

/** The workloads that run each image, sidecars included; images in alphabetical order. */
function workloadsByImage(plan: StackPlan): ReadonlyMap<string, readonly string[]> {
  const uses = plan.systems
    .flatMap(({ workloads }) => workloads)
    .flatMap((args) => {
      const sidecars = (args.sidecars ?? []).map(({ image, name }) => [image ?? "", `${workloadName(args)} (${name})`]);
      return [[args.image, workloadName(args)], ...sidecars] as [string, string][];
    })
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const found = new Map<string, string[]>();
  for (const [reference, workload] of uses) found.set(reference, [...(found.get(reference) ?? []), workload]);
  return found;
}
