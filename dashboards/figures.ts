import type { Environment } from "../environment";
import { catalogueOf } from "../signals";
import { onlyWhere } from "../signals/conditional";
import { whyEmpty } from "./conditional";
import { refIdOf } from "./kit/panel";
import { pages } from "./index";

/** How much there is, for `summary.json`. */
export interface Figures {
  readonly dashboards: number;
  readonly panels: number;
  readonly queries: number;
  readonly metrics: number;
  /** Parts of queries that were written as raw text. */
  readonly rawParts: number;
  /** Queries that are declared to be empty at times (dashboards/conditional.ts). */
  readonly declaredEmpty: number;
  /** Metrics that are declared to be absent at times (signals/conditional.ts). */
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
    declaredEmpty: shown.flatMap(({ uid, rows }) =>
      rows.flatMap((row) =>
        row.panels.flatMap(({ title, queries: of }) =>
          of.filter((_, index) => whyEmpty(uid, title, refIdOf(index)) !== undefined),
        ),
      ),
    ).length,
    declaredAbsent: metrics.filter(({ name }) => onlyWhere(name) !== undefined).length,
    rawParts: queries.reduce((sum, { expression }) => sum + ("facts" in expression ? expression.facts.rawParts : 0), 0),
  };
}
