import { randomUUID } from "node:crypto";
import { context, ROOT_CONTEXT, SpanKind } from "@opentelemetry/api";
import { call } from "./client";
import { Failure } from "./errors";
import type { PlanState } from "./queue";
import { sleep, type Parts, type Running } from "./role";
import { close, serve } from "./server";
import { inSpan } from "./spans";
import { withIds } from "./telemetry";

const USERS = 40;
/** Users that wait at once; what would be more is left out, so that a slow system is not pushed over. */
const MOST_WAITING = 200;
/** How often a user asks how the plan goes, and how many times. */
const ASK_MILLISECONDS = 500;
const MOST_ASKS = 20;

const goals = ["review the changes", "write release notes", "find dead code", "explain the build", "plan the week"];
const repositories = ["shop", "website", "orchestrator", "infrastructure"];
const oneOf = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;

/** Users of phoenix: each begins a plan, asks how it goes until it has ended, and then searches the notes. */
export async function startLoad({ settings, telemetry, log, faults }: Parts): Promise<Running> {
  const active = new Set<Promise<void>>();
  let open = true;

  const visit = () => {
    const ids = { correlation_id: randomUUID(), user_id: `user-${Math.floor(Math.random() * USERS)}` };
    const begin = () =>
      inSpan(telemetry, "visit", SpanKind.INTERNAL, {}, async () => {
        const repository = oneOf(repositories);
        const wish = { goal: `${oneOf(goals)} of ${repository}`, repository };
        const { body } = await call(telemetry, settings, { to: "api", method: "POST", path: "/plans", body: wish });
        const { plan_id } = body as PlanState;
        for (let asked = 0, state = "running"; open && state === "running" && asked < MOST_ASKS; asked += 1) {
          await sleep(ASK_MILLISECONDS);
          const path = `/plans/${plan_id}`;
          const answer = await call(telemetry, settings, { to: "api", method: "GET", path, route: "/plans/{id}" });
          state = (answer.body as Partial<PlanState>).state ?? "lost";
        }
        const path = `/search?words=${repository}`;
        await call(telemetry, settings, { to: "api", method: "GET", path, route: "/search" });
      }).catch((error: unknown) => {
        if (!(error instanceof Failure)) throw error;
        log.warn(`a visit ended early: ${error.message}`, { metadata: { type: error.type } });
      });
    const running = context.with(withIds(ROOT_CONTEXT, ids), begin).finally(() => active.delete(running));
    active.add(running);
  };

  const drive = async () => {
    while (open) {
      const rate = settings.plansPerSecond * faults.current.load;
      // Without load, look again soon: it can come back at any time.
      await sleep(rate > 0 ? 1000 / rate : 1000);
      if (open && rate > 0 && active.size < MOST_WAITING) visit();
    }
  };

  const server = await serve(settings.port("load"), {}, telemetry, log);
  const driving = drive();
  return {
    stop: async () => {
      open = false;
      await driving;
      await Promise.all(active);
      await close(server);
    },
  };
}
