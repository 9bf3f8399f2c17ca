import type { SyntaxNode } from "@lezer/common";

/** Ways about the tree that the grammar of PromQL makes of a query. */

const expressions: ReadonlySet<string> = new Set([
  "AggregateExpr",
  "BinaryExpr",
  "FunctionCall",
  "MatrixSelector",
  "NumberDurationLiteral",
  "OffsetExpr",
  "ParenExpr",
  "StepInvariantExpr",
  "StringLiteral",
  "SubqueryExpr",
  "UnaryExpr",
  "VectorSelector",
]);

/** The expressions right below a node. */
export function operands(node: SyntaxNode | null): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) {
    if (expressions.has(child.name)) found.push(child);
  }
  return found;
}

/** A number as it is written, in parentheses or not. */
export const isNumber = (node: SyntaxNode): boolean =>
  node.name === "NumberDurationLiteral" || (node.name === "ParenExpr" && operands(node).every(isNumber));

/** Without labels, and to be joined with whatever has some. */
export function isScalar(node: SyntaxNode): boolean {
  if (node.name === "NumberDurationLiteral") return true;
  if (node.name === "FunctionCall")
    return /^(time|pi|scalar)$/.test(node.getChild("FunctionIdentifier")?.firstChild?.name.toLowerCase() ?? "");
  const inner = operands(node);
  return ["ParenExpr", "UnaryExpr", "BinaryExpr"].includes(node.name) && inner.length > 0 && inner.every(isScalar);
}
