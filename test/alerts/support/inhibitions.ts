import { isAlert, lokiRules, prometheusRules, vmalertRules, type AlertRule } from "../../../alerts";
import { Duration, type Environment } from "../../../environment";
import { logFields, logResultOf, metadataLabels, resultOf, type Labels } from "../../../signals";
import { catalogue } from "../../../stacks/systems";
import { matches, readAlertmanager, type Inhibition } from "../../../tools/report/routing";
import { labelsOf } from "./paging";

/** What is wrong with inhibitions, read from the configuration that Alertmanager gets and not from what made it. */

const ranks = ["critical", "warning", "info", "none"];
const rankOf = ({ labels }: AlertRule) => ranks.indexOf(labels.severity);

/** Whether matchers can hold of a rule's alerts; what only their series can tell, may. */
const possible = (matchers: readonly string[], rule: AlertRule): boolean => {
  const known = labelsOf(rule);
  return matchers.every((matcher) => {
    const [label = ""] = matcher.split(/[=!~]/);
    return known[label] === undefined || matches(matcher, known);
  });
};

/** An inhibition between rules: `A critical silences B warning`. */
interface Pair {
  readonly from: AlertRule;
  readonly to: AlertRule;
}

const pairsOf = ({ source, target, equal }: Inhibition, rules: readonly AlertRule[]): Pair[] => {
  const causes = rules.filter((rule) => possible(source, rule));
  const effects = rules.filter((rule) => possible(target, rule));
  const meet = ({ from, to }: Pair) => !equal.includes("alertname") || from.alert === to.alert;
  return causes.flatMap((from) => effects.map((to) => ({ from, to }))).filter(meet);
};

const said = ({ alert, labels }: AlertRule) => `${alert} (${labels.severity})`;

/** Where something milder silences something worse, and where two silence each other. */
export function inhibitionFindings(alertmanager: string, rules: readonly AlertRule[]): string[] {
  const read = readAlertmanager(alertmanager)?.inhibitions ?? [];
  const machinery = ({ from }: Pair) => from.labels.severity === "none";
  const pairs = read.flatMap((each) => pairsOf(each, rules)).filter((pair) => !machinery(pair));
  const worse = pairs
    .filter(({ from, to }) => rankOf(from) > rankOf(to))
    .map(({ from, to }) => `${said(from)} silences ${said(to)}`);
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of pairs) graph.set(said(from), (graph.get(said(from)) ?? new Set()).add(said(to)));
  return [...new Set([...worse, ...circlesIn(graph)])];
}

/** Seconds between evaluations of a group that says nothing: Loki's ruler, the slowest. */
const SLOWEST = 60;

/** Causes that don't go on for two evaluations and a look at the group: what they hold back would be told of after them. */
export function endTooSoon(alertmanager: string, rules: readonly AlertRule[]): string[] {
  const read = readAlertmanager(alertmanager);
  if (read === undefined) return ["no configuration of Alertmanager"];
  const least = 2 * SLOWEST + Duration.parse(read.root.interval).seconds;
  const kept = ({ keep_firing_for: text }: AlertRule) => (text === undefined ? 0 : Duration.parse(text).seconds);
  const found = read.inhibitions
    .flatMap((each) => pairsOf(each, rules))
    // Levels of one alert are no cause of each other.
    .filter(({ from, to }) => from.alert !== to.alert && from.labels.severity !== "none" && kept(from) < least)
    .map(({ from }) => `${said(from)} ends before what it holds back: it goes on for ${kept(from)} s of ${least}`);
  return [...new Set(found)];
}

function circlesIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...(graph.get(from) ?? [])].some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  return [...graph.keys()].filter((name) => reaches(name, name)).map((name) => `${name} silences itself in the end`);
}

/** Every rule of an environment, with the labels that its expression gives; undefined where only the data can tell. */
export function labelledRules(environment: Environment): readonly (readonly [AlertRule, Labels])[] {
  const metric = [prometheusRules(environment), vmalertRules(environment)].flatMap(alertsIn);
  const lookup = (series: string): Labels => {
    const known = catalogue.series(series)?.labels;
    return known && new Set(known);
  };
  const fields = new Set<string>([...metadataLabels, ...Object.keys(logFields)]);
  return [
    ...metric.map((rule) => [rule, resultOf(rule.expr, lookup).labels] as const),
    ...alertsIn(lokiRules(environment)).map((rule) => [rule, logResultOf(rule.expr, fields).labels] as const),
  ];
}

const alertsIn = (files: ReturnType<typeof prometheusRules>): AlertRule[] =>
  Object.values(files)
    .flat()
    .flatMap(({ rules }) => rules)
    .filter(isAlert);
