import type { logFields } from "../signals/logs";
import { type LogFieldName } from "../signals/logs";

type Typed = {
  string: string;
  time: string;
  number: number;
  object: Readonly<Record<string, unknown>>;
  array: readonly string[];
};
type Fields = typeof logFields;

/** The log line (D1): every field, null where an optional one has nothing to say. */
export type LogLine = {
  readonly [F in LogFieldName]: Fields[F]["required"] extends true
    ? Typed[Fields[F]["type"]]
    : Typed[Fields[F]["type"]] | null;
};

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal";

/** What a program says; the rest of the line is known where it runs. */
export type LogEntry = Partial<
  Pick<LogLine, "metadata" | "tags" | "duration_ms" | "correlation_id" | "plan_id" | "task_id" | "user_id">
> &
  Partial<Pick<LogLine, "request_id" | "caller">> & { readonly component?: string };

/** What is the same in every line of a process. */
export interface LogIdentity {
  /** Part of the service that writes, unless an entry names another. */
  readonly component: string;
  readonly environment: string;
  readonly version: string;
}

/** Where a line is written: the active span, and the ids that came with the request. */
export type LogContext = Partial<
  Pick<LogLine, "trace_id" | "span_id" | "correlation_id" | "request_id" | "user_id" | "plan_id" | "task_id">
>;

/** One line. Pure; the fields stand in the order of the catalogue, so that lines can be compared. */
export function logLine(
  identity: LogIdentity,
  context: LogContext,
  level: LogLevel,
  message: string,
  entry: LogEntry,
  now: Date,
): LogLine {
  return {
    timestamp: now.toISOString(),
    level,
    correlation_id: entry.correlation_id ?? context.correlation_id ?? null,
    plan_id: entry.plan_id ?? context.plan_id ?? null,
    task_id: entry.task_id ?? context.task_id ?? null,
    component: entry.component ?? identity.component,
    message,
    span_id: context.span_id ?? null,
    trace_id: context.trace_id ?? null,
    user_id: entry.user_id ?? context.user_id ?? null,
    request_id: entry.request_id ?? context.request_id ?? null,
    environment: identity.environment,
    version: identity.version,
    metadata: entry.metadata ?? {},
    tags: entry.tags ?? [],
    duration_ms: entry.duration_ms ?? null,
    caller: entry.caller ?? null,
  };
}

export type Logger = { readonly [L in LogLevel]: (message: string, entry?: LogEntry) => void };

export interface LoggerOptions {
  /** Read for each line. @default no span and no ids */
  readonly context?: () => LogContext;
  /** Takes one line without its end. @default stdout */
  readonly write?: (line: string) => void;
  /** @default the clock */
  readonly now?: () => Date;
}

const levels: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error", "fatal"];

/** A logger that writes the JSON line of the catalogue, one for each call, to stdout. */
export function logger(identity: LogIdentity, options: LoggerOptions = {}): Logger {
  const { context = () => ({}), write = (line) => void process.stdout.write(`${line}\n`) } = options;
  const now = options.now ?? (() => new Date());
  const say = (level: LogLevel) => {
    const method = (message: string, entry: LogEntry = {}) => {
      const caller = entry.caller ?? callerOf(method);
      write(JSON.stringify(logLine(identity, context(), level, message, { ...entry, caller }, now())));
    };
    return method;
  };
  return Object.fromEntries(levels.map((level) => [level, say(level)])) as Logger;
}

/** File and line that called a function: `phoenix.js:1234`. One frame is enough, and costs microseconds. */
function callerOf(called: (...args: never[]) => void): string | null {
  const { stackTraceLimit } = Error;
  const trace: { stack?: string } = {};
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(trace, called);
  Error.stackTraceLimit = stackTraceLimit;
  return /([^/\s(]+:\d+):\d+\)?$/.exec(trace.stack ?? "")?.[1] ?? null;
}
