import { Failure, typeOf } from "../errors";
import type { AgentRole } from "../roles";
import { sleep, type Parts, type Running } from "../role";
import { close, serve, type Asked, type Routes } from "../server";
import { agentLabel } from "../worker";

/** What an agent can do: operations by name. */
export type Operations = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => Promise<unknown>>>;

/** Operations that an agent does at once; the others wait. */
const SLOTS = 4;
/** Calls that the health looks back on. */
const RECENT = 50;
/** Share of recent failures above which an agent calls itself degraded: the requirements' critical error ratio (G1). */
const DEGRADED = 0.05;

const states = ["idle", "busy", "degraded", "down"] as const;

/** An agent: a queue in front of its operations, its state and its health (C3). */
export async function startAgent(role: AgentRole, operations: Operations, parts: Parts): Promise<Running> {
  const { settings, telemetry, log, faults } = parts;
  const { meters } = telemetry;
  const agent = agentLabel(role);
  const recent: boolean[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;
  let lastSuccess: number | undefined;

  const isDown = () => faults.current.down.includes(role);
  const errorRatio = () => (recent.length === 0 ? 0 : recent.filter((ok) => !ok).length / recent.length);
  const state = (): (typeof states)[number] => {
    if (isDown()) return "down";
    if (errorRatio() > DEGRADED) return "degraded";
    return busy > 0 ? "busy" : "idle";
  };
  meters.agent_queue_depth.observe((set) => set(waiting.length, { agent }));
  meters.agent_state.observe((set) => states.forEach((name) => set(name === state() ? 1 : 0, { agent, state: name })));
  meters.agent_health_score.observe((set) => set(isDown() ? 0 : 1 - errorRatio(), { agent }));
  meters.agent_last_success_timestamp_seconds.observe((set) => {
    if (lastSuccess !== undefined) set(lastSuccess, { agent });
  });

  const remember = (ok: boolean) => {
    recent.push(ok);
    if (recent.length > RECENT) recent.shift();
    if (ok) lastSuccess = Date.now() / 1000;
  };

  /** At most {@link SLOTS} at once, in the order in which they came. */
  const inTurn = async <T>(step: () => Promise<T>): Promise<T> => {
    if (busy >= SLOTS) await new Promise<void>((go) => waiting.push(go));
    else busy += 1;
    try {
      return await step();
    } finally {
      const next = waiting.shift();
      if (next === undefined) busy -= 1;
      else next();
    }
  };

  const handle = (operation: string, run: Operations[string]) => async (asked: Asked) => {
    try {
      if (isDown()) throw new Failure("down", `${agent} is down`, 503);
      const body = await inTurn(async () => {
        await faults.strike();
        return run((asked.json() ?? {}) as Record<string, unknown>);
      });
      remember(true);
      return { status: 200, body };
    } catch (error) {
      // A wrong question is no failure of the agent's.
      if (!(error instanceof Failure && error.status < 500)) {
        remember(false);
        log.error(`${operation} failed`, { metadata: { agent, type: typeOf(error) }, tags: ["agent"] });
      }
      throw error;
    }
  };
  const routes: Routes = Object.fromEntries(
    Object.entries(operations).map(([name, run]) => [`POST /operations/${name}`, handle(name, run)]),
  );
  const server = await serve(settings.port(role), routes, telemetry, log);
  return { stop: () => close(server) };
}

/** Time that passes elsewhere, such as at a disk or a model: around the given milliseconds, now and then much longer. */
export const elsewhere = (milliseconds: number): Promise<void> =>
  sleep(milliseconds * (0.5 + Math.random() + (Math.random() < 0.02 ? 5 : 0)));

/** @throws Failure with status 400 when the input lacks it */
export function textOf(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name];
  if (typeof value === "string" && value !== "") return value;
  throw new Failure("refused", `${name} must be text`, 400);
}
