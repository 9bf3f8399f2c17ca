import { spawnSync } from "node:child_process";

/** One figure of a run. */
export interface Figure {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: "s" | "ms" | "MiB" | "B" | "%";
  /** How many times the floor of the same run: what can be compared between machines. */
  readonly ratio?: number;
  /** What is aimed at, in `unit`; a miss is shown and fails nothing, since it depends on the machine. */
  readonly goal?: number;
  /** Where the figure comes from, when it was not measured by this run. */
  readonly note?: string;
}

/** What could not be measured, and why. */
export interface Missing {
  readonly what: string;
  readonly why: string;
}

export interface Measured {
  readonly figures: readonly Figure[];
  readonly missing: readonly Missing[];
}

/** Middle of an odd number of values, mean of the two in the middle of an even one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (low + high) / 2;
}

/** Seconds that a Node.js process with these arguments takes. @throws Error with what it said when it fails */
export function secondsOf(args: readonly string[], cwd: string): number {
  const begin = process.hrtime.bigint();
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  if (status !== 0) throw new Error(`node ${args.join(" ")} failed (${status}):\n${stderr || stdout}`);
  return seconds;
}
