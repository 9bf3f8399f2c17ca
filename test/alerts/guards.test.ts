import fs from "node:fs";
import path from "node:path";
import { prometheusRules } from "../../alerts";
import { testWith } from "../support/programs";
import { everything } from "./support/environments";
import { heldOf, livesOf } from "./support/life";
import { run, temporaryFolder, yamlOf } from "./support/promtool";

jest.setTimeout(300_000);

const hours = 2 * 60;
/** Once in four minutes, and twice a second. */
const rates = { night: 1 / 240, day: 2 } as const;

const named = (name: string, labels: string) => `${name}{cluster="local", job="x", instance="i", ${labels}}`;
const counter = (series: string, rate: number) => ({ series, values: livesOf([[hours, rate]]) });

/** Everything slow or failed, as an emitter sends it. */
function troubles(when: keyof typeof rates) {
  const rate = rates[when];
  const service = `service_name="${when}"`;
  const slow = (name: string, labels: string) => [
    counter(named(`${name}_bucket`, `${labels}, le="10"`), 0),
    counter(named(`${name}_bucket`, `${labels}, le="30"`), rate),
    counter(named(`${name}_bucket`, `${labels}, le="+Inf"`), rate),
    counter(named(`${name}_count`, labels), rate),
    counter(named(`${name}_sum`, labels), rate * 20),
  ];
  // Plans are the cluster's: each time of day has one of its own.
  const plans = slow("plan_duration_seconds", `${service}, outcome="succeeded"`).map(({ series, values }) => ({
    series: series.replace('cluster="local"', `cluster="${when}"`),
    values,
  }));
  return [
    ...slow("request_duration_seconds", service),
    ...slow("task_queue_time_seconds", `${service}, queue="q"`),
    ...plans,
    counter(named("tasks_failed_total", `${service}, queue="q", type="x"`), rate),
    counter(named("agent_calls_total", `${service}, agent="${when}", operation="x"`), rate),
    counter(named("agent_errors_total", `${service}, agent="${when}", operation="x", type="x"`), rate),
    {
      series: named("plan_success_rate", service).replace('cluster="local"', `cluster="${when}"`),
      values: heldOf([[hours, 0]]),
    },
    counter(
      named("plans_total", `${service}, outcome="failed"`).replace('cluster="local"', `cluster="${when}"`),
      when === "night" ? 1 / 1800 : rate,
    ),
  ];
}

const guarded = ["ServiceSlow", "ServiceTasksFail", "PlansSlow", "PlanSuccessLow", "TaskQueueSlow", "AgentErrorsHigh"];

testWith("promtool", "two slow or failed ones at night page nobody, many by day do, says promtool", (promtool) => {
  const { "recording.yaml": recording = [], "application.yaml": alerts = [] } = prometheusRules(everything("2"));
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, "rules.yaml"), yamlOf({ groups: [...recording, ...alerts] }));
  const expr = (alertname: string) =>
    `count by (alertname, cluster, service_name, agent) (ALERTS{alertname="${alertname}", alertstate="firing"})`;
  const firing: Readonly<Record<string, string>> = {
    ServiceSlow: 'cluster="local", service_name="day"',
    ServiceTasksFail: 'cluster="local", service_name="day"',
    TaskQueueSlow: 'cluster="local", service_name="day"',
    AgentErrorsHigh: 'cluster="local", agent="day"',
    PlansSlow: 'cluster="day"',
    PlanSuccessLow: 'cluster="day"',
  };

  const tests = [30, 90].flatMap((minute) =>
    guarded.map((alertname) => ({
      expr: expr(alertname),
      eval_time: `${minute}m`,
      exp_samples: [{ labels: `{alertname="${alertname}", ${firing[alertname]}}`, value: 2 }],
    })),
  );
  const series = [...troubles("night"), ...troubles("day")];
  fs.writeFileSync(
    path.join(folder, "guards.test.yaml"),
    yamlOf({
      rule_files: ["rules.yaml"],
      evaluation_interval: "1m",
      tests: [{ interval: "15s", input_series: series, promql_expr_test: tests }],
    }),
  );
  const { status, output } = run(promtool, ["test", "rules", "guards.test.yaml"], folder);
  expect(status === 0 ? "" : output).toBe("");
});
