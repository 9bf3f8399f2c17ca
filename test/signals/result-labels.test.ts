import {
  furtherStreamLabels,
  logResultOf,
  nodesNamed,
  recordedLabels,
  resultOf,
  streamLabels,
  typeFault,
  type RecordedBy,
} from "../../signals";
import { planStack, stackEnvironment } from "../../stacks";

const series: Readonly<Record<string, readonly string[]>> = {
  requests: ["cluster", "service", "code"],
  limits: ["cluster", "service", "tier"],
  owners: ["service", "team"],
  buckets: ["service", "le"],
};
const lookup = (name: string) =>
  series[name] === undefined ? { value: name, reason: "unknown" } : new Set(series[name]);

test.each<[string, readonly string[] | undefined]>([
  ["requests", ["cluster", "code", "service"]],
  ["rate(requests[5m])", ["cluster", "code", "service"]],
  ["-(requests offset 5m) > 2", ["cluster", "code", "service"]],
  ["1 - requests", ["cluster", "code", "service"]],
  ["time() - requests", ["cluster", "code", "service"]],
  ["(2 * 3) * requests", ["cluster", "code", "service"]],
  ["sum(requests)", []],
  ["sum by (service) (requests)", ["service"]],
  ["sum(requests) by (service)", ["service"]],
  ["sum without (code) (requests)", ["cluster", "service"]],
  ["topk by (service) (3, requests)", ["cluster", "code", "service"]],
  ['count_values by (service) ("code", requests)', ["code", "service"]],
  ["max_over_time(sum by (service) (requests)[1h:1m])", ["service"]],
  ["histogram_quantile(0.9, sum by (service, le) (rate(buckets[5m])))", ["service"]],
  ['label_replace(owners, "who", "$1", "team", "(.*)")', ["service", "team", "who"]],
  ['absent(requests{service="api", code=~"5.."})', ["service"]],
  ["vector(1)", []],
  ["scalar(requests)", []],
  ["requests / ignoring (code) limits", ["cluster", "service"]],
  ["requests / on (service) limits", ["service"]],
  ["requests * on (service) group_left (team) owners", ["cluster", "code", "service", "team"]],
  ["owners * on (service) group_right (team) requests", ["cluster", "code", "service", "team"]],
  ["requests and on (service) limits", ["cluster", "code", "service"]],
  ["requests unless limits", ["cluster", "code", "service"]],
  ["requests or owners", ["cluster", "code", "service", "team"]],
])("%s", (query, labels) => {
  const result = resultOf(query, lookup);
  expect(result.faults).toEqual([]);
  expect(result.labels && [...result.labels].sort()).toEqual(labels);
  expect(typeFault(query)).toBeUndefined();
});

test.each<[string, string]>([
  ["rate(request[5m])", "request"],
  ['requests{cod="5"}', "cod"],
  ["sum by (team) (requests)", "team"],
  ["requests / on (team) owners", "team"],
  ["requests * on (service) group_left (tema) owners", "tema"],
  ['label_replace(owners, "who", "$1", "tema", "(.*)")', "tema"],
])("%s names %s, which is not there", (query, value) => {
  expect(resultOf(query, lookup).faults.map((fault) => fault.value)).toEqual([value]);
});

test("each part of a query has labels of its own, and asking for them says no fault twice", () => {
  const query = "sum by (service, tema) (requests) / on (service) sum without (tier) (limits) > time()";
  const { faults, labels, labelsOf, tree } = resultOf(query, lookup);
  const parts = nodesNamed(tree, "AggregateExpr", "VectorSelector", "BinaryExpr");
  expect(parts.map((part) => [query.slice(part.from, part.to), [...(labelsOf(part) ?? [])]])).toEqual([
    [query, ["service"]],
    [query.split(" > ")[0], ["service"]],
    ["sum by (service, tema) (requests)", ["service", "tema"]],
    ["requests", ["cluster", "service", "code"]],
    ["sum without (tier) (limits)", ["cluster", "service"]],
    ["limits", ["cluster", "service", "tier"]],
  ]);
  expect(labels).toEqual(new Set(["service"]));
  expect(faults.map(({ value }) => value)).toEqual(["tema"]);
});

