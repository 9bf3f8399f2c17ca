import type { SyntaxNode } from "@lezer/common";
import { nearest } from "../environment/faults";
import { nodesNamed, parseQuery } from "./parse";
import { isScalar, operands } from "./promql-tree";

/** Which labels the result of a query still has: read from its text, for queries that were not made by typed functions. */

/** Something a query names that is not there. */
export interface QueryFault {
  readonly value: string;
  readonly reason: string;
  readonly fix?: string;
}

/** Labels of a series; undefined where anything may be there. */
export type Labels = ReadonlySet<string> | undefined;

/** @returns the labels that a series may have, or why there is no such series */
export type Lookup = (series: string) => Labels | QueryFault;

export interface Result {
  readonly labels: Labels;
  readonly faults: readonly QueryFault[];
}

const isFault = (value: Labels | QueryFault): value is QueryFault => value !== undefined && "reason" in value;
const none: ReadonlySet<string> = new Set();
const minus = (from: Labels, ...names: readonly string[]): Labels =>
  from && new Set([...from].filter((name) => !names.includes(name)));
const plus = (to: Labels, names: Iterable<string>): Labels => to && new Set([...to, ...names]);

/** Functions whose value has no labels. */
const withoutLabels: ReadonlySet<string> = new Set(["pi", "scalar", "time", "vector"]);
/** Aggregations that choose among the series and leave them as they are. */
const choosing: ReadonlySet<string> = new Set(["topk", "bottomk", "limitk", "limit_ratio"]);
/** Functions that put together the buckets of a histogram. */
const ofBuckets: ReadonlySet<string> = new Set(["histogram_quantile", "histogram_fraction"]);

/** A query that was read: labels of the whole, and of each of its parts. */
export interface Reading extends Result {
  readonly tree: SyntaxNode;
  /** Labels of what an expression within the tree gives. */
  readonly labelsOf: (part: SyntaxNode) => Labels;
}

/**
 * Labels of what a PromQL expression gives, and every metric or label that it names and that there is not.
 * @throws CatalogueError for a syntax error
 */
export function resultOf(query: string, lookup: Lookup): Reading {
  const faults: QueryFault[] = [];
  const tree = parseQuery("promql", query).topNode;
  const [whole] = operands(tree);
  const labels = whole === undefined ? none : new Reader(query, lookup, faults).labelsOf(whole);
  // The faults of a part are those of the whole, which has said them.
  const parts = new Reader(query, lookup, []);
  return { labels, faults, tree, labelsOf: (part) => parts.labelsOf(part) };
}

class Reader {
  constructor(
    private readonly query: string,
    private readonly lookup: Lookup,
    private readonly faults: QueryFault[],
  ) {}

  labelsOf(node: SyntaxNode): Labels {
    switch (node.name) {
      case "VectorSelector":
        return this.selector(node);
      case "AggregateExpr":
        return this.aggregation(node);
      case "FunctionCall":
        return this.call(node);
      case "BinaryExpr":
        return this.binary(node);
      default: {
        const [inner] = operands(node);
        return inner === undefined ? none : this.labelsOf(inner);
      }
    }
  }

  private text({ from, to }: SyntaxNode): string {
    return this.query.slice(from, to);
  }

