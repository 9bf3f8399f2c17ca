import fs from "node:fs";
import path from "node:path";
import { everyOwned } from "../../alerts/catalogue";
import { inhibitions, levelLabels } from "../../alerts/routing/inhibition";
import { thresholdsOf } from "../../signals";
import { readAlertmanager } from "../../tools/report/routing";
import { everything, example, profiles } from "./support/environments";
import { endTooSoon, inhibitionFindings, labelledRules } from "./support/inhibitions";
import { configOf, rulesOf } from "./support/paging";
import { testWith } from "../support/programs";
import { run, temporaryFolder, yamlOf } from "./support/promtool";

const environments = [everything("2"), everything("3"), ...profiles, example].map(
  (environment, index) => [`${environment.cluster} ${index}`, environment] as const,
);

test.each(environments)("in %s nothing silences what is worse, and nothing itself", (_, environment) => {
  expect(inhibitionFindings(configOf(environment), rulesOf(environment))).toEqual([]);
});

test.each(environments)("in %s every cause outlasts what it holds back", (_, environment) => {
  expect(endTooSoon(configOf(environment), rulesOf(environment))).toEqual([]);
});

testWith("promtool", "the object store's alert is still there when what it holds back has ended", (promtool) => {
  const wanted = ["ObjectStoreDown", "KubeStatefulSetReplicasMissing"];
  const rules = rulesOf(everything("2")).filter(({ alert }) => wanted.includes(alert));
  const bare = rules.map((rule) => ({ ...rule, annotations: {} }));
  const own = 'cluster="local", job="kube-state-metrics", namespace="observability", statefulset="versitygw"';
  // Down from the tenth minute to the fortieth.
  const ready = "1x9 0x29 1x30";
  const series = ["replicas", "status_replicas_updated"].map((of) => [`kube_statefulset_${of}{${own}}`, "1x80"]);
  const same = { cluster: "local", namespace: "observability", statefulset: "versitygw" };
  const fired = ({ alert, labels }: (typeof rules)[number], minutes: number, fires: boolean) => ({
    eval_time: `${minutes}m`,
    alertname: alert,
    exp_alerts: fires ? [{ exp_labels: { ...same, ...labels } }] : [],
  });
  const test = {
    interval: "1m",
    input_series: [...series, [`kube_statefulset_status_replicas_ready{${own}}`, ready]].map(([text, values]) => ({
      series: text,
      values,
    })),
    alert_rule_test: rules.flatMap((rule) => {
      const isCause = rule.alert === "ObjectStoreDown";
      return [fired(rule, 39, true), fired(rule, 40, isCause), fired(rule, 46, isCause), fired(rule, 48, false)];
    }),
  };
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, "rules.yaml"), yamlOf({ groups: [{ name: "a", rules: bare }] }));
  fs.writeFileSync(
    path.join(folder, "test.yaml"),
    yamlOf({ rule_files: ["rules.yaml"], evaluation_interval: "1m", tests: [test] }),
  );
  expect(rules.map(({ alert }) => alert).sort()).toEqual([...wanted].sort());
  const { status, output } = run(promtool, ["test", "rules", "test.yaml"], folder);
  expect(status === 0 ? "" : output).toBe("");
});

