import type { SyntaxNode } from "@lezer/common";
import { isAlert, type AlertRule, type RecordingRule, type RuleGroup } from "../../../alerts";
import { nodesNamed, parseQuery } from "../../../signals/parse";

type Rule = AlertRule | RecordingRule;

/** A selector of an expression: the series' name, empty where it may be any, and the labels that must have a value. */
interface Selector {
  readonly series: string;
  readonly equal: readonly (readonly [label: string, value: string])[];
}

const known = new Map<string, readonly Selector[]>();

/** Every selector of an expression, as `/ on (…) x{slo="a"}` has one: `x` with `slo` of `a`. */
function readBy(expr: string): readonly Selector[] {
  const found = known.get(expr) ?? nodesNamed(parseQuery("promql", expr).topNode, "VectorSelector").map(selector);
  known.set(expr, found);
  return found;

  function selector(node: SyntaxNode): Selector {
    const [name = "", ...matchers] = [node.getChild("Identifier"), ...nodesNamed(node, "UnquotedLabelMatcher")].map(
      (part) => (part === null ? "" : expr.slice(part.from, part.to)),
    );
    const equal = matchers.flatMap((text) => {
      const [, label = "", value = ""] = /^(\w+)\s*=\s*"([^"\\]+)"$/.exec(text) ?? [];
      return label === "" ? [] : [[label, value] as const];
    });
    return { series: name, equal };
  }
}

/** Whether a selector can meet what is recorded: it has that name, and no label of its rule is another one. */
const meets = ({ series, equal }: Selector, { record, labels = {} }: RecordingRule): boolean =>
  (series === record || series === "") && equal.every(([label, value]) => (labels[label] ?? value) === value);

/** What rules read, of themselves and through the recording rules among `all`. */
export interface Closure {
  readonly recorded: ReadonlySet<RecordingRule>;
  /** Names of series; an empty one where a selector has none. */
  readonly series: ReadonlySet<string>;
}

/** The recording rules that expressions read, those that these read in turn, and every series that any of them selects. */
export function closureOf(expressions: readonly string[], all: readonly RecordingRule[]): Closure {
  const selectors = new Set(expressions.flatMap(readBy));
  const recorded = new Set<RecordingRule>();
  // A set goes on to what is added while it is gone through.
  for (const selector of selectors) {
    for (const rule of all) {
      if (recorded.has(rule) || !meets(selector, rule)) continue;
      recorded.add(rule);
      readBy(rule.expr).forEach((each) => selectors.add(each));
    }
  }
  return { recorded, series: new Set([...selectors].map(({ series }) => series)) };
}

/** Groups with some of their rules, in their order; those that are left without any go. */
export const withRules = (groups: readonly RuleGroup[], wanted: (rule: Rule) => boolean): RuleGroup[] =>
  groups.map((group) => ({ ...group, rules: group.rules.filter(wanted) })).filter(({ rules }) => rules.length > 0);

/** The recording rules of groups. */
export const recordingIn = (groups: readonly RuleGroup[]): RecordingRule[] =>
  groups.flatMap(({ rules }) => rules.filter((rule): rule is RecordingRule => !isAlert(rule)));