  private unquoted(node: SyntaxNode): string {
    return this.text(node).replace(/^["'`]|["'`]$/g, "");
  }

  private selector(node: SyntaxNode): Labels {
    const conditions = this.conditions(node);
    const named = node.getChild("Identifier") ?? node.getChild("LabelMatchers")?.getChild("QuotedLabelName");
    const byLabel = conditions.find(({ label, operator }) => label === "__name__" && operator === "=");
    const series = named ? this.unquoted(named) : byLabel?.value;
    if (series === undefined) {
      this.faults.push({ value: this.text(node), reason: "selects series without the name of their metric" });
      return undefined;
    }
    const found = this.lookup(series);
    if (isFault(found)) {
      this.faults.push(found);
      return undefined;
    }
    for (const { label, operator, value } of conditions) {
      if (label !== "__name__") this.require(found, label, series);
      const wrong = operator.endsWith("~") ? patternFault(value) : undefined;
      if (wrong !== undefined) this.faults.push({ value, reason: `is no regular expression: ${wrong}` });
    }
    return found;
  }

  private conditions(selector: SyntaxNode): { label: string; operator: string; value: string }[] {
    const matchers = selector.getChild("LabelMatchers");
    const all = [
      ...(matchers?.getChildren("UnquotedLabelMatcher") ?? []),
      ...(matchers?.getChildren("QuotedLabelMatcher") ?? []),
    ];
    return all.map((matcher) => {
      const name = matcher.getChild("LabelName") ?? matcher.getChild("QuotedLabelName");
      const operator = matcher.getChild("MatchOp");
      const value = matcher.getChild("StringLiteral");
      return {
        label: name ? this.unquoted(name) : "",
        operator: operator ? this.text(operator) : "",
        value: value ? this.unquoted(value) : "",
      };
    });
  }

  private require(labels: Labels, label: string, whose: string): void {
    if (labels === undefined || labels.has(label)) return;
    this.faults.push({ value: label, ...lacking(label, labels, whose) });
  }

  private aggregation(node: SyntaxNode): Labels {
    const of = operands(node.getChild("FunctionCallBody"));
    const operand = of.at(-1);
    const labels = operand === undefined ? none : this.labelsOf(operand);
    const modifier = node.getChild("AggregateModifier");
    const grouping = this.grouping(modifier?.getChild("GroupingLabels"));
    const whose = operand === undefined ? "" : this.text(operand);
    const by = modifier?.getChild("By") != null;
    if (by) for (const label of grouping) this.require(labels, label, whose);
    const operator = node.getChild("AggregateOp");
    const name = operator === null ? "" : this.text(operator);
    if (choosing.has(name)) return labels;
    const left = by ? new Set(grouping) : modifier === null ? none : minus(labels, ...grouping);
    return name === "count_values" && of[0] !== undefined ? plus(left, [this.unquoted(of[0])]) : left;
  }

  private grouping(node: SyntaxNode | null | undefined): string[] {
    return [...(node?.getChildren("LabelName") ?? []), ...(node?.getChildren("QuotedLabelName") ?? [])].map((label) =>
      this.unquoted(label),
    );
  }

  private call(node: SyntaxNode): Labels {
    const identifier = node.getChild("FunctionIdentifier");
    const name = identifier === null ? "" : this.text(identifier);
    const given = operands(node.getChild("FunctionCallBody"));
    const vectors = given.filter((each) => each.name !== "StringLiteral" && each.name !== "NumberDurationLiteral");
    const [labels = none] = vectors.map((each) => this.labelsOf(each) ?? "any");
    const of = labels === "any" ? undefined : labels;
    if (withoutLabels.has(name)) return none;
    if (name.startsWith("absent")) return this.absent(vectors[0]);
    if (ofBuckets.has(name)) return minus(of, "le");
    if (name === "info") return undefined;
    if (name === "label_replace" || name === "label_join") {
      const [target, ...words] = given.slice(1).map((each) => this.unquoted(each));
      const sources = name === "label_replace" ? words.slice(1, 2) : words.slice(1);
      for (const label of sources) this.require(of, label, vectors[0] === undefined ? "" : this.text(vectors[0]));
      return target === undefined ? of : plus(of, [target]);
    }
    return of;
  }

  /** What is absent has the labels that were asked for by their value. */
  private absent(of: SyntaxNode | undefined): Labels {
    const selector = of && nodesNamed(of, "VectorSelector")[0];
    if (selector === undefined) return none;
    const equal = this.conditions(selector).filter(({ operator }) => operator === "=");
    return new Set(equal.map(({ label }) => label).filter((label) => label !== "__name__"));
  }

  private binary(node: SyntaxNode): Labels {
    const [left, right] = operands(node);
    if (left === undefined || right === undefined) return none;
    const [ofLeft, ofRight] = [this.labelsOf(left), this.labelsOf(right)];
    const matching = node.getChild("MatchingModifierClause");
    const groups = matching?.getChildren("GroupingLabels") ?? [];
    const matched = this.grouping(groups[0]);
    const on = matching?.getChild("On") != null;
    if (on) {
      for (const label of matched) {
        this.require(ofLeft, label, this.text(left));
        this.require(ofRight, label, this.text(right));
      }
    }
    if (node.getChild("And") || node.getChild("Unless")) return ofLeft;
    if (node.getChild("Or")) return ofLeft && ofRight && plus(ofLeft, ofRight);
    if (isScalar(left)) return ofRight;
    if (isScalar(right)) return ofLeft;
    const included = this.grouping(groups[1]);
    if (matching?.getChild("GroupLeft")) {
      for (const label of included) this.require(ofRight, label, this.text(right));
      return plus(ofLeft, included);
    }
    if (matching?.getChild("GroupRight")) {
      for (const label of included) this.require(ofLeft, label, this.text(left));
      return plus(ofRight, included);
    }
    return on ? new Set(matched) : minus(ofLeft, ...matched);
  }
}

/** Why a label can't be asked for. */
export function lacking(label: string, labels: ReadonlySet<string>, whose: string): Omit<QueryFault, "value"> {
  const known = [...labels].sort();
  const near = nearest(label, known);
  const others = known.length === 0 ? "it has no labels at all" : `one of ${known.join(", ")}`;
  return { reason: `${whose} has no label "${label}"`, fix: near === undefined ? others : `did you mean "${near}"?` };
}

/** RE2 is what the servers speak; what JavaScript refuses beyond its own extensions, RE2 refuses too. */
function patternFault(pattern: string): string | undefined {
  try {
    new RegExp(
      pattern
        .replace(/\(\?[imsU]+\)/g, "")
        .replaceAll("(?P<", "(?<")
        .replace(/\(\?[imsU]+:/g, "(?:"),
    );
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^.*: /s, "");
  }
}
