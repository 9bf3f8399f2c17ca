import * as fs from "node:fs";
import * as path from "node:path";

import { cacheRoot } from "./paths";
import { isAlive, thisProcess, type ProcessIdentity } from "./processes";
import { sleep, type Progress } from "./shell";

/** Runs `work` while no other process on this machine runs work under the same name. */
export async function withLock<T>(name: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  const file = path.join(cacheRoot(), `${name}.lock`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  while (!take(file)) {
    const holder = readHolder(file);
    // A holder that ended without releasing (killed, power cut) must not block the next run for ever.
    if (holder === undefined || !isAlive(holder)) {
      removeStale(file, holder);
      continue;
    }
    if (!told) progress(`waiting for process ${holder.pid}, which holds ${file}`);
    told = true;
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Linking a complete file is atomic: a lock is never seen half written. */
function take(file: string): boolean {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, JSON.stringify(thisProcess()));
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** Moves the lock aside before deleting it: of two processes that find it stale only one succeeds. */
function removeStale(file: string, holder: ProcessIdentity | undefined): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  // Another process may have replaced the stale lock by its own meanwhile: give that one back.
  const moved = readHolder(aside);
  if (moved && isAlive(moved) && moved.pid !== holder?.pid && !fs.existsSync(file)) fs.renameSync(aside, file);
  else fs.rmSync(aside, { force: true });
}
