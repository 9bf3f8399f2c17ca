import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Holds docs/features.md against the newest run of the whole live suite, and against the tests that it names. */

/** One of the separate things that a requirement asks. */
interface Clause {
  /** As it is written, checks included. */
  readonly text: string;
  /** Whether it is said to be proven: `- [x]`. */
  readonly proven: boolean;
  /** What stands in code spans and is a live row (`13.4 recording rules`) or a test (`test/docs/claims: title`). */
  readonly checks: readonly string[];
}

/** A requirement, as a section of the page says how far it is. */
export interface Feature {
  readonly id: string;
  readonly state: string;
  readonly clauses: readonly Clause[];
}

/** A row of the live suite, as a table of docs/live prints it. */
export interface LiveRow {
  readonly outcome: string;
  readonly title: string;
}

const liveRow = /^(\d+\.\d+)(?: (.+))?$/;
const testTitle = /^(test\/[\w/.-]+\w): (.+)$/;

/** The requirements of the page: `### A1 Prometheus: partly`, and below it `- [x] clause: checks` or `- [ ] clause: what is missing`. */
export function featuresIn(page: string): Feature[] {
  const sections = page.split(/^### /m).slice(1);
  return sections.flatMap((section) => {
    const [, id, state] = /^([A-Z]\d+) .+: ([\w ]+)$/m.exec(section.split("\n")[0] ?? "") ?? [];
    if (id === undefined || state === undefined) return [];
    const clauses = [...section.matchAll(/^- \[([x ])\] (.+)$/gm)].map(([, mark, text = ""]) => ({
      text,
      proven: mark === "x",
      checks: [...text.matchAll(/`([^`]+)`/g)].flatMap(([, span = ""]) =>
        liveRow.test(span) || testTitle.test(span) ? [span] : [],
      ),
    }));
    return [{ id, state, clauses }];
  });
}

/** What clauses make of a requirement: working when each is proven, later when none is. */
export function stateOf(clauses: readonly Clause[]): string {
  const proven = clauses.filter((clause) => clause.proven).length;
  if (proven === 0) return "later";
  return proven === clauses.length ? "working" : "partly";
}

/** The rows of one table of docs/live; of several runs in one file the last counts. */
export const rowsIn = (table: string): ReadonlyMap<string, LiveRow> =>
  new Map(
    [...table.matchAll(/^(ok|FAIL|skip) +(\d+\.\d+) +(.+)$/gm)].map(([, outcome = "", id = "", title = ""]) => [
      id,
      { outcome, title },
    ]),
  );

/** The newest table of the whole suite: `2026-11-29-whole-2.md` comes after `2026-11-29-whole.md`. */
export const newestWhole = (names: readonly string[]): string | undefined =>
  names
    .filter((name) => /^\d{4}-\d\d-\d\d-whole(-\d+)?\.md$/.test(name))
    .map((name) => name.replace(/\.md$/, ""))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((name) => `${name}.md`)
    .at(-1);

/**
 * What the page claims and nothing shows.
 * @param rows of the newest whole run
 * @param sourceOf the text of a test's file by its path without `.test.ts` or `.ts`; undefined when it is not there
 */
export function faultsIn(
  features: readonly Feature[],
  rows: ReadonlyMap<string, LiveRow>,
  sourceOf: (path: string) => string | undefined,
): string[] {
  return features.flatMap(({ id, state, clauses }) => {
    const is = stateOf(clauses);
    return [
      ...(is === state ? [] : [`${id} is said to be ${state}, its clauses make it ${is}`]),
      ...clauses.flatMap(({ text, proven, checks }) => {
        if (!proven) return [];
        if (checks.length === 0) return [`${id} has no check for "${text}"`];
        return checks.flatMap((check) => faultOf(check, rows, sourceOf)).map((fault) => `${id} is proven by ${fault}`);
      }),
    ];
  });
}

function faultOf(
  check: string,
  rows: ReadonlyMap<string, LiveRow>,
  sourceOf: (path: string) => string | undefined,
): string[] {
  const [, path, title] = testTitle.exec(check) ?? [];
  if (path !== undefined && title !== undefined) {
    const source = sourceOf(path);
    if (source === undefined) return [`${path}, which is not there`];
    // A title, or what fills one: the name of a case in a table.
    return ['"', "`"].some((quote) => source.includes(`${quote}${title}${quote}`))
      ? []
      : [`"${title}", which ${path} has not`];
  }
  const [, id = "", words = ""] = liveRow.exec(check) ?? [];
  const row = rows.get(id);
  if (row === undefined) return [`${id}, which the newest run has not`];
  if (row.outcome !== "ok")
    return [`${id}, which ${row.outcome === "skip" ? "was left out" : "failed"} in the newest run`];
  return row.title.includes(words) ? [] : [`${id} as "${words}", which is now "${row.title}"`];
}

/** What docs/features.md claims and nothing shows. */
export function claimFaults(docs: string): string[] {
  const root = join(docs, "..");
  const page = readFileSync(join(docs, "features.md"), "utf8");
  const newest = newestWhole(readdirSync(join(docs, "live")));
  const rows = rowsIn(newest === undefined ? "" : readFileSync(join(docs, "live", newest), "utf8"));
  const sourceOf = (path: string) => {
    const file = [".test.ts", ".ts"].map((end) => join(root, path + end)).find((each) => existsSync(each));
    return file === undefined ? undefined : readFileSync(file, "utf8");
  };
  // Of files that are named besides, it is known that they are there.
  const named = [...page.matchAll(/(?<![\w/.-])(?:test|docs|signals|policies|examples|alerts)\/[\w/.-]*\w/g)].map(
    ([path]) => path,
  );
  const missing = [...new Set(named)].filter((path) =>
    ["", ".ts", ".test.ts"].every((end) => !existsSync(join(root, path + end))),
  );
  return [
    ...faultsIn(featuresIn(page), rows, sourceOf),
    ...missing.map((path) => `${path} is named and not there`),
  ].map((fault) => `docs/features.md: ${fault}`);
}
