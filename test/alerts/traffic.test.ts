import fs from "node:fs";
import path from "node:path";
import { isAlert, prometheusRules } from "../../alerts";
import { testWith } from "../support/programs";
import { everything } from "./support/environments";
import { heldOf, livesOf, type Phase } from "./support/life";
import { run, temporaryFolder, yamlOf } from "./support/promtool";

jest.setTimeout(300_000);

/** Everything that is recorded and alerted of the availability of services, as it is deployed. */
function rules() {
  const all = Object.values(prometheusRules(everything("2"))).flat();
  const recording = all.filter(({ name }) => name === "slo-taken-down" || name === "slo-service-availability-traffic");
  const alerts = all.flatMap((group) => group.rules).filter((rule) => isAlert(rule) && rule.alert === alertname);
  expect([recording.length, alerts.length]).toEqual([2, 2]);
  const cluster = { cluster: "local" };
  return { groups: [...recording, { name: "slos", rules: alerts }].map((group) => ({ ...group, labels: cluster })) };
}
const alertname = "ServiceTrafficGone";

const hour = 60;
const day = 24 * hour;
const requests = (pod: string, phases: readonly Phase[]) => ({
  series: `requests_total{cluster="local", job="api", instance="${pod}", service_name="api", k8s_pod_name="${pod}", route="/", method="GET", status="200"}`,
  values: livesOf(phases),
});
const info = (phases: readonly (readonly [number, number | "away"])[]) => ({
  series:
    'target_info{cluster="local", job="api", instance="a", service_name="api", k8s_namespace_name="shop", k8s_deployment_name="api-v2", k8s_pod_name="a"}',
  values: heldOf(phases),
});
const wanted = (phases: readonly (readonly [number, number | "stale" | "away"])[]) => ({
  series:
    'kube_deployment_spec_replicas{cluster="local", job="kube-state-metrics", instance="k", namespace="shop", deployment="api-v2"}',
  values: heldOf(phases),
});
const kubeStateMetrics = (phases: readonly (readonly [number, number | "stale"])[]) => ({
  series: 'up{cluster="local", job="kube-state-metrics", instance="k"}',
  values: heldOf(phases),
});

/** Ten hours of work and fourteen of rest, and who works. */
const officeDay = (rate: number): Phase[] => [
  [10 * hour, rate],
  [14 * hour, 0],
];

interface Scenario {
  readonly title: string;
  /** What lasts for days is evaluated every four minutes, the rest every minute. @default hours */
  readonly lasts?: "days";
  readonly series: readonly { readonly series: string; readonly values: string }[];
  /** What fires at a minute. */
  readonly fires: readonly (readonly [minute: number, ...severities: ("critical" | "warning")[]])[];
}

