import fs from "node:fs";
import path from "node:path";
import { lokiRules, prometheusRules, vmalertRules } from "../../alerts";
import { everyAlert } from "../../alerts/catalogue";
import { alertFigures } from "../../alerts/figures";
import { templateFaults } from "../../alerts/template";
import { EnvironmentError } from "../../environment";
import { resultOf, thresholdsOf, typeFault } from "../../signals";
import { planStack } from "../../stacks";
import { testWith } from "../support/programs";
import { example, everything } from "./support/environments";
import { told } from "./support/paging";
import { run, temporaryFolder, yamlOf } from "./support/promtool";
import { faultsIn, fileOf, root, shop, sound, withShop } from "./support/team";
import { catalogue } from "../../stacks/systems";

const query = (expr: string, more: object = {}) => ({ ...sound, ...more, expr });
const words = (name: string, text: string) => ({ ...sound, annotations: { ...sound.annotations, [name]: text } });
const inLoki = (expr: string) => ({ ...sound, expr });
const place = 'group "orders", alert "ShopOrdersFail"';

test("nothing is wrong with the example, or with the rule that the faults below are made of", () => {
  expect(() => withShop()).not.toThrow();
  expect(faultsIn({ "orders.yaml": fileOf(sound) })).toEqual([]);
});

