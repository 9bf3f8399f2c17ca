import { isAlert, type RuleGroup } from "../../../alerts";
import { deployedRules } from "../support/promtool";
import { closureOf, recordingIn } from "../support/reads";
import { inputSeries, nameOf, type Scenario } from "./scenario";

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
  const deployed = deployedRules(majorVersion);
  const alerts = deployed
    .flatMap(({ rules }) => rules.filter(isAlert))
    .filter(({ alert }) => fires.map(nameOf).includes(alert));
  const recording = recordingIn(deployed);
  const { recorded } = closureOf(
    alerts.map(({ expr }) => expr),
    recording,
  );
  // What is recorded is a sample old when the alert reads it: one group evaluates in order.
  const group: RuleGroup = { name: "covered", rules: [...recording.filter((each) => recorded.has(each)), ...alerts] };
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
