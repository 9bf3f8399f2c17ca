import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { installed, typed, UsageError } from "../cli";
import { count } from "../report/html";
import { environmentsIn, readEnvironment, type RenderedEnvironment } from "./rendered";

const run = promisify(execFile);

/** A state of the project that gets rendered. */
export interface State {
  /** What people call it: `main (3f03f5d)`, `the working tree`. */
  readonly name: string;
  /** Undefined for the working tree. */
  readonly commit: string | undefined;
}

export interface RenderedState extends State {
  readonly environments: ReadonlyMap<string, RenderedEnvironment>;
  /** Why it could not be rendered. */
  readonly failure: string | undefined;
  /** What a reader should know of how it was rendered. */
  readonly notes: readonly string[];
}

async function git(root: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("git", ["-C", root, ...args], { maxBuffer: 64 * 2 ** 20, timeout: 60_000 });
  return stdout.trim();
}

/** @throws UsageError when there is no such commit */
export async function resolve(root: string, ref: string, flag: string): Promise<State> {
  try {
    const commit = await git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
    const short = commit.slice(0, 7);
    return { name: commit.startsWith(ref) ? short : `${ref} (${short})`, commit };
  } catch {
    throw new UsageError(
      `${typed("review")}: --${flag} ${JSON.stringify(ref)} is no commit of this repository\nfetch it first (git fetch origin), or look for its name: git branch --all, git tag`,
    );
  }
}

/** The working tree as it is, changes that nobody committed included. */
export async function workingTree(root: string): Promise<State & { readonly dirty: readonly string[] }> {
  const lines = (await git(root, "status", "--porcelain", "--untracked-files=normal")).split("\n").filter(Boolean);
  const dirty = lines.map((line) => line.slice(3));
  const head = (await git(root, "rev-parse", "--short", "HEAD")).trim();
  const name =
    dirty.length === 0
      ? `the working tree (${head})`
      : `the working tree (${head} and ${count(dirty.length, "changed file")})`;
  return { name, commit: undefined, dirty };
}

/** How long one rendering may take, in milliseconds: ten times what all environments take on two slow cores. */
const patience = 180_000;

/**
 * Renders a state with its own code, in a process of its own. A commit is checked out in a temporary folder, with the
 * packages that are installed here, and kept under `build/review/rendered`: it never changes.
 * @param environment only this one; all without it
 */
export async function render(root: string, state: State, environment: string | undefined): Promise<RenderedState> {
  if (state.commit === undefined) return await rendered(state, root, environment, join(root, "build"), []);
  const key = `${state.commit.slice(0, 16)}-${packages(root)}-${environment ?? "all"}`;
  const kept = join(root, "build", "review", "rendered", key);
  const notes = await packageNotes(root, state.commit);
  if (existsSync(kept)) return { ...state, environments: read(kept, environment, 0), failure: undefined, notes };
  const temporary = mkdtempSync(join(tmpdir(), "observability-review-"));
  try {
    await git(root, "worktree", "add", "--detach", "--quiet", join(temporary, "tree"), state.commit);
    // The project may be a folder of its repository.
    const tree = join(temporary, "tree", await git(root, "rev-parse", "--show-prefix"));
    if (!existsSync(tree)) return { ...nothingOf(state, notes), failure: "it has no such folder" };
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
    const result = await rendered(state, tree, environment, join(tree, "build"), notes);
    if (result.failure === undefined) keep(join(tree, "build"), kept);
    return result;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    await git(root, "worktree", "prune").catch(() => undefined);
  }
}

/** Copied aside and renamed: whoever interrupts leaves no half of it behind. */
function keep(build: string, kept: string): void {
  const half = `${kept}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  for (const name of environmentsIn(build)) cpSync(join(build, name), join(half, name), { recursive: true });
  rmSync(kept, { recursive: true, force: true });
  renameSync(half, kept);
}

const nothingOf = (state: State, notes: readonly string[]) => ({
  ...state,
  environments: new Map<string, RenderedEnvironment>(),
  notes,
});

/**
 * What renders a state, as arguments of Node: its own code, or in a project that has installed the package the package, as
 * it is installed here.
 */
function commandIn(tree: string): readonly string[] | undefined {
  const own = join(tree, "tools", "start.ts");
  if (existsSync(own)) return [join(tree, "node_modules", "tsx", "dist", "cli.mjs"), own];
  return installed ? [join(__dirname, "..", "main.js"), "start"] : undefined;
}

async function rendered(
  state: State,
  tree: string,
  environment: string | undefined,
  build: string,
  notes: readonly string[],
): Promise<RenderedState> {
  const nothing = nothingOf(state, notes);
  const start = commandIn(tree);
  if (start === undefined) return { ...nothing, failure: "it has no tools/start.ts, which writes what is compared" };
  const since = Date.now();
  let said = "";
  try {
    await run(process.execPath, [...start, ...(environment === undefined ? [] : ["--env", environment])], {
      cwd: tree,
      timeout: patience,
      maxBuffer: 64 * 2 ** 20,
    });
  } catch (error) {
    const { stderr = "", killed = false } = error as { stderr?: string; killed?: boolean };
    said = killed ? `it took longer than ${patience / 1000} s` : lastWords(stderr, tree);
  }
  // It also ends with an error when it wrote everything and the parts don't fit: that is worth comparing.
  const environments = read(build, environment, since);
  if (environments.size === 0) return { ...nothing, failure: said === "" ? "it wrote nothing" : said };
  return { ...state, environments, failure: undefined, notes: said === "" ? notes : [...notes, said] };
}

/** What a failed command said, without the parts that only its developers read. */
function lastWords(stderr: string, tree: string): string {
  const lines = stderr
    .replaceAll(`${tree}/`, "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^npm warn|^\s+at |^Node\.js v/.test(line));
  return lines.slice(0, 20).join("\n");
}

/** @param since milliseconds; what is older is of an earlier run */
function read(build: string, environment: string | undefined, since: number): Map<string, RenderedEnvironment> {
  const fresh = (name: string) => statSync(join(build, name, "summary.json")).mtimeMs >= since - 1000;
  const names = environmentsIn(build).filter(
    (name) => (environment === undefined || name === environment) && fresh(name),
  );
  return new Map(names.map((name) => [name, readEnvironment(name, join(build, name))]));
}

/** Tells one set of installed packages from another. */
function packages(root: string): string {
  const lock = join(root, "package-lock.json");
  const text = existsSync(lock) ? readFileSync(lock, "utf8") : "";
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

async function packageNotes(root: string, commit: string): Promise<string[]> {
  const own = await git(root, "show", `${commit}:./package-lock.json`).catch(() => "");
  const here = existsSync(join(root, "package-lock.json"))
    ? readFileSync(join(root, "package-lock.json"), "utf8").trim()
    : "";
  return own === here
    ? []
    : [`${commit.slice(0, 7)} locks other packages than those installed, with which it was rendered`];
}
