import type { SyntaxNode } from "@lezer/common";
import { Duration } from "../environment";
import { parseQuery, selectorsOf, sharedNames, type Registry } from "../signals";
import { isAlert, severities, type AlertRule, type RecordingRule, type RuleFiles } from "./rule";

/**
 * pint's offline checks under pint's names, on Prometheus' own grammar: the tool itself is in no package registry that
 * serves Go modules here. Its other checks ask a server, which the live suite does.
 */
export interface RuleFinding {
  readonly check: string;
  /** Name of the alert or of the series that is recorded. */
  readonly rule: string;
  readonly text: string;
}

interface Of {
  readonly rule: AlertRule | RecordingRule;
  readonly tree: SyntaxNode;
  /** Every group, as it is deployed. */
  readonly files: RuleFiles;
  readonly interval: string | undefined;
  readonly known: Known;
}

/** What there is beside the rules. */
export interface Known {
  readonly catalogue: Registry;
  /** Who can look after an alert. */
  readonly teams: readonly string[];
}

type Check = (of: Of) => readonly string[];
const onAlerts =
  (check: (alert: AlertRule, of: Of) => readonly string[]): Check =>
  (of) =>
    isAlert(of.rule) ? check(of.rule, of) : [];
const when = (broken: boolean, text: string) => (broken ? [text] : []);
const textOf = ({ rule }: Of, { from, to }: SyntaxNode) => rule.expr.slice(from, to);

function nodes(tree: SyntaxNode, ...names: readonly string[]): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  tree.cursor().iterate(({ name, node }) => void (names.includes(name) && found.push(node)));
  return found;
}
const comparisons = ["Eql", "Neq", "Gtr", "Lss", "Gte", "Lte"];
const isNumber = (node: SyntaxNode | null): boolean =>
  node !== null && (node.name === "NumberDurationLiteral" || (node.name === "ParenExpr" && isNumber(node.firstChild)));
const labelsIn = (of: Of, node: SyntaxNode | null) =>
  node === null ? [] : nodes(node, "LabelName").map((label) => textOf(of, label));

/** topk and its like keep the labels of what they pick. */
const picks = (node: SyntaxNode) => nodes(node.getChild("AggregateOp") ?? node, "Topk", "Bottomk").length > 0;

/** The labels that a result has at most; undefined where only the data can tell. */
function resultLabels(of: Of, node: SyntaxNode | null): readonly string[] | undefined {
  switch (node?.name) {
    case "ParenExpr":
      return resultLabels(of, node.firstChild);
    case "AggregateExpr": {
      const modifier = node.getChild("AggregateModifier");
      if (modifier?.getChild("Without") || picks(node)) return undefined;
      return labelsIn(of, modifier);
    }
    case "BinaryExpr": {
      if (node.getChild("MatchingModifierClause") || node.getChild("Or")) return undefined;
      const sides = [node.firstChild, node.lastChild];
      return resultLabels(of, isNumber(sides[0] ?? null) ? (sides[1] ?? null) : (sides[0] ?? null));
    }
  }
  return undefined;
}

