import { join } from "node:path";
import { EnvironmentError, type Environment } from "../environment";
import { planStack } from "../stacks/plan";
import { runCommand, type Command } from "./cli";
import { fingerprint, render, write } from "./render/files";
import { renderProgram } from "./render/program";
import { projectRoot as root, readEnvironment, stackNames } from "./stack-file";
import { proofsHere } from "./render/proofs";
import { reasonLines } from "./render/sizing";
import { printed, proofsLine } from "./render/summary";

const command = {
  name: "start",
  summary: "Renders environments without a cluster, an account or a CLI, into build/<env>.",
  flags: {
    env: {
      type: "string",
      value: "local|dev|prod",
      description: "only this environment; all that have a stack file without it",
    },
  },
} as const satisfies Command;

/** What an environment's stack file says, planned once; or what is wrong with it, all of it. */
function environmentOf(name: string): Environment | string {
  try {
    const environment = readEnvironment(name, {}, root);
    planStack(environment);
    return environment;
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
}

void runCommand(command, async ({ env }) => {
  let errors = 0;
  const names = env === undefined ? stackNames(root) : [env];
  // One fault, and nothing is written: what stands in build/ stays one state of all environments.
  const read = names.map((name) => [name, environmentOf(name)] as const);
  const faults = read.flatMap(([, found]) => (typeof found === "string" ? [found] : []));
  for (const message of faults) console.error(message);
  if (faults.length > 0) return 1;
  const proofs = proofsHere(root);
  for (const [name, environment] of read) {
    if (typeof environment === "string") continue;
    const rendering = await renderProgram(root, name, environment);
    const rendered = render(rendering);
    const folder = join("build", name);
    write(join(root, folder), rendered.files);
    console.log(
      `${printed(rendered.summary, rendered.sizing)}\n${proofsLine(rendering.environment, proofs)}\n` +
        `  ${Object.keys(rendered.files).length} files in ${folder}, ${fingerprint(rendered.files)}\n`,
    );
    if (env !== undefined) console.log(`${reasonLines(rendered.sizing).join("\n")}\n`);
    errors += rendered.findings.filter(({ level }) => level === "error").length;
  }
  if (errors > 0) console.error(`${errors} errors: what was rendered does not fit together`);
  return errors > 0 ? 1 : 0;
});