describe("a rule of a team is refused", () => {
  test.each<[string, object, string]>([
    [
      "a metric that nobody has, with the name that was meant",
      query("sum by (service_name) (rate(shop_orders_totl[5m])) > 1"),
      'expr = shop_orders_totl: no metric has this name; did you mean "shop_orders_total"? Or observability:alerting.rules.shop.metrics: {shop_orders_totl: [its labels]}',
    ],
    [
      "a metric of the team's own that is not declared",
      query("sum by (service_name) (rate(baskets_left_total[5m])) > 1"),
      "expr = baskets_left_total: no metric has this name; a metric of your own is declared: observability:alerting.rules.shop.metrics: {baskets_left_total: [its labels]}",
    ],
    [
      "a label that the metric has not",
      query('sum by (service_name) (rate(shop_orders_total{outcom="failed"}[5m])) > 1'),
      'expr = outcom: shop_orders_total has no label "outcom"; did you mean "outcome"?',
    ],
    [
      "a label that what is summed has not",
      query("sum by (service_name, outcme) (rate(shop_orders_total[5m])) > 1"),
      'expr = outcme: rate(shop_orders_total[5m]) has no label "outcme"; did you mean "outcome"?',
    ],
    [
      "a join on a label that one side has dropped",
      query(
        "sum by (service_name) (rate(shop_orders_total[5m])) / on (service_name) sum(rate(shop_orders_total[5m])) > 1",
      ),
      'expr = service_name: sum(rate(shop_orders_total[5m])) has no label "service_name"; it has no labels at all',
    ],
    [
      "what is no PromQL",
      query("sum(rate(shop_orders_total[5m]) > 1"),
      "expr = sum(rate(shop_orders_total[5m]) > 1: has a syntax error at character 36",
    ],
    [
      "a rate without a window",
      query("sum by (service_name) (rate(shop_orders_total)) > 1"),
      'expr = sum by (service_name) (rate(shop_orders_total)) > 1: expected type matrix in call to function "rate", got vector, at character 29',
    ],
    [
      "a range vector",
      query("shop_orders_total[5m]"),
      "expr = shop_orders_total[5m]: is a range vector, and a rule needs one value for each series",
    ],
    [
      "a broken pattern",
      query('sum by (service_name) (rate(shop_orders_total{outcome=~"["}[5m])) > 1'),
      "expr = [: is no regular expression: Unterminated character class",
    ],
    [
      "series without a name",
      query('sum by (service_name) ({service_name="shop"}) > 1'),
      'expr = {service_name="shop"}: selects series without the name of their metric',
    ],
    [
      "a template with a label that the expression dropped",
      query("sum by (cluster) (rate(shop_orders_total[5m])) > 1"),
      'annotations.summary = {{ $labels.service_name }}: the expression has no label "service_name": people would read an empty word; labels that it keeps: cluster; or add "service_name" to its by (…)',
    ],
    [
      "a label's template with a label that the expression dropped",
      { ...sound, labels: { ...sound.labels, service: "{{ $labels.service }}" } },
      'labels.service = {{ $labels.service }}: the expression has no label "service": people would read an empty word; labels that it keeps: cluster, service_name; or add "service" to its by (…)',
    ],
    [
      "a template that names no function",
      words("summary", "{{ $value | humanise }}"),
      'annotations.summary = {{ $value | humanise }}: templates have no function humanise; did you mean "humanize"?',
    ],
    [
      "a template that does not close",
      words("summary", "{{ $value"),
      "annotations.summary = {{ $value: opens or closes an action without its other end",
    ],
    [
      "a template without its end",
      words("summary", "{{ if gt $value 1.0 }}many"),
      "annotations.summary = {{ if gt $value 1.0 }}many: has an if, range or with too many, or an end",
    ],
    [
      "a severity that there is not",
      { ...sound, labels: { ...sound.labels, severity: "warnign" } },
      'labels.severity = warnign: is no severity; did you mean "warning"?',
    ],
    [
      "no severity",
      { ...sound, labels: { team: "shop" } },
      "labels.severity: is missing: nobody knows how bad it is; critical, warning, info",
    ],
    [
      "no team",
      { ...sound, labels: { severity: "info" } },
      "labels.team: is missing: nobody knows who looks after it; team: shop",
    ],
    [
      "another team",
      { ...sound, labels: { ...sound.labels, team: "platform" } },
      "labels.team = platform: these are the rules of shop: another team would be told; team: shop",
    ],
    [
      "an escalation, which is ours to set",
      { ...sound, labels: { ...sound.labels, escalation: "L2" } },
      "labels = escalation: is no label that a rule can set; another name",
    ],
    [
      "no summary",
      words("summary", " "),
      "annotations.summary: is missing: somebody reads it at 3 a.m.; one line: what is wrong, with whom",
    ],
    [
      "no description",
      words("description", ""),
      "annotations.description: is missing: somebody reads it at 3 a.m.; what was measured, and what follows from it",
    ],
    [
      "a runbook that nobody can open",
      words("runbook_url", "docs/orders.md"),
      "annotations.runbook_url = docs/orders.md: is no address; https://…",
    ],
    [
      "a `for` shorter than the evaluation interval",
      { ...sound, for: "5s" },
      "for = 5s: is shorter than the evaluation interval (15s): it would fire as if there were none; at least 15s",
    ],
    [
      "a `for` that is no time",
      { ...sound, for: "soon" },
      'for = soon: is not a duration; write for example "15s", "24h", "30d"',
    ],
    [
      "the name of an alert of ours",
      { ...sound, alert: "HostCpuHigh" },
      "alert = HostCpuHigh: an alert of the stack has this name; a name of its own",
    ],
    [
      "a name in another case",
      { ...sound, alert: "orders_fail" },
      "alert = orders_fail: is no name of an alert; upper camel case, such as OrdersFail",
    ],
  ])("for %s", (_, rule, said) => {
    const { alert } = rule as typeof sound;
    expect(faultsIn({ "orders.yaml": fileOf(rule) })).toEqual([
      `orders.yaml: ${place.replace("ShopOrdersFail", alert)}, ${said}`,
    ]);
  });

  test.each<[string, object, string]>([
    ["a mistyped key", { ...sound, anotations: {} }, 'anotations: is not a known key; did you mean "annotations"?'],
    ["no expression", { ...sound, expr: undefined }, "expr: is missing"],
    [
      "a number as label",
      { ...sound, labels: { severity: 1 } },
      "labels.severity = 1: expected string, received number",
    ],
  ])("for %s", (_, rule, said) => {
    expect(faultsIn({ "orders.yaml": fileOf(rule) })).toEqual([
      `orders.yaml: group "orders", rule "ShopOrdersFail", ${said}`,
    ]);
  });

  test.each<[string, object, string]>([
    [
      "lines in place of a number",
      inLoki('{service_name="shop"} |= "refused"'),
      'expr = {service_name="shop"} |= "refused": gives lines, and a rule needs a number; for example count_over_time(… [5m])',
    ],
    [
      "a stream by a label that streams have not",
      inLoki('sum by (service_name) (count_over_time({service_nam="shop"}[5m])) > 1'),
      'expr = service_nam: a stream has no label "service_nam"; did you mean "service_name"?',
    ],
    [
      "a field that lines have not",
      inLoki('sum by (service_name) (count_over_time({service_name="shop"} | json | providr="acme" [5m])) > 1'),
      'expr = providr: a line has no label "providr"; did you mean "provider"?; a field of your own is declared in observability:alerting.rules.shop.logFields',
    ],
    [
      "a template with a label that the expression dropped",
      inLoki('sum(count_over_time({service_name="shop"}[5m])) > 1'),
      'annotations.summary = {{ $labels.service_name }}: the expression has no label "service_name": people would read an empty word; labels that it keeps: none; or add "service_name" to its by (…)',
    ],
    [
      "a `for` shorter than the ruler's own interval",
      { ...inLoki('sum by (service_name) (count_over_time({service_name="shop"}[5m])) > 1'), for: "30s" },
      "for = 30s: is shorter than the evaluation interval (1m): it would fire as if there were none; at least 1m",
    ],
    [
      "what is no LogQL",
      inLoki('sum(count_over_time({service_name="shop"}[5m])'),
      'expr = sum(count_over_time({service_name="shop"}[5m]): has a syntax error at character 47',
    ],
  ])("of logs for %s", (_, rule, said) => {
    expect(faultsIn({ "loki/orders.yaml": fileOf(rule) })).toEqual([`loki/orders.yaml: ${place}, ${said}`]);
  });
});

