import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { plannedJobs, type PlannedJob } from "../../tools/workflows/plan";
import { runJob } from "../../tools/workflows/run";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "workflows-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** The jobs of one workflow. */
function planOf(jobs: object, contexts: Record<string, string> = {}): PlannedJob[] {
  const place = join(folder, "workflows");
  mkdirSync(place);
  writeFileSync(join(place, "a.yml"), stringify({ on: "push", jobs }));
  return plannedJobs(place, contexts);
}

describe("what runs", () => {
  const needsOf = (step: object, contexts = {}) => planOf({ a: { steps: [step] } }, contexts)[0]?.steps[0]?.needs;

  test.each<[string, object, string | undefined]>([
    ["a script", { run: "npm ci" }, undefined],
    ["what is known", { run: "echo ${{ github.sha }}", env: { A: "${{github.sha}}" } }, undefined],
    ["an action", { uses: "pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d" }, "GitHub: an action"],
    ["a secret", { run: "npm ci", env: { TOKEN: "${{ secrets.TOKEN }}" } }, "GitHub: secrets.TOKEN"],
    ["a setting of the repository", { run: "npm ci", if: "vars.A == 'true'" }, "GitHub: it runs if vars.A == 'true'"],
    ["AWS", { run: 'set -e\naws eks update-kubeconfig --name "$CLUSTER"' }, "AWS"],
    ["GitHub's API", { run: "own=$(gh api repos/x)" }, "GitHub"],
    ["a cluster that an action makes", { run: "npm run e2e -- --context kind-e2e" }, "the cluster of helm/kind-action"],
    ["a word that only looks like one", { run: "echo aws-sdk laws; ls .github" }, undefined],
  ])("%s", (_, step, needs) => expect(needsOf(step, { "github.sha": "abc" })).toBe(needs));

  test("a matrix is a job for each combination, with its values", () => {
    const jobs = planOf({
      a: {
        needs: "b",
        "timeout-minutes": 5,
        strategy: { matrix: { env: ["dev", "prod"], size: [1, 2] } },
        steps: [{ run: "echo ${{ matrix.env }} ${{ matrix.size }}" }],
      },
    });
    expect(jobs.map(({ title, steps }) => [title, steps[0]?.script])).toEqual([
      ["a (dev, 1)", "echo dev 1"],
      ["a (dev, 2)", "echo dev 2"],
      ["a (prod, 1)", "echo prod 1"],
      ["a (prod, 2)", "echo prod 2"],
    ]);
    expect(jobs[0]).toMatchObject({ after: ["b"], minutes: 5 });
  });
});

describe("a job", () => {
  const git = (...args: string[]) =>
    execFileSync(
      "git",
      ["-C", join(folder, "repository"), "-c", "user.name=a", "-c", "user.email=a@example.com", ...args],
      {
        encoding: "utf8",
      },
    ).trim();

  /** Runs a job on a repository of one file; what its steps said goes to `said` beside it. */
  async function outcomes(steps: readonly object[], minutes = 1) {
    mkdirSync(join(folder, "repository"));
    execFileSync("git", ["init", "--quiet", join(folder, "repository")]);
    writeFileSync(join(folder, "repository", "file"), "committed");
    git("add", ".");
    git("commit", "--quiet", "--message", "one");
    writeFileSync(join(folder, "repository", "file"), "changed since");
    const [job] = planOf({ a: { "timeout-minutes": minutes, steps } });
    if (job === undefined) throw new Error("there is no job");
    const place = { root: join(folder, "repository"), commit: git("rev-parse", "HEAD"), logs: join(folder, "logs") };
    return (await runJob(job, place, () => undefined)).map(({ result, note }) => `${result} ${note}`.trim());
  }

  test("runs in a clean clone of the commit, with what GitHub sets", async () => {
    const script = 'test "$(cat file)" = committed\ntest "$CI" = true\ntest "$A" = b\necho x >> "$GITHUB_STEP_SUMMARY"';
    expect(await outcomes([{ uses: "actions/checkout@x" }, { run: script, env: { A: "b" } }])).toEqual([
      "not run needs GitHub: an action; here a clean clone",
      "ok",
    ]);
  });

  test("ends with a step that fails, but for what runs then or always", async () => {
    const [good, bad, after, failure, always] = await outcomes([
      { run: "true" },
      { run: "false\ntrue" },
      { run: "true" },
      { run: "true", if: "failure()" },
      { run: "true", if: "${{ always() }}" },
    ]);
    expect([good, after, failure, always]).toEqual(["ok", "not run a step before it failed", "ok", "ok"]);
    expect(bad).toMatch(/^FAILED .*a\.yml-a-2\.log$/);
  });

  test("whose time is over is ended, with what its steps left running", async () => {
    const left = join(folder, "left");
    const [outcome] = await outcomes([{ run: `(sleep 3; touch ${left}) &\nsleep 60` }], 1 / 60);
    expect(outcome).toMatch(/^FAILED/);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    expect(existsSync(left)).toBe(false);
  });
});