export const scenarios: readonly Scenario[] = [
  {
    title: "a service of three hours whose series vanish is missed in a quarter of an hour",
    series: [
      requests("a", [
        [3 * hour, 20],
        [3 * hour, "away"],
      ]),
    ],
    fires: [[3 * hour], [3 * hour + 5], [3 * hour + 12, "critical"], [6 * hour, "critical"]],
  },
  {
    title: "it is missed for a week",
    lasts: "days",
    series: [
      requests("a", [
        [3 * hour, 20],
        [8 * day, "away"],
      ]),
    ],
    fires: [[3 * hour], [2 * day, "critical"], [7 * day + 2 * hour, "critical"], [7 * day + 4 * hour]],
  },
  {
    title: "one that is there, and is asked nothing any more, is missed as well",
    lasts: "days",
    series: [
      requests("a", [
        [26 * hour, 20],
        [10 * hour, 0],
        [hour, 20],
      ]),
    ],
    fires: [[26 * hour], [26 * hour + 20, "critical"], [36 * hour - 4, "critical", "warning"], [36 * hour + 20]],
  },
  {
    title: "of two replicas both have to go",
    series: [
      requests("a", [
        [3 * hour, 10],
        [6 * hour, "away"],
      ]),
      requests("b", [
        [6 * hour, 10],
        [3 * hour, "away"],
      ]),
    ],
    fires: [[3 * hour + 30], [6 * hour], [6 * hour + 12, "critical"]],
  },
  {
    title: "a rollout that leaves nobody for three minutes, and counts from zero, is nothing",
    series: [
      requests("a", [
        [3 * hour, 20],
        [hour, "away"],
      ]),
      requests("b", [
        [3 * hour + 3, "away"],
        [57, 20],
      ]),
    ],
    fires: [3, 6, 9, 12, 15, 20, 50].map((minute) => [3 * hour + minute] as const),
  },
  {
    title: "who sleeps at night is not missed at night, nor after a restart in it, but in the morning",
    lasts: "days",
    series: [
      requests("a", [
        ...officeDay(2),
        ...officeDay(2),
        [10 * hour, 2],
        [4 * hour, 0],
        // From here on no series: a restart of a process that nobody asks yet.
        [10 * hour, "restart"],
        [10 * hour, "away"],
      ]),
    ],
    fires: [
      [34 * hour + 30],
      [47 * hour],
      [58 * hour + 30],
      [62 * hour + 30],
      [71 * hour],
      [73 * hour + 15, "critical", "warning"],
    ],
  },
  {
    title: "who rests an hour earlier than yesterday is not missed",
    lasts: "days",
    series: [requests("a", [...officeDay(2), [9 * hour + 15, 2], [14 * hour, 0]])],
    fires: [[33 * hour + 30], [33 * hour + 55], [34 * hour + 20], [40 * hour]],
  },
  {
    title: "the first night of all is not missed, of what is asked less than once a second",
    series: [requests("a", [[10 * hour, 0.5], ...([[14 * hour, 0]] as const)])],
    fires: [[10 * hour + 30], [11 * hour], [20 * hour]],
  },
  {
    title: "a quarter of an hour of requests to a new service, and then none, is nothing",
    series: [requests("a", [[15, 30], ...([[3 * hour, 0]] as const)])],
    fires: [[25], [40], [hour], [hour + 20], [3 * hour]],
  },
  {
    title: "nor is a job that is over in a quarter of an hour",
    series: [requests("a", [[15, 30], ...([[3 * hour, "away"]] as const)])],
    fires: [[25], [40], [hour], [hour + 20], [3 * hour]],
  },
  {
    title: "less than one request in twenty seconds never pages",
    lasts: "days",
    series: [
      requests("a", [
        [30 * hour, 0.04],
        [4 * hour, "away"],
      ]),
    ],
    fires: [[30 * hour + 15], [33 * hour]],
  },
  {
    title: "that it was gone this morning is forgotten in the evening",
    lasts: "days",
    series: [requests("a", [...officeDay(2), [4 * hour, 2], [hour, "away"], [5 * hour, 2], [14 * hour, 0]])],
    // It came back at 29 h. Whether its alert or its records are evaluated first is promtool's choice, at random.
    fires: [[28 * hour + 30, "critical", "warning"], [29 * hour + 30], [34 * hour + 30], [40 * hour]],
  },
  {
    title: "a twentieth of yesterday's traffic warns, half of it does not",
    lasts: "days",
    series: [
      requests("a", [
        [26 * hour, 20],
        [2 * hour, 10],
        [2 * hour, 1],
      ]),
    ],
    fires: [[28 * hour], [29 * hour, "warning"]],
  },
  {
    title: "who is scaled to 0 is not missed",
    series: [
      requests("a", [
        [3 * hour, 20],
        [5 * hour, "away"],
      ]),
      info([
        [3 * hour, 1],
        [5 * hour, "away"],
      ]),
      wanted([
        [3 * hour, 2],
        [5 * hour, 0],
      ]),
      kubeStateMetrics([[8 * hour, 1]]),
    ],
    fires: [[3 * hour + 12], [4 * hour], [7 * hour]],
  },
  {
    title: "a workload that is deleted an hour later ends it, and one of another kind is not taken for deleted",
    series: [
      requests("a", [
        [3 * hour, 20],
        [5 * hour, "away"],
      ]),
      info([
        [3 * hour, 1],
        [5 * hour, "away"],
      ]),
      wanted([
        [4 * hour, 2],
        [4 * hour, "stale"],
      ]),
      kubeStateMetrics([[8 * hour, 1]]),
    ],
    fires: [[3 * hour + 12, "critical"], [4 * hour - 1, "critical"], [4 * hour + 10], [7 * hour]],
  },
  {
    title: "a workload that kube-state-metrics does not know, such as a rollout, is no link",
    series: [
      requests("a", [
        [3 * hour, 20],
        [5 * hour, "away"],
      ]),
      info([
        [3 * hour, 1],
        [5 * hour, "away"],
      ]),
      kubeStateMetrics([[8 * hour, 1]]),
    ],
    fires: [[3 * hour + 12, "critical"]],
  },
  {
    title: "while kube-state-metrics is silent nothing counts as taken down",
    series: [
      requests("a", [
        [3 * hour, 20],
        [5 * hour, "away"],
      ]),
      info([
        [3 * hour, 1],
        [5 * hour, "away"],
      ]),
      wanted([
        [3 * hour, 2],
        [5 * hour, "stale"],
      ]),
      kubeStateMetrics([
        [3 * hour, 1],
        [5 * hour, 0],
      ]),
    ],
    fires: [
      [3 * hour + 12, "critical"],
      [7 * hour, "critical"],
    ],
  },
];

/** A file of tests, for promtool or vmalert-tool. */
function testsOf(key: "promql_expr_test" | "metricsql_expr_test", chosen: readonly Scenario[]) {
  return chosen.map(({ title, series, fires }) => ({
    name: title,
    interval: "15s",
    input_series: series,
    [key]: fires.map(([minute, ...severities]) => ({
      expr: `count by (severity) (ALERTS{alertname="${alertname}", alertstate="firing"})`,
      eval_time: `${minute}m`,
      exp_samples: severities.map((severity) => ({ labels: `{severity="${severity}"}`, value: 1 })),
    })),
  }));
}

/** Writes files of tests, one for each pace; gives the folder and their names. */
function writeFiles(key: Parameters<typeof testsOf>[0], chosen: readonly Scenario[]) {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, "rules.yaml"), yamlOf(rules()));
  const files = (["hours", "days"] as const).map((length) => {
    const tests = testsOf(
      key,
      chosen.filter(({ lasts = "hours" }) => lasts === length),
    );
    const evaluation_interval = length === "days" ? "4m" : "1m";
    fs.writeFileSync(
      path.join(folder, `${length}.test.yaml`),
      yamlOf({ rule_files: ["rules.yaml"], evaluation_interval, tests }),
    );
    return `${length}.test.yaml`;
  });
  return { folder, files };
}

testWith("promtool", "what is gone is missed, and what rests is not, says promtool", (promtool) => {
  const { folder, files } = writeFiles("promql_expr_test", scenarios);
  const { status, output } = run(promtool, ["test", "rules", ...files], folder);
  expect(status === 0 ? "" : output).toBe("");
});

testWith("vmalert-tool", "and so says vmalert, which evaluates them across shards", (vmalertTool) => {
  const { folder, files } = writeFiles("metricsql_expr_test", scenarios);
  const named = files.map((name) => `--files=${path.join(folder, name)}`);
  const { status, output } = run(vmalertTool, ["unittest", "-disableAlertgroupLabel", ...named]);
  expect(status === 0 ? "" : output).toBe("");
});
