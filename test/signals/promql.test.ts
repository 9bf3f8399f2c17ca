import {
  absent,
  age,
  application,
  avgOverTime,
  complement,
  count,
  counter,
  histogramQuantile,
  histogram,
  increase,
  kube,
  labelReplace,
  matches,
  max,
  nativeHistogram,
  node,
  not,
  on,
  oneOf,
  parseQuery,
  predictLinear,
  process,
  quantity,
  rate,
  raw,
  scrape,
  source,
  sum,
  topk,
  vector,
} from "../../signals";
import { prometheus } from "../../stacks/prometheus/metrics";
import { victoriametrics } from "../../stacks/victoriametrics/metrics";
import { catalogue } from "../../stacks/systems";

const requests = sum(rate(application.requests_total)).by("service_name");
const errors = sum(rate(application.request_errors_total)).by("service_name");
const native = source(
  { name: "test", jobs: [], targetLabels: ["job"] },
  { t_seconds: nativeHistogram("seconds", ["route"], "A test's") },
);

describe("expressions render the PromQL that they say aloud", () => {
  it.each([
    [rate(process.process_cpu_seconds_total.over("5m")), "rate(process_cpu_seconds_total[5m])", "cores"],
    [
      rate(application.requests_total.where({ status: matches("5..") })),
      `rate(requests_total{status=~"5.."}[$__rate_interval])`,
      "requests per second",
    ],
    [increase(application.tasks_failed_total.over("1h")), "increase(tasks_failed_total[1h])", "count"],
    [
      errors.dividedBy(requests),
      "sum by (service_name) (rate(request_errors_total[$__rate_interval])) / sum by (service_name) (rate(requests_total[$__rate_interval]))",
      "ratio",
    ],
    [
      histogramQuantile(0.95, sum(rate(application.request_duration_seconds.buckets.over("5m"))).by("le", "route")),
      "histogram_quantile(0.95, sum by (le, route) (rate(request_duration_seconds_bucket[5m])))",
      "seconds",
    ],
    [
      histogramQuantile(0.5, sum(rate(native.t_seconds.distribution.over("5m"))).by("route")),
      "histogram_quantile(0.5, sum by (route) (rate(t_seconds[5m])))",
      "seconds",
    ],
    [
      rate(application.request_size_bytes.sum).dividedBy(rate(application.request_size_bytes.count)),
      "rate(request_size_bytes_sum[$__rate_interval]) / rate(request_size_bytes_count[$__rate_interval])",
      "bytes",
    ],
    [
      prometheus.prometheus_engine_query_duration_seconds.quantile("0.99"),
      `prometheus_engine_query_duration_seconds{quantile="0.99"}`,
      "seconds",
    ],
    [complement(errors.dividedBy(requests)), `1 - ${errors.text} / ${requests.text}`, "ratio"],
    [errors.dividedBy(requests.plus(errors)), `${errors.text} / (${requests.text} + ${errors.text})`, "ratio"],
    [age(process.process_start_time_seconds), "time() - process_start_time_seconds", "seconds"],
    [
      node.node_memory_MemTotal_bytes
        .minus(node.node_memory_MemFree_bytes)
        .dividedBy(node.node_memory_MemTotal_bytes)
        .asPercent(),
      "(node_memory_MemTotal_bytes - node_memory_MemFree_bytes) / node_memory_MemTotal_bytes * 100",
      "percent",
    ],
    [
      victoriametrics.vm_free_disk_space_bytes.dividedBy(rate(node.node_disk_written_bytes_total), on("instance")),
      "vm_free_disk_space_bytes / on (instance) rate(node_disk_written_bytes_total[$__rate_interval])",
      "seconds",
    ],
    [
      predictLinear(node.node_filesystem_avail_bytes.over("6h"), 3600),
      "predict_linear(node_filesystem_avail_bytes[6h], 3600)",
      "bytes",
    ],
    [
      avgOverTime(errors.dividedBy(requests).over("1h", "1m")),
      `avg_over_time((${errors.text} / ${requests.text})[1h:1m])`,
      "ratio",
    ],
    [scrape.up.where({ job: not("node-exporter") }).equals(0), `up{job!="node-exporter"} == 0`, "state"],
    [errors.dividedBy(requests).above(quantity(0.05, "ratio")), `${errors.text} / ${requests.text} > 0.05`, "ratio"],
    [scrape.up.is("==", 0), "up == bool 0", "state"],
    [topk(3, requests), `topk(3, ${requests.text})`, "requests per second"],
    [absent(scrape.up.where({ job: "loki" })), `absent(up{job="loki"})`, "state"],
    [count(scrape.up).or(vector(0, "count")), "count(up) or vector(0)", "count"],
    [max(node.node_load1).without("instance", "pod"), "max without (instance, pod) (node_load1)", "number"],
    [node.node_load1.ago("1d"), "node_load1 offset 1d", "number"],
    [scrape.up.where({ job: oneOf("a.b", "c|d") }), String.raw`up{job=~"a\\.b|c\\|d"}`, "state"],
    [scrape.up.where({ job: 'quote " and \\' }), String.raw`up{job="quote \" and \\"}`, "state"],
    [
      kube.kube_pod_status_phase.withLabelsOf(kube.kube_pod_info, on("namespace", "pod").groupLeft("node")),
      "kube_pod_status_phase * on (namespace, pod) group_left (node) kube_pod_info",
      "state",
    ],
    [
      labelReplace(scrape.up, "host", "$1", "instance", "(.*):.*"),
      `label_replace(up, "host", "$1", "instance", "(.*):.*")`,
      "state",
    ],
    [requests.unless(errors.above(0)), `${requests.text} unless ${errors.text} > 0`, "requests per second"],
    [raw("sum(node_load1) + 1", [], "number").times(2), "(sum(node_load1) + 1) * 2", "number"],
  ])("%s", (expression, text, unit) => {
    expect(expression.text).toBe(text);
    expect(expression.unit).toBe(unit);
    parseQuery("promql", expression.text);
  });
});

