import { join } from "node:path";
import { profileNames } from "../environment";
import { runCommand, type Command } from "./cli";
import { fingerprint, render, write } from "./render/files";
import { renderProgram } from "./render/program";
import { printed } from "./render/summary";

const root = join(__dirname, "..");

const command = {
  name: "start",
  summary: "Renders environments without a cluster, an account or a CLI, into build/<env>.",
  flags: {
    env: { type: "string", value: "local|dev|prod", description: "only this environment; all three without it" },
  },
} as const satisfies Command;

void runCommand(command, async ({ env }) => {
  let errors = 0;
  for (const name of env === undefined ? profileNames : [env]) {
    const rendered = render(await renderProgram(root, name));
    const folder = join("build", name);
    write(join(root, folder), rendered.files);
    console.log(
      `${printed(rendered.summary)}\n  ${Object.keys(rendered.files).length} files in ${folder}, ${fingerprint(rendered.files)}\n`,
    );
    errors += rendered.findings.filter(({ level }) => level === "error").length;
  }
  if (errors > 0) console.error(`${errors} errors: what was rendered does not fit together`);
  return errors > 0 ? 1 : 0;
});
