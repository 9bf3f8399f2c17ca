import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runCommand, type Command } from "../../tools/cli";
import { programHere } from "../../tools/testbed/programs";

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
  holdsNoSource(path.join(root, packed));
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
    run("npx", ["observability-stack", "start"], project);
    compare(project);
    tryCommands(project);
    return 0;
  } finally {
    fs.rmSync(project, { recursive: true, force: true });
  }
});

/**
 * Runs a program to its end.
 * @param code the exit code that it is to have
 * @returns what it said: on stdout when all is well, else on both
 * @throws Error with everything that it said
 */
function run(file: string, args: readonly string[], cwd: string, code = 0): string {
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== code)
    throw new Error(`${file} ${args.join(" ")} ended with ${status ?? "a signal"}:\n${stdout}${stderr}`);
  return code === 0 ? stdout : `${stdout}${stderr}`;
}

/** Whoever installs the package compiles nothing: JavaScript and its declarations, texts, sums of programs. */
function holdsNoSource(tarball: string): void {
  const files = run("tar", ["-tzf", tarball], root).trim().split("\n");
  const others = files.filter((name) => !/\.(js|mjs|d\.ts|md|json|mod|sum)$|\/LICENSE$/.test(name));
  if (others.length > 0) throw new Error(`the package holds ${others.join(", ")}`);
}

/** The package's commands, each as somebody types it in a project that is a repository. */
function tryCommands(project: string): void {
  const command = (args: readonly string[], code = 0) => run("npx", ["observability-stack", ...args], project, code);
  const says = (text: string, said: string) => {
    if (!said.includes(text)) throw new Error(`it does not say ${JSON.stringify(text)}:\n${said}`);
  };
  says(": start, status, silence, images, review, backtest;", command([]));
  says('there is no command "up"', command(["up"], 2));
  says("npx observability-stack images [FLAGS]", command(["images", "--help"]));
  says("/prometheus/prometheus:", command(["images", "--plain"]));

  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], project);
  fs.writeFileSync(path.join(project, ".gitignore"), "build\nnode_modules\n");
  fs.writeFileSync(path.join(project, "Pulumi.local.yaml"), 'config:\n  observability:retention: { logs: "7d" }\n');
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "seven days of logs");
  fs.writeFileSync(path.join(project, "Pulumi.local.yaml"), 'config:\n  observability:retention: { logs: "3d" }\n');
  says("Risks: 1 high", command(["review", "--base", "HEAD"]));
  says("logs", fs.readFileSync(path.join(project, "build", "review", "comment.md"), "utf8"));

  backtest(project, command, says);

  says("npx observability-stack status --context NAME", command(["status"], 2));
  says("fix: ", command(["status", "--context", "nobody"], 1));
  says("no Alertmanager answers", command(["silence", "--url", "http://127.0.0.1:9"], 1));
  console.log("its commands run: start, images, review, backtest; status and silence name who does not answer");
}

/** Half an hour in which a target is down, replayed; without the programs the command says which are missing. */
function backtest(
  project: string,
  command: (args: readonly string[], code?: number) => string,
  says: (text: string, said: string) => void,
): void {
  const begin = Date.parse("2026-11-29T10:00:00Z");
  const times = Array.from({ length: 120 }, (_, index) => begin + index * 15_000);
  const metric = { __name__: "up", cluster: "local", job: "loki", namespace: "observability", instance: "loki-0" };
  const series = { metric, values: times.map((_, index) => (index < 20 ? 1 : 0)), timestamps: times };
  fs.writeFileSync(path.join(project, "history.jsonl"), `${JSON.stringify(series)}\n`);
  const args = ["backtest", "--alert", "TargetDown", "--data", "history.jsonl"];
  if (programHere("vmalert") === undefined || programHere("victoria-metrics") === undefined)
    says("in a checkout of the stack", command(args, 1));
  else says("TargetDown", command(args));
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