test("all faults of all files come at once, beside those of the configuration", () => {
  const files = {
    "broken.yaml": "groups: [",
    "list.yaml": "- groups",
    "orders.yaml": fileOf({ ...sound, for: "5s" }, sound),
    "twice.yaml": fileOf(sound),
    "loki/orders.yaml": fileOf({ record: "up", expr: "1" }),
  };
  const said = faultsIn(files, { values: { scrapeInterval: "soon" }, teams: { nobody: { folder: "nowhere" } } });
  expect(said.map((line) => line.replace(/; .*/, ""))).toEqual([
    'observability:scrapeInterval = "soon": is not a duration',
    "broken.yaml: is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    'list.yaml = ["groups"]: expected object, received array',
    "observability:alerting.rules.nobody.folder = nowhere: there is no such folder",
    expect.stringContaining("for = 5s: is shorter than the evaluation interval (15s)") as string,
    expect.stringContaining("record = up: a series of the stack has this name") as string,
    `orders.yaml: ${place}, alert = ShopOrdersFail: is there already: rules/orders.yaml: ${place}`,
    `twice.yaml: ${place}, alert = ShopOrdersFail: is there already: rules/orders.yaml: ${place}`,
  ]);
});

test("two teams don't share the name of an alert, and none takes the name of our series", () => {
  const teams = { other: { ...shop, folder: "others" } };
  const theirs = { ...sound, labels: { severity: "info", team: "other" } };
  const ruleFiles = { other: { "orders.yaml": fileOf(theirs, { record: "up", expr: "vector(1)" }) } };
  expect(faultsIn({ "orders.yaml": fileOf(sound) }, { teams, ruleFiles })).toEqual([
    'others/orders.yaml: group "orders", record "up", record = up: a series of the stack has this name; a name of your own',
    `others/orders.yaml: ${place}, alert = ShopOrdersFail: a rule of shop has this name: rules/orders.yaml: ${place}; a name of its own`,
  ]);
});

test("what Loki's ruler records is for the long-term metrics: they must be there, and Prometheus does not have it", () => {
  const files = {
    "loki/orders.yaml": fileOf({
      record: "shop:lines:rate5m",
      expr: 'sum by (service_name) (rate({service_name="shop"}[5m]))',
    }),
    "orders.yaml": fileOf({ ...sound, expr: "shop:lines:rate5m > 5" }),
  };
  const unseen =
    "orders.yaml: " +
    `${place}, expr = shop:lines:rate5m: Loki's ruler records it for the long term: Prometheus, which evaluates this rule, does not have it; count the lines in a rule under loki/`;
  expect(faultsIn(files)).toEqual([unseen]);
  expect(faultsIn(files, { values: { systems: { prometheus: { shards: 2 } } } })).toEqual([]);
  const without = { values: { systems: { victoriametrics: { enabled: false } } } };
  expect(faultsIn(files, without)).toEqual([
    'loki/orders.yaml: group "orders", record "shop:lines:rate5m", record = shop:lines:rate5m: Loki\'s ruler records into VictoriaMetrics, and there is none; an alert, or a metric that the application counts itself',
    unseen,
  ]);
});

test("two files that would be deployed under one name, and two groups of one name", () => {
  expect(faultsIn({ "a.yaml": fileOf(sound), "a.yml": fileOf(sound) })).toEqual([
    "observability:alerting.rules.shop.folder = rules: two files would be deployed as shop.a.yaml; another name for rules/a.yml",
  ]);
  const group = { name: "orders", rules: [] };
  expect(faultsIn({ "a.yaml": yamlOf({ groups: [group, group] }) })).toEqual([
    'a.yaml: group "orders": two groups of the file have this name; a name of its own',
  ]);
});

test("whoever gives the plan an environment without having read the folders is told so", () => {
  const { ruleFiles, ...unread } = withShop();
  expect(Object.keys(ruleFiles)).toEqual(["shop"]);
  expect(() => planStack({ ...unread, ruleFiles: {} })).toThrow(EnvironmentError);
});

