import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { Pod } from "kubernetes-types/core/v1";
import { parseDocument } from "yaml";
import { project, portOf } from "../../../environment";
import { projectRoot } from "../../../tools/stack-file";
import type { Live, LiveCheck } from "../context";
import { expect, Skipped } from "../report";

export const review: LiveCheck = {
  id: 23,
  what: "a review says what a commit does",
  smoke: true,
  async run(live) {
    const check = live.report.check(this.id);
    await check.step("the same commit twice: nothing changed, in one line", sameTwice);
    const commit = await changedCommit().catch((error: unknown) => error as Error);
    const made = () => {
      if (commit instanceof Error) throw commit;
      return commit;
    };
    await check.step("another prefix in the bucket: both servers lose their history, and --fail-on fails", () =>
      elsewhere(made()),
    );
    await check.step("dashboards are drawn with what the deployed Prometheus answers", () => drawn(live, made()));
  },
};

interface Said {
  readonly status: number;
  readonly text: string;
  readonly seconds: number;
}

/** Runs a program; other checks go on meanwhile. */
function run(program: string, args: readonly string[], seconds: number): Promise<Said> {
  const begin = Date.now();
  return new Promise((resolve) => {
    const options = { cwd: projectRoot, timeout: seconds * 1000, maxBuffer: 2 ** 24 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const status = child.exitCode ?? (error ? 1 : 0);
      resolve({ status, text: `${stdout}${stderr}`.trim(), seconds: (Date.now() - begin) / 1000 });
    });
  });
}

/** The command as people give it. */
function reviewed(...args: readonly string[]): Promise<Said> {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  return run(process.execPath, ["--import", loader, path.join(projectRoot, "tools", "review.ts"), ...args], 180);
}

async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const { status, text } = await run("git", ["-C", folder, ...args], 60);
  if (status !== 0) throw new Skipped(`git ${args[0] ?? ""} does not work here: ${text}`);
  return text;
}

async function sameTwice(): Promise<string> {
  const head = await git(projectRoot, "rev-parse", "HEAD");
  const { status, text, seconds } = await reviewed(
    "--base",
    head,
    "--head",
    head,
    "--env",
    "local",
    "--fail-on",
    "low",
  );
  expect(status === 0 && text.includes("Nothing changed in local."), `exit ${status}: ${text}`);
  return `${seconds.toFixed(1)} s`;
}

async function elsewhere(commit: string): Promise<string> {
  const args = ["--base", "HEAD", "--head", commit, "--env", "local", "--fail-on", "critical"];
  const { status, text, seconds } = await reviewed(...args);
  expect(status === 1, `exit ${status} instead of 1: ${text}`);
  const comment = fs.readFileSync(path.join(projectRoot, "build", "review", "comment.md"), "utf8");
  const risks = comment.split("\n").filter((line) => line.startsWith("| critical"));
  const named = ["loki", "tempo"].every((name) => risks.some((line) => line.includes(`${name}: prefix`)));
  expect(named, `the comment does not say that both servers look elsewhere:\n${comment}`);
  const page = fs.statSync(path.join(projectRoot, "build", "review", "report.html"));
  return `${risks.length} critical risks, page of ${Math.round(page.size / 1024)} KiB, ${seconds.toFixed(1)} s`;
}

/** The pictures of dashboards that go, from the node itself: there a pod's address can be reached. */
async function drawn(live: Live, commit: string): Promise<string> {
  if (!live.hermetic) throw new Skipped("needs a way to the pods: kubectl port-forward, and --prometheus");
  const pods = await live.cluster.list<Pod>(`/api/v1/namespaces/${live.namespaces[0]}/pods`);
  const address = pods.find(({ metadata }) => metadata?.name === "prometheus-0")?.status?.podIP;
  expect(address !== undefined, "there is no pod prometheus-0");
  const url = `http://${address}:${portOf(live.environment, "prometheus")}`;
  const { status, text, seconds } = await reviewed(
    ...["--base", "HEAD", "--head", commit, "--env", "local", "--prometheus", url],
  );
  expect(status === 0, `exit ${status}: ${text}`);
  const read = (name: string) => fs.readFileSync(path.join(projectRoot, "build", "review", name), "utf8");
  const { answers } = JSON.parse(read("data.json")) as { answers: Record<string, { result: unknown[] }> };
  const all = Object.values(answers);
  const told = all.filter(({ result }) => result.length > 0).length;
  const lines = read("report.html").split('class="line ').length - 1;
  expect(told > 0 && lines > 0, `${told} of ${all.length} queries have data, ${lines} lines are drawn`);
  return `${told} of ${all.length} queries have data, ${lines} lines, ${seconds.toFixed(1)} s`;
}

/** A commit on top of HEAD that no branch knows: the servers look for their data elsewhere, hosts are not watched. */
async function changedCommit(): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "review-check-"));
  const tree = path.join(folder, "tree");
  try {
    await git(projectRoot, "worktree", "add", "--detach", "--quiet", tree, "HEAD");
    const file = path.join(tree, "Pulumi.local.yaml");
    const settings = parseDocument(fs.readFileSync(file, "utf8"));
    settings.setIn(["config", `${project}:storage`], { prefix: "elsewhere" });
    settings.setIn(["config", `${project}:systems`], { "node-exporter": { enabled: false } });
    fs.writeFileSync(file, settings.toString());
    const who = ["-c", "user.name=e2e", "-c", "user.email=e2e@example.com", "-c", "commit.gpgsign=false"];
    await git(tree, ...who, "commit", "--quiet", "--all", "--no-verify", "--message", "Look for logs elsewhere");
    return await git(tree, "rev-parse", "HEAD");
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
    await git(projectRoot, "worktree", "prune");
  }
}
