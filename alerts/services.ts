import {
  age,
  agents,
  application,
  avg,
  business,
  histogramQuantile,
  increase,
  max,
  process,
  quantity,
  rate,
  services,
  sum,
  agentRates,
  type phoenixThresholds,
  type Thresholds,
} from "../signals";
import { alert, levels, ticket, type Alert } from "./language";

const team = "product";
const dashboard = "application-performance";
const perAgent = ["cluster", "agent"] as const;
const perQueue = ["cluster", "service_name", "queue"] as const;
const failed = services.tasksFailed;
/** A queue whose tasks all fail has completed none: 0, not unknown. */
const ended = failed.plus(services.tasksCompleted.or(failed.times(0)));
/** Two slow or failed ones at night are no trouble. Requests: the least that an objective counts on; the rest is rarer. */
const enoughRequests = quantity(0.05, "requests per second");
/** Five in five minutes. */
const few = 5 / 300;
const failedCalls = sum(rate(agents.agent_errors_total.over("5m"))).by(...perAgent);
const plansTimed = sum(rate(business.plan_duration_seconds.count.over("5m"))).by("cluster");
const plansEnded = sum(increase(business.plans_total.over("1h"))).by("cluster");
const tasksStarted = sum(rate(application.task_queue_time_seconds.count.over("5m"))).by(...perQueue);
const hits = sum(rate(application.cache_hits_total.over("15m"))).by("cluster", "service_name", "cache");
const misses = sum(rate(application.cache_misses_total.over("15m"))).by("cluster", "service_name", "cache");

/** Services of the application, thresholds of G1. */
export const serviceAlerts = (thresholds: Thresholds): Alert[] => [
  levels({
    name: "ServiceErrorsHigh",
    team,
    component: "application",
    dashboard,
    value: services.errorRatio,
    guard: (over) => over.and(services.requests.above(enoughRequests)),
    above: ticket(thresholds.errorRatio),
    for: { info: "10m", warning: "5m" },
    summary: ({ service_name }) => `${service_name} fails.`,
    description: ({ service_name }, value) => `${value} of the requests to ${service_name} fail.`,
  }),
  levels({
    name: "ServiceSlow",
    team,
    component: "application",
    dashboard,
    value: services.latencyP95,
    guard: (over) => over.and(services.timedRequests.above(enoughRequests)),
    above: thresholds.responseTime,
    pages: "users",
    for: { warning: "10m", critical: "5m" },
    summary: ({ service_name }) => `${service_name} is slow.`,
    description: ({ service_name }, value) => `${service_name} takes ${value} to answer (p95).`,
  }),
  levels({
    name: "ServiceTasksFail",
    team,
    component: "application",
    dashboard,
    runbook: "ServiceErrorsHigh",
    value: failed.dividedBy(ended),
    guard: (over) => over.and(failed.atLeast(quantity(few, "count per second"))),
    above: thresholds.errorRatio,
    pages: "users",
    for: { warning: "10m", critical: "5m" },
    summary: ({ service_name, queue }) => `Tasks of ${service_name} fail: ${queue}.`,
    description: ({ queue }, value) => `${value} of the tasks of ${queue} fail.`,
  }),
  levels({
    name: "ServiceCacheMisses",
    team,
    component: "application",
    dashboard,
    value: hits.dividedBy(hits.plus(misses)),
    below: { info: thresholds.cacheHits.warning, warning: thresholds.cacheHits.critical },
    for: "30m",
    summary: ({ service_name, cache }) => `Cache ${cache} of ${service_name} hardly helps.`,
    description: ({ cache }, value) => `${cache} answers ${value} of what it is asked.`,
  }),
  levels({
    name: "ProcessFileDescriptorsLow",
    component: "process",
    dashboard: "overview",
    value: process.process_open_fds.dividedBy(process.process_max_fds),
    above: ticket(thresholds.fileDescriptors),
    for: "10m",
    summary: ({ job, instance }) => `${job} on ${instance} runs out of file descriptors.`,
    description: ({ job }, value) =>
      `${job} has ${value} of its file descriptors open; without one it can't take a connection or open a file.`,
  }),
];

