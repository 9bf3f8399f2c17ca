import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { featuresIn } from "../../docs/claims";
import { missingProgram, whyMissing, type TestProgram } from "./programs";

/** What Jest tells at the end of a run, as far as it is read here. */
interface Results {
  readonly testResults: readonly {
    readonly testFilePath: string;
    readonly testResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const root = join(__dirname, "..", "..");
/** What the last run left out, a line for each program; empty when nothing. */
const notRunFile = join(root, "build", "tests", "not-run.txt");
/** Milliseconds after the last test in which the process must have ended. */
const ENDS_WITHIN = 20_000;

/** Says at the end of a run what was left out for want of which program, and what of docs/features.md rests on it. */
export default class NotRunReporter {
  onRunComplete(_contexts: unknown, { testResults }: Results): void {
    const skipped = testResults.flatMap((file) =>
      file.testResults.flatMap(({ status, fullName }) => {
        const program = status === "pending" ? missingProgram(fullName) : undefined;
        return program === undefined ? [] : [{ program, file: relative(root, file.testFilePath) }];
      }),
    );
    const programs = [...new Set(skipped.map(({ program }) => program))].sort();
    const lines = programs.map((program) => notRun(program, skipped.filter((each) => each.program === program).length));
    mkdirSync(dirname(notRunFile), { recursive: true });
    writeFileSync(notRunFile, lines.map((line) => `${line}\n`).join(""));
    if (lines.length > 0) {
      const rows = rowsOn(new Set(skipped.map(({ file }) => file)));
      const shown = rows.length === 0 ? "" : `\nnot shown by this run, of docs/features.md: ${rows.join("; ")}`;
      console.log(`\nNot run here:\n${lines.join("\n")}${shown}`);
    }
    endInTime();
  }
}

const notRun = (program: TestProgram, tests: number) =>
  `${tests} ${tests === 1 ? "test" : "tests"} of ${program}: ${whyMissing(program)}`;

/** Requirements of docs/features.md with a clause that a test of one of these files proves. */
function rowsOn(files: ReadonlySet<string>): string[] {
  const page = readFileSync(join(root, "docs", "features.md"), "utf8");
  const rests = (check: string) => [...files].some((file) => check.startsWith(`${file.replace(/\.test\.ts$/, "")}: `));
  return featuresIn(page).flatMap(({ id, clauses }) => (clauses.some(({ checks }) => checks.some(rests)) ? [id] : []));
}

/**
 * A run that hangs is one that failed: what a test left open is named, and the process ends. The timer itself keeps
 * nothing alive, so a run that ends by itself never meets it.
 */
function endInTime(): void {
  const end = () => {
    const open = process.getActiveResourcesInfo().join(", ");
    console.error(`the tests are over, but something that they left open keeps the process alive: ${open}`);
    process.exit(1);
  };
  setTimeout(end, ENDS_WITHIN).unref();
}