describe("what is wrong is found", () => {
  type Pairs = readonly (readonly [source: string, target: string])[];
  const configured = (...pairs: Pairs) =>
    yamlOf({
      route: { receiver: "nobody" },
      inhibit_rules: pairs.map(([source, target]) => ({
        source_matchers: source.split(", "),
        target_matchers: target.split(", "),
        equal: ["cluster"],
      })),
    });
  const between = (...pairs: Pairs) => inhibitionFindings(configured(...pairs), rulesOf(example));
  const budget = 'alertname="ServiceLatencyBudget"';
  const slow = 'alertname="ServiceSlow"';

  test("a warning that silences a critical alert", () => {
    expect(between([budget, slow])).toEqual(["ServiceLatencyBudget (warning) silences ServiceSlow (critical)"]);
    expect(between([`${budget}, severity="critical"`, slow])).toEqual([]);
    expect(between([budget, `${slow}, severity=~"warning|info"`])).toEqual([]);
  });
  test("a cause that ends when its effects do", () => {
    expect(endTooSoon(configured(['alertname="TargetDown"', slow]), rulesOf(example))).toEqual([
      "TargetDown (warning) ends before what it holds back: it goes on for 0 s of 420",
    ]);
    expect(endTooSoon(configured([budget, slow]), rulesOf(example))).toEqual([]);
  });
  test("two that silence each other, also by way of a third", () => {
    const [a, b, c] = ["KubePodNotReady", "KubePodCrashLooping", "KubeContainerWaiting"].map(
      (name) => `alertname="${name}"`,
    ) as [string, string, string];
    expect(between([a, b], [b, c])).toEqual([]);
    expect(between([a, a])).toEqual(["KubePodNotReady (warning) silences itself in the end"]);
    expect(between([a, b], [b, c], [c, a])).toEqual([
      "KubePodNotReady (warning) silences itself in the end",
      "KubePodCrashLooping (warning) silences itself in the end",
      "KubeContainerWaiting (warning) silences itself in the end",
    ]);
  });
});

/** By name, over both lines of Tempo. */
const alerts = (["2", "3"] as const).flatMap((majorVersion) => {
  const environment = everything(majorVersion);
  return everyOwned(environment, thresholdsOf(environment)).map(([, each]) => each);
});

test("no inhibition speaks of an alert that doesn't exist, or of a label that one side lacks", () => {
  const labelsOf = new Map(alerts.map(({ name, labels }) => [name, new Set([...labels, "cluster"])]));
  for (const { cause, effects, equal, where = {} } of inhibitions) {
    const lacking = (name: string, wanted: readonly string[]) =>
      wanted.filter((label) => labelsOf.get(name)?.has(label) !== true);
    expect([cause, lacking(cause, equal)]).toEqual([cause, []]);
    for (const name of effects) expect([name, lacking(name, [...equal, ...Object.keys(where)])]).toEqual([name, []]);
  }
});

test("what reaches through a whole cluster says why", () => {
  const narrow = (equal: readonly string[]) => equal.some((label) => label !== "cluster");
  const unsaid = inhibitions.filter(({ equal, reach }) => narrow(equal) === (reach !== undefined));
  expect(unsaid.map(({ cause, effects }) => [cause, effects])).toEqual([]);
});

describe("two alerts of one name are levels of one problem only when they fire for the same", () => {
  const identityOf = (environment: (typeof environments)[number][1]) =>
    readAlertmanager(configOf(environment))?.inhibitions[0]?.equal ?? [];

  test.each(environments)("every label of every rule of %s says for what, or stands on the list", (_, environment) => {
    const known = new Set([...identityOf(environment), ...Object.keys(levelLabels)]);
    const missing = labelledRules(environment).flatMap(([{ alert, labels }, given]) =>
      [...(given ?? []), ...Object.keys(labels)]
        .filter((label) => !known.has(label))
        .map((label) => `${alert}: ${label}`),
    );
    expect(missing).toEqual([]);
  });

  test("the labels of most rules are known: a check of nothing would find nothing", () => {
    const unknown = labelledRules(everything("2")).filter(([, labels]) => labels === undefined);
    const names = [...new Set(unknown.map(([{ alert }]) => alert))];
    expect(names.filter((name) => !/(Budget|TrafficGone)$/.test(name))).toEqual([]);
  });

  test("labels that people reported as missing are there", () => {
    expect(identityOf(example)).toEqual(
      expect.arrayContaining(["verb", "handler", "remote_name", "addr", "alertmanager"]),
    );
  });

  test("no label of a level is also the label of a series", () => {
    const named = new Set(alerts.flatMap(({ labels }) => labels));
    expect(Object.keys(levelLabels).filter((label) => named.has(label))).toEqual([]);
  });
});
