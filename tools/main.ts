#!/usr/bin/env node
import { existsSync } from "node:fs";
import { extname, join } from "node:path";

/**
 * The commands, each by its name: `npx observability-stack start --env prod` for a project that has installed the package;
 * the scripts of package.json are short for `tsx tools/main.ts start`.
 */
const all = ["start", "dev", "up", "down", "status", "silence", "images", "review", "backtest"] as const;

/** Those that are here: a project with a Pulumi program of its own runs `pulumi up`, and the package has no `up`. */
const commands: readonly string[] = all.filter((each) => existsSync(join(__dirname, each + extname(__filename))));

const [, , name = "help", ...rest] = process.argv;
if (commands.includes(name)) {
  process.argv.splice(2, process.argv.length, ...rest);
  // Each command reads its arguments as soon as it is loaded.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require(`./${name}`);
} else {
  const asked = ["help", "--help", "-h"].includes(name);
  const wrong = asked ? "" : `there is no command "${name}"\n`;
  console[asked ? "log" : "error"](
    `${wrong}observability-stack <command>: ${commands.join(", ")}; each tells its flags by --help`,
  );
  process.exitCode = asked ? 0 : 2;
}
