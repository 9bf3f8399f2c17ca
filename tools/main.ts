#!/usr/bin/env node
/** The commands of the package, for a project that has installed it: `npx observability-stack start --env prod`. */

const commands = ["start", "images"] as const;

const [, , name = "help", ...rest] = process.argv;
if ((commands as readonly string[]).includes(name)) {
  process.argv.splice(2, process.argv.length, ...rest);
  // Each command reads its arguments as soon as it is loaded.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require(`./${name}`);
} else {
  console.log(`observability-stack <command>: ${commands.join(", ")}; each tells its flags by --help`);
  process.exitCode = name === "help" || name === "--help" ? 0 : 2;
}
