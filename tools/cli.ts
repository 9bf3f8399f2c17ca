import { parseArgs } from "node:util";
import { EnvironmentError, nearest } from "../environment/faults";
import { CancelledError, EngineError } from "./engine/errors";
import { KitError } from "./testbed/shell";

/** One flag of a command. */
export interface Flag {
  readonly type: "string" | "boolean";
  /** What stands for the value in the help: `NAME`. */
  readonly value?: string;
  readonly description: string;
  readonly default?: string;
}

type Flags = Readonly<Record<string, Flag>>;

/** A command: `npm run <name> -- <flags>` in a checkout, {@link typed} otherwise in the package. */
export interface Command<F extends Flags = Flags> {
  readonly name: string;
  readonly summary: string;
  readonly flags: F;
}

/** What the flags of a command give: absent booleans are false, absent strings undefined or their default. */
export type Values<F extends Flags> = {
  readonly [K in keyof F]: F[K]["type"] extends "boolean"
    ? boolean
    : F[K] extends { readonly default: string }
      ? string
      : string | undefined;
};

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {}

/** `--env`, the same for every command. */
export const environmentFlag = {
  type: "string",
  value: "local|dev|prod",
  description: "the environment: its settings stand in Pulumi.<env>.yaml",
  default: "local",
} as const satisfies Flag;

/** Whether this is the package, which is compiled, and no checkout. */
export const installed = __filename.endsWith(".js");

/**
 * A command as a person types it: `npm run review` in a checkout, `npx observability-stack review` where the package is.
 * @param args flags; npm wants a lone `--` before them
 */
export function typed(name: string, args = "", packaged = installed): string {
  const spaced = args === "" ? "" : ` ${args}`;
  if (packaged) return `npx observability-stack ${name}${spaced}`;
  return `npm ${name === "start" || name === "test" ? name : `run ${name}`}${spaced === "" ? "" : ` --${spaced}`}`;
}

/** Reads a command's arguments. @returns `"help"` when help was asked for @throws UsageError with every fault at once */
export function parse<F extends Flags>(command: Command<F>, argv: readonly string[]): Values<F> | "help" {
  const options = Object.fromEntries(Object.entries(command.flags).map(([name, { type }]) => [name, { type }]));
  // Strictness is applied here and not by parseArgs: its messages know neither the nearest flag nor a second fault.
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, flag] of Object.entries(command.flags)) {
    values[name] = flag.type === "boolean" ? false : flag.default;
  }
  for (const token of tokens) {
    // What follows a misspelt flag is its value, and no second fault.
    const before = tokens.find(({ index }) => index === token.index - 1);
    const follows = before?.kind === "option" && !Object.hasOwn(command.flags, before.name);
    if (token.kind === "positional" && !follows) faults.push(unexpected(token.value, command));
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    if (name === "help" || rawName === "-h") return "help";
    const flag = Object.hasOwn(command.flags, name) ? command.flags[name] : undefined;
    if (flag === undefined) faults.push(unknownFlag(rawName, command));
    else if (flag.type === "boolean" && value !== undefined) faults.push(`${rawName} takes no value`);
    else if (flag.type === "boolean") values[name] = true;
    else if (value === undefined || value === "" || (value.startsWith("-") && !token.inlineValue)) {
      faults.push(`${rawName} needs a value: ${rawName} ${flag.value ?? "VALUE"}`);
    } else values[name] = value;
  }
  if (faults.length > 0) {
    const help = `${typed(command.name, "--help")} shows what there is`;
    throw new UsageError([...faults.map((fault) => `${typed(command.name)}: ${fault}`), help].join("\n"));
  }
  return values as Values<F>;
}

function unknownFlag(rawName: string, { flags }: Command): string {
  const guess = nearest(rawName.replace(/^-+/, ""), [...Object.keys(flags), "help"]);
  return `unknown flag ${rawName}${guess === undefined ? "" : `; did you mean --${guess}?`}`;
}

function unexpected(argument: string, { flags }: Command): string {
  const guess = nearest(argument, Object.keys(flags));
  return `unexpected argument "${argument}"${guess === undefined ? "" : `; did you mean --${guess}?`}`;
}

/** The help of a command. */
export function usage({ name, summary, flags }: Command): string {
  const all: Flags = { ...flags, help: { type: "boolean", description: "this text" } };
  const rows = Object.entries(all).map(([flag, { type, value, description, default: preset }]) => [
    `--${flag}${type === "string" ? ` ${value ?? "VALUE"}` : ""}`,
    `${description}${preset === undefined ? "" : ` (default ${preset})`}`,
  ]);
  const width = Math.max(...rows.map(([left = ""]) => left.length));
  const lines = rows.map(([left = "", right = ""]) => `  ${left.padEnd(width)}  ${right}`);
  return [`${summary}`, "", typed(name, "[FLAGS]"), ...lines].join("\n");
}

/**
 * Flags that npm kept for itself because `--` was forgotten: `npm run up --kind` runs the command without any, and
 * leaves `npm_config_kind` behind.
 */
export function swallowedFlags({ flags }: Command, environment: NodeJS.ProcessEnv = process.env): string[] {
  if (environment["npm_lifecycle_event"] === undefined) return [];
  return Object.keys(flags).filter((name) => environment[`npm_config_${name}`] !== undefined);
}

/** Exit code of what a command threw: 2 for a wrong command line, 130 for Ctrl-C, else 1. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return 2;
  return error instanceof CancelledError ? 130 : 1;
}

/** What a person reads of an error: only what nobody foresaw shows where in the code it arose. */
export function printed(error: unknown): string {
  const foreseen = [UsageError, EnvironmentError, EngineError, KitError].some((kind) => error instanceof kind);
  if (foreseen) return (error as Error).message;
  return `this is a fault of the command itself:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** Runs a command: parses, prints errors all in one way, sets the exit code. */
export async function runCommand<F extends Flags>(
  command: Command<F>,
  main: (values: Values<F>) => Promise<number | undefined> | number | undefined,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> {
  try {
    const values = parse(command, argv);
    if (values === "help") console.log(usage(command));
    else process.exitCode = (await main(values)) ?? 0;
  } catch (error) {
    console.error(printed(error));
    process.exitCode = exitCodeOf(error);
  }
}
