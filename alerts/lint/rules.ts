import { Duration } from "../../environment";
import { nodesNamed, selectorsOf } from "../../signals";
import { isAlert, severities, type AlertRule, type RecordingRule } from "../rule";
import { templateFaults } from "../template";
import { onAlerts, rulesOf, when, type Checks } from "./check";

const comparisons = ["Eql", "Neq", "Gtr", "Lss", "Gte", "Lte"];

/** Checks on a rule as a whole: its name, its labels, its words, and the rules beside it. */
export const ruleChecks: Checks = {
  "alerts/annotation": onAlerts(({ annotations }) =>
    (["summary", "description"] as const).flatMap((name) => when(!annotations[name].trim(), `no ${name}`)),
  ),
  "alerts/comparison": onAlerts((_, { query: { tree } }) => {
    const compares = nodesNamed(tree, "BinaryExpr").some(
      (node) => comparisons.some((name) => node.getChild(name)) && !node.getChild("BoolModifier"),
    );
    return when(
      !compares && nodesNamed(tree, "Absent", "AbsentOverTime", "Unless").length === 0,
      "fires for every series",
    );
  }),
  "alerts/for": onAlerts(({ for: held, keep_firing_for: kept }) =>
    [held, kept].flatMap((text) => when(text !== undefined && /^0+[smhd]?$/.test(text), `${text} says nothing`)),
  ),
  "alerts/template": onAlerts(({ labels, annotations }, { query }) =>
    [...Object.values(labels), ...Object.values(annotations)].flatMap((text) =>
      templateFaults(text, query.labels).map(({ value, reason }) => `${value}: ${reason}`),
    ),
  ),
  "group/interval": ({ interval }) => {
    const seconds = interval === undefined ? 15 : Duration.parse(interval).seconds;
    return when(seconds < 15 || seconds > 300, `is evaluated every ${interval}`);
  },
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
