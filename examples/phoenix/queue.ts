import type { AgentRole } from "./roles";

/** The queues, one for each agent; label `queue` of the task metrics. */
export const queues: Readonly<Record<AgentRole, string>> = {
  git: "repository",
  "llm-router": "reasoning",
  obsidian: "notes",
};

/** What plans ask of each agent. */
export const operationOf: Readonly<Record<AgentRole, string>> = {
  git: "diff",
  "llm-router": "complete",
  obsidian: "write",
};

/** The list that a queue is kept in. */
export const listOf = (queue: string): string => `tasks/${queue}`;

/** One step of a plan: an operation of an agent. */
export interface Step {
  readonly agent: AgentRole;
  readonly operation: string;
  readonly input: unknown;
}

/** A task as it waits in a queue: the step to do now, those after it, and the trace that it belongs to. */
export interface Task {
  readonly task_id: string;
  readonly plan_id: string;
  readonly step: Step;
  readonly after: readonly Step[];
  /** Milliseconds since 1970. */
  readonly planned: number;
  readonly queued: number;
  /** W3C trace context and baggage. */
  readonly carrier: Readonly<Record<string, string>>;
}

/** What is known of a plan. */
export interface PlanState {
  readonly plan_id: string;
  readonly state: "running" | "succeeded" | "failed";
  readonly steps: number;
  readonly done: number;
}
/** How long a plan can be asked for, in seconds. */
export const PLAN_SECONDS = 600;
