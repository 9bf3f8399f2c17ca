import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentFlag, runCommand, UsageError, type Command } from "./cli";
import { serveChanges, type Shown } from "./dev/server";
import { projectRoot as root, readEnvironment } from "./stack-file";

const command = {
  name: "dev",
  summary: "Renders an environment whenever something changes, and shows its report in the browser, until you stop it.",
  flags: {
    env: environmentFlag,
    port: { type: "string", value: "NUMBER", description: "where the browser finds it", default: "4400" },
  },
} as const satisfies Command;

/** Everything that a rendering is made from. */
const sources = [
  "alerts",
  "dashboards",
  "docs/runbooks",
  "environment",
  "examples",
  "packs",
  "policies",
  "signals",
  "stacks",
];

/** Packs that the stack file names by a path, as it stands when the command begins. */
function packsByPath(env: string): string[] {
  try {
    return readEnvironment(env).packs.filter((name) => name.includes("/"));
  } catch {
    return [];
  }
}

/** In a process of its own: what has changed is loaded anew. */
const render = (env: string): Promise<Shown> =>
  new Promise((resolve) => {
    const args = ["--import", "tsx", join(root, "tools", "start.ts"), "--env", env];
    execFile(process.execPath, args, { cwd: root, maxBuffer: 1 << 26 }, (failed, _stdout, stderr) => {
      const page = join(root, "build", env, "report.html");
      resolve(failed ? { faults: stderr } : { page: readFileSync(page, "utf8") });
    });
  });

void runCommand(command, async ({ env, port }) => {
  if (!/^\d{1,5}$/.test(port)) throw new UsageError(`--port ${port} is no port`);
  const watched = [
    ...[...sources, ...packsByPath(env)]
      .map((name) => ({ folder: join(root, name) }))
      .filter(({ folder }) => existsSync(folder)),
    { folder: root, only: new RegExp(`^Pulumi\.${env}\.yaml$`) },
  ];
  const done = (shown: Shown, seconds: number) =>
    console.log("page" in shown ? `rendered in ${seconds.toFixed(1)} s` : shown.faults.trimEnd());
  const server = await serveChanges({ watched, render: () => render(env), port: Number(port), done });
  console.log(`${server.url} shows ${env}; it follows every change of the sources. Ctrl-C ends it.`);
  await new Promise<void>((resolve) => process.once("SIGINT", resolve));
  server.close();
  return 0;
});
