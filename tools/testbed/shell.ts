import { spawn, spawnSync, type SpawnOptions } from "node:child_process";
import * as fs from "node:fs";

/** Called with one line about what happens now. */
export type Progress = (line: string) => void;

/** A fault that its message explains in full: printed without a stack trace. */
export class KitError extends Error {}

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a short command to its end and returns what it said, whatever its exit code. */
export function attempt(command: string, args: string[], input?: string): Outcome {
  const result = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  });
  const stderr = result.error ? result.error.message : result.stderr;
  return { code: result.error ? 127 : (result.status ?? 1), stdout: result.stdout ?? "", stderr };
}

/** Runs a short command that must succeed. */
export function run(command: string, args: string[], input?: string): string {
  const outcome = attempt(command, args, input);
  if (outcome.code !== 0) {
    throw new KitError(`${command} ${args.join(" ")} failed (${outcome.code}): ${outcome.stderr.trim()}`);
  }
  return outcome.stdout;
}

/** Runs a command without blocking this process; its whole output is returned. */
export function runAsync(command: string, args: string[], options: SpawnOptions = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** Runs a command with its output in a log file; resolves with the exit code. */
export function runLogged(
  command: string,
  args: string[],
  log: string,
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<number> {
  const descriptor = fs.openSync(log, "a");
  fs.writeSync(descriptor, `$ ${command} ${args.join(" ")}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", descriptor, descriptor] });
    child.on("error", (error) => {
      fs.closeSync(descriptor);
      reject(new KitError(`cannot run ${command}: ${error.message}`));
    });
    child.on("close", (code) => {
      fs.closeSync(descriptor);
      resolve(code ?? 1);
    });
  });
}

/** The last lines of a log, for an error message. */
export function tail(file: string, lines = 15): string {
  if (!fs.existsSync(file)) return "(no log)";
  return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Asks again and again until `ready` is true; `explain` adds what is known when the time is over. */
export async function waitUntil(
  what: string,
  seconds: number,
  ready: () => Promise<boolean> | boolean,
  explain: () => string = () => "",
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    if (await ready()) return;
    if (Date.now() > end) throw new KitError(`${what} not after ${seconds} s\n${explain()}`.trimEnd());
    await sleep(150);
  }
}
