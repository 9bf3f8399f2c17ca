import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UsageError } from "../../tools/cli";
import { compareAll } from "../../tools/review/compare";
import { render, resolve, workingTree } from "../../tools/review/refs";
import { filesOf, small, type Small } from "./pair";

/** A repository whose command writes a small environment: what is tested is how two of its commits get rendered. */
const root = mkdtempSync(join(tmpdir(), "review-refs-"));
const git = (...args: string[]) =>
  execFileSync("git", ["-C", root, "-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
    encoding: "utf8",
  }).trim();

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The command of a commit: writes the files as `npm start` does. */
function start(environment: Small): string {
  return `import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
for (const [name, text] of Object.entries(${JSON.stringify(filesOf(environment))})) {
  const path = join(__dirname, "..", "build", "prod", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text as string);
}
`;
}

const commit = (message: string) => {
  git("add", "--all");
  git("commit", "--quiet", "--message", message);
};

beforeAll(() => {
  git("init", "--quiet", "--initial-branch", "main");
  write(".gitignore", "build\nnode_modules\n");
  symlinkSync(join(__dirname, "..", "..", "node_modules"), join(root, "node_modules"));
  commit("no command yet");
  git("tag", "empty");
  write("tools/start.ts", 'throw new Error("half of it is missing");\n');
  commit("broken");
  git("tag", "broken");
  write("tools/start.ts", start(small()));
  commit("works");
  git("tag", "works");
  const shorter = small();
  shorter.summary.retention["logs"] = "30d";
  write("tools/start.ts", start(shorter));
  commit("shorter");
}, 30_000);

afterAll(() => rmSync(root, { recursive: true }));

const rendered = async (ref: string) => render(root, await resolve(root, ref, "base"), undefined);

test("two commits are rendered with their own code, and leave no checkout behind", async () => {
  const [before, after] = [await rendered("works"), await rendered("main")];
  expect(before.failure).toBeUndefined();
  const [review] = compareAll(before.environments, after.environments);
  expect(review?.retention.map(({ name, before: old, after: now }) => [name, old, now])).toEqual([
    ["logs", "90d", "30d"],
  ]);
  expect(git("worktree", "list").split("\n")).toHaveLength(1);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("observability-review-"))).toEqual([]);
}, 30_000);

test("a commit that was rendered before is not rendered again", async () => {
  await rendered("works");
  const kept = join(root, "build", "review", "rendered");
  const [name = ""] = readdirSync(kept).filter((each) => each.startsWith(git("rev-parse", "works").slice(0, 16)));
  expect(existsSync(join(kept, name, "prod", "summary.json"))).toBe(true);
  writeFileSync(join(kept, name, "prod", "summary.json"), '{"cluster":"kept"}');
  expect((await rendered("works")).environments.get("prod")?.summary).toEqual({ cluster: "kept" });
  rmSync(kept, { recursive: true });
}, 30_000);

test("a commit that can't be rendered says why", async () => {
  expect((await rendered("broken")).failure).toContain("half of it is missing");
  expect((await rendered("empty")).failure).toBe("it has no tools/start.ts, which writes what is compared");
}, 30_000);

test.each(["nope", "", "--all", "main:tools/start.ts"])(
  "the ref %j, which is no commit, is a fault of the command line",
  async (ref) => {
    await expect(resolve(root, ref, "base")).rejects.toThrow(UsageError);
    await expect(resolve(root, ref, "base")).rejects.toThrow("is no commit of this repository");
  },
);

test("a dirty tree is rendered as it is, and called so", async () => {
  const dirty = small();
  dirty.summary.retention["logs"] = "1d";
  write("tools/start.ts", start(dirty));
  const state = await workingTree(root);
  expect(state.name).toMatch(/^the working tree \([0-9a-f]{7} and 1 changed file\)$/);
  const after = await render(root, state, undefined);
  expect(after.environments.get("prod")?.summary["retention"]).toMatchObject({ logs: "1d" });
  git("checkout", "--quiet", "--", ".");
  expect((await workingTree(root)).name).toMatch(/^the working tree \([0-9a-f]{7}\)$/);
}, 30_000);

test("what an earlier run left in build/ is not taken for the state of a tree that can't be rendered", async () => {
  await render(root, await workingTree(root), undefined);
  write("tools/start.ts", 'throw new Error("does not work");\n');
  await new Promise((done) => setTimeout(done, 1100));
  const after = await render(root, await workingTree(root), undefined);
  git("checkout", "--quiet", "--", ".");
  expect(after.failure).toContain("does not work");
}, 30_000);
