import {
  avgOverTime,
  complement,
  inWords,
  max,
  objectiveSeries,
  quantity,
  services,
  sum,
  sumOverTime,
  type Quantity,
} from "../signals";
import { bars, column, latest, page, query, redBelow, rising, row, stat, table, timeSeries } from "./language";
import { cluster, folders, here, ofService, service } from "./shared";

const s = ofService;
const byService = ["cluster", "service_name"] as const;
/** The share that may fail, of an objective. */
const budgetOf = ({ value }: Quantity) => Number((1 - value).toFixed(9));
/** Windows of weeks are beyond what Prometheus keeps. */
const longTerm = { source: "victoriametrics" } as const;

const availability = (window: string) =>
  complement(
    sum(sumOverTime(services.errors.where(s).over(window)))
      .by(...byService)
      .dividedBy(sum(sumOverTime(services.requests.where(s).over(window))).by(...byService)),
  );
const fast = (window: string) =>
  sum(sumOverTime(services.fastRequests.where(s).over(window)))
    .by(...byService)
    .dividedBy(sum(sumOverTime(services.timedRequests.where(s).over(window))).by(...byService));

/** Factors at which burn-rate alerts page (SRE workbook): 14.4 spends 2 % of a month's budget in an hour, 6 spends 5 % in six. */
const burnLevels = { warning: quantity(6, "number"), critical: quantity(14.4, "number") };
const gone = { warning: quantity(0.25, "ratio"), critical: quantity(0, "ratio") };

/** Objectives, error budgets and how fast they burn (F9). */
export const slos = page((thresholds) => {
  const { objective } = thresholds.availability;
  const budget = budgetOf(objective);
  /** How many times faster than allowed the budget is spent; 1 uses it up in 30 days. */
  const burn = (window: string) =>
    avgOverTime(services.errorRatio.where(s).over(window)).dividedBy(budget).as("number");
  /** 1 is untouched, 0 is spent. */
  const budgetLeft = complement(complement(availability("30d")).dividedBy(budget));
  const latencyBudgetLeft = complement(complement(fast("30d")).dividedBy(budgetOf(thresholds.latencyObjective)));
  return {
    uid: "slos",
    title: "SLOs",
    description: "Objectives of the services, their error budgets, and how fast they burn.",
    folder: folders.product,
    variables: [cluster, service],
    from: "now-7d",
    rows: [
      row("Now", [
        stat(
          "Availability, 30 days",
          `Share of requests that worked. The objective is ${inWords(objective)}.`,
          query(availability("30d"), "{{service_name}}", longTerm),
          { thresholds: redBelow(objective), width: "quarter" },
        ),
        stat(
          "Error budget left",
          "What may still fail this month. Red when it is spent.",
          query(budgetLeft, "{{service_name}}", longTerm),
          { thresholds: redBelow(gone.warning), width: "quarter" },
        ),
        stat(
          "Answered in 500 ms, 30 days",
          `Share of requests answered in time. The objective is ${inWords(thresholds.latencyObjective)}.`,
          query(fast("30d"), "{{service_name}}", longTerm),
          { thresholds: redBelow(thresholds.latencyObjective), width: "quarter" },
        ),
        stat(
          "Latency budget left",
          "What may still be slow this month. Red when it is spent.",
          query(latencyBudgetLeft, "{{service_name}}", longTerm),
          { thresholds: redBelow(gone.warning), width: "quarter" },
        ),
      ]),
      row("Availability", [
        timeSeries(
          "Over one day",
          "Share of requests that worked in the day before. Bad below the objective.",
          [query(availability("1d"), "{{service_name}}", longTerm)],
          { thresholds: redBelow(objective), max: 1, width: "half" },
        ),
        timeSeries(
          "Budget left",
          "Falls with each failure. Below 0 the month's objective is missed.",
          [query(budgetLeft, "{{service_name}}", longTerm)],
          { thresholds: redBelow(gone.warning), max: 1, width: "half" },
        ),
        timeSeries(
          "Burn rate, 1 hour",
          "How many times faster than allowed. 14.4 pages at once.",
          [query(burn("1h"), "{{service_name}}")],
          {
            thresholds: rising(burnLevels),
            links: [{ title: "Application performance", to: "application-performance", keep: ["cluster", "service"] }],
          },
        ),
        timeSeries(
          "Burn rate, 6 hours",
          "How many times faster than allowed. 6 pages.",
          [query(burn("6h"), "{{service_name}}")],
          { thresholds: rising(burnLevels) },
        ),
        timeSeries(
          "Burn rate, 3 days",
          "How many times faster than allowed. 1 opens a ticket.",
          [query(burn("3d"), "{{service_name}}", longTerm)],
          { thresholds: rising(burnLevels) },
        ),
      ]),
      row("Latency", [
        timeSeries(
          "Answered in 500 ms",
          "Share of requests answered in time, over one day. Bad below the objective.",
          [query(fast("1d"), "{{service_name}}", longTerm)],
          { thresholds: redBelow(thresholds.latencyObjective), max: 1, width: "half" },
        ),
        bars(
          "p95 now",
          `Time in which 95 % are answered. Bad above ${inWords(thresholds.responseTime.warning)}.`,
          [query(max(services.latencyP95.where(s)).by("service_name"), "{{service_name}}")],
          { thresholds: rising(thresholds.responseTime), width: "half" },
        ),
      ]),
      row("All services", [
        table("Objectives", "One row for each service.", [
          column("Availability, 30 days", latest(query(availability("30d"), "", longTerm)), redBelow(objective)),
          column("Error budget left", latest(query(budgetLeft, "", longTerm)), redBelow(gone.warning)),
          column("In 500 ms, 30 days", latest(query(fast("30d"), "", longTerm)), redBelow(thresholds.latencyObjective)),
          column("Latency budget left", latest(query(latencyBudgetLeft, "", longTerm)), redBelow(gone.warning)),
        ]),
      ]),
      row("Every objective", [
        timeSeries(
          "Burn rate now",
          "How many times faster than allowed each budget is spent, agents, plans and the API server among them. Above 1 it will not last.",
          [query(objectiveSeries.burnNow.where(here), "{{slo}} {{service_name}}{{agent}}")],
          { thresholds: rising(burnLevels), width: "full" },
        ),
      ]),
    ],
  };
});
