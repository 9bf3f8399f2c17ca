import type { SyntaxNode } from "@lezer/common";
import { furtherStreamLabels, streamLabels } from "./logs";
import { nodesNamed, parseQuery } from "./parse";
import { lacking, type Labels, type QueryFault, type Result } from "./result-labels";

/** Operators that choose among the series and leave them as they are. */
const choosing: ReadonlySet<string> = new Set(["topk", "bottomk", "sort", "sort_desc", "approx_topk"]);
const none: ReadonlySet<string> = new Set();
const ofStreams: ReadonlySet<string> = new Set([...streamLabels, ...furtherStreamLabels]);

/**
 * Labels of what a LogQL metric query gives, and every label or field that it names and that lines don't have.
 * @param fields fields of lines beyond the labels of their streams, parsed ones included
 * @throws CatalogueError for a syntax error
 */
export function logResultOf(query: string, fields: ReadonlySet<string>): Result {
  const tree = parseQuery("logql", query);
  const text = ({ from, to }: SyntaxNode) => query.slice(from, to);
  const metric = tree.topNode.getChild("Expr")?.getChild("MetricExpr") ?? nodesNamed(tree.topNode, "MetricExpr")[0];
  if (metric === undefined) {
    const reason = "gives lines, and a rule needs a number";
    return { labels: undefined, faults: [{ value: query, reason, fix: "for example count_over_time(… [5m])" }] };
  }
  const known = new Set([...ofStreams, ...fields, ...extracted(tree.topNode, text)]);
  const faults: QueryFault[] = [
    ...nodesNamed(tree.topNode, "Selector").flatMap((selector) => named(selector, text, ofStreams, "a stream")),
    ...nodesNamed(tree.topNode, "LabelFilter", "UnwrapExpr", "Grouping").flatMap((node) =>
      named(node, text, known, "a line"),
    ),
  ];
  return { labels: labelsOf(metric, text, known), faults };
}

type Text = (node: SyntaxNode) => string;

function named(node: SyntaxNode, text: Text, known: ReadonlySet<string>, whose: string): QueryFault[] {
  // In a matcher the first identifier is the label; a grouping and an unwrap have nothing else.
  return nodesNamed(node, "Identifier")
    .map(text)
    .filter((name) => !known.has(name))
    .map((name) => ({ value: name, ...lacking(name, known, whose) }));
}

/** Fields that the query itself makes. */
function extracted(top: SyntaxNode, text: Text): string[] {
  const made = nodesNamed(top, "LabelExtractionExpression", "LabelFormatMatcher").flatMap((node) => {
    const name = node.getChild("Identifier");
    return name === null ? [] : [text(name)];
  });
  const captured = nodesNamed(top, "LabelParser").flatMap((node) => {
    const source = text(node);
    if (/^regexp/.test(source)) return [...source.matchAll(/\(\?P<(\w+)>/g)].map(([, name = ""]) => name);
    return /^pattern/.test(source) ? [...source.matchAll(/<([a-zA-Z]\w*)>/g)].map(([, name = ""]) => name) : [];
  });
  return [...made, ...captured];
}

function labelsOf(node: SyntaxNode, text: Text, known: ReadonlySet<string>): Labels {
  const grouping = node.getChild("Grouping");
  const grouped = grouping === null ? [] : nodesNamed(grouping, "Identifier").map(text);
  const group = (of: Labels): Labels =>
    grouping?.getChild("By") ? new Set(grouped) : of && new Set([...of].filter((label) => !grouped.includes(label)));
  const operands = metricsIn(node).map((each) => labelsOf(each, text, known));
  switch (node.name) {
    case "RangeAggregationExpr":
      return grouping === null ? known : group(known);
    case "VectorAggregationExpr": {
      const operator = node.getChild("VectorOp");
      if (operator !== null && choosing.has(text(operator))) return operands[0];
      return grouping === null ? none : group(operands[0]);
    }
    case "BinOpExpr":
      return joined(node, text, operands);
    case "LabelReplaceExpr": {
      const target = node.getChild("String");
      return target === null ? operands[0] : operands[0] && new Set([...operands[0], text(target).slice(1, -1)]);
    }
    case "LiteralExpr":
    case "VectorExpr":
      return none;
    default:
      return operands[0] ?? none;
  }
}

function joined(node: SyntaxNode, text: Text, [left, right]: readonly Labels[]): Labels {
  const literal = metricsIn(node).map((each) => nodesNamed(each, "RangeAggregationExpr").length === 0);
  if (node.getChild("And") || node.getChild("Unless")) return left;
  if (node.getChild("Or")) return left && right && new Set([...left, ...right]);
  if (literal[0]) return right;
  if (literal[1]) return left;
  const [modifier] = nodesNamed(node, "OnOrIgnoringModifier").filter((each) => each.parent?.parent?.from === node.from);
  if (modifier === undefined) return left;
  const names = nodesNamed(modifier, "LabelName").map(text);
  if (nodesNamed(node, "GroupLeft", "GroupRight", "GroupModifier").length > 0) return undefined;
  return modifier.getChild("On") ? new Set(names) : left && new Set([...left].filter((name) => !names.includes(name)));
}

/** The expressions right below another one. */
function metricsIn(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (/^(Expr|MetricExpr|\w+AggregationExpr|BinOpExpr|LabelReplaceExpr|LiteralExpr|VectorExpr)$/.test(child.name)) {
      found.push(child);
    }
  }
  return found;
}
