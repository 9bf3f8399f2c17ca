import { context, propagation, ROOT_CONTEXT, SpanKind } from "@opentelemetry/api";
import { Connection } from "./cache/client";
import { call } from "./client";
import { typeOf } from "./errors";
import { publish } from "./publish";
import { listOf, operationOf, PLAN_SECONDS, queues, type PlanState, type Step, type Task } from "./queue";
import type { AgentRole } from "./roles";
import { sleep, type Parts, type Running } from "./role";
import { close, serve } from "./server";
import { inSpan } from "./spans";

/** Tasks that a worker does at once. */
const SLOTS = 8;
/** How many plans the success rate looks back on. */
const RECENT = 100;

/** Label `agent` of the metrics, as the catalogue spells it. */
export const agentLabel = (agent: AgentRole): string => agent.replace("-", "_");

/** The worker: takes tasks, has an agent do each, and queues the next step of its plan. */
export async function startWorker({ settings, telemetry, log, cache }: Parts): Promise<Running> {
  const { meters } = telemetry;
  const lists = Object.values(queues).map(listOf);
  const outcomes: boolean[] = [];
  const waiting = new Map(lists.map((list) => [list, 0]));
  let busy = 0;
  let open = true;

  meters.plan_success_rate.observe((set) => {
    if (outcomes.length > 0) set(outcomes.filter(Boolean).length / outcomes.length);
  });
  // Full when as many tasks wait as the worker does at once.
  meters.system_load_score.observe((set) => {
    const queued = [...waiting.values()].reduce((sum, length) => sum + length, 0);
    set(Math.min(1, (busy + queued) / (2 * SLOTS)));
  });
  for (const queue of Object.values(queues)) {
    meters.tasks_failed_total.add(0, { queue, type: "internal" });
    meters.tasks_completed_total.add(0, { queue });
  }
  for (const outcome of ["succeeded", "failed"]) meters.plans_total.add(0, { outcome });
  for (const agent of Object.keys(queues) as AgentRole[])
    meters.agent_errors_total.add(0, { agent: agentLabel(agent), operation: operationOf[agent], type: "internal" });

  const ask = async ({ agent: role, operation, input }: Step) => {
    const agent = agentLabel(role);
    const begin = performance.now();
    meters.agent_calls_total.add(1, { agent, operation });
    try {
      const path = `/operations/${operation}`;
      await call(telemetry, settings, { to: role, method: "POST", path, body: input });
    } catch (error) {
      meters.agent_errors_total.add(1, { agent, operation, type: typeOf(error) });
      throw error;
    } finally {
      meters.agent_duration_seconds.record((performance.now() - begin) / 1000, { agent, operation });
    }
  };

  const endPlan = (task: Task, succeeded: boolean) => {
    const outcome = succeeded ? "succeeded" : "failed";
    const seconds = (Date.now() - task.planned) / 1000;
    meters.plans_total.add(1, { outcome });
    meters.plan_duration_seconds.record(seconds, { outcome });
    outcomes.push(succeeded);
    if (outcomes.length > RECENT) outcomes.shift();
    const entry = { plan_id: task.plan_id, duration_ms: Math.round(seconds * 1000), tags: ["plan"] };
    if (succeeded) log.info("plan succeeded", entry);
    else log.error("plan failed", { ...entry, metadata: { step: task.step.operation, agent: task.step.agent } });
  };

  const work = async (task: Task) => {
    const { plan_id, task_id, step, after } = task;
    const queue = queues[step.agent];
    const state = (kind: PlanState["state"]) => {
      const steps = 3;
      const done = steps - after.length - (kind === "failed" ? 1 : 0);
      return cache.set(`plan:${plan_id}`, { plan_id, state: kind, steps, done } satisfies PlanState, PLAN_SECONDS);
    };
    meters.task_queue_time_seconds.record((Date.now() - task.queued) / 1000, { queue });
    const begin = performance.now();
    try {
      await ask(step);
      meters.tasks_completed_total.add(1, { queue });
      log.info("task done", { task_id, plan_id, duration_ms: Math.round(performance.now() - begin) });
      const [next, ...rest] = after;
      await state(next === undefined ? "succeeded" : "running");
      if (next === undefined) endPlan(task, true);
      else await publish(telemetry, cache, task, [next, ...rest]);
    } catch (error) {
      meters.tasks_failed_total.add(1, { queue, type: typeOf(error) });
      endPlan(task, false);
      await state("failed");
      throw error;
    } finally {
      meters.task_duration_seconds.record((performance.now() - begin) / 1000, { queue });
    }
  };

  const handle = async (task: Task) => {
    const within = propagation.extract(ROOT_CONTEXT, task.carrier);
    const queue = queues[task.step.agent];
    const attributes = { "messaging.destination.name": queue, plan_id: task.plan_id, task_id: task.task_id };
    await inSpan(telemetry, `process ${queue}`, SpanKind.CONSUMER, attributes, () => work(task), within).catch(
      (error: unknown) =>
        context.with(within, () =>
          log.warn(`task failed: ${error instanceof Error ? error.message : String(error)}`, {
            task_id: task.task_id,
            metadata: { type: typeOf(error), queue },
          }),
        ),
    );
  };

  /** One slot: its own connection, since a command that waits holds it up. */
  const slot = async () => {
    const connection = new Connection(settings.host("cache"), settings.port("cache"));
    while (open) {
      try {
        const taken = await connection.command(["BLPOP", ...lists, "1"], 1000);
        if (!Array.isArray(taken)) continue;
        busy += 1;
        await handle(JSON.parse(String(taken[1])) as Task).finally(() => (busy -= 1));
      } catch (error) {
        log.warn(`no tasks to be had: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(1000);
      }
    }
    connection.close();
  };

  const measure = async () => {
    while (open) {
      for (const list of lists) {
        await cache.length(list).then(
          (length) => waiting.set(list, length),
          () => undefined,
        );
      }
      await sleep(1000);
    }
  };

  const server = await serve(settings.port("worker"), {}, telemetry, log);
  const slots = [...Array.from({ length: SLOTS }, slot), measure()];
  return {
    stop: async () => {
      open = false;
      await Promise.all(slots);
      await close(server);
    },
  };
}
