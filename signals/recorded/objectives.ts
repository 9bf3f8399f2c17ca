import { Gauge, type Conditional } from "../metric";
import type { Unit } from "../units";

/** What every objective has; what it is measured by comes on top, such as the service or the agent. */
const perObjective = ["cluster", "slo"] as const;
const measured = [...perObjective, "service_name", "agent"] as const;
const others: Conditional = { labels: "others", only: "as each objective is measured" };
const some: Conditional = { labels: ["service_name", "agent"], only: "as each objective is measured" };

const series = <const U extends Unit, const L extends string>(
  name: string,
  unit: U,
  help: string,
  labels: readonly L[],
  conditions: readonly Conditional[],
) =>
  new Gauge<L, U>({ name, kind: "gauge", unit, help, labels, source: "recording rules", jobs: [], conditions }, unit);

const always: readonly Conditional[] = [{ only: "where objectives are watched" }];
const byMeasure: readonly Conditional[] = [...always, others, some];
const inStore: readonly Conditional[] = [
  { only: "where metrics are kept as long as an objective holds" },
  others,
  some,
];

/** What service level objectives record of themselves, by label `slo`. The rules stand in alerts/language. */
export const objectiveSeries = {
  objective: series("slo:objective:ratio", "ratio", "Share of events that has to be good", perObjective, always),
  budget: series("slo:error_budget:ratio", "ratio", "Share of events that may be bad", perObjective, always),
  period: series("slo:time_period:days", "number", "Days over which an objective holds", perObjective, always),
  info: series(
    "slo:info:state",
    "state",
    "1, with what an objective is about",
    [...perObjective, "objective", "of", "period", "team", "component"],
    always,
  ),
  burnNow: series(
    "slo:current_burn_rate:ratio",
    "number",
    "How many times faster than allowed the budget is spent, over the shortest window",
    measured,
    byMeasure,
  ),
  burnPeriod: series(
    "slo:period_burn_rate:ratio",
    "ratio",
    "Share of the period's budget that is spent",
    measured,
    inStore,
  ),
  budgetLeft: series(
    "slo:error_budget_left:ratio",
    "ratio",
    "Share of the period's budget that is left",
    measured,
    inStore,
  ),
} as const;
