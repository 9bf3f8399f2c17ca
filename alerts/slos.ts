import { metricsKept, metricsTiers, type Environment } from "../environment";
import { agents, apiserver, application, business, matches, matchesNot, rate, sum, quantity } from "../signals";
import { slo } from "./language/slo";
import type { Objectives } from "./system";

const service = ["cluster", "service_name"] as const;
const agent = ["cluster", "agent"] as const;
const served = (window: string) => sum(rate(application.requests_total.over(window))).by(...service);
const timed = (window: string) => sum(rate(application.request_duration_seconds.count.over(window))).by(...service);
const fast = (window: string) =>
  sum(rate(application.request_duration_seconds.buckets.where({ le: "0.5" }).over(window)))
    .by(...service)
    .as("requests per second");
const calls = (window: string) => sum(rate(agents.agent_calls_total.over(window))).by(...agent);
const plans = (window: string) => sum(rate(business.plans_total.over(window))).by("cluster");
const apiRequests = apiserver.apiserver_request_total.where({ verb: matchesNot("WATCH|WATCHLIST|CONNECT") });
const api = (window: string) => sum(rate(apiRequests.over(window))).by("cluster");

/** The runbook of everything that is missed. */
const trafficRunbook = "ServiceTrafficGone";

// What never failed has no series of failures: its bad events are 0, not unknown.

/** Objectives of services. */
export const serviceObjectives: Objectives = (thresholds, { alerting: { objectivePeriod: period } }) => [
  slo(
    {
      name: "service-availability",
      alert: "ServiceAvailabilityBudget",
      team: "product",
      component: "application",
      of: "requests that work",
      events: "requests",
      objective: thresholds.availability.objective,
      bad: (window) =>
        sum(rate(application.request_errors_total.over(window)))
          .by(...service)
          .or(served(window).times(0)),
      total: served,
      labels: service,
      dashboard: "slos",
      runbook: "ErrorBudget",
      traffic: { alert: "ServiceTrafficGone", runbook: trafficRunbook },
    },
    period,
  ),
  slo(
    {
      name: "service-latency",
      alert: "ServiceLatencyBudget",
      team: "product",
      component: "application",
      of: "requests answered within 500 ms",
      events: "requests with a duration",
      objective: thresholds.latencyObjective,
      bad: (window) => timed(window).minus(fast(window)),
      total: timed,
      labels: service,
      dashboard: "slos",
      runbook: "ErrorBudget",
      traffic: { runbook: trafficRunbook },
    },
    period,
  ),
];

/** Objectives of agents, and of the plans that they work on. */
export const agentObjectives: Objectives = (thresholds, { alerting: { objectivePeriod: period } }) => [
  slo(
    {
      name: "agent-availability",
      alert: "AgentAvailabilityBudget",
      team: "product",
      component: "agents",
      of: "calls that work",
      events: "calls",
      objective: quantity(1 - thresholds.errorRatio.warning.value, "ratio"),
      bad: (window) =>
        sum(rate(agents.agent_errors_total.over(window)))
          .by(...agent)
          .or(calls(window).times(0)),
      total: calls,
      labels: agent,
      dashboard: "agent-health",
      runbook: "ErrorBudget",
      traffic: { alert: "AgentTrafficGone", runbook: trafficRunbook },
    },
    period,
  ),
  slo(
    {
      name: "plan-success",
      alert: "PlanSuccessBudget",
      team: "product",
      component: "plans",
      of: "plans that succeed",
      events: "plans",
      objective: thresholds.planSuccess.warning,
      bad: (window) =>
        sum(rate(business.plans_total.where({ outcome: "failed" }).over(window)))
          .by("cluster")
          .or(plans(window).times(0)),
      total: plans,
      labels: ["cluster"],
      dashboard: "business-metrics",
      runbook: "ErrorBudget",
      traffic: { alert: "PlanTrafficGone", runbook: trafficRunbook },
    },
    period,
  ),
];

/** Objective of Kubernetes' API server. */
export const apiServerObjectives: Objectives = (_thresholds, { alerting: { objectivePeriod: period } }) => [
  slo(
    {
      name: "apiserver-availability",
      alert: "ApiServerAvailabilityBudget",
      team: "platform",
      component: "apiserver",
      of: "requests that work",
      events: "requests",
      // kubernetes-mixin's objective for the API server.
      objective: quantity(0.99, "ratio"),
      bad: (window) =>
        sum(rate(apiRequests.where({ code: matches("5..") }).over(window)))
          .by("cluster")
          .or(api(window).times(0)),
      total: api,
      labels: ["cluster"],
      dashboard: "kubernetes-cluster",
      runbook: "KubeApi",
      traffic: { alert: "ApiServerTrafficGone", runbook: trafficRunbook },
    },
    period,
  ),
];

/** The objectives of an environment: those of its packs. */
export const objectives: Objectives = (thresholds, environment) =>
  environment.composition.packs.flatMap((pack) => pack.objectives?.(thresholds, environment) ?? []);

/**
 * How far back whoever evaluates the short windows can look, and how far the long-term store can. Of several shards the
 * finest tier of the store takes Prometheus' place, and may keep less.
 */
export const keptBy = (environment: Environment) => {
  const { retention, systems } = environment;
  const [finest] = metricsTiers(environment);
  const { prometheus } = retention;
  const shorter = systems.prometheus.shards > 1 && finest !== undefined && finest.keep.seconds < prometheus.seconds;
  return { short: shorter ? finest.keep : prometheus, store: metricsKept(environment) };
};
