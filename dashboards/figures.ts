import type { Environment } from "../environment";
import { catalogue, recordingRules } from "../signals";
import { pages } from "./index";

/** How much there is, for `summary.json`. */
export interface Figures {
  readonly dashboards: number;
  readonly panels: number;
  readonly queries: number;
  readonly metrics: number;
  readonly recordingRules: number;
  /** Parts of queries that were written as raw text. */
  readonly rawParts: number;
}

/** Counts what an environment's pages and the catalogue hold. */
export function figures(environment: Environment): Figures {
  const shown = pages(environment);
  const panels = shown.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  const queries = panels.flatMap((panel) => panel.queries);
  return {
    dashboards: shown.length,
    panels: panels.length,
    queries: queries.length,
    metrics: catalogue.metrics.length,
    recordingRules: recordingRules().reduce((sum, { rules }) => sum + rules.length, 0),
    rawParts: queries.reduce((sum, { expression }) => sum + ("facts" in expression ? expression.facts.rawParts : 0), 0),
  };
}
