import * as fs from "node:fs";
import * as path from "node:path";

import { withLock } from "./lock";
import { BuildFailure, checkGo, goEnvironment, prepareModule, toolKey } from "./module";
import { cacheRoot } from "./paths";
import { KitError, runLogged, tail, type Progress } from "./shell";
import { defaultTools, TOOLS, type Tool, type ToolName } from "./tools";

/** Two compilers at once keep small machines busy through each other's single-threaded link steps. */
const PARALLEL = 2;

/**
 * Absolute path of a tool's binary, built or not. The file bears the tool's own name, so that its folder can stand on
 * PATH (the engine finds its plugins by name).
 */
export function toolPath(name: ToolName): string {
  const tool: Tool = TOOLS[name];
  return path.join(cacheRoot(), "bin", name, `${tool.version}-${toolKey(tool)}`, name);
}

/** Builds what is missing of the named tools (default: all that the node and its images need). */
export async function buildTools<N extends ToolName = ToolName>(
  names: readonly N[] = defaultTools() as N[],
  progress: Progress = () => undefined,
): Promise<Record<N, string>> {
  for (const name of names) {
    if (!(name in TOOLS)) throw new KitError(`unknown tool "${name}"; known: ${Object.keys(TOOLS).join(", ")}`);
  }
  const missing = () => names.filter((name) => !fs.existsSync(toolPath(name)));
  if (missing().length > 0) {
    checkGo();
    // Asked again under the lock: another run may have built them while this one waited.
    await withLock("build", progress, async () => buildModules(missing(), progress));
  }
  return Object.fromEntries(names.map((name) => [name, toolPath(name)])) as Record<N, string>;
}

/** One queue entry is a module: its programs share packages, and one run of the compiler makes them all. */
async function buildModules(names: ToolName[], progress: Progress): Promise<void> {
  const queue = new Map<string, ToolName[]>();
  for (const name of names) {
    const { module } = TOOLS[name];
    queue.set(module, [...(queue.get(module) ?? []), name]);
  }
  const modules = [...queue.values()];
  const failures: string[] = [];
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let next = modules.shift(); next !== undefined && failures.length === 0; next = modules.shift()) {
      const begin = Date.now();
      try {
        await buildModule(next);
        done += next.length;
        const seconds = Math.round((Date.now() - begin) / 1000);
        progress(`built ${next.map(title).join(", ")} in ${seconds} s (${done} of ${names.length})`);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
  };
  progress(`building ${names.length} tools: ${names.join(", ")}`);
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  if (failures.length > 0) throw new KitError(failures.join("\n\n"));
}

const title = (name: ToolName) => `${name} ${TOOLS[name].version}`;

async function buildModule(names: readonly ToolName[]): Promise<void> {
  const first = names[0];
  if (first === undefined) return;
  const log = path.join(cacheRoot(), "log", `build-${TOOLS[first].module}.log`);
  fs.mkdirSync(path.dirname(log), { recursive: true });
  fs.rmSync(log, { force: true });
  let folder: string | undefined;
  try {
    folder = await prepareModule(TOOLS[first], log);
    await compile(names, folder, log);
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    throw new KitError(`${names.join(", ")} did not build. The end of ${log}:\n${tail(log)}`);
  } finally {
    if (folder) fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function compile(names: readonly ToolName[], folder: string, log: string): Promise<void> {
  const drafts = path.join(folder, "programs");
  const code = await runLogged("go", buildArguments(names, drafts), log, { cwd: folder, env: goEnvironment() });
  if (code !== 0) throw new BuildFailure();
  for (const name of names) {
    const target = toolPath(name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.renameSync(path.join(drafts, programName(TOOLS[name])), target);
    prune(target);
  }
}

/** Arguments of one `go build` for programs of one module, each with its own settings of the linker. */
export function buildArguments(names: readonly ToolName[], folder: string): string[] {
  const tools = names.map((name): Tool => TOOLS[name]);
  // Go takes one set of tags for a build.
  const tags = [...new Set(tools.map((tool) => tool.tags ?? ""))];
  if (tags.length > 1) throw new KitError(`programs of one module with different tags: ${names.join(", ")}`);
  return [
    "build",
    "-mod=readonly",
    "-trimpath",
    // The linker drops what a debugger reads; not writing it at all saves a tenth of the compiling, a fifth of Go's cache.
    "-gcflags=all=-dwarf=false",
    ...tools.map((tool) => `-ldflags=${tool.package}=-s -w ${tool.ldflags ?? ""}`.trimEnd()),
    ...(tags[0] ? [`-tags=${tags[0]}`] : []),
    "-o",
    `${folder}/`,
    ...tools.map((tool) => tool.package),
  ];
}

/** The name that Go gives a program: the last part of its package's path that is no major version. */
function programName({ module, package: name }: Tool): string {
  if (name === ".") return module;
  const parts = name.split("/");
  return parts.findLast((part) => !/^v\d+$/.test(part)) ?? name;
}

/** Keeps the binary before this one, for a checkout that still stands at it, and drops older ones. */
function prune(target: string): void {
  const versions = path.dirname(path.dirname(target));
  const byAge = fs
    .readdirSync(versions)
    .map((folder) => path.join(versions, folder))
    .sort((a, b) => fs.statSync(b).mtimeMs - fs.statSync(a).mtimeMs);
  for (const old of byAge.slice(2)) fs.rmSync(old, { recursive: true, force: true });
}