test("what rules record has the labels of all of them; what can't be read, or reads itself, has any", () => {
  const rules: RecordedBy[] = [
    { record: "a", read: () => resultOf("sum by (service) (requests)", lookup) },
    { record: "a", labels: { kind: "x" }, read: () => resultOf("sum by (cluster) (requests)", lookup) },
    { record: "b", read: () => resultOf("sum by (", lookup) },
    { record: "c", read: () => ({ labels: labelsOf("c"), faults: [] }) },
  ];
  const labelsOf = recordedLabels(rules);
  expect([...(labelsOf("a") ?? [])].sort()).toEqual(["cluster", "kind", "service"]);
  expect(["b", "c", "nothing"].map(labelsOf)).toEqual([undefined, undefined, undefined]);
});

test("what is unknown has any label: one fault is enough", () => {
  expect(resultOf("sum by (x) (nothing)", lookup).faults).toHaveLength(1);
});

const fields = new Set(["level", "code"]);
test.each<[string, readonly string[]]>([
  ['sum by (service_name) (count_over_time({service_name="a"} | json | level="error" [5m])) > 1', ["service_name"]],
  ['sum(count_over_time({service_name="a"}[5m])) by (service_name, level)', ["level", "service_name"]],
  ['sum(rate({service_name="a"}[5m]))', []],
  ['count_over_time({service_name="a"}[5m]) > 3', [...fields, ...streamLabels, ...furtherStreamLabels].sort()],
  ['topk(3, sum by (level) (rate({service_name="a"}[5m])))', ["level"]],
  ['avg_over_time({service_name="a"} | logfmt | unwrap code [5m]) by (level)', ["level"]],
  ['sum by (who) (count_over_time({service_name="a"} | regexp "(?P<who>x)" [5m]))', ["who"]],
  ['sum by (who) (count_over_time({service_name="a"} | pattern "<who> <_>" [5m]))', ["who"]],
  ['sum by (who) (count_over_time({service_name="a"} | json who="a.b" [5m]))', ["who"]],
  ['sum by (who) (count_over_time({service_name="a"} | label_format who=level [5m]))', ["who"]],
  [
    'sum by (level, code) (rate({service_name="a"}[5m])) / on (level) sum by (level) (rate({service_name="a"}[5m]))',
    ["level"],
  ],
  ['sum by (level) (rate({service_name="a"}[5m])) unless sum by (level) (rate({service_name="b"}[5m]))', ["level"]],
])("%s", (query, labels) => {
  const result = logResultOf(query, fields);
  expect(result.faults).toEqual([]);
  expect(result.labels && [...result.labels].sort()).toEqual(labels);
});

test.each<[string, string]>([
  ['sum(count_over_time({level="error"}[5m]))', "level"],
  ['sum(count_over_time({service_name="a"} | json | levl="error" [5m]))', "levl"],
  ['sum by (levl) (count_over_time({service_name="a"}[5m]))', "levl"],
  ['{service_name="a"}', '{service_name="a"}'],
])("%s names %s, which is not there", (query, value) => {
  expect(logResultOf(query, fields).faults.map((fault) => fault.value)).toEqual([value]);
});

test("a query longer than an editor reads in one go is judged as a whole", () => {
  const matchers = Array.from({ length: 100 }, () => 'code!="5"').join(", ");
  const long = Array.from({ length: 100 }, () => `rate(requests{${matchers}}[5m])`).join(" + ");
  expect(typeFault(long)).toBeUndefined();
  expect(typeFault(`${long} + rate(requests)`)).toContain("expected type matrix");
});

test("labels of streams are those that Loki makes of resource attributes", () => {
  const text = planStack(stackEnvironment("local", {})).systems.find(({ name }) => name === "loki")?.config[
    "loki.yaml"
  ];
  const made = /action: index_label\n\s+attributes:\n((?:\s+- .*\n)+)/.exec(text ?? "")?.[1] ?? "";
  const names = [...made.matchAll(/- (.*)/g)].map(([, name = ""]) => name.replaceAll(".", "_"));
  expect(names.sort()).toEqual([...streamLabels, ...furtherStreamLabels].sort());
});
