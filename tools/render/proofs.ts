import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** How many tests passed, by level of an alert: `HostCpuHigh warning`. */
export type Counts = Readonly<Record<string, number>>;

/** What alerts and their proofs are made of: a change of any of these, and what was proved before is not what stands here. */
const sources = ["environment", "signals", "alerts", "packs", "stacks", join("test", "alerts")];

interface Kept {
  /** Hash of the sources that it was proved for. */
  readonly key: string;
  readonly tests: Counts;
}

const folderOf = (root: string) => join(root, "build", "proofs");
const fileOf = (root: string, judge: string) => join(folderOf(root), `${judge}.json`);

/** Writes down what a judge (promtool, a real Loki) proved in this checkout. */
export function keepProofs(root: string, judge: string, tests: Counts): void {
  const file = fileOf(root, judge);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ key: sourceKey(root), tests } satisfies Kept));
}

export function forgetProofs(root: string, judge: string): void {
  rmSync(fileOf(root, judge), { force: true });
}

/** What the last runs in this checkout proved of these very sources; undefined when nothing. */
export function proofsHere(root: string): Counts | undefined {
  const folder = folderOf(root);
  if (!existsSync(folder)) return undefined;
  const key = sourceKey(root);
  const valid = readdirSync(folder)
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Kept)
    .filter((kept) => kept.key === key);
  if (valid.length === 0) return undefined;
  const sum: Record<string, number> = {};
  for (const [level, tests] of valid.flatMap((kept) => Object.entries(kept.tests)))
    sum[level] = (sum[level] ?? 0) + tests;
  return sum;
}

function sourceKey(root: string): string {
  const hash = createHash("sha256");
  for (const folder of sources) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
    for (const name of names.filter((each) => each.endsWith(".ts")).sort())
      hash.update(`${folder}/${name}\0`).update(readFileSync(join(root, folder, name)));
  }
  return hash.digest("hex");
}
