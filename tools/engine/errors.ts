/** What a person reads: what is wrong, why, and what to do about it. */
export interface Explanation {
  readonly reason?: string;
  readonly fix?: string;
}

/** A fault that its message explains in full: printed without a stack trace, exit code 1. */
export class EngineError extends Error {
  constructor(summary: string, { reason, fix }: Explanation = {}) {
    const lines = [summary];
    if (reason !== undefined) lines.push(indented("reason", reason));
    if (fix !== undefined) lines.push(indented("fix", fix));
    super(lines.join("\n"));
    this.name = "EngineError";
  }
}

/** The person ended the command (Ctrl-C): exit code 130, as shells expect. */
export class CancelledError extends EngineError {}

function indented(word: string, text: string): string {
  return `  ${word}: ${text.trim().split("\n").join("\n    ")}`;
}

/** The message of whatever was thrown, also by a program that has its own `Error` (another realm, a subprocess). */
export function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === "string" ? message : String(error);
}