/** Agents: Git, LLM router, Obsidian. */
export const agentAlerts = (thresholds: Thresholds & typeof phoenixThresholds): Alert[] => [
  levels({
    name: "AgentErrorsHigh",
    team,
    component: "agents",
    dashboard: "agent-health",
    runbook: "Agent",
    value: agentRates.agentErrorRatio,
    guard: (over) => over.and(failedCalls.atLeast(quantity(few, "requests per second"))),
    above: ticket(thresholds.errorRatio),
    for: { info: "10m", warning: "5m" },
    summary: ({ agent }) => `Agent ${agent} fails.`,
    description: ({ agent }, value) => `${value} of the calls to ${agent} fail.`,
  }),
  levels({
    name: "AgentSlow",
    team,
    component: "agents",
    dashboard: "agent-health",
    runbook: "Agent",
    value: agentRates.agentDurationP95,
    above: { warning: thresholds.planTime.warning },
    for: "10m",
    summary: ({ agent }) => `Agent ${agent} is slow.`,
    description: ({ agent }, value) => `A call to ${agent} takes ${value} (p95), longer than a whole plan may.`,
  }),
  levels({
    name: "AgentQueueDeep",
    team,
    component: "agents",
    dashboard: "agent-health",
    runbook: "Agent",
    value: max(agents.agent_queue_depth).by(...perAgent),
    above: ticket(thresholds.agentQueue),
    for: "5m",
    summary: ({ agent }) => `Calls pile up in front of agent ${agent}.`,
    description: ({ agent }, value) => `${value} calls wait for ${agent}.`,
  }),
  levels({
    name: "AgentHealthLow",
    team,
    component: "agents",
    dashboard: "agent-health",
    runbook: "Agent",
    // Each replica knows the share of its own calls that worked: the mean is that of all. One that can't reach an agent at
    // all says so itself, see AgentDown.
    value: avg(business.agent_health_score).by(...perAgent),
    below: ticket(thresholds.agentHealth),
    for: "5m",
    summary: ({ agent }) => `Agent ${agent} is not well.`,
    description: ({ agent }, value) => `The health score of ${agent} is ${value}.`,
  }),
  alert({
    name: "AgentDown",
    team,
    component: "agents",
    dashboard: "agent-health",
    runbook: "Agent",
    severity: "warning",
    when: max(agents.agent_state.where({ state: "down" }))
      .by(...perAgent)
      .equals(quantity(1, "state")),
    for: "5m",
    summary: ({ agent }) => `Agent ${agent} is down.`,
    description: ({ agent }) => `${agent} reports that it can't work: plans that need it fail.`,
  }),
  levels({
    name: "AgentSilent",
    team,
    component: "agents",
    dashboard: "agent-health",
    runbook: "Agent",
    value: age(max(agents.agent_last_success_timestamp_seconds).by(...perAgent)),
    guard: (over) => over.and(agentRates.agentCalls.above(quantity(0, "requests per second"))),
    above: thresholds.agentSilence,
    for: "5m",
    summary: ({ agent }) => `Agent ${agent} gets nothing done.`,
    description: ({ agent }, value) => `${agent} is called, and last succeeded ${value} ago.`,
  }),
];

/** What the business looks at. */
export const businessAlerts = (thresholds: Thresholds): Alert[] => [
  levels({
    name: "PlansSlow",
    team,
    component: "plans",
    dashboard: "business-metrics",
    runbook: "Plans",
    value: agentRates.planDurationP95,
    guard: (over) => over.and(plansTimed.atLeast(quantity(few, "requests per second"))),
    above: thresholds.planTime,
    pages: "users",
    for: { warning: "10m", critical: "5m" },
    summary: ({ cluster }) => `Plans in ${cluster} take long.`,
    description: (_labels, value) => `A plan takes ${value} (p95).`,
  }),
  levels({
    name: "PlanSuccessLow",
    team,
    component: "plans",
    dashboard: "business-metrics",
    runbook: "Plans",
    // Of its own plans, too. One that failed alone in an hour is no rate.
    value: avg(business.plan_success_rate).by("cluster"),
    guard: (over) => over.and(plansEnded.atLeast(quantity(5, "count"))),
    below: thresholds.planSuccess,
    pages: "users",
    for: "10m",
    summary: ({ cluster }) => `Plans in ${cluster} fail.`,
    description: (_labels, value) => `Only ${value} of the plans succeed.`,
  }),
  levels({
    name: "SystemLoadHigh",
    team,
    component: "plans",
    dashboard: "business-metrics",
    value: max(business.system_load_score).by("cluster"),
    above: ticket(thresholds.systemLoad),
    for: "10m",
    summary: ({ cluster }) => `The application in ${cluster} is at its limit.`,
    description: (_labels, value) => `Its load score is ${value}.`,
  }),
  levels({
    name: "TaskQueueSlow",
    team,
    component: "application",
    dashboard,
    runbook: "SystemLoadHigh",
    value: histogramQuantile(
      0.95,
      sum(rate(application.task_queue_time_seconds.buckets.over("5m"))).by(...perQueue, "le"),
    ),
    guard: (over) => over.and(tasksStarted.atLeast(quantity(few, "requests per second"))),
    above: ticket(thresholds.planTime),
    for: "10m",
    summary: ({ service_name, queue }) => `Tasks of ${service_name} wait: ${queue}.`,
    description: ({ queue }, value) => `A task waits ${value} in ${queue} (p95).`,
  }),
];

/** Services that only their spans tell of. */
export const spanAlerts = (thresholds: Thresholds): Alert[] => [
  levels({
    name: "SpanErrorsHigh",
    team,
    component: "application",
    dashboard: "traces",
    runbook: "ServiceErrorsHigh",
    value: services.spanErrorRatio,
    guard: (over) => over.and(services.spanCalls.above(quantity(0.05, "requests per second"))),
    above: { info: thresholds.errorRatio.warning, warning: thresholds.errorRatio.critical },
    for: "10m",
    summary: ({ service }) => `Spans of ${service} end in errors.`,
    description: ({ service }, value) => `${value} of the spans of ${service} are errors.`,
  }),
];
