import type { ChildProcess } from "node:child_process";
import { secondsSince } from "./wait";

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
