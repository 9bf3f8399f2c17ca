import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { lokiRules, prometheusRules, vmalertRules, type AlertRule } from "../../alerts";
import { everyOwned } from "../../alerts/catalogue";
import { parseQuery, thresholdsOf } from "../../signals";
import { stackEnvironment } from "../../stacks";
import { comparePaged } from "../../tools/review/paged";
import { readAlertmanager } from "../../tools/report/routing";
import { readRules } from "../../tools/report/rules";
import type { RenderedEnvironment } from "../../tools/review/rendered";
import { testWith } from "../support/programs";
import { configOf, rulesOf } from "./support/paging";
import { run, temporaryFolder, yamlOf } from "./support/promtool";
import { faultsOf } from "./support/settings";

const receivers = [{ kind: "webhook", name: "oncall", url: "https://hooks.example.com/oncall" }];
const environmentOf = (alerts: object, more: object = {}) =>
  stackEnvironment("local", { alerting: { receivers, alerts }, ...more });
/** The rules of one alert, as an environment tunes it. */
const tunedRules = (name: string, tuning: object): AlertRule[] =>
  rulesOf(environmentOf({ [name]: tuning })).filter(({ alert }) => alert === name);
const levelsOf = (name: string, tuning: object) =>
  tunedRules(name, tuning).map(({ labels, for: held = "0s" }) => `${labels.severity} ${held}`);

describe("levels", () => {
  test("each has its own time; what holds for all holds for the others", () => {
    expect(levelsOf("HostCpuHigh", { for: "20m", levels: { warning: { for: "30m" } } })).toEqual([
      "info 20m",
      "warning 30m",
    ]);
  });
  test("one of them can be off", () => {
    expect(levelsOf("ServiceSlow", { levels: { critical: { enabled: false } } })).toEqual(["warning 10m"]);
  });
  test("one of them can be milder", () => {
    expect(levelsOf("ServiceSlow", { levels: { warning: { severity: "info" } } })).toEqual(["info 10m", "critical 5m"]);
  });
  test("an alert without levels left has no rules", () => {
    const off = { enabled: false };
    expect(levelsOf("ServiceSlow", { levels: { warning: off, critical: off } })).toEqual([]);
  });
});

test("what the guide tunes can be tuned so", () => {
  const guide = fs.readFileSync("docs/guides/alerts.md", "utf8");
  const blocks = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
  const examples = blocks.filter((text) => text.includes("    alerts:\n"));
  expect(examples).toHaveLength(1);
  const { config } = parse(examples[0] ?? "") as { config: { "observability:alerting": { alerts: object } } };
  expect(faultsOf(config["observability:alerting"])).toEqual([]);
});

