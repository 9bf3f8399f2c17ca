import { rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand, UsageError, type Command } from "./cli";
import { run } from "./testbed/shell";
import { table } from "./render/summary";
import { plannedJobs, type PlannedJob, type PlannedStep } from "./workflows/plan";
import { notRun, runJob, type Outcome, type Place } from "./workflows/run";

const root = join(__dirname, "..");

const command = {
  name: "workflows",
  summary:
    "Runs the steps of .github/workflows on this machine, in clean clones of HEAD, and names what needs GitHub or a cloud.",
  flags: {
    only: { type: "string", value: "FILE", description: "only this workflow: pull-request.yml" },
    job: { type: "string", value: "NAME", description: "only jobs of this name" },
    base: { type: "string", value: "REF", description: "what the pull request would change", default: "HEAD~1" },
    list: { type: "boolean", description: "runs nothing: which steps would run, and why the others wouldn't" },
  },
} as const satisfies Command;

/** Jobs in their order: one that needs another is not run when that failed, and what two have in common runs once. */
class Runs {
  private readonly failed = new Set<string>();
  /** Title of the job that ran, by its steps. */
  private readonly ran = new Map<string, string>();

  constructor(private readonly place: Place) {}

  async of(job: PlannedJob): Promise<readonly Outcome[]> {
    const [title, reason] = [titleOf(job), unable(job)];
    if (reason !== undefined) return reason;
    const lost = job.after.find((before) => this.failed.has(`${job.workflow} ${before}`));
    if (lost !== undefined) return job.steps.map((step) => notRun(step, `${lost} failed`));
    const steps = JSON.stringify(job.steps);
    const twin = this.ran.get(steps);
    if (twin !== undefined) return job.steps.map((step) => notRun(step, `the same steps as ${twin}`));
    const outcomes = await runJob(job, this.place, (line) => console.log(`${title}: ${line}`));
    this.ran.set(steps, title);
    if (outcomes.some(({ result }) => result === "FAILED")) this.failed.add(`${job.workflow} ${job.name}`);
    return outcomes;
  }
}

/** What to say of a job of which no step can run here; undefined for any other. */
function unable({ steps, condition }: PlannedJob): Outcome[] | undefined {
  if (condition !== undefined)
    return [{ step: `all ${steps.length} steps`, result: "not run", note: `needs GitHub: they run if ${condition}` }];
  return steps.every(({ needs }) => needs !== undefined) ? steps.map((step) => notRun(step)) : undefined;
}

const titleOf = ({ workflow, title }: PlannedJob) => `${workflow} ${title}`;
const secondsOf = ({ seconds }: Outcome) => (seconds === undefined ? "" : `${seconds} s`);
const listed = (step: PlannedStep): Outcome =>
  step.needs === undefined ? { step: step.title, result: "would run", note: "" } : notRun(step);

void runCommand(command, async ({ only, job: name, base, list }) => {
  const commitOf = (ref: string) => run("git", ["-C", root, "rev-parse", "--verify", `${ref}^{commit}`]).trim();
  const commit = commitOf("HEAD");
  const contexts = {
    "github.event.pull_request.base.sha": commitOf(base),
    "github.event.pull_request.head.sha": commit,
    // As the nightly run has it.
    "inputs.smoke && '--smoke' || ''": "",
  };
  const all = plannedJobs(join(root, ".github", "workflows"), contexts);
  const jobs = all.filter((job) => (only ?? job.workflow) === job.workflow && (name ?? job.name) === job.name);
  if (jobs.length === 0) throw new UsageError(`there is no such job; there are ${all.map(titleOf).join(", ")}`);
  const place = { root, commit, logs: join(root, "build", "workflows") };
  const rows: string[][] = [];
  const add = (job: PlannedJob, outcomes: readonly Outcome[]) =>
    rows.push(...outcomes.map((each) => [titleOf(job), each.result, secondsOf(each), each.step, each.note]));
  if (list) {
    for (const job of jobs) add(job, unable(job) ?? job.steps.map(listed));
  } else {
    rmSync(place.logs, { recursive: true, force: true });
    console.log(`at ${commit.slice(0, 7)}; what is not committed is not part of it`);
    const runs = new Runs(place);
    for (const job of jobs) add(job, await runs.of(job));
  }
  console.log(`\n${table(["job", "", "", "step", ""], rows)}`);
  return rows.some(([, result]) => result === "FAILED") ? 1 : 0;
});
