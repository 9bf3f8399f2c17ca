import { prometheusRules, vmalertRules, type RuleFiles } from "../../alerts";
import { exclusions } from "./exclusions";
import { checks, ruleFindings as findingsOf, type RuleFinding } from "../../alerts/lint";
import { catalogue } from "../../stacks/systems";
import { everything, profiles } from "./support/environments";

const ruleFindings = (files: RuleFiles) => findingsOf(files, { catalogue, teams: ["platform", "product"] });

const found = [everything("2"), everything("3"), ...profiles].flatMap((environment) =>
  ruleFindings({ ...prometheusRules(environment), ...vmalertRules(environment) }),
);
const covered = ({ check, rule }: RuleFinding) =>
  exclusions.some((exclusion) => exclusion.check === check && exclusion.rules.includes(rule));

test("pint's offline checks hold, but for the exclusions", () => {
  const left = found.filter((finding) => !covered(finding));
  expect([...new Set(left.map(({ check, rule, text }) => `${check}: ${rule}: ${text}`))]).toEqual([]);
});

test("every exclusion is needed", () => {
  const idle = exclusions.flatMap(({ check, rules }) =>
    rules.filter((rule) => !found.some((finding) => finding.check === check && finding.rule === rule)),
  );
  expect(idle).toEqual([]);
});

const alert = (expr: string, more: object = {}) => ({
  alert: "GoodName",
  expr,
  labels: { severity: "warning", team: "platform", component: "hosts" },
  annotations: { summary: "One.", description: "Two." },
  ...more,
});
const labels = alert("").labels;
const recording = (record: string, expr: string, more: object = {}) => ({ record, expr, ...more });

/** A rule that breaks one check, and what the check says of it. */
const broken: readonly (readonly [check: string, rule: object, text: string])[] = [
  [
    "alerts/cadence",
    alert("sum by (cluster) (increase(tempodb_blocklist_poll_errors_total[10m])) > 2", { for: "5m" }),
    "increase(tempodb_blocklist_poll_errors_total[10m]) can't see enough: tempodb_blocklist_poll_errors_total moves every 300 s, so that the window has to be longer than 1200 s",
  ],
  [
    "alerts/replicas",
    alert("max by (cluster) (agent_health_score) < 0.5"),
    "one replica that is well hides the others: max by (cluster) (agent_health_score) < 0.5",
  ],
  ["alerts/annotation", alert("up == 0", { annotations: { summary: "One.", description: " " } }), "no description"],
  ["alerts/comparison", alert("up"), "fires for every series"],
  ["alerts/comparison", alert("up == bool 0"), "fires for every series"],
  ["alerts/for", alert("up == 0", { for: "0m" }), "0m says nothing"],
  [
    "alerts/template",
    alert("sum by (cluster, job) (up) == 0", {
      annotations: { summary: "One.", description: "{{ $labels.job }} {{ $labels.pod }}" },
    }),
    '{{ $labels.pod }}: the expression has no label "pod": people would read an empty word',
  ],
  [
    "alerts/template",
    alert("up == 0", { annotations: { summary: "{{ $labels.pdo }}", description: "Two." } }),
    '{{ $labels.pdo }}: the expression has no label "pdo": people would read an empty word',
  ],
  [
    "alerts/template",
    alert("up == 0", { labels: { ...labels, host: "{{ $labels.instance | shorten }}" } }),
    "{{ $labels.instance | shorten }}: templates have no function shorten",
  ],
  ["promql/aggregate", alert("sum by (job) (up) == 0"), "loses the cluster: sum by (job) (up)"],
  ["promql/aggregate", alert("sum without (cluster) (up) == 0"), "loses the cluster: sum without (cluster) (up)"],
  ["promql/fragile", alert("topk(3, up) == 0"), "series come and go: topk"],
  [
    "promql/impossible",
    alert("sum by (cluster) (up) / sum by (cluster, job) (up) > 1"),
    "its sides never match: sum by (cluster) (up) / sum by (cluster, job) (up)",
  ],
  [
    "promql/impossible",
    alert("node_load1 / node_cpu_seconds_total > 1"),
    "its sides never match: node_load1 / node_cpu_seconds_total",
  ],
  [
    "promql/impossible",
    alert("sum by (cluster) (up or node_load1) / (sum by (cluster, job) (up)) > 1"),
    "its sides never match: sum by (cluster) (up or node_load1) / (sum by (cluster, job) (up))",
  ],
  ["promql/impossible", alert("up == 0 and 1 > 2"), "always the same: 1 > 2"],
  ["promql/nan", alert("up == NaN"), "up == NaN"],
  ["promql/nan", alert("up / 0 > 1"), "up / 0"],
  ["promql/regexp", alert('up{job=~"^a.*"} == 0'), "is anchored anyway: ^a.*"],
  ["promql/regexp", alert('up{job!~"loki"} == 0'), "is no pattern: loki"],
  ["promql/selector", alert("cpu_usage_percent > 1"), "cpu_usage_percent comes from several jobs: name one"],
  ["promql/series", alert('up{jbo="node"} == 0'), 'jbo: up has no label "jbo"'],
  ["promql/series", alert("max by (cluster, pdo) (up) == 0"), 'pdo: up has no label "pdo"'],
  ["rule/dependency", alert("service:nothing:rate5m > 1"), "nothing records service:nothing:rate5m"],
  ["rule/for", alert("up == 0", { for: "2d" }), "waits longer than a day: 2d"],
  ["rule/label", alert("up == 0", { labels: { ...labels, severity: "bad" } }), 'severity is "bad"'],
  ["rule/label", alert("up == 0", { labels: { ...labels, component: "" } }), 'component is ""'],
  ["rule/name", alert("up == 0", { alert: "bad_name" }), "is not written in upper camel case"],
  ["rule/name", recording("up_sum", "sum by (cluster) (up)"), "is not level:metric:operations"],
  ["rule/owner", alert("up == 0", { labels: { ...labels, team: "nobody" } }), 'team is "nobody"'],
  ["rule/reject", alert("up == 0", { labels: { ...labels, job: "x" } }), "sets label job, which the data has"],
];