describe("exclusions", () => {
  test("are said of the result, whatever the expression is", () => {
    const [before] = tunedRules("KubePodNotReady", {});
    const [after] = tunedRules("KubePodNotReady", { exclude: [{ namespace: "batch-*" }] });
    expect(after?.expr).toBe(
      `label_replace(${before?.expr ?? ""}, "excluded", "yes", "namespace", "batch-.*") and on (excluded) vector(1)`,
    );
  });
  test("a dot is a dot", () => {
    const [rule] = tunedRules("KubePodNotReady", { exclude: [{ pod: "a.b*" }] });
    expect(rule?.expr).toContain(String.raw`"pod", "a\\.b.*"`);
  });
  test("what a rule sets itself leaves out the whole rule", () => {
    const jobs = tunedRules("TargetMissing", { exclude: [{ job: "kube*" }], insist: "not ours" }).map(
      ({ labels }) => labels["job"],
    );
    expect(jobs).toContain("node-exporter");
    expect(jobs.filter((job) => job?.startsWith("kube"))).toEqual([]);
  });
  test("are read back by the grammars of PromQL and LogQL, in every rule that there is", () => {
    const bare = environmentOf({});
    const all = everyOwned(bare, thresholdsOf(bare)).filter(([, { labels }]) => labels.includes("cluster"));
    const insist = { insist: "a test" };
    const environment = environmentOf(
      Object.fromEntries(
        all.map(([, { name, pages }]) => [
          name,
          { exclude: [{ cluster: "a" }], ...(pages === "alerting" ? insist : {}) },
        ]),
      ),
    );
    const read = (files: ReturnType<typeof lokiRules>, language: "promql" | "logql") =>
      Object.values(files)
        .flat()
        .flatMap(({ rules }) => rules)
        .filter(({ expr }) => expr.includes('"excluded"'))
        .map(({ expr }) => parseQuery(language, expr)).length;
    expect(read(prometheusRules(environment), "promql")).toBeGreaterThan(100);
    expect(read(vmalertRules(environment), "promql")).toBeGreaterThan(0);
    expect(read(lokiRules(environment), "logql")).toBeGreaterThan(0);
  });

  /** Pods of five kinds, all of them not ready. */
  const pods = [
    ["batch-1", "a"],
    ["shop", "a"],
    ["shop", "tool-1"],
    ["tools", "tool-1"],
    ["tools", "a"],
  ] as const;
  /** A folder with a test that only those are left that no entry excludes. */
  const written = (): string => {
    const entries = [{ namespace: "batch-*" }, { namespace: "tools", pod: "tool-*" }];
    const [rule] = tunedRules("KubePodNotReady", { exclude: entries, for: "1m" });
    if (rule === undefined) throw new Error("no rule");
    const folder = temporaryFolder();
    const own = ([namespace, pod]: readonly [string, string]) =>
      `cluster="local", job="kube-state-metrics", namespace="${namespace}", pod="${pod}"`;
    const series = pods.flatMap((each) => [
      { series: `kube_pod_status_phase{${own(each)}, phase="Pending"}`, values: "1x10" },
      { series: `kube_pod_info{${own(each)}, node="n"}`, values: "1x10" },
    ]);
    const heard = pods.filter(([namespace, pod]) => namespace === "shop" || (namespace === "tools" && pod === "a"));
    const bare = { ...rule, annotations: {} };
    fs.writeFileSync(path.join(folder, "rules.yaml"), yamlOf({ groups: [{ name: "a", rules: [bare] }] }));
    const alerts = heard.map(([namespace, pod]) => ({
      exp_labels: {
        ...{ cluster: "local", namespace, pod, node: "n" },
        ...{ severity: "warning", team: "platform", component: "kubernetes" },
      },
    }));
    const alertTest = [{ eval_time: "5m", alertname: rule.alert, exp_alerts: alerts }];
    const test = { interval: "1m", input_series: series, alert_rule_test: alertTest };
    fs.writeFileSync(
      path.join(folder, "test.yaml"),
      yamlOf({ rule_files: ["rules.yaml"], evaluation_interval: "1m", tests: [test] }),
    );
    return folder;
  };
  testWith("promtool", "promtool leaves out those, and no others", (promtool) => {
    const { status, output } = run(promtool, ["test", "rules", "test.yaml"], written());
    expect(status === 0 ? "" : output).toBe("");
  });
  testWith("vmalert-tool", "so does the long-term store", (vmalertTool) => {
    const args = ["unittest", "-disableAlertgroupLabel", "--files=test.yaml"];
    const { status, output } = run(vmalertTool, args, written());
    expect(status === 0 ? "" : output).toBe("");
  });
});

test.each<[string, object, string]>([
  [
    "a level that there is not",
    { HostCpuHigh: { levels: { warnign: { for: "30m" } } } },
    'alerts.HostCpuHigh.levels.warnign = warnign : the alert has no such level; did you mean "warning"?',
  ],
  [
    "a label that there is not",
    { KubePodNotReady: { exclude: [{ namespce: "batch-*" }] } },
    'alerts.KubePodNotReady.exclude[0].namespce = namespce : the alert has no such label: nothing would be excluded; did you mean "namespace"?',
  ],
  [
    "a regular expression",
    { KubePodNotReady: { exclude: [{ namespace: "a|b" }] } },
    'alerts.KubePodNotReady.exclude[0].namespace = "a|b" : is no text of a label; "batch-*": * stands for any text, everything else for itself',
  ],
  [
    "everything",
    { KubePodNotReady: { exclude: [{ namespace: "*" }] } },
    "alerts.KubePodNotReady.exclude[0] : excludes everything that the alert could fire for; enabled: false",
  ],
  [
    "nothing in particular",
    { KubePodNotReady: { exclude: [{}] } },
    "alerts.KubePodNotReady.exclude[0] : excludes everything that the alert could fire for; enabled: false",
  ],
  [
    "a time of a level that is too short",
    { HostCpuHigh: { levels: { warning: { for: "5s" } } } },
    "alerts.HostCpuHigh.levels.warning.for = 5s : is shorter than the evaluation interval (15s): it would fire as if there were none; at least 15s",
  ],
  [
    "a time that nothing outlasts",
    { KubePodCrashLooping: { for: "400d" } },
    "alerts.KubePodCrashLooping.for = 400d : is longer than a day: one good moment a day, or a restart, and it never fires; at most 1d, or enabled: false",
  ],
  [
    "two levels of one severity",
    { ServiceSlow: { levels: { critical: { severity: "warning" } } } },
    "alerts.ServiceSlow.levels.critical.severity = warning : another level has it: which of the two fires could not be told; another severity, or levels: {warning: {enabled: false}} beside it",
  ],
  [
    "a severity of machinery",
    { InfoInhibitor: { severity: "warning" } },
    "alerts.InfoInhibitor = warning : it is machinery: nobody is told of it by its severity; take severity away",
  ],
  [
    "insisting on nothing",
    { HostCpuHigh: { insist: "I want to" } },
    "alerts.HostCpuHigh.insist = I want to : nothing here has to be insisted on; take it away",
  ],
])("refuses %s", (_, alerts, fault) => {
  expect(faultsOf({ alerts })).toEqual([fault]);
});

