import fs from "node:fs";
import path from "node:path";
import {
  everyOwned,
  lokiRules,
  prometheusRules,
  vmalertRules,
  type AlertRule,
  type RuleFiles,
  isAlert,
} from "../../alerts";
import { firesMark } from "../../alerts/fires";
import { pages } from "../../dashboards";
import { printedOwner, type Environment } from "../../environment";
import {
  parseQuery,
  selectorsOf,
  logFieldsOf,
  logFields,
  metadataLabels,
  streamLabels,
  thresholdsOf,
} from "../../signals";
import { testWith } from "../support/programs";
import { everything, profiles, withAlerting } from "./support/environments";
import { run, temporaryFolder, yamlOf } from "./support/promtool";
import { catalogue, composition, systemNames } from "../../stacks/systems";

const environments: readonly Environment[] = [everything("2"), everything("3"), ...profiles];
const metricFiles = (environment: Environment): RuleFiles => ({
  ...prometheusRules(environment),
  ...vmalertRules(environment),
});
const alertsIn = (files: RuleFiles): AlertRule[] =>
  Object.values(files)
    .flat()
    .flatMap(({ rules }) => rules)
    .filter(isAlert);
const runbooks = path.join(__dirname, "../../docs/runbooks");
/** The file of the runbook that an alert leads to. */
const runbookOf = ({ runbook_url: url, runbook }: AlertRule["annotations"]) =>
  `${path.basename(url ?? runbook ?? "", ".md").replace(/^runbook-/, "")}.md`;
const named = environments.map((environment, index) => [`${environment.name} ${index}`, environment] as const);