test.each(broken)("%s is found", (check, rule, text) => {
  const files = { "a.yaml": [{ name: "a", rules: [rule] }] } as unknown as RuleFiles;
  expect(ruleFindings(files).map(({ check, text }) => `${check}: ${text}`)).toEqual([`${check}: ${text}`]);
});

test("a group that is evaluated too often, a series recorded twice and a syntax error are found", () => {
  const twice = recording("cluster:up:sum", "sum by (cluster) (up)");
  const files = {
    "a.yaml": [
      { name: "a", interval: "1s", rules: [recording("cluster:up:max", "max by (cluster) (up)")] },
      { name: "b", rules: [twice, twice, recording("cluster:up:min", "min by (cluster) (up")] },
    ],
  } as unknown as RuleFiles;
  expect(ruleFindings(files).map(({ check, rule }) => `${check}: ${rule}`)).toEqual([
    "group/interval: cluster:up:max",
    "rule/duplicate: cluster:up:sum",
    "rule/duplicate: cluster:up:sum",
    "promql/syntax: cluster:up:min",
  ]);
});

test.each([
  ["what is compared by some labels alone", "up * on (cluster) group_left sum by (cluster) (up) > 1"],
  ["a number of its own", "time() - node_boot_time_seconds > 1"],
  ["series of several kinds", "(node_load1 or node_cpu_seconds_total) / node_load1 > 1"],
  ["series of several kinds below a function", "abs(node_load1 or node_cpu_seconds_total) / node_load1 > 1"],
])("%s may well match", (_, expr) => {
  const files = { "a.yaml": [{ name: "a", rules: [alert(expr)] }] } as unknown as RuleFiles;
  expect(ruleFindings(files)).toEqual([]);
});

test("a recorded series has the labels of its rule, one that no rule tells has any", () => {
  const records = recording("cluster:up:sum", "sum by (cluster) (up)", { labels: { kind: "x" } });
  const reads = (label: string) =>
    alert("cluster:up:sum > 1", { annotations: { summary: `{{ $labels.${label} }}`, description: "Two." } });
  const files = {
    "a.yaml": [{ name: "a", rules: [records, ...["cluster", "kind", "job"].map(reads)] }],
  } as unknown as RuleFiles;
  expect(ruleFindings(files).map(({ check, text }) => [check, text.split(":")[0]])).toEqual([
    ["alerts/template", "{{ $labels.job }}"],
  ]);
  const unknown = { "a.yaml": [{ name: "a", rules: [reads("job")] }] } as unknown as RuleFiles;
  expect(ruleFindings(unknown).map(({ check }) => check)).toEqual(["rule/dependency"]);
});

test("no check is without a rule that breaks it", () => {
  const shown = new Set([...broken.map(([check]) => check), "group/interval", "rule/duplicate"]);
  expect(Object.keys(checks).filter((check) => !shown.has(check))).toEqual([]);
});
