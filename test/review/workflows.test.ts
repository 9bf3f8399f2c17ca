import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { testWith } from "../support/programs";

const folder = join(__dirname, "..", "..", ".github", "workflows");
const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));

interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}
interface Job {
  permissions?: Record<string, string>;
  environment?: string;
  "timeout-minutes"?: number;
  steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}
const workflows = new Map(
  files.map((name) => [name, parse(readFileSync(join(folder, name), "utf8")) as Workflow] as const),
);
const jobs = [...workflows].flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, job]) => [`${file} ${name}`, job] as const),
);

test.each(files)("%s: every action is pinned by a commit, with its release beside it", (name) => {
  const lines = readFileSync(join(folder, name), "utf8").split("\n");
  const uses = lines.filter((line) => /^\s*-?\s*uses:/.test(line));
  expect(uses.length).toBeGreaterThan(0);
  for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test.each([...workflows])("%s: reads by default, and what may write is named", (_, { permissions, jobs }) => {
  expect(permissions).toEqual({ contents: "read" });
  for (const { permissions: own = {} } of Object.values(jobs)) {
    const written = Object.entries(own).filter(([, level]) => level === "write");
    for (const [scope] of written) expect(["id-token", "pull-requests"]).toContain(scope);
  }
});

test.each(jobs)("%s: has a limit of time, and leaves no token in the checkout", (_, job) => {
  expect(job["timeout-minutes"]).toBeGreaterThan(0);
  for (const { uses = "", with: given = {} } of job.steps)
    if (uses.startsWith("actions/checkout@")) expect(given["persist-credentials"]).toBe(false);
});

test.each(jobs)("%s: whoever gets cloud credentials belongs to an environment, which asks for approval", (_, job) => {
  const isCloud = job.steps.some(({ uses = "" }) => uses.startsWith("aws-actions/configure-aws-credentials@"));
  expect(isCloud).toBe(job.permissions?.["id-token"] === "write");
  if (isCloud) expect(job.environment).toMatch(/^\$\{\{ matrix\.env \}\}(-preview)?$/);
});

test.each(jobs)("%s: no text that strangers write gets into a script", (_, job) => {
  // A title or the name of a branch within ${{ }} of a script would run as one.
  for (const { run = "" } of job.steps) expect(run).not.toContain("${{");
});

testWith("actionlint", "actionlint finds nothing", (actionlint) => {
  const paths = files.map((name) => join(folder, name));
  const { status, stdout, stderr } = spawnSync(actionlint, ["-no-color", "-shellcheck=", ...paths], {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(`${stdout}${stderr}`).toBe("");
  expect(status).toBe(0);
});
