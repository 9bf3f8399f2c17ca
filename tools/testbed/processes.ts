import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { nodeRoot } from "./paths";
import { KitError, sleep, tail } from "./shell";

/** A process id alone is reused by the kernel; with the start time and the boot it names one process for ever. */
export interface ProcessIdentity {
  pid: number;
  startTime: string;
  boot: string;
}

/** The start time in clock ticks from the text of /proc/<pid>/stat, undefined for a zombie. */
export function startTimeOf(stat: string): string | undefined {
  // The command's name stands in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

function bootId(): string {
  return fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function identify(pid: number): ProcessIdentity | undefined {
  try {
    const startTime = startTimeOf(fs.readFileSync(`/proc/${pid}/stat`, "utf8"));
    return startTime === undefined ? undefined : { pid, startTime, boot: bootId() };
  } catch {
    return undefined;
  }
}

/** Identity of the calling process. */
export function thisProcess(): ProcessIdentity {
  return identify(process.pid) ?? { pid: process.pid, startTime: "0", boot: "unknown" };
}

/** Whether exactly this process still runs; a later one with the same number does not count. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = identify(identity.pid);
  return now !== undefined && now.startTime === identity.startTime && now.boot === identity.boot;
}

function recordFile(name: string): string {
  return nodeRoot("run", `${name}.json`);
}

/** The log of a process of the node. */
export function logFile(name: string): string {
  return nodeRoot("log", `${name}.log`);
}

/** Names of all processes the node has started and not yet ended. */
export function recordedProcesses(): string[] {
  const folder = nodeRoot("run");
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).map((file) => path.basename(file, ".json"));
}

/** The recorded process of that name, if it still runs. */
export function runningProcess(name: string): ProcessIdentity | undefined {
  try {
    const identity = JSON.parse(fs.readFileSync(recordFile(name), "utf8")) as ProcessIdentity;
    return isAlive(identity) ? identity : undefined;
  } catch {
    return undefined;
  }
}

/** Starts a process that outlives this one, with its output in its own log. */
export function startProcess(name: string, command: string, args: string[]): void {
  fs.mkdirSync(nodeRoot("run"), { recursive: true });
  fs.mkdirSync(nodeRoot("log"), { recursive: true });
  const log = fs.openSync(logFile(name), "w");
  const child = spawn(command, args, {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
    env: withoutProxies(process.env),
  });
  child.on("error", () => undefined);
  fs.closeSync(log);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw new KitError(`${name} did not start (${command})\n${tail(logFile(name))}`);
  fs.writeFileSync(recordFile(name), JSON.stringify({ ...identity, command }));
  child.unref();
}

/** The members of the node reach each other on this machine: a proxy of the shell would only swallow that. */
export function withoutProxies(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/_proxy$/i.test(name)));
}

/** Fails as soon as one of the named processes has ended by itself. */
export function assertRunning(names: string[]): void {
  for (const name of names) {
    if (runningProcess(name) === undefined) {
      throw new KitError(`${name} ended by itself; ${logFile(name)} says:\n${tail(logFile(name))}`);
    }
  }
}

/** Ends a recorded process: politely for `graceSeconds`, then by force. Forgets its record. */
export async function endProcess(name: string, graceSeconds: number): Promise<void> {
  const identity = runningProcess(name);
  if (identity !== undefined) {
    if (graceSeconds > 0) signal(identity, "SIGTERM");
    const end = Date.now() + graceSeconds * 1000;
    while (isAlive(identity) && Date.now() < end) await sleep(50);
    await kill(identity);
  }
  fs.rmSync(recordFile(name), { force: true });
}

/** Ends by force, one by one, all processes that `matches` says yes to (by their command line). */
export async function killMatching(matches: (commandLine: string[]) => boolean): Promise<void> {
  for (const entry of fs.readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const identity = identify(Number(entry));
    if (identity && matches(commandLineOf(identity.pid))) await kill(identity);
  }
}

/** Ends by force the processes of these numbers, as they were found this moment. */
export async function killPids(pids: number[]): Promise<void> {
  const identities = pids.map(identify).filter((identity) => identity !== undefined);
  for (const identity of identities) signal(identity, "SIGKILL");
  for (const identity of identities) await kill(identity);
}

function commandLineOf(pid: number): string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

async function kill(identity: ProcessIdentity): Promise<void> {
  for (let round = 0; isAlive(identity) && round < 100; round += 1) {
    signal(identity, "SIGKILL");
    await sleep(20);
  }
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isAlive(identity)) process.kill(identity.pid, name);
  } catch {
    // It ended between the look and the signal.
  }
}
