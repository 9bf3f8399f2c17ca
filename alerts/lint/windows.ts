import type { SyntaxNode } from "@lezer/common";
import { Duration } from "../../environment";
import { isNumber, nodesNamed, operands } from "../../signals";
import { onAlerts, textOf, type Checks, type Of } from "./check";

/**
 * Checks that an alert can fire at all when what it watches goes wrong as its emitter tells of it. pint has no such checks;
 * they stand under its way of naming.
 */
export const windowChecks: Checks = {
  /**
   * A counter that moves once in `every` has at most window / every steps in a window. More than n of them need a window of
   * n + 1 steps, and all through `for`.
   */
  "alerts/cadence": onAlerts(({ for: held }, of) =>
    nodesNamed(of.query.tree, "FunctionCall").flatMap((call) => {
      const name = call.getChild("FunctionIdentifier");
      if (name === null || !/^(increase|rate|delta|changes)$/.test(textOf(of, name))) return [];
      const window = nodesNamed(call, "MatrixSelector")[0];
      const series = window && nodesNamed(window, "Identifier")[0];
      if (window === undefined || series === undefined) return [];
      const every = everyOf(of, textOf(of, series));
      const seconds = secondsOf(/\[([^\]:]+)\]/.exec(textOf(of, window))?.[1]);
      if (every === undefined || seconds === undefined) return [];
      const needed = (leastSteps(of, call) + 1) * every + (secondsOf(held) ?? 0);
      if (seconds > needed) return [];
      const text = `${textOf(of, call)} can't see enough: ${textOf(of, series)} moves every ${every} s`;
      return [`${text}, so that the window has to be longer than ${needed} s`];
    }),
  ),
  /** `max < x` is false as long as one replica is well or tells an old value; `min > x` alike. */
  "alerts/replicas": onAlerts((_, of) =>
    nodesNamed(of.query.tree, "BinaryExpr").flatMap((node) => {
      const [left, right] = operands(node);
      if (left === undefined || right === undefined || !isNumber(right)) return [];
      const wrong = [
        ["Max", ["Lss", "Lte"]],
        ["Min", ["Gtr", "Gte"]],
      ] as const;
      const aggregation = aggregationOf(left);
      const found = wrong.some(
        ([operator, comparisons]) =>
          aggregation?.getChild("AggregateOp")?.getChild(operator) &&
          comparisons.some((comparison) => node.getChild(comparison)),
      );
      if (!found || aggregation === undefined) return [];
      const inner = operands(aggregation.getChild("FunctionCallBody")).at(-1);
      const kept = of.query.labelsOf(aggregation);
      const had = inner === undefined ? undefined : of.query.labelsOf(inner);
      if (had === undefined || kept === undefined || !spans(had, kept) || speaksOfOthers(of, aggregation)) return [];
      return [`one replica that is well hides the others: ${textOf(of, node)}`];
    }),
  ),
};

/** Labels that tell replicas apart. */
const replicaLabels = ["pod", "instance"];
const spans = (had: ReadonlySet<string>, kept: ReadonlySet<string>) =>
  replicaLabels.some((label) => had.has(label)) && !replicaLabels.some((label) => kept.has(label));

/** Metrics about something else than who exposes them: which replica says it makes no difference. */
const speaksOfOthers = (of: Of, node: SyntaxNode): boolean =>
  nodesNamed(node, "Identifier").some(
    (name) => of.known.catalogue.series(textOf(of, name))?.metrics.some(({ about }) => about === "others") ?? false,
  );

function aggregationOf(node: SyntaxNode): SyntaxNode | undefined {
  if (node.name === "AggregateExpr") return node;
  const [inner] = operands(node);
  return node.name === "ParenExpr" && inner !== undefined ? aggregationOf(inner) : undefined;
}

const secondsOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : /^0+[smhd]?$/.test(text) ? 0 : Duration.parse(text).seconds;

/** Seconds between two moments at which a counter can move, where that is longer than a scrape. */
function everyOf({ known: { catalogue } }: Of, series: string): number | undefined {
  const [every] = catalogue.series(series)?.metrics.flatMap((metric) => metric.every ?? []) ?? [];
  return secondsOf(every);
}

/** The n of the comparison `> n` or `>= n` around a call; 0 where there is none. */
function leastSteps(of: Of, call: SyntaxNode): number {
  for (let node = call.parent; node !== null; node = node.parent) {
    if (node.name !== "BinaryExpr") continue;
    const right = operands(node).at(-1);
    if (right === undefined || !isNumber(right)) continue;
    const number = Number(textOf(of, right));
    if (node.getChild("Gtr")) return Math.floor(number);
    if (node.getChild("Gte")) return Math.max(0, Math.ceil(number) - 1);
  }
  return 0;
}