describe.each(named)("the rules of %s", (_, environment) => {
  const metric = alertsIn(metricFiles(environment));
  const all = [...metric, ...alertsIn(lokiRules(environment))];

  testWith("promtool", "promtool finds nothing wrong", (promtool) => {
    const folder = temporaryFolder();
    const files = Object.entries(metricFiles(environment)).map(([name, groups]) => {
      fs.writeFileSync(path.join(folder, name), yamlOf({ groups }));
      return name;
    });
    const { status, output } = run(promtool, ["check", "rules", "--lint=all", "--lint-fatal", ...files], folder);
    expect(status === 0 ? "" : output).toBe("");
  });

  testWith("vmalert", "vmalert takes those for the long-term store", (vmalert) => {
    const folder = temporaryFolder();
    const files = Object.entries(metricFiles(environment)).map(([name, groups]) => {
      fs.writeFileSync(path.join(folder, name), yamlOf({ groups }));
      return path.join(folder, name);
    });
    const { status, output } = run(vmalert, [
      "-dryRun",
      "-datasource.url=http://127.0.0.1:1",
      ...files.map((file) => `-rule=${file}`),
    ]);
    expect(status === 0 ? "" : output).toBe("");
  });

  // A real Loki takes those and evaluates them, in logs.test.ts.
  test("those of the ruler are the same in every environment", () =>
    expect(lokiRules(environment)).toEqual(lokiRules(everything("2"))));

  test("no alert reads a metric or label that is not catalogued", () => {
    for (const { alert, expr } of metric) {
      for (const { series, labels } of selectorsOf(expr)) {
        // What SLOs record has the labels of what they measure; that it is recorded is looked at below.
        if (series.startsWith("slo:")) continue;
        expect(() => catalogue.require(series, labels)).not.toThrow();
      }
      expect(alert).toMatch(/^([A-Z][a-z0-9]*)+$/);
    }
  });

  test("no alert waits for a metric that the other line of Tempo has", () => {
    const series = metric.flatMap(({ expr }) => selectorsOf(expr).map((selector) => selector.series));
    expect(series.filter((name) => catalogue.lacks(environment.tempo.majorVersion, name))).toEqual([]);
  });

  test("no alert from logs reads a field that lines don't have", () => {
    const known: readonly string[] = [...streamLabels, ...metadataLabels, ...Object.keys(logFields)];
    for (const { expr } of alertsIn(lokiRules(environment))) {
      parseQuery("logql", expr);
      expect(logFieldsOf(expr).filter((field) => !known.includes(field))).toEqual([]);
    }
  });

  test("every SLO series that an alert reads is recorded by Prometheus or in the store", () => {
    const recorded = Object.values(metricFiles(environment))
      .flat()
      .flatMap(({ rules }) => rules)
      .flatMap((rule) => (isAlert(rule) ? [] : [`${rule.record} ${rule.labels?.["slo"] ?? ""}`]));
    const read = metric.flatMap(({ expr }) =>
      [...expr.matchAll(/(slo:\w+:\w+)(?:\{slo="([^"]+)"\})?/g)].map(([, name, slo = ""]) => `${name} ${slo}`),
    );
    expect(read.filter((series) => !recorded.includes(series))).toEqual([]);
    expect(read).toContain("slo:events_gone:timestamp service-availability");
  });

  test("no two rules are the same to Alertmanager", () => {
    const keys = all.map(({ alert, labels }) => JSON.stringify([alert, Object.entries(labels).sort()]));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test("every alert says who, how bad and where to read on", () => {
    for (const { alert, labels, annotations } of all) {
      expect([alert, labels]).toEqual([
        alert,
        expect.objectContaining({
          team: expect.stringMatching(/^(platform|product)$/) as string,
          component: expect.stringMatching(/./) as string,
        }),
      ]);
      expect(annotations.summary).toMatch(/[.]$/);
      expect(annotations.description).toMatch(/[.]$/);
      const page = runbookOf(annotations);
      expect(fs.existsSync(path.join(runbooks, page)) ? "" : `${alert}: docs/runbooks/${page} is missing`).toBe("");
    }
  });

  test("every link to a dashboard leads to one that is deployed beside it", () => {
    const uids = pages(environment).map(({ uid }) => uid as string);
    const linked = all.flatMap(
      ({ annotations }) => /\/d\/([^?]+)/.exec(annotations.dashboard_url ?? annotations.dashboard ?? "")?.[1] ?? [],
    );
    expect(linked).not.toEqual([]);
    expect([...new Set(linked)].filter((uid) => !uids.includes(uid))).toEqual([]);
  });
});

test("a runbook that no alert leads to is found", () => {
  const linked = environments
    .flatMap((environment) => [...alertsIn(metricFiles(environment)), ...alertsIn(lokiRules(environment))])
    .map(({ annotations }) => runbookOf(annotations));
  expect(fs.readdirSync(runbooks).filter((name) => name !== "README.md" && !linked.includes(name))).toEqual([]);
});

test("whose a runbook is follows from its alerts: that of a system is no other's", () => {
  const owners = new Map<string, Set<string>>();
  for (const environment of environments) {
    for (const [owner, { runbook }] of everyOwned(environment, thresholdsOf(environment))) {
      owners.set(`${runbook}.md`, (owners.get(`${runbook}.md`) ?? new Set()).add(printedOwner(owner)));
    }
  }
  const pages = fs.readdirSync(runbooks).filter((name) => name !== "README.md");
  expect(pages.filter((name) => !owners.has(name))).toEqual([]);
  const shared = [...owners].filter(([, of]) => of.size > 1 && [...of].some((owner) => owner.startsWith("system ")));
  expect(shared).toEqual([]);
  const led = composition.systems.filter(({ alerts }) => alerts !== undefined).map(({ name }) => `system ${name}`);
  expect(led.filter((system) => ![...owners.values()].some((of) => of.has(system)))).toEqual([]);
});

test.each(fs.readdirSync(runbooks).filter((name) => name !== "README.md"))(
  "runbook %s names every alert that leads to it",
  (name) => {
    const written = fs.readFileSync(path.join(runbooks, name), "utf8").split(firesMark)[0] ?? "";
    const alerts = environments.flatMap((environment) => [
      ...alertsIn(metricFiles(environment)),
      ...alertsIn(lokiRules(environment)),
    ]);
    const missing = alerts.filter((each) => runbookOf(each.annotations) === name && !written.includes(each.alert));
    expect([...new Set(missing.map(({ alert }) => alert))]).toEqual([]);
  },
);

test("a system that is not deployed has no alerts", () => {
  for (const system of systemNames.filter((name) => name !== "prometheus" && name !== "versitygw")) {
    const base = everything("2");
    const without: Environment = {
      ...base,
      systems: { ...base.systems, [system]: { ...base.systems[system], enabled: false } },
    } as Environment;
    const about = [...alertsIn(metricFiles(without)), ...alertsIn(lokiRules(without))].filter(
      ({ labels, expr }) => labels["component"] === system || expr.includes(`job="${system}"`),
    );
    expect([system, about.map(({ alert }) => alert)]).toEqual([system, []]);
  }
});

test("recording rules come without alerts, alerts not without their stage", () => {
  const files = prometheusRules({ ...everything("2"), stages: ["metrics", "dashboards"] });
  expect(Object.keys(files)).toEqual(["recording.yaml"]);
  expect(alertsIn(files)).toEqual([]);
});

test("what Prometheus can't look back on is left to the store", () => {
  const windows = (files: RuleFiles) =>
    [...new Set(alertsIn(files).flatMap(({ labels }) => labels["long"] ?? []))].sort();
  expect(windows(prometheusRules(everything("2")))).toEqual(["1d", "1h", "6h"]);
  expect(windows(vmalertRules(everything("2")))).toEqual(["3d"]);
});

describe("an environment tunes its alerts", () => {
  const base = everything("2");
  const find = (alerting: object, name: string) =>
    alertsIn(prometheusRules(withAlerting(base, alerting))).filter(({ alert }) => alert === name);

  test("switches one off", () => {
    expect(find({ alerts: { HostRebooted: { enabled: false } } }, "HostRebooted")).toEqual([]);
  });
  test("moves a threshold, in the expression and in the words", () => {
    const [warning] = find({ thresholds: { cpu: { warning: 70 } } }, "HostCpuHigh");
    expect(warning?.expr).toContain("> 70");
    expect(warning?.annotations.description).toContain("The limit is 70 %.");
  });
});
