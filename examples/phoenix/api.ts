import { createHash, randomUUID } from "node:crypto";
import { context } from "@opentelemetry/api";
import { parseFaults, FaultRequestError } from "./faults";
import { call } from "./client";
import { Failure } from "./errors";
import { publish } from "./publish";
import { operationOf, PLAN_SECONDS, type PlanState, type Step } from "./queue";
import type { AgentRole } from "./roles";
import { FAULTS_KEY, type Parts, type Running } from "./role";
import { close, serve, type Asked } from "./server";
import { idsOf, withIds } from "./telemetry";

interface Wish {
  readonly goal: string;
  readonly repository: string;
}

/** What is kept of a user: what of their settings a plan needs. */
interface Profile {
  readonly id: string;
  readonly style: "brief" | "thorough";
}

const PROFILE_SECONDS = 300;

/** @throws Failure with status 400 for what is no plan */
function wishOf(input: unknown): Wish {
  const { goal, repository } = (input ?? {}) as Partial<Record<keyof Wish, unknown>>;
  if (typeof goal !== "string" || goal === "" || typeof repository !== "string" || repository === "")
    throw new Failure("refused", "a plan has a goal and a repository, both text", 400);
  return { goal, repository };
}

/** How a goal is reached: look at the repository, think about it, write down what was found. */
function stepsOf({ goal, repository }: Wish, { style }: Profile): [Step, ...Step[]] {
  const prompt = `${style}: ${goal}`;
  const step = (agent: AgentRole, input: object): Step => ({ agent, operation: operationOf[agent], input });
  return [
    step("git", { repository }),
    step("llm-router", { prompt }),
    step("obsidian", { title: goal, text: `About [[${repository}]]: ${prompt}` }),
  ];
}

/** The API: takes plans, tells how they go, searches notes, and switches faults. */
export async function startApi({ settings, telemetry, log, faults, cache }: Parts): Promise<Running> {
  const profile = (id: string) =>
    cache.remember<Profile>(`profile:${id}`, PROFILE_SECONDS, async () => {
      const digest = createHash("sha256").update(id).digest();
      return { id, style: (digest[0] ?? 0) % 2 === 0 ? "brief" : "thorough" };
    });

  const plan = async (asked: Asked) => {
    await faults.strike();
    const wish = wishOf(asked.json());
    const plan_id = randomUUID();
    const steps = stepsOf(wish, await profile(idsOf(context.active()).user_id ?? "nobody"));
    const state: PlanState = { plan_id, state: "running", steps: steps.length, done: 0 };
    return context.with(withIds(context.active(), { plan_id }), async () => {
      await cache.set(`plan:${plan_id}`, state, PLAN_SECONDS);
      await publish(telemetry, cache, { plan_id, planned: Date.now() }, steps);
      log.info("plan accepted", { metadata: { steps: steps.length, repository: wish.repository }, tags: ["plan"] });
      return { status: 202, body: state };
    });
  };

  const server = await serve(
    settings.port("api"),
    {
      "POST /plans": plan,
      "GET /plans/{id}": async ({ parameters: { id = "" } }) => {
        await faults.strike();
        const state = await cache.get<PlanState>(`plan:${id}`);
        return state === undefined
          ? { status: 404, body: { message: `there is no plan ${id}` } }
          : { status: 200, body: state };
      },
      "GET /search": async ({ query }) => {
        await faults.strike();
        const words = query.get("words") ?? "";
        const path = "/operations/search";
        const { body } = await call(telemetry, settings, { to: "obsidian", method: "POST", path, body: { words } });
        return { status: 200, body };
      },
      "GET /faults": async () => ({ status: 200, body: faults.current }),
      "POST /faults": async (asked) => {
        try {
          const request = parseFaults(asked.json());
          await cache.set(FAULTS_KEY, request.faults, request.seconds);
          faults.take(request.faults);
          return { status: 200, body: request };
        } catch (error) {
          if (!(error instanceof FaultRequestError)) throw error;
          throw new Failure("refused", error.message, 400);
        }
      },
    },
    telemetry,
    log,
  );
  return { stop: () => close(server) };
}
