import * as os from "node:os";
import { ConcurrentUpdateError } from "@pulumi/pulumi/automation";
import type { Backend } from "./backend";
import { CancelledError, EngineError, messageOf } from "./errors";
import type { EventReader } from "./progress";

export type Operation = "up" | "preview" | "destroy" | "refresh";

/** What is known of a run that failed. */
export interface Failure {
  readonly operation: Operation;
  readonly env: string;
  readonly backend: Backend;
  readonly reader: EventReader;
  /** The person asked to stop. */
  readonly cancelled: boolean;
}

/** Who holds the lock of a state: `created by root@host (pid 123) at 2026-11-21T06:00:00Z`. */
export interface LockHolder {
  readonly host: string;
  readonly pid: number;
  readonly text: string;
}

/** Reads the holder out of the CLI's message; undefined when it is another kind of conflict. */
export function lockHolder(message: string): LockHolder | undefined {
  const match = /created by (\S+)@(\S+) \(pid (\d+)\) at ([^\s\\]+)/.exec(message);
  if (!match) return undefined;
  const [, user = "", host = "", pid = "", when = ""] = match;
  return { host, pid: Number(pid), text: `process ${pid} of ${user} on ${host}, since ${when}` };
}

/** Whether the holder of a lock certainly runs no more: it was a process of this machine, and there is none. */
export function isDead({ host, pid }: LockHolder): boolean {
  if (host !== os.hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** What a failed run says to a person. */
export function explain(error: unknown, failure: Failure): Error {
  const { operation, env, backend, reader, cancelled } = failure;
  if (error instanceof EngineError) return error;
  const text = messageOf(error);
  if (cancelled) {
    return new CancelledError(`${operation} of "${env}" was cancelled`, {
      reason: `changed by then: ${reader.changed.length}; the state knows all of it`,
      fix: "run the same command again: it goes on from there",
    });
  }
  if (error instanceof ConcurrentUpdateError) return locked(env, text, backend);
  if (/incorrect passphrase|passphrase must be set/.test(text)) {
    return new EngineError(`the encrypted values of "${env}" cannot be read`, {
      reason: /incorrect/.test(text) ? "the passphrase is wrong" : "there is no passphrase",
      fix: "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the one they were encrypted with",
    });
  }
  if (/no changes were expected/.test(text)) {
    const changes = reader.changed.map(({ operation: op, kind, name }) => `${op} ${kind} ${name}`);
    return new EngineError(`${operation} of "${env}" was to change nothing`, { reason: changes.join("\n") });
  }
  if (reader.errors.length > 0) {
    return new EngineError(`${operation} of "${env}" failed`, {
      reason: distinct(reader.errors.map(oneError)).join("\n"),
    });
  }
  return new EngineError(`${operation} of "${env}" failed`, { reason: commandOutput(text) });
}

/** One fault arrives up to three times: as thrown, as printed, and as "update failed". */
function distinct(messages: readonly string[]): string[] {
  const own = messages.filter((message) => message !== "update failed");
  const news = own.filter(
    (message, index) =>
      !own.some((other, at) => at !== index && other.includes(message) && (other !== message || at < index)),
  );
  return news.length > 0 ? news : [...messages];
}

/** Frames of a stack trace say nothing to a person; the summary that follows every failure neither. */
function oneError({ message, resource }: EventReader["errors"][number]): string {
  const lines = message.split("\n").filter((line) => !/^\s+at /.test(line));
  const shown = lines
    .join("\n")
    .replace(/^Unhandled exception: (Error: )?/, "")
    .trim();
  return resource === undefined || resource.kind === "Stack" ? shown : `${resource.kind} ${resource.name}: ${shown}`;
}

function locked(env: string, text: string, backend: Backend): EngineError {
  const holder = lockHolder(text);
  const variables = Object.entries(backend.envVars).map(([key, value]) => `${key}=${value} `);
  const command = `(cd ${backend.workFolder} && ${variables.join("")}pulumi cancel --yes --stack ${env})`;
  return new EngineError(`another run is changing "${env}"; nothing was changed by this one`, {
    reason:
      holder === undefined ? "the backend says that an update is in progress" : `the state is locked by ${holder.text}`,
    fix: `wait until it is done. Only if it certainly runs no more: ${command}`,
  });
}

/** What the CLI said on its error stream, out of the Automation API's report. */
function commandOutput(text: string): string {
  const stderr = /\n stderr: ([\s\S]*?)\n err\?:/.exec(text)?.[1] ?? text;
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !/^Command failed with exit code/.test(line));
  return lines.join("\n").trim() || stderr.trim();
}
