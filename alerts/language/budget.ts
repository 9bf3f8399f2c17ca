import type { Duration } from "../../environment";
import { objectiveSeries as series, on } from "../../signals";
import type { RuleGroup } from "../rule";
import { sloSeries } from "./burn";
import type { SloOptions } from "./objective";

/**
 * What an SLO promises, as series, so that pages and others' tools need not know the rules: objective, budget, period, who
 * looks after it, and how fast the budget is spent now.
 * @param shortest the shortest window whose error ratio the same evaluator records; undefined when it records none
 */
export function promiseGroup<L extends string>(
  { name, of, objective, team, component }: SloOptions<L>,
  budget: number,
  period: Duration,
  shortest: string | undefined,
): RuleGroup {
  const labels = { slo: name };
  const constant = (value: number) => `vector(${value})`;
  const promise = `${Number((objective.value * 100).toPrecision(9))} %`;
  return {
    name: `slo-${name}-promise`,
    interval: "1m",
    rules: [
      { record: series.objective.metric.name, expr: constant(objective.value), labels },
      { record: series.budget.metric.name, expr: constant(budget), labels },
      { record: series.period.metric.name, expr: constant(period.seconds / 86_400), labels },
      {
        record: series.info.metric.name,
        expr: constant(1),
        labels: { ...labels, objective: promise, of, period: period.toString(), team, component },
      },
      ...(shortest === undefined
        ? []
        : [
            {
              record: series.burnNow.metric.name,
              expr: `${sloSeries(shortest)}{slo="${name}"} / ${budget}`,
              labels,
            },
          ]),
    ],
  };
}

/** What was spent of the budget over the whole period, and what is left. Only a store that keeps it can tell. */
export function budgetGroup<L extends string>(
  { name, bad, total, labels: of }: SloOptions<L>,
  budget: number,
  period: Duration,
): RuleGroup {
  const labels = { slo: name };
  const ratio = bad(period.toString()).dividedBy(total(period.toString()), on(...of));
  const burn = series.burnPeriod.metric.name;
  return {
    name: `slo-${name}-budget`,
    interval: "5m",
    rules: [
      { record: burn, expr: ratio.dividedBy(budget).text, labels },
      // What vmalert has just written is not there yet: that of the evaluation before is as good.
      { record: series.budgetLeft.metric.name, expr: `1 - last_over_time(${burn}{slo="${name}"}[15m])`, labels },
    ],
  };
}