describe("labels follow from the expression", () => {
  const own = ["namespace", "pod", "uid", "phase"];

  it.each([
    ["aggregation keeps what it names", requests.labels, ["service_name"]],
    ["aggregation over everything keeps nothing", sum(scrape.up).labels, []],
    [
      "without keeps the rest",
      max(kube.kube_pod_status_phase).without("uid", "cluster", "job", "instance").labels,
      ["namespace", "phase", "pod"],
    ],
    [
      "quantiles drop le",
      histogramQuantile(0.9, sum(rate(application.task_duration_seconds.buckets)).by("le", "queue")).labels,
      ["queue"],
    ],
    ["on keeps what it matches", node.node_load1.dividedBy(node.node_load5, on("instance")).labels, ["instance"]],
    [
      "group_left adds what it lends",
      kube.kube_pod_status_phase.withLabelsOf(kube.kube_pod_info, on("namespace", "pod").groupLeft("node")).labels,
      [...own, "cluster", "job", "instance", "node"],
    ],
    [
      "label_replace adds its target",
      labelReplace(sum(scrape.up).by("job"), "team", "x", "job", ".*").labels,
      ["job", "team"],
    ],
    ["a comparison keeps all", requests.above(0).labels, ["service_name"]],
  ])("%s", (_name, labels, expected) => {
    expect([...labels].sort()).toEqual([...expected].sort());
  });

  it("names every series it reads, parts of histograms included", () => {
    const average = rate(application.request_duration_seconds.sum).dividedBy(
      rate(application.request_duration_seconds.count),
    );
    expect(average.facts.series).toEqual(["request_duration_seconds_sum", "request_duration_seconds_count"]);
    expect(average.facts.series.every((name) => catalogue.series(name) !== undefined)).toBe(true);
  });
});

describe("what can't be written fails with its reason", () => {
  it.each([
    [
      "a syntax error",
      () => raw("sum(rate(node_load1[5m])", [], "number"),
      "PromQL query has a syntax error at character 25:\n  sum(rate(node_load1[5m])\n                          ^\n  fix: see the mark",
    ],
    [
      "an unknown metric",
      () => catalogue.require("node_lod1", []),
      'metric "node_lod1" is not in the catalogue\n  fix: did you mean "node_load1"?',
    ],
    [
      "an unknown label",
      () => catalogue.require("up", ["jbo"]),
      'metric "up" has no label "jbo"\n  fix: one of cluster, container, instance, job, namespace, node, pod, service_name',
    ],
    [
      "a metric like no other",
      () => catalogue.require("zzzzzzzzzzzzzz", []),
      'metric "zzzzzzzzzzzzzz" is not in the catalogue\n  fix: add it to the metrics of who exposes it',
    ],
    ["a ratio beyond 1", () => quantity(80, "ratio"), "80 is no ratio: write a number from 0 to 1"],
    ["a percentage beyond 100", () => quantity(120, "percent"), "120 is no percent: write a number from 0 to 100"],
    ["a negative quantity", () => quantity(-1, "seconds"), "-1 is no seconds: write a number from 0 to any finite one"],
    [
      "an illegal name",
      () => source({ name: "t", jobs: [], targetLabels: [] }, { "request-count": counter("requests", [], "x") }),
      'metric "request-count" is an illegal name\n  fix: letters, digits, _ and :, not beginning with a digit',
    ],
    [
      "an illegal label",
      () => source({ name: "t", jobs: [], targetLabels: [] }, { x_total: counter("requests", ["http-code"], "x") }),
      'metric "x_total" has the illegal label "http-code"\n  fix: letters, digits and _, not beginning with a digit',
    ],
    [
      "a label that the kind brings",
      () => source({ name: "t", jobs: [], targetLabels: [] }, { x: histogram("seconds", ["le"], "x") }),
      'metric "x" may not declare label "le"\n  fix: leave it out: the kind brings it',
    ],
    [
      "a unit that nobody knows",
      () => source({ name: "t", jobs: [], targetLabels: [] }, { x_total: counter("furlongs" as "count", [], "x") }),
      'metric "x_total" has the unknown unit "furlongs"\n  fix: one of signals/units.ts',
    ],
    [
      "a metric without help",
      () => source({ name: "t", jobs: [], targetLabels: [] }, { x_total: counter("count", [], " ") }),
      'metric "x_total" has no help text\n  fix: say what it counts or measures',
    ],
  ])("%s", (_name, write, message) => {
    expect(write).toThrow(new Error(message));
  });
});

describe("the number that an expression compares with", () => {
  const busy = requests.above(quantity(80, "requests per second"));

  test.each([
    ["a quantity", busy, 80],
    ["a number", count(scrape.up).by("job").below(3), 3],
    ["narrowed down", busy.and(errors.above(quantity(1, "requests per second"))).unless(errors), 80],
    ["under another unit", busy.as("number"), 80],
  ])("is known of %s", (_, { facts }, threshold) => expect(facts.threshold).toBe(threshold));

  test.each([
    ["no comparison", requests],
    ["a comparison with other series", requests.above(errors, on("service_name"))],
    ["what is 0 or 1", requests.is(">", quantity(80, "requests per second"))],
    ["what was calculated with since", busy.times(2)],
    ["what was aggregated since", sum(busy).by("service_name")],
  ])("is unknown of %s", (_, { facts }) => expect(facts.threshold).toBeUndefined());
});
