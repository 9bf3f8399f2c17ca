import type { Environment } from "../environment";
import { catalogueOf } from "../signals";
import { onlyWhere } from "../signals/conditional";
import { refIdOf } from "./language/panel";
import { pages } from "./index";

/** How much there is, for `summary.json`. */
export interface Figures {
  readonly dashboards: number;
  readonly panels: number;
  readonly queries: number;
  readonly metrics: number;
  /** Parts of queries that were written as raw text. */
  readonly rawParts: number;
  /** Queries that are declared to be empty at times (`mayBeEmpty` of their panels). */
  readonly declaredEmpty: number;
  /** Metrics that are declared to be absent at times (where they are declared). */
  readonly declaredAbsent: number;
}

/** Counts what an environment's pages and the catalogue hold. */
export function figures(environment: Environment): Figures {
  const shown = pages(environment);
  const panels = shown.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  const queries = panels.flatMap((panel) => panel.queries);
  const { metrics } = catalogueOf(environment.composition);
  return {
    dashboards: shown.length,
    panels: panels.length,
    queries: queries.length,
    metrics: metrics.length,
    declaredEmpty: panels.flatMap(({ mayBeEmpty, queries: of }) =>
      mayBeEmpty === undefined ? [] : of.filter((_, index) => mayBeEmpty.refIds?.includes(refIdOf(index)) ?? true),
    ).length,
    declaredAbsent: metrics.filter((metric) => onlyWhere(metric) !== undefined).length,
    rawParts: queries.reduce((sum, { expression }) => sum + ("facts" in expression ? expression.facts.rawParts : 0), 0),
  };
}
