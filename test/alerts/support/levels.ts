import path from "node:path";
import type { Counts } from "../../../tools/render/proofs";
import { forgetProofs, keepProofs } from "../../../tools/render/proofs";
import { proofs } from "../proofs";
import { logProofs } from "../proofs/logs";

/** Tests of promtool for each proof of a severity: one that fires and ends, one that is near. */
const testsOfProof = 2;

/** How many tests promtool runs for each level of an alert: `HostCpuHigh warning`. */
export function levelsOfProofs(): Counts {
  const counts: Record<string, number> = {};
  for (const { alert, cases } of proofs)
    for (const severity of Object.keys(cases)) {
      const level = `${alert} ${severity}`;
      counts[level] = (counts[level] ?? 0) + testsOfProof;
    }
  return counts;
}

/** How many streams of lines a real Loki is told for each level of an alert from logs. */
export const levelsOfLogs = (): Counts =>
  Object.fromEntries(
    Object.entries(logProofs).map(([alert, { severity, streams }]) => [`${alert} ${severity}`, streams.length]),
  );

/** It has a test of its own: it never ends. */
export const levelOfWatchdog: Counts = { "Watchdog none": 1 };

const root = path.join(__dirname, "../../..");

/** Runs a proof, and writes down what it proved; when it fails, nothing is left of what an earlier run had proved. */
export async function proving(judge: string, levels: Counts, prove: () => void | Promise<void>): Promise<void> {
  forgetProofs(root, judge);
  await prove();
  keepProofs(root, judge, levels);
}
