import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import {
  application,
  logFieldsOf,
  logCountRules,
  metadataLabels,
  parseQuery,
  rate,
  record,
  ruleOf,
  selectorsOf,
  streamLabels,
  sum,
} from "../../signals";
import { Duration } from "../../environment";
import { testWith } from "../support/programs";
import { catalogue } from "../../stacks/systems";
import { ownPacks } from "../../packs";

const groups = ownPacks.flatMap(({ recorded = [] }) => recorded);
const rules = groups.flatMap(({ interval, rules: of }) => of.map((rule) => ({ ...rule, interval })));

describe.each(rules)("$record", ({ record: name, expr, interval }) => {
  it("parses, and reads what is catalogued", () => {
    expect(() => parseQuery("promql", expr)).not.toThrow();
    for (const { series, labels } of selectorsOf(expr)) catalogue.require(series, labels);
    expect(catalogue.series(name)?.metrics.map((metric) => metric.name)).toContain(name);
  });

  it("has windows of at least four evaluations of what it reads", () => {
    const windows = [...expr.matchAll(/\[(\w+)[\]:]/g)].map(([, window = ""]) => Duration.parse(window).seconds);
    expect(Math.min(...windows, Infinity)).toBeGreaterThanOrEqual(4 * Duration.parse(interval).seconds);
  });

  it("keeps the cluster, so that two clusters never add up", () => {
    const [entry] = (catalogue.series(name)?.metrics ?? []).filter(({ source }) => source === "recording rules");
    expect(entry?.labels).toContain("cluster");
  });
});

describe("rules of Loki's ruler", () => {
  const ofLogs = logCountRules.flatMap(({ interval, rules: of }) => of.map((rule) => ({ ...rule, interval })));

  it.each(ofLogs)(
    "$record reads labels that lines have, and counts each line once",
    ({ record: name, expr, interval }) => {
      parseQuery("logql", expr);
      const known: readonly string[] = [...streamLabels, ...metadataLabels];
      expect(logFieldsOf(expr).filter((label) => !known.includes(label))).toEqual([]);
      const [, window, offset] = /\[(\w+)\] offset (\w+)\)/.exec(expr) ?? [];
      expect([window, offset]).toEqual([interval, "1m"]);
      const [entry] = catalogue.series(name)?.metrics ?? [];
      expect(entry?.source).toBe("recording rules of logs");
      expect(entry?.labels).toEqual(expect.arrayContaining(["cluster", "k8s_namespace_name", "service_name"]));
    },
  );

  it("tell levels apart", () => {
    expect(ofLogs.some(({ expr }) => expr.includes("detected_level"))).toBe(true);
  });
});

describe("groups", () => {
  it("hold each rule once, and a rule after what it reads in the same group", () => {
    const names = rules.map((rule) => rule.record);
    expect(new Set(names).size).toBe(names.length);
    for (const group of groups) {
      group.rules.forEach(({ expr, record: name }, index) => {
        const later = group.rules.slice(index).map((rule) => rule.record);
        const read = selectorsOf(expr).map(({ series }) => series);
        expect([name, read.filter((series) => later.includes(series) && series !== name)]).toEqual([name, []]);
      });
    }
  });

  testWith("promtool", "pass promtool check rules", (promtool) => {
    const folder = mkdtempSync(join(tmpdir(), "rules-"));
    try {
      writeFileSync(join(folder, "rules.yaml"), stringify({ groups }));
      const said = execFileSync(
        promtool,
        ["check", "rules", "--lint=all", "--lint-fatal", join(folder, "rules.yaml")],
        { encoding: "utf8" },
      );
      expect(said).toContain(`${rules.length} rules found`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a rule that can't be is refused", () => {
  it("with a window that only dashboards know", () => {
    expect(() => record("a:b:c", "x", sum(rate(application.requests_total)))).toThrow(
      new Error(
        'recording rule "a:b:c" reads a window that only dashboards know: sum(rate(requests_total[$__rate_interval]))\n  fix: a fixed one, such as .over("5m")',
      ),
    );
  });

  it("with an illegal name", () => {
    expect(() => record("service requests", "x", sum(rate(application.requests_total.over("5m"))))).toThrow(
      new Error('recording rule "service requests" has an illegal name\n  fix: level:metric:operations'),
    );
  });

  it("when nothing was recorded", () => {
    expect(() => ruleOf(application.requests_total)).toThrow(
      new Error('metric "requests_total" is not recorded\n  fix: record(name, help, expression)'),
    );
  });
});

it("a recorded signal has the labels and the unit of its expression", () => {
  const signal = record(
    "service:test:rate5m",
    "x",
    sum(rate(application.requests_total.over("5m"))).by("service_name", "route"),
  );
  expect(signal.metric).toMatchObject({
    kind: "gauge",
    labels: ["service_name", "route"],
    unit: "requests per second",
  });
  expect(ruleOf(signal).reads).toEqual(["requests_total"]);
});
