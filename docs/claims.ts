import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Holds docs/features.md against the newest results of the live suite, and against the files that it names. */

/** One row of the table: what is claimed, and what is said to prove it. */
interface Claim {
  readonly id: string;
  readonly state: string;
  readonly proof: string;
}

const claimsIn = (text: string): Claim[] =>
  text.split("\n").flatMap((line) => {
    const [, id = "", , state = "", proof = ""] = line.split("|").map((cell) => cell.trim());
    return /^[A-Z]\d/.test(id) ? [{ id, state, proof }] : [];
  });

/** `checks 3, 4 and 19; … check 21` */
export const checksIn = (proof: string): number[] => [
  ...new Set(
    [...proof.matchAll(/\bchecks? (\d+(?: \([^)]*\))?(?:(?:, | and )\d+(?: \([^)]*\))?)*)/g)].flatMap(([, list = ""]) =>
      [...list.replace(/\([^)]*\)/g, "").matchAll(/\d+/g)].map(([number]) => Number(number)),
    ),
  ),
];

type Outcome = "ok" | "FAIL" | "skip";

/** How each step of each check went in the newest table that has the check; of several in one file the last counts. */
export function newest(tables: readonly (readonly [name: string, text: string])[]): Map<number, Map<string, Outcome>> {
  const found = new Map<number, Map<string, Outcome>>();
  // The second table of a day, `…-whole-2.md`, comes after the first.
  const day = (name: string) => name.replace(/\.md$/, "");
  for (const [, text] of [...tables].sort(([a], [b]) => (day(a) < day(b) ? -1 : 1))) {
    const here = new Map<number, Map<string, Outcome>>();
    for (const [, outcome = "", check = "", step = ""] of text.matchAll(/^(ok|FAIL|skip) +(\d+)\.(\d+) /gm)) {
      const steps = here.get(Number(check)) ?? new Map<string, Outcome>();
      here.set(Number(check), steps.set(`${check}.${step}`, outcome as Outcome));
    }
    for (const [check, steps] of here) if ([...steps.values()].some((each) => each !== "skip")) found.set(check, steps);
  }
  return found;
}

/** What docs/features.md claims and nothing shows. */
export function claimFaults(docs: string): string[] {
  const root = join(docs, "..");
  const folder = join(docs, "live");
  const tables = readdirSync(folder)
    .filter((name) => /^\d{4}-\d\d-\d\d.*\.md$/.test(name))
    .map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
  const results = newest(tables);
  return claimsIn(readFileSync(join(docs, "features.md"), "utf8")).flatMap(({ id, state, proof }) => {
    const files = [...proof.matchAll(/\b(?:test|docs|signals|policies|examples)\/[\w/.-]*\w/g)].map(([path]) => path);
    const missing = files.filter((path) => ["", ".ts", ".test.ts"].every((end) => !existsSync(join(root, path + end))));
    const checks = state === "working" ? checksIn(proof) : [];
    return [
      ...missing.map((path) => `${id} names ${path}, which is not there`),
      ...checks.flatMap((check) => {
        const steps = results.get(check);
        if (steps === undefined) return [`${id} is working by check ${check}, which no table in docs/live shows`];
        const failed = [...steps].filter(([, outcome]) => outcome === "FAIL").map(([step]) => step);
        return failed.length === 0
          ? []
          : [`${id} is working by check ${check}, of which ${failed.join(", ")} failed last`];
      }),
    ].map((fault) => `docs/features.md: ${fault}`);
  });
}