describe("rules of a team", () => {
  const environment = withShop();

  test("are deployed beside ours, in the same ConfigMaps, with the cluster on each", () => {
    const plan = planStack(environment);
    const files = (name: string) => plan.systems.find((system) => system.name === name)?.config ?? {};
    expect(files("prometheus")["rules/shop.orders.yaml"]).toContain("    labels:\n      cluster: local\n");
    expect(files("loki")["rules/shop.orders.yaml"]).toContain("alert: ShopPaymentRefused");
    const maps = plan.systems.flatMap(({ rendered }) => rendered).filter(({ kind }) => kind === "ConfigMap");
    const holding = maps.filter((map) => JSON.stringify(map).includes('"shop.orders.yaml"'));
    expect(holding.map(({ metadata }) => metadata?.name)).toEqual(["prometheus-rules", "loki-rules"]);
  });

  test("are counted apart from ours", () => {
    const [ours, both] = [alertFigures(everything("3")), alertFigures(withShop())];
    expect(ours).toMatchObject({ teamAlerts: 0, teamAlertingRules: 0, teamRecordingRules: 0 });
    expect(both).toMatchObject({ teamAlerts: 4, teamAlertingRules: 4, teamRecordingRules: 1 });
    expect(alertFigures({ ...environment, alerting: { ...environment.alerting, rules: {} } }).alerts).toBe(both.alerts);
  });

  test("record without the stage that alerts", () => {
    const files = prometheusRules(withShop({ stages: ["metrics", "dashboards"] }));
    expect(files["shop.orders.yaml"]?.flatMap(({ rules }) => rules)).toHaveLength(1);
  });

  test("go to the team's own receiver, and escalate like ours", () => {
    expect(Object.fromEntries([...told(example, new Date("2026-11-18T10:00:00+01:00"))])).toMatchObject({
      "ShopOrdersFail warning": "shop-chat; L2 after 1d: level-2",
      "ShopOrdersGone critical": "pager; L2 after 1h: level-2",
      "ShopPaymentRefused warning": "shop-chat; L2 after 1d: level-2",
    });
  });

  test("are evaluated across shards by vmalert, and by no shard", () => {
    const sharded = withShop({ systems: { prometheus: { shards: 2 } } });
    expect(prometheusRules(sharded)["shop.orders.yaml"]).toBeUndefined();
    expect(vmalertRules(sharded)["shop.orders.yaml"]).toEqual(prometheusRules(environment)["shop.orders.yaml"]);
    expect(lokiRules(sharded)["shop.orders.yaml"]).toEqual(lokiRules(environment)["shop.orders.yaml"]);
  });

  const written = () => {
    const file = path.join(temporaryFolder(), "metrics.yaml");
    fs.writeFileSync(file, yamlOf({ groups: prometheusRules(environment)["shop.orders.yaml"] }));
    return file;
  };
  const takes = (binary: string, args: readonly string[]) => {
    const { status, output } = run(binary, args);
    expect(status === 0 ? "" : output).toBe("");
  };

  testWith("promtool", "promtool takes what is deployed, and the team's own tests of it pass", (promtool) => {
    takes(promtool, ["check", "rules", "--lint=all", "--lint-fatal", written()]);
    takes(promtool, ["test", "rules", path.join(root, shop.folder, "orders.test.yaml")]);
  });

  testWith("vmalert", "vmalert takes what is deployed", (vmalert) =>
    takes(vmalert, ["-dryRun", "-datasource.url=http://127.0.0.1:1", `-rule=${written()}`]),
  );
});

test("what is read from a text is what the types of our own alerts say: their labels, and no fault", () => {
  const lookup = (series: string) =>
    series.startsWith("slo:")
      ? new Set(["cluster", "service_name", "agent", "slo"])
      : (catalogue.series(series)?.labels ?? { value: series, reason: "unknown" });
  const metric = everyAlert(everything("2"), thresholdsOf(everything("2"))).filter(
    ({ component }) => component !== "logs",
  );
  expect(metric.length).toBeGreaterThan(100);
  for (const { name, labels, levels } of metric) {
    for (const { expr, summary, description } of levels) {
      const result = resultOf(expr.text, lookup);
      const wrong = [...result.faults, ...templateFaults(`${summary} ${description}`, result.labels)];
      expect([name, typeFault(expr.text), wrong]).toEqual([name, undefined, []]);
      expect([name, labels.filter((label) => !result.labels?.has(label))]).toEqual([name, []]);
    }
  }
});
