import {
  agents,
  avg,
  business,
  histogramQuantile,
  increase,
  min,
  rate,
  services,
  sum,
  inWords,
  agentRates,
} from "../signals";
import { bars, gauge, falling, heatmap, page, pie, query, rising, row, stat, timeSeries } from "./language";
import { cluster, folders, here } from "./shared";

const plans = business.plans_total.where(here);
const toAgents = { title: "Agent health", to: "agent-health", keep: ["cluster"] } as const;

/** What the product achieves (F4, C4). */
export const businessMetrics = page((thresholds) => ({
  uid: "business-metrics",
  title: "Business Metrics",
  description: "What the product achieves: plans, agents, load.",
  folder: folders.product,
  variables: [cluster],
  from: "now-24h",
  rows: [
    row("Now", [
      gauge(
        "Plans that succeed",
        `Share of plans that succeeded lately. Bad below ${inWords(thresholds.planSuccess.warning)}, critical below ${inWords(thresholds.planSuccess.critical)}.`,
        query(avg(business.plan_success_rate.where(here)), "success"),
        { thresholds: falling(thresholds.planSuccess), max: 1 },
      ),
      gauge(
        "Weakest agent",
        `Health of the agent that does worst. Bad below ${inWords(thresholds.agentHealth.warning)}.`,
        query(min(business.agent_health_score.where(here)), "health"),
        { thresholds: falling(thresholds.agentHealth), max: 1, links: [toAgents] },
      ),
      gauge(
        "System load",
        `Load of the whole system. Bad above ${inWords(thresholds.systemLoad.warning)}: plans begin to wait.`,
        query(avg(business.system_load_score.where(here)), "load"),
        { thresholds: rising(thresholds.systemLoad), max: 1 },
      ),
      stat(
        "Plans finished",
        "Plans that ended in the last interval, whatever the outcome.",
        query(sum(increase(plans)), "plans"),
        { height: 6 },
      ),
      stat(
        "Time for a plan, p95",
        `Time in which 95 % of plans end. Bad above ${inWords(thresholds.planTime.warning)}.`,
        query(agentRates.planDurationP95.where(here), "p95"),
        { height: 6, thresholds: rising(thresholds.planTime) },
      ),
      stat(
        "Tokens",
        "Tokens of language models per second: what costs money.",
        query(sum(rate(agents.llm_tokens_total.where(here))), "tokens"),
        { height: 6 },
      ),
    ]),
    row("Plans", [
      timeSeries(
        "Plans by outcome",
        "Plans that ended. Bad when failed ones gain on the others.",
        [query(sum(rate(plans)).by("outcome"), "{{outcome}}")],
        { stacked: true },
      ),
      timeSeries(
        "Success rate",
        `Share of plans that succeed. Bad below ${inWords(thresholds.planSuccess.warning)}.`,
        [query(avg(business.plan_success_rate.where(here)).by("service_name"), "{{service_name}}")],
        { thresholds: falling(thresholds.planSuccess), max: 1 },
      ),
      pie(
        "Outcomes",
        "How plans ended in the time range. Bad when failed ones take more than a sliver.",
        query(sum(increase(plans.over("$__range"))).by("outcome"), "{{outcome}}"),
      ),
      heatmap(
        "How long plans take",
        "Distribution of plan durations. Bad when it moves above 5 s.",
        query(sum(rate(business.plan_duration_seconds.buckets.where(here))).by("le"), "{{le}}", { exemplars: true }),
        { width: "half" },
      ),
      timeSeries(
        "Time for a plan",
        `Median and 95 %. Bad above ${inWords(thresholds.planTime.warning)}.`,
        [
          query(
            histogramQuantile(0.5, sum(rate(business.plan_duration_seconds.buckets.where(here))).by("le", "cluster")),
            "p50 {{cluster}}",
          ),
          query(agentRates.planDurationP95.where(here), "p95 {{cluster}}"),
        ],
        { thresholds: rising(thresholds.planTime), width: "half" },
      ),
    ]),
    row("What drives it", [
      bars(
        "Health of agents",
        `Each agent's own score. Bad below ${inWords(thresholds.agentHealth.warning)}.`,
        [query(min(business.agent_health_score.where(here)).by("agent"), "{{agent}}")],
        { thresholds: falling(thresholds.agentHealth), max: 1, links: [toAgents] },
      ),
      timeSeries(
        "System load",
        `Load of the whole system. Bad above ${inWords(thresholds.systemLoad.warning)}.`,
        [query(business.system_load_score.where(here), "{{service_name}} {{instance}}")],
        { thresholds: rising(thresholds.systemLoad), max: 1 },
      ),
      timeSeries("Tasks done", "Tasks behind the plans. A drop shows up in plans a little later.", [
        query(sum(services.tasksCompleted.where(here)).by("queue"), "{{queue}}"),
      ]),
    ]),
  ],
}));