test("every fault of every alert comes at once", () => {
  const faults = faultsOf({
    alerts: {
      HostCpuHihg: {},
      HostCpuHigh: { levels: { warnign: {} }, exclude: [{ instanec: "a" }, { instance: "*" }] },
      Watchdog: { enabled: false },
    },
  });
  expect(faults.map((line) => line.split(" ")[0])).toEqual([
    "alerts.HostCpuHihg",
    "alerts.HostCpuHigh.levels.warnign",
    "alerts.HostCpuHigh.exclude[0].instanec",
    "alerts.HostCpuHigh.exclude[1]",
    "alerts.Watchdog.enabled",
  ]);
});

test("a name like no other shows those of its kind, and not all that there are", () => {
  const [fault = ""] = faultsOf({ alerts: { LokiDown: { enabled: false } } });
  expect(fault).toMatch(/no alert has this name; known here: Loki\w+(, Loki\w+)+ and \d{3} more$/);
});

describe("what watches over alerting itself", () => {
  const why =
    'it watches over alerting itself: without it nobody learns that alerts no longer arrive; insist: "<why>" beside it';

  test.each<[string, string, object, string]>([
    ["the Watchdog off", "Watchdog", { enabled: false }, "enabled = false"],
    ["the Watchdog of one evaluator", "Watchdog", { exclude: [{ evaluator: "loki" }] }, "exclude = loki"],
    ["an alert off", "PrometheusNoAlertmanager", { enabled: false }, "enabled = false"],
    [
      "its worst level off",
      "AlertmanagerNotificationsFail",
      { levels: { critical: { enabled: false } } },
      "levels.critical.enabled = false",
    ],
    ["told to nobody", "PrometheusNoAlertmanager", { severity: "info" }, "severity = info"],
    ["told in the morning", "PrometheusNoAlertmanager", { severity: "warning" }, "severity = warning"],
    ["told after a day", "PrometheusNoAlertmanager", { for: "1d" }, "for = 1d"],
    ["off for some", "PrometheusNoAlertmanager", { exclude: [{ pod: "prometheus-*" }] }, "exclude = prometheus-*"],
    [
      "its worst level after a day",
      "AlertmanagerNotificationsFail",
      { levels: { critical: { for: "1d" } } },
      "levels.critical.for = 1d",
    ],
    [
      "its worst level told to nobody",
      "AlertmanagerNotificationsFail",
      { levels: { critical: { severity: "info" } } },
      "levels.critical.severity = info",
    ],
  ])("is not silenced by accident: %s", (_, name, tuning, key) => {
    expect(faultsOf({ alerts: { [name]: tuning } })).toEqual([`alerts.${name}.${key} : ${why}`]);
    expect(faultsOf({ alerts: { [name]: { ...tuning, insist: "a cluster for tests" } } })).toEqual([]);
  });
  test("can be held longer, and its milder level be off", () => {
    expect(faultsOf({ alerts: { PrometheusNoAlertmanager: { for: "1h" } } })).toEqual([]);
    expect(
      faultsOf({ alerts: { AlertmanagerNotificationsFail: { levels: { warning: { enabled: false } } } } }),
    ).toEqual([]);
  });
});

test("a tuned alert shows in the review's table of who gets paged", () => {
  const rendered = (alerts: object) => {
    const environment = environmentOf(alerts);
    const rules = readRules({
      "prometheus/rules/a.yaml": yamlOf({ groups: [{ name: "a", rules: rulesOf(environment) }] }),
    });
    return { rules, alertmanager: readAlertmanager(configOf(environment)) } as RenderedEnvironment;
  };
  const paged = (alerts: object) =>
    comparePaged(rendered({}), rendered(alerts)).map(({ before, after }) => [before, after]);
  const critical = (text: string | undefined) => Number(/(\d+) critical/.exec(text ?? "")?.[1]);
  const [[before, after] = []] = paged({ ServiceSlow: { levels: { critical: { enabled: false } } } });
  expect(critical(before) - critical(after)).toBe(1);
  expect(
    paged({ HostCpuHigh: { levels: { info: { enabled: false }, warning: { severity: "info" } } } }).length,
  ).toBeGreaterThan(0);
  expect(paged({})).toEqual([]);
});