export const checks: Readonly<Record<string, Check>> = {
  "alerts/annotation": onAlerts(({ annotations }) =>
    (["summary", "description"] as const).flatMap((name) => when(!annotations[name].trim(), `no ${name}`)),
  ),
  "alerts/comparison": onAlerts((_, { tree }) => {
    const compares = nodes(tree, "BinaryExpr").some(
      (node) => comparisons.some((name) => node.getChild(name)) && !node.getChild("BoolModifier"),
    );
    return when(!compares && nodes(tree, "Absent", "AbsentOverTime", "Unless").length === 0, "fires for every series");
  }),
  "alerts/for": onAlerts(({ for: held, keep_firing_for: kept }) =>
    [held, kept].flatMap((text) => when(text !== undefined && /^0+[smhd]?$/.test(text), `${text} says nothing`)),
  ),
  "alerts/template": onAlerts(({ annotations }, of) => {
    const labels = resultLabels(of, of.tree.firstChild);
    const read = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label = ""]) => label);
    return labels === undefined
      ? []
      : read.filter((label) => !labels.includes(label)).map((label) => `{{ $labels.${label} }} is always empty`);
  }),
  "group/interval": ({ interval }) => {
    const seconds = interval === undefined ? 15 : Duration.parse(interval).seconds;
    return when(seconds < 15 || seconds > 300, `is evaluated every ${interval}`);
  },
  "promql/aggregate": (of) =>
    nodes(of.tree, "AggregateExpr").flatMap((node) => {
      if (picks(node)) return [];
      const modifier = node.getChild("AggregateModifier");
      const drops = modifier?.getChild("Without")
        ? labelsIn(of, modifier).includes("cluster")
        : !labelsIn(of, modifier).includes("cluster");
      return when(drops, `loses the cluster: ${textOf(of, node)}`);
    }),
  "promql/fragile": (of) => nodes(of.tree, "Topk", "Bottomk").map((node) => `series come and go: ${textOf(of, node)}`),
  "promql/impossible": (of) =>
    nodes(of.tree, "BinaryExpr").flatMap((node) => {
      const [left, right] = [node.firstChild, node.lastChild];
      const [one, other] = [resultLabels(of, left), resultLabels(of, right)];
      const matched = node.getChild("MatchingModifierClause") ?? node.getChild("Or");
      const apart =
        !matched &&
        one &&
        other &&
        !isNumber(left) &&
        !isNumber(right) &&
        one.toSorted().join() !== other.toSorted().join();
      return [
        ...when(isNumber(left) && isNumber(right), `always the same: ${textOf(of, node)}`),
        ...when(apart === true, `its sides never match: ${textOf(of, node)}`),
      ];
    }),
  "promql/nan": (of) =>
    nodes(of.tree, "BinaryExpr").flatMap((node) => {
      const right = node.lastChild ? textOf(of, node.lastChild) : "";
      return when(/^nan$/i.test(right) || (node.getChild("Div") !== null && Number(right) === 0), textOf(of, node));
    }),
  "promql/regexp": (of) =>
    nodes(of.tree, "EqlRegex", "NeqRegex").flatMap((operator) => {
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
  "rule/dependency": ({ rule, files, known: { catalogue } }) => {
    const recorded = rulesOf(files).flatMap((other) => (isAlert(other) ? [] : [other.record]));
    return selectorsOf(rule.expr).flatMap(({ series }) => {
      const known = catalogue.series(series)?.metrics.some(({ source }) => source !== "recording rules") ?? false;
      return when(!known && !recorded.includes(series), `nothing records ${series}`);
    });
  },
  "rule/duplicate": ({ rule, files }) => {
    const key = (of: AlertRule | RecordingRule) =>
      isAlert(of) ? "" : JSON.stringify([of.record, Object.entries(of.labels ?? {}).sort()]);
    return isAlert(rule) ? [] : when(rulesOf(files).filter((other) => key(other) === key(rule)).length > 1, key(rule));
  },
  "rule/for": onAlerts(({ for: held = "1s" }) =>
    when(!/^0/.test(held) && Duration.parse(held).seconds > 86_400, `waits longer than a day: ${held}`),
  ),
  "rule/label": onAlerts(({ labels: { severity, component = "" } }) => [
    ...when(!severities.includes(severity), `severity is "${severity}"`),
    ...when(!/^[a-z][a-z0-9-]*$/.test(component), `component is "${component}"`),
  ]),
  "rule/name": ({ rule }) =>
    isAlert(rule)
      ? when(!/^([A-Z][a-z0-9]*)+$/.test(rule.alert), "is not written in upper camel case")
      : when(!/^[a-z_]+:[a-zA-Z_]+:[a-z0-9_]+$/.test(rule.record), "is not level:metric:operations"),
  "rule/owner": onAlerts(({ labels: { team = "" } }, { known: { teams } }) =>
    when(!teams.includes(team), `team is "${team}"`),
  ),
  "rule/reject": ({ rule }) =>
    Object.keys(rule.labels ?? {}).flatMap((label) =>
      when(/^(job|instance|cluster|alertname|__.*)$/.test(label), `sets label ${label}, which the data has`),
    ),
};

const rulesOf = (files: RuleFiles) =>
  Object.values(files)
    .flat()
    .flatMap(({ rules }) => rules);

/** What the checks find in rule files for Prometheus or vmalert. */
export function ruleFindings(files: RuleFiles, known: Known): readonly RuleFinding[] {
  return Object.values(files)
    .flat()
    .flatMap(({ rules, interval }) =>
      rules.flatMap((rule) => {
        const name = isAlert(rule) ? rule.alert : rule.record;
        let tree: SyntaxNode;
        try {
          tree = parseQuery("promql", rule.expr).topNode;
        } catch (error) {
          return [{ check: "promql/syntax", rule: name, text: String(error) }];
        }
        return Object.entries(checks).flatMap(([check, found]) =>
          found({ rule, tree, files, interval, known }).map((text) => ({ check, rule: name, text })),
        );
      }),
    );
}
