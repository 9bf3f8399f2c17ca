import { randomUUID } from "node:crypto";
import { context, propagation, SpanKind } from "@opentelemetry/api";
import type { Cache } from "./cache/client";
import { listOf, queues, type Step, type Task } from "./queue";
import { inSpan } from "./spans";
import type { Telemetry } from "./telemetry";

/** Queues a step of a plan; the trace goes on in whoever takes it. */
export async function publish(
  telemetry: Telemetry,
  cache: Cache,
  { plan_id, planned }: Pick<Task, "plan_id" | "planned">,
  [step, ...after]: readonly [Step, ...Step[]],
): Promise<void> {
  const queue = queues[step.agent];
  const task_id = randomUUID();
  const attributes = { "messaging.destination.name": queue, plan_id, task_id };
  await inSpan(telemetry, `publish ${queue}`, SpanKind.PRODUCER, attributes, async () => {
    const carrier: Record<string, string> = {};
    propagation.inject(context.active(), carrier);
    const task: Task = { task_id, plan_id, step, after, planned, queued: Date.now(), carrier };
    await cache.push(listOf(queue), task);
    telemetry.meters.tasks_queued_total.add(1, { queue });
  });
}
