import { age, agents, business, histogramQuantile, max, min, rate, sum, inWords, agentRates } from "../signals";
import {
  selected,
  column,
  falling,
  heatmap,
  latest,
  page,
  query,
  rising,
  row,
  stat,
  stateTimeline,
  status,
  table,
  timeSeries,
  variable,
} from "./language";
import { cluster, folders, here } from "./shared";

const agent = variable("agent", agents.agent_calls_total.where(here), "agent");
const ofAgent = { ...here, agent: selected("agent") } as const;
const score = min(business.agent_health_score.where(ofAgent)).by("agent");

/** The Git, LLM router and Obsidian agents (F5, C3). */
export const agentHealth = page((thresholds) => ({
  uid: "agent-health",
  title: "Agent Health",
  description: "The Git, LLM router and Obsidian agents: health, calls, errors, queues.",
  folder: folders.product,
  variables: [cluster, agent],
  rows: [
    row("State", [
      stat(
        "Health",
        `Each agent's own score, 1 is best. Bad below ${inWords(thresholds.agentHealth.warning)}.`,
        query(score, "{{agent}}"),
        {
          thresholds: falling(thresholds.agentHealth),
          width: "third",
          height: 6,
        },
      ),
      status(
        "Up",
        "Whether an agent is in any state but down.",
        query(max(agents.agent_state.where({ ...ofAgent, state: "down" })).by("agent"), "{{agent}}"),
        { 0: ["works", "green"], 1: ["down", "red"] },
      ),
      stat(
        "Last success",
        "Time since each agent last answered without error. Bad above some minutes.",
        query(min(age(agents.agent_last_success_timestamp_seconds.where(ofAgent))).by("agent"), "{{agent}}"),
        { width: "third", height: 6 },
      ),
      stateTimeline(
        "States",
        "Which agents were degraded or down, and when.",
        query(
          max(agents.agent_state.where({ ...ofAgent, state: { operator: "=~", value: "degraded|down" } })).by(
            "agent",
            "state",
          ),
          "{{agent}} {{state}}",
        ),
        { 0: ["no", "green"], 1: ["yes", "red"] },
      ),
      timeSeries(
        "Health over time",
        `Bad below ${inWords(thresholds.agentHealth.warning)}, critical below ${inWords(thresholds.agentHealth.critical)}.`,
        [query(score, "{{agent}}")],
        {
          thresholds: falling(thresholds.agentHealth),
          width: "half",
          max: 1,
        },
      ),
    ]),
    row("Calls", [
      timeSeries("Calls", "Calls to each agent. A drop to 0 means that nobody reaches it.", [
        query(agentRates.agentCalls.where(ofAgent), "{{agent}}"),
      ]),
      timeSeries(
        "Share of failed calls",
        `Bad from ${inWords(thresholds.errorRatio.warning)}, critical from ${inWords(thresholds.errorRatio.critical)}.`,
        [query(agentRates.agentErrorRatio.where(ofAgent), "{{agent}}")],
        { thresholds: rising(thresholds.errorRatio), links: [{ title: "Logs", to: "logs", keep: ["cluster"] }] },
      ),
      timeSeries(
        "Waiting calls",
        `Calls that wait for an agent. Bad above ${inWords(thresholds.agentQueue.warning)}.`,
        [query(sum(agents.agent_queue_depth.where(ofAgent)).by("agent"), "{{agent}}")],
        { thresholds: rising(thresholds.agentQueue) },
      ),
      timeSeries("Time for a call, p95", "Time in which 95 % of calls end.", [
        query(agentRates.agentDurationP95.where(ofAgent), "{{agent}}"),
      ]),
      heatmap(
        "Durations",
        "Distribution over the chosen agents. Bad when the dark band moves up.",
        query(sum(rate(agents.agent_duration_seconds.buckets.where(ofAgent))).by("le"), "{{le}}", { exemplars: true }),
        { links: [{ title: "Traces", to: "traces", keep: ["cluster"] }] },
      ),
      timeSeries(
        "Errors by type",
        "Failed calls by type of error: what to mend first.",
        [query(sum(rate(agents.agent_errors_total.where(ofAgent))).by("agent", "type"), "{{agent}} {{type}}")],
        { mayBeEmpty: { only: "once a call failed", underFaults: true } },
      ),
      table("Operations", "Calls and durations, operation by operation.", [
        column(
          "Calls",
          latest(query(sum(rate(agents.agent_calls_total.where(ofAgent).over("5m"))).by("agent", "operation"), "")),
        ),
        column(
          "p95",
          latest(
            query(
              histogramQuantile(
                0.95,
                sum(rate(agents.agent_duration_seconds.buckets.where(ofAgent).over("5m"))).by(
                  "agent",
                  "operation",
                  "le",
                ),
              ),
              "",
            ),
          ),
        ),
      ]),
    ]),
    row("What each does", [
      timeSeries("Git operations", "Operations by outcome. Failed ones often mean a remote that can't be reached.", [
        query(
          sum(rate(agents.git_operations_total.where(here))).by("operation", "outcome"),
          "{{operation}} {{outcome}}",
        ),
      ]),
      timeSeries("Model tokens", "Tokens by model and direction. A jump costs money.", [
        query(sum(rate(agents.llm_tokens_total.where(here))).by("model", "direction"), "{{model}} {{direction}}"),
      ]),
      timeSeries("Obsidian notes", "Notes read and written, by outcome.", [
        query(sum(rate(agents.obsidian_notes_processed_total.where(here))).by("outcome"), "{{outcome}}"),
      ]),
    ]),
  ],
}));
