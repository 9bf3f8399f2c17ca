import { isAlert, type AlertRule, type RecordingRule, type RuleGroup } from "../../../alerts";
import { selectorsOf } from "../../../signals/parse";

type Rule = AlertRule | RecordingRule;

const known = new Map<string, readonly string[]>();

/** Names of the series that an expression selects; empty for a selector without a name, which may select any. */
export function readBy(expr: string): readonly string[] {
  const found = known.get(expr) ?? [...new Set(selectorsOf(expr).map(({ series }) => series))];
  known.set(expr, found);
  return found;
}

/** What rules read, of themselves and through the recording rules among `all`. */
export interface Closure {
  readonly recorded: ReadonlySet<RecordingRule>;
  readonly series: ReadonlySet<string>;
}

/** The recording rules that expressions read, those that these read in turn, and every series that any of them selects. */
export function closureOf(expressions: readonly string[], all: readonly RecordingRule[]): Closure {
  const series = new Set(expressions.flatMap(readBy));
  const recorded = new Set<RecordingRule>();
  // A set goes on to what is added while it is gone through.
  for (const name of series) {
    for (const rule of all) {
      if (rule.record !== name || recorded.has(rule)) continue;
      recorded.add(rule);
      readBy(rule.expr).forEach((each) => series.add(each));
    }
  }
  return { recorded, series };
}

/** Groups with some of their rules, in their order; those that are left without any go. */
export const withRules = (groups: readonly RuleGroup[], wanted: (rule: Rule) => boolean): RuleGroup[] =>
  groups.map((group) => ({ ...group, rules: group.rules.filter(wanted) })).filter(({ rules }) => rules.length > 0);

/** The recording rules of groups. */
export const recordingIn = (groups: readonly RuleGroup[]): RecordingRule[] =>
  groups.flatMap(({ rules }) => rules.filter((rule): rule is RecordingRule => !isAlert(rule)));
