import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { attempt } from "../../tools/testbed/shell";
import { projectRoot, type Settings } from "../../tools/stack-file";
import type { Target } from "../../tools/engine/target";
import { withFolder } from "../../tools/engine/toolchain";

/** What a command printed, both streams as they came, and its exit code. */
export interface Said {
  readonly code: number;
  readonly text: string;
}

/**
 * A fresh clone of this repository's newest commit, with the ordinary CLI in it: what somebody has who follows the README
 * and knows Pulumi. Its state is a folder that goes with it.
 */
export class OrdinaryProject {
  private readonly root = fs.mkdtempSync(path.join(os.tmpdir(), "ordinary-"));
  readonly folder = path.join(this.root, "project");

  /** Folders before PATH, with the CLI, its plugins and its language host where they are not installed. */
  private readonly tools: string[] = [];

  constructor(private readonly target: Target) {
    const cloned = attempt("git", ["clone", "--quiet", "--no-hardlinks", projectRoot, this.folder]);
    if (cloned.code !== 0) throw new Error(`git clone: ${cloned.stderr}`);
    fs.mkdirSync(path.join(this.root, "state"));
  }

  /** Puts a folder before PATH. */
  use(folder: string): void {
    this.tools.push(folder);
  }

  /** Runs a command in the clone. @param seconds after which it is ended */
  run(seconds: number, program: string, ...args: readonly string[]): Promise<Said> {
    const child = spawn(program, args, {
      cwd: this.folder,
      env: this.environment(),
      stdio: ["ignore", "pipe", "pipe"],
      timeout: seconds * 1000,
    });
    const parts: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => parts.push(data.toString()));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) =>
        resolve({ code: code ?? (signal === null ? 1 : 124), text: parts.join("") }),
      );
    });
  }

  /** Runs `pulumi` and returns what it printed. @throws Error with the end of it when the exit code is not 0 */
  async pulumi(seconds: number, ...args: readonly string[]): Promise<string> {
    const { code, text } = await this.run(seconds, "pulumi", ...args, "--non-interactive");
    if (code !== 0) throw new Error(`pulumi ${args[0]} ${args[1] ?? ""}: exit ${code}\n${text.slice(-2500)}`);
    return text;
  }

  /** The text of a file of the clone. */
  read(file: string): string {
    return fs.readFileSync(path.join(this.folder, file), "utf8");
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  private environment(): NodeJS.ProcessEnv {
    const PATH = this.tools.reduceRight(
      (before, folder) => withFolder(folder, { PATH: before }),
      process.env["PATH"] ?? "",
    );
    return {
      ...process.env,
      PATH,
      KUBECONFIG: this.target.kubeconfig,
      PULUMI_BACKEND_URL: `file://${path.join(this.root, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "a stack of minutes",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
  }
}

/** Settings as `pulumi config set-all --path` takes them: `observability:images.overrides.node=…`, one for each value. */
export function assignments(settings: Settings, prefix = "observability:"): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => assigned(`${prefix}${segment(name, prefix)}`, value));
}

function assigned(key: string, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => assigned(`${key}[${index}]`, each));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, each]) => assigned(`${key}${segment(name, key)}`, each));
  }
  return [`${key}=${String(value)}`];
}

/** One step of a path: `.name`, or `["a.name"]` where the name has a dot of its own. */
function segment(name: string, before: string): string {
  if (/^[\w-]+$/.test(name)) return before.endsWith(":") ? name : `.${name}`;
  return `["${name}"]`;
}
