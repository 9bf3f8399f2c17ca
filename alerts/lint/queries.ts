import type { SyntaxNode } from "@lezer/common";
import { isNumber, isScalar, nodesNamed, operands, selectorsOf, sharedNames } from "../../signals";
import { textOf, when, type Checks, type Of } from "./check";

/** topk and its like keep the labels of what they pick. */
const picks = (node: SyntaxNode) => nodesNamed(node.getChild("AggregateOp") ?? node, "Topk", "Bottomk").length > 0;

const labelsIn = (of: Of, node: SyntaxNode | null) =>
  node === null ? [] : nodesNamed(node, "LabelName").map((label) => textOf(of, label));

/** Checks on what a rule asks. */
export const queryChecks: Checks = {
  "promql/aggregate": (of) =>
    nodesNamed(of.query.tree, "AggregateExpr").flatMap((node) => {
      if (picks(node)) return [];
      const modifier = node.getChild("AggregateModifier");
      const drops = modifier?.getChild("Without")
        ? labelsIn(of, modifier).includes("cluster")
        : !labelsIn(of, modifier).includes("cluster");
      return when(drops, `loses the cluster: ${textOf(of, node)}`);
    }),
  "promql/fragile": (of) =>
    nodesNamed(of.query.tree, "Topk", "Bottomk").map((node) => `series come and go: ${textOf(of, node)}`),
  "promql/impossible": (of) =>
    nodesNamed(of.query.tree, "BinaryExpr").flatMap((node) => {
      const sides = operands(node);
      return [
        ...when(sides.every(isNumber), `always the same: ${textOf(of, node)}`),
        ...when(apart(of, node, sides), `its sides never match: ${textOf(of, node)}`),
      ];
    }),
  "promql/nan": (of) =>
    nodesNamed(of.query.tree, "BinaryExpr").flatMap((node) => {
      const right = node.lastChild ? textOf(of, node.lastChild) : "";
      return when(/^nan$/i.test(right) || (node.getChild("Div") !== null && Number(right) === 0), textOf(of, node));
    }),
  "promql/regexp": (of) =>
    nodesNamed(of.query.tree, "EqlRegex", "NeqRegex").flatMap((operator) => {
      const pattern = operator.parent?.nextSibling ? textOf(of, operator.parent.nextSibling).slice(1, -1) : "";
      return [
        ...when(/^\^|(^|[^\\])\$$/.test(pattern), `is anchored anyway: ${pattern}`),
        ...when(/^[\w /-]*$/.test(pattern), `is no pattern: ${pattern}`),
      ];
    }),
  "promql/selector": ({ rule }) =>
    selectorsOf(rule.expr).flatMap(({ series, labels }) =>
      when(series in sharedNames && !labels.includes("job"), `${series} comes from several jobs: name one`),
    ),
  "promql/series": ({ query: { faults } }) => faults.map(({ value, reason }) => `${value}: ${reason}`),
};

/**
 * Whether a binary operation compares series by all their labels, and each side has others. What the catalogue names is
 * what a series has at most; a pair that lacks the same ones still matches, one that lacks none never does.
 */
function apart({ query }: Of, node: SyntaxNode, sides: readonly SyntaxNode[]): boolean {
  if (node.getChild("MatchingModifierClause") || node.getChild("Or")) return false;
  if (sides.some((side) => isScalar(side) || isMixed(side))) return false;
  const [left, right] = sides.map((side) => query.labelsOf(side));
  return left !== undefined && right !== undefined && [...left].sort().join() !== [...right].sort().join();
}

/** Whether a result has series of several kinds, so that its labels are those of no single one: what `or` joins. */
function isMixed(node: SyntaxNode): boolean {
  const groups =
    node.name === "AggregateExpr" && !picks(node) && !node.getChild("AggregateModifier")?.getChild("Without");
  return node.getChild("Or") !== null || (!groups && operands(node.getChild("FunctionCallBody") ?? node).some(isMixed));
}
