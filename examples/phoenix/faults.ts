import { Duration, UnitError } from "../../environment/units";
import { agentRoles, type AgentRole } from "./roles";

/** What goes wrong on purpose, so that panels and alerts can be seen at work. */
export interface Faults {
  /** Share of requests to the API and of calls to agents that fail, 0..1. */
  readonly errors: number;
  /** Added to each of them, in seconds. */
  readonly latency: number;
  /** How many times the usual load. */
  readonly load: number;
  /** Share of lookups that the cache doesn't answer although it could, 0..1. */
  readonly misses: number;
  /** Agents that refuse to work. */
  readonly down: readonly AgentRole[];
}

export const noFaults: Faults = { errors: 0, latency: 0, load: 1, misses: 0, down: [] };

/** More would be a load test, for which this program is not made. */
const MOST_LOAD = 50;

/** Faults as people write them; what is left out is as usual. */
export type FaultInput = Partial<Omit<Faults, "latency">> & { readonly latency?: string | 0; readonly for?: string };

/** What `POST /faults` asks for: `{"errors": 0.2, "latency": "500ms", "for": "10m"}`. */
export interface FaultRequest {
  readonly faults: Faults;
  /** Seconds after which all is well again. */
  readonly seconds: number;
}

/** A quarter of an hour: longer than any alert of the application waits. */
const DEFAULT_SECONDS = 900;

/** Every fault of a request at once. */
export class FaultRequestError extends Error {}

type Reader<T> = (value: unknown) => T | undefined;
const number =
  (most: number): Reader<number> =>
  (value) =>
    typeof value === "number" && value >= 0 && value <= most ? value : undefined;
const seconds: Reader<number> = (value) => {
  try {
    // 700 times 0.001 is not 0.7 in binary.
    return value === 0 ? 0 : Math.round(Duration.parse(String(value)).seconds * 1000) / 1000;
  } catch (error) {
    if (error instanceof UnitError) return undefined;
    throw error;
  }
};
const agents: Reader<readonly AgentRole[]> = (value) =>
  Array.isArray(value) && value.every((name) => agentRoles.includes(name as AgentRole))
    ? (value as AgentRole[])
    : undefined;

const readers: { readonly [K in keyof Faults | "for"]: readonly [Reader<unknown>, hint: string] } = {
  errors: [number(1), "a share from 0 to 1"],
  latency: [seconds, 'a duration such as "500ms", or 0'],
  load: [number(MOST_LOAD), `a number from 0 to ${MOST_LOAD}: how many times the usual load`],
  misses: [number(1), "a share from 0 to 1"],
  down: [agents, `a list of ${agentRoles.join(", ")}`],
  for: [seconds, 'a duration such as "10m"'],
};

/** @throws FaultRequestError naming every key that is unknown or wrong, and what it takes */
export function parseFaults(input: unknown): FaultRequest {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    throw new FaultRequestError(`an object is wanted, with ${Object.keys(readers).join(", ")}`);
  const wrong: string[] = [];
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(input)) {
    const reader = Object.hasOwn(readers, key) ? readers[key as keyof typeof readers] : undefined;
    if (reader === undefined) {
      wrong.push(`${key} is unknown; there are ${Object.keys(readers).join(", ")}`);
      continue;
    }
    read[key] = reader[0](value);
    if (read[key] === undefined) wrong.push(`${key} is ${JSON.stringify(value)}, and takes ${reader[1]}`);
  }
  if (wrong.length > 0) throw new FaultRequestError(wrong.join("\n"));
  const { for: duration = DEFAULT_SECONDS, ...faults } = read;
  return { faults: { ...noFaults, ...faults }, seconds: Math.max(1, Math.round(Number(duration))) };
}
