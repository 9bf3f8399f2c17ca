import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runCommand, type Command } from "../../tools/cli";

const root = path.join(__dirname, "..", "..");

const command = {
  name: "test:package",
  summary:
    "Installs the package in an empty project, compiles a program against it and renders by it. Needs the registry.",
  flags: {},
} as const satisfies Command;

/** A program as somebody writes it who has installed the package, with a pack of their own. */
const program = `import * as kubernetes from "@pulumi/kubernetes";
import { ObservabilityStack, stackEnvironment } from "observability-stack";
import { resourceAttributesOf } from "observability-stack/emission";
import { policies } from "observability-stack/policies";
import { shopPack } from "./packs/shop";

const environment = stackEnvironment("local", { cluster: "shop", retention: { logs: "3d" } }, { packs: [shopPack] });
const loki: number = environment.systems.loki.replicas;
const provider = new kubernetes.Provider("cluster", { enableServerSideApply: true });
const stack = new ObservabilityStack("observability", { environment, provider });
export const { grafanaUrl, otlpGrpcEndpoint } = stack;
export const known = [loki, policies.length, typeof resourceAttributesOf];
`;

const tsconfig = {
  compilerOptions: {
    strict: true,
    module: "node16",
    target: "es2023",
    noEmit: true,
    types: ["node"],
    skipLibCheck: true,
  },
  include: ["**/*.ts"],
  exclude: ["node_modules"],
};

void runCommand(command, () => {
  const packed = run("npm", ["run", "--silent", "package"], root).trim().split("\n").at(-1) ?? "";
  const { devDependencies, dependencies } = JSON.parse(
    fs.readFileSync(path.join(root, "package.json"), "utf8"),
  ) as Record<"devDependencies" | "dependencies", Record<string, string>>;
  const size = (fs.statSync(path.join(root, packed)).size / 2 ** 20).toFixed(1);
  console.log(`${packed}: ${size} MiB`);
  const project = fs.mkdtempSync(path.join(os.tmpdir(), "fresh-project-"));
  try {
    fs.writeFileSync(path.join(project, "package.json"), JSON.stringify({ name: "fresh", private: true }));
    fs.writeFileSync(path.join(project, "tsconfig.json"), JSON.stringify(tsconfig));
    fs.writeFileSync(path.join(project, "index.ts"), program);
    copyShop(path.join(project, "packs", "shop"));
    const tools = [
      `typescript@${dependencies["typescript"] ?? ""}`,
      `@types/node@${devDependencies["@types/node"] ?? ""}`,
    ];
    run("npm", ["install", "--no-audit", "--no-fund", path.join(root, packed), ...tools], project);
    console.log("installed");
    run("npx", ["tsc"], project);
    console.log("a program with a pack of its own compiles");
    run("npx", ["observability-stack", "start", "--env", "local"], project);
    compare(project);
    return 0;
  } finally {
    fs.rmSync(project, { recursive: true, force: true });
  }
});

/** Runs a program to its end. @throws Error with everything that it said */
function run(file: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${file} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}

/** The example's pack, with the entry points of the package in place of the checkout's folders. */
function copyShop(to: string): void {
  fs.cpSync(path.join(root, "examples", "shop"), to, { recursive: true });
  for (const name of fs.readdirSync(to).filter((each) => each.endsWith(".ts"))) {
    const file = path.join(to, name);
    const text = fs
      .readFileSync(file, "utf8")
      .replace('"../../environment"', '"observability-stack"')
      .replace(/"\.\.\/\.\.\/(signals|dashboards|alerts)"/g, '"observability-stack/$1"');
    fs.writeFileSync(file, text);
  }
}

/** The package renders what the checkout renders: the same files, to the byte. */
function compare(project: string): void {
  const here = path.join(project, "build", "local");
  run("npm", ["start", "--silent", "--", "--env", "local"], root);
  const there = path.join(root, "build", "local");
  const names = (folder: string) =>
    fs
      .readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => fs.statSync(path.join(folder, name)).isFile())
      .sort();
  const [mine, theirs] = [names(here), names(there)];
  const differ = [...new Set([...mine, ...theirs])].filter(
    (name) =>
      !mine.includes(name) ||
      !theirs.includes(name) ||
      !fs.readFileSync(path.join(here, name)).equals(fs.readFileSync(path.join(there, name))),
  );
  if (mine.length === 0) throw new Error("the package renders nothing");
  if (differ.length > 0) throw new Error(`the package renders other files than the checkout: ${differ.join(", ")}`);
  console.log(`${mine.length} files rendered, all as in the checkout`);
}
