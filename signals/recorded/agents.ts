import { histogramQuantile, rate, sum } from "../functions";
import { record, ruleGroup } from "../recording";
import { agents, business } from "../sources/application";

const agentCalls = sum(rate(agents.agent_calls_total.over("5m"))).by("cluster", "agent");

/** Agents, and the plans that they work on. */
export const agentRates = {
  agentCalls: record("agent:agent_calls:rate5m", "Calls to an agent", agentCalls),
  agentErrorRatio: record(
    "agent:agent_errors:ratio_rate5m",
    "Share of an agent's calls that fail",
    sum(rate(agents.agent_errors_total.over("5m")))
      .by("cluster", "agent")
      .or(agentCalls.times(0))
      .dividedBy(agentCalls),
  ),
  agentDurationP95: record(
    "agent:agent_duration_seconds:p95_5m",
    "Time in which 95 % of an agent's calls end",
    histogramQuantile(0.95, sum(rate(agents.agent_duration_seconds.buckets.over("5m"))).by("cluster", "agent", "le")),
  ),
  planDurationP95: record(
    "cluster:plan_duration_seconds:p95_5m",
    "Time in which 95 % of plans end",
    histogramQuantile(0.95, sum(rate(business.plan_duration_seconds.buckets.over("5m"))).by("cluster", "le")),
  ),
} as const;

export const agentRules = [ruleGroup("agents", "30s", Object.values(agentRates))];
