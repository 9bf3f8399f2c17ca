import type { Metric } from "./metric";

/** Why a metric may be absent; undefined when it has to be there. */
export const onlyWhere = ({ conditions = [] }: Pick<Metric, "conditions">): string | undefined =>
  conditions.find(({ labels, says }) => labels === undefined && says === undefined)?.only;

/** Types that a server wrongly gives a metric. */
export const wrongTypes = ({ conditions = [] }: Pick<Metric, "conditions">): readonly string[] =>
  conditions.flatMap(({ says }) => says ?? []);

/** Labels of a metric that may be missing; `others` when it may have more than are declared. */
export function conditionalLabels({ conditions = [] }: Pick<Metric, "conditions">): {
  readonly missing: ReadonlySet<string>;
  readonly others: boolean;
} {
  const labels = conditions.flatMap((condition) => condition.labels ?? []);
  return { missing: new Set(labels), others: conditions.some((condition) => condition.labels === "others") };
}
