import { isAlert, type AlertRule, type RecordingRule, type RuleGroup } from "../../../alerts";
import { deployedRules } from "../support/promtool";
import { inputSeries, nameOf, type Scenario } from "./scenario";

/** The recording rules that expressions read, and those that these read in turn, in the order of their evaluation. */
function recordedFor(expressions: readonly string[], all: readonly RecordingRule[]): RecordingRule[] {
  const reads = (text: string) => all.filter(({ record }) => new RegExp(`(?<![\\w:])${record}(?![\\w:])`).test(text));
  const found = new Set<RecordingRule>();
  const visit = (text: string) => {
    for (const rule of reads(text)) {
      if (found.has(rule)) continue;
      found.add(rule);
      visit(rule.expr);
    }
  };
  expressions.forEach(visit);
  return all.filter((rule) => found.has(rule));
}

/** What tells nobody there need not tell anybody here. Of all else somebody must hear, and information is never sent. */
const unheard = / (info|none)$/;

/** What must fire: an alert, with the labels that a scenario gives, told to somebody where the other one is. */
function matchers(fires: string, of: string): string {
  const name = nameOf(fires);
  const labels = fires.slice(name.length + 1, -1);
  return [
    `alertname="${name}"`,
    'alertstate="firing"',
    ...(labels === "" ? [] : [labels]),
    ...(unheard.test(of) ? [] : ['severity!="info"']),
  ].join(", ");
}

/** A test of promtool for a scenario: at its minute each alert that it names fires. */
export function testOf(scenario: Scenario): { readonly rules: object; readonly test: object } {
  const { of, at, fires, step = "1m", majorVersion = "2" } = scenario;
  const all = deployedRules(majorVersion).flatMap(({ rules }) => rules);
  const alerts = all.filter(isAlert).filter(({ alert }) => fires.map(nameOf).includes(alert));
  const recorded = recordedFor(
    alerts.map(({ expr }) => expr),
    all.filter((rule): rule is RecordingRule => !isAlert(rule)),
  );
  // What is recorded is a sample old when the alert reads it: one group evaluates in order.
  const group: RuleGroup = { name: "covered", rules: [...recorded, ...alerts] as (AlertRule | RecordingRule)[] };
  return {
    rules: { groups: [group] },
    test: {
      evaluation_interval: step,
      tests: [
        {
          name: of,
          interval: step,
          input_series: inputSeries(scenario),
          promql_expr_test: fires.map((each) => ({
            expr: `group by (alertname) (ALERTS{${matchers(each, of)}})`,
            eval_time: `${at}m`,
            exp_samples: [{ labels: `{alertname="${nameOf(each)}"}`, value: 1 }],
          })),
        },
      ],
    },
  };
}
