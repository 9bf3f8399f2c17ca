import * as fs from "node:fs";
import * as path from "node:path";
import { AbsentProgram } from "../../tools/testbed/programs";

/** One row of the table and of `build/e2e/results.json`. */
export interface Result {
  /** Number of the check and of the row in it: `4.2`. */
  readonly id: string;
  readonly what: string;
  /** Null for what was left out. */
  readonly ok: boolean | null;
  /** What was measured or seen; the reason when it failed or was left out. */
  readonly figure: string;
}

/** Why something is left out; thrown by a step that finds that it can't be checked here. */
export class Skipped extends Error {}

/** Whether a step was left out: it found that it can't be checked here, or a program that a person gives is not here. */
const isAbsence = (error: unknown) => error instanceof Skipped || error instanceof AbsentProgram;

const marks = new Map<boolean | null, string>([
  [true, "ok  "],
  [false, "FAIL"],
  [null, "skip"],
]);

/** The rows of a run. Each is printed as it comes about, since a run takes minutes; the table follows at the end. */
export class Report {
  readonly results: Result[] = [];
  private readonly begin = Date.now();

  constructor(private readonly print: (line: string) => void = console.log) {}

  /** The rows of one check. @param quietly what is left out stands in the table only */
  check(number: number, quietly = false): Check {
    return new Check(number, (result) => {
      this.results.push(result);
      if (!(result.ok === null && quietly)) this.note(row(result).replaceAll("\n", `\n${" ".repeat(9)}`));
    });
  }

  /** A line about what happens now, with the seconds since the start. */
  note(line: string): void {
    this.print(`${((Date.now() - this.begin) / 1000).toFixed(0).padStart(5)} s  ${line}`);
  }

  get failed(): number {
    return this.results.filter(({ ok }) => ok === false).length;
  }

  /** All rows in the order of the checks, and the line that counts them. */
  table(): string {
    const count = (wanted: boolean | null) => this.results.filter(({ ok }) => ok === wanted).length;
    const sum = `${count(true)} passed, ${count(false)} failed, ${count(null)} skipped`;
    return [...this.sorted().map(row), "", sum].join("\n");
  }

  /** Writes the rows as JSON. */
  write(file: string): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `${JSON.stringify(this.sorted(), null, 2)}\n`);
  }

  private sorted(): Result[] {
    const key = ({ id }: Result) => id.split(".").map(Number) as [number, number];
    return [...this.results].sort((a, b) => key(a)[0] - key(b)[0] || key(a)[1] - key(b)[1]);
  }
}

function row({ id, what, ok, figure }: Result): string {
  const details = figure.split("\n").filter((line) => line !== "");
  return [`${marks.get(ok) ?? ""}  ${id.padEnd(5)} ${what}`, ...details.map((line) => `${" ".repeat(12)}${line}`)].join(
    "\n",
  );
}

/** Collects the rows of one check. A row that fails does not end the check: the next may still tell something. */
export class Check {
  private rows = 0;

  constructor(
    readonly number: number,
    private readonly add: (result: Result) => void,
  ) {}

  /**
   * Runs one step; what it returns stands in the table beside it. One that throws has failed, or was left out when it
   * threw {@link Skipped} or wanted a given program that is not here. @returns whether it passed
   */
  async step(what: string, run: () => Promise<string>): Promise<boolean> {
    const id = this.nextId();
    try {
      this.add({ id, what, ok: true, figure: await run() });
      return true;
    } catch (error) {
      const figure = error instanceof Error ? error.message : String(error);
      this.add({ id, what, ok: isAbsence(error) ? null : false, figure });
      return false;
    }
  }

  skip(what: string, reason: string): void {
    this.add({ id: this.nextId(), what, ok: null, figure: reason });
  }

  private nextId(): string {
    this.rows += 1;
    return `${this.number}.${this.rows}`;
  }
}

/** @throws Error with the message unless the condition holds */
export function expect(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
