import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { run, tail, type Progress } from "../testbed/shell";
import type { PlannedJob, PlannedStep } from "./plan";

/** What came of a step. */
export interface Outcome {
  readonly step: string;
  readonly result: "ok" | "FAILED" | "not run" | "would run";
  /** Absent for what was not run. */
  readonly seconds?: number;
  /** Why it was not run, or where to read on. */
  readonly note: string;
}

/** What to clone, and where logs go. */
export interface Place {
  readonly root: string;
  readonly commit: string;
  readonly logs: string;
}

/**
 * Runs the steps of a job in a clean clone in a temporary folder, as GitHub's runner would: one after the other, by
 * `bash -e`, with CI=true. Programs that a step installs with Go stay in that folder. Actions are not run: the clone stands
 * for the checkout, and Node.js and Go are those of this machine.
 */
export async function runJob(job: PlannedJob, place: Place, note: Progress): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), "workflow-"));
  const outcomes: Outcome[] = [];
  const end = Date.now() + job.minutes * 60_000;
  try {
    const checkout = join(folder, "checkout");
    run("git", ["clone", "--quiet", "--no-checkout", place.root, checkout]);
    run("git", ["-C", checkout, "checkout", "--quiet", "--detach", place.commit]);
    let failed = false;
    for (const [index, step] of job.steps.entries()) {
      const due = step.when === "always" || (step.when === "failure") === failed;
      if (step.needs !== undefined || !due) {
        outcomes.push(notRun(step, failed ? "a step before it failed" : "runs only after a failure"));
        continue;
      }
      note(step.title);
      const log = join(place.logs, `${job.workflow}-${job.title}-${index + 1}.log`.replace(/[^\w.-]+/g, "-"));
      const begin = Date.now();
      const code = await bash(step, folder, log, end);
      failed ||= code !== 0;
      const seconds = Math.round((Date.now() - begin) / 1000);
      if (code !== 0) note(`exit code ${code}:\n${tail(log, 40)}`);
      outcomes.push({ step: step.title, result: code === 0 ? "ok" : "FAILED", seconds, note: code === 0 ? "" : log });
    }
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A step that is not run: for what it needs, else for another reason. */
export const notRun = ({ title, needs }: PlannedStep, reason = ""): Outcome => ({
  step: title,
  result: "not run",
  note: needs === undefined ? reason : `needs ${needs}`,
});

/** @returns the exit code, 124 when the job's time was over */
function bash({ script, env }: PlannedStep, folder: string, log: string, end: number): Promise<number> {
  const [file, bin] = [join(folder, "step.sh"), join(folder, "bin")];
  writeFileSync(file, script);
  mkdirSync(join(log, ".."), { recursive: true });
  const out = openSync(log, "w");
  const child = spawn("bash", ["-e", file], {
    cwd: join(folder, "checkout"),
    stdio: ["ignore", out, out],
    // A group of its own: what the script started ends with it.
    detached: true,
    env: {
      ...process.env,
      CI: "true",
      GITHUB_RUN_ID: "local",
      GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
      GOBIN: bin,
      PATH: [bin, process.env["PATH"] ?? ""].join(delimiter),
      ...env,
    },
  });
  closeSync(out);
  return new Promise((resolve, reject) => {
    let late = false;
    const interrupted = () => {
      killGroup(child);
      rmSync(folder, { recursive: true, force: true });
      process.exit(130);
    };
    const timer = setTimeout(() => {
      late = true;
      killGroup(child);
    }, end - Date.now());
    for (const signal of signals) process.once(signal, interrupted);
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(timer);
      killGroup(child);
      for (const signal of signals) process.off(signal, interrupted);
      resolve(late ? 124 : (code ?? 1));
    });
  });
}

/** What people and their tools end a run with. */
const signals = ["SIGINT", "SIGTERM"] as const;

/** Ends a script and whatever it has left running. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
