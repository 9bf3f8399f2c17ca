import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { spawnSync } from "node:child_process";
import { EngineError } from "./errors";

/** The CLI that drives the engine. */
export interface Toolchain {
  /** Folder put before PATH, with `pulumi` and plugins in it; absent where PATH already has them. */
  readonly folder?: string;
  readonly version: string;
}

/**
 * The oldest CLI that is taken. The Automation API's own minimum (3.2) is far too low: a CLI before 3.181 cannot destroy
 * what a program in this process made, as the API finds out only then. 3.200 is a round number above that; the kit's
 * 3.250 is what the live suite runs.
 */
const minimumPulumi = "3.200.0";

/** Plugins that the engine starts, at the version of the packages that the program imports. */
export type PluginName = "kubernetes" | "aws";

const INSTALL = "install it: https://www.pulumi.com/docs/iac/download-install/ (brew, apt, winget or the script)";

/**
 * Finds the CLI and the plugins before anything else is tried.
 * @param plugins which plugins this environment needs
 * @throws EngineError when one is missing or too old
 */
export function findToolchain(
  plugins: readonly PluginName[],
  folder?: string,
  environment: NodeJS.ProcessEnv = process.env,
): Toolchain {
  const env = folder === undefined ? environment : { ...environment, PATH: withFolder(folder, environment) };
  const version = cliVersion(env);
  if (compareVersions(version, minimumPulumi) < 0) {
    throw new EngineError(`the pulumi CLI is too old: ${version}`, {
      reason: `${minimumPulumi} or newer is needed`,
      fix: `upgrade it: https://www.pulumi.com/docs/iac/download-install/, or put a newer one first on PATH`,
    });
  }
  const installed = plugins.length === 0 ? [] : installedPlugins(env);
  for (const name of plugins) checkPlugin(name, installed, env);
  return { version, ...(folder === undefined ? {} : { folder }) };
}

/** PATH with a folder before it. */
export function withFolder(folder: string, environment: NodeJS.ProcessEnv = process.env): string {
  return [folder, environment["PATH"]].filter(Boolean).join(path.delimiter);
}

function cliVersion(env: NodeJS.ProcessEnv): string {
  const said = run(["version"], env);
  if (said.error !== undefined) {
    throw new EngineError("the pulumi CLI is not installed", {
      reason: "there is no program `pulumi` on PATH",
      fix: `${INSTALL}; or use --hermetic, which builds one`,
    });
  }
  const version = /v?(\d+\.\d+\.\d+\S*)/.exec(said.stdout)?.[1];
  if (version === undefined) {
    throw new EngineError("the program `pulumi` on PATH says no version", {
      reason: (said.stdout + said.stderr).trim() || "it printed nothing",
      fix: INSTALL,
    });
  }
  return version;
}

interface InstalledPlugin {
  readonly name: string;
  readonly kind: string;
  readonly version?: string;
}

function installedPlugins(env: NodeJS.ProcessEnv): InstalledPlugin[] {
  const said = run(["plugin", "ls", "--json"], env);
  try {
    return (JSON.parse(said.stdout) as InstalledPlugin[] | null) ?? [];
  } catch {
    throw new EngineError("the pulumi CLI cannot list its plugins", { reason: said.stderr || said.stdout });
  }
}

/** The engine takes a plugin of exactly the package's version, or whatever stands on PATH under its name. */
function checkPlugin(name: PluginName, installed: readonly InstalledPlugin[], env: NodeJS.ProcessEnv): void {
  const wanted = packageVersion(name);
  const own = installed.filter((plugin) => plugin.kind === "resource" && plugin.name === name);
  if (own.some(({ version }) => version === wanted) || onPath(`pulumi-resource-${name}`, env)) return;
  const versions = own.map(({ version }) => version).join(", ");
  throw new EngineError(`the ${name} plugin of pulumi is missing${versions ? " in the version that is needed" : ""}`, {
    reason: versions ? `${wanted} is needed, installed: ${versions}` : `${wanted} is needed, none is installed`,
    fix: `pulumi plugin install resource ${name} v${wanted}`,
  });
}

function packageVersion(name: PluginName): string {
  const file = require.resolve(`@pulumi/${name}/package.json`);
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version.replace(/^v/, "");
}

function onPath(program: string, env: NodeJS.ProcessEnv): boolean {
  const file = os.platform() === "win32" ? `${program}.exe` : program;
  return (env["PATH"] ?? "").split(path.delimiter).some((folder) => fs.existsSync(path.join(folder, file)));
}

function run(args: string[], env: NodeJS.ProcessEnv): { stdout: string; stderr: string; error?: Error } {
  const result = spawnSync("pulumi", args, {
    encoding: "utf8",
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 30_000,
  });
  return { stdout: result.stdout ?? "", stderr: result.stderr ?? "", ...(result.error ? { error: result.error } : {}) };
}

/** Compares the numbers of two versions; what follows a hyphen is left out. */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => (version.split("-")[0] ?? "").split(".").map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
