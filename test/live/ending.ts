import type { ChildProcess } from "node:child_process";
import { secondsSince } from "./wait";

const ours = new Set<ChildProcess>();
process.once("exit", () => ours.forEach((child) => child.kill("SIGKILL")));

/** Lets a child end with this process, whoever ends that: the next run would find its ports taken. */
export function endsWithUs(child: ChildProcess): void {
  ours.add(child);
  child.once("exit", () => ours.delete(child));
}

/** Ends a process as Kubernetes does: by force after so many seconds. @returns seconds that it took */
export async function endedWithin(child: ChildProcess, seconds: number): Promise<number> {
  const begin = Date.now();
  if (child.exitCode !== null || child.signalCode !== null) return 0;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
  await ended;
  clearTimeout(force);
  return secondsSince(begin);
}
