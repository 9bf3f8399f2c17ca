import { Instant } from "./expression";
import { parseQuery, selectorsOf, withoutVariables } from "./parse";
import type { Unit } from "./units";

/**
 * PromQL as text, for what the typed functions can't say. The text is parsed; its metrics and labels are
 * looked up once all packs are known; labels and unit of the result are the caller's word. Raw parts are counted in
 * `summary.json`.
 * @throws CatalogueError for a syntax error
 */
export function raw<const L extends string, const U extends Unit>(
  text: string,
  labels: readonly L[],
  unit: U,
): Instant<L, U> {
  const selectors = selectorsOf(text);
  return new Instant(text, labels, unit, {
    series: [...new Set(selectors.map(({ series }) => series))],
    rawParts: 1,
    binding: isAtom(text) ? 10 : 0,
    language: "promql",
  });
}

/** A call or selector needs no parentheses when an operator is put beside it. */
function isAtom(text: string): boolean {
  const first = parseQuery("promql", withoutVariables(text)).topNode.firstChild?.name;
  return first === "FunctionCall" || first === "VectorSelector" || first === "AggregateExpr";
}
