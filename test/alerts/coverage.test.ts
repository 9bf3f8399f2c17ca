import fs from "node:fs";
import path from "node:path";
import { alertsOf, ruleSets, type Verdict } from "../../docs/coverage";
import { testWith } from "../support/programs";
import { allScenarios } from "./coverage";
import { testOf } from "./coverage/promtool";
import { nameOf } from "./coverage/scenario";
import { allAlertRules, run, temporaryFolder, yamlOf } from "./support/promtool";

jest.setTimeout(300_000);

const verdicts = ruleSets.flatMap(({ name, alerts }) =>
  Object.entries(alerts).map(([alert, verdict]) => ({ set: name, alert, verdict })),
);
/** What is claimed of series is shown on series. */
const isClaim = ({ kind }: Verdict) => kind === "ours" || kind === "later";
const scenarios = allScenarios.flatMap(({ set, scenarios: all }) => all.map((scenario) => ({ set, scenario })));

test("every alert that a verdict names is one of ours", () => {
  const known = new Set(allAlertRules().map(({ alert }) => alert));
  const named = verdicts.flatMap(({ set, alert, verdict }) =>
    alertsOf(verdict).map((ours) => [`${set}: ${alert}`, ours] as const),
  );
  expect(named.filter(([, ours]) => !known.has(ours))).toEqual([]);
});

test("every claim has a scenario for each severity, and every scenario a claim", () => {
  const claimed = verdicts
    .filter(({ verdict }) => isClaim(verdict))
    .flatMap(({ set, alert, verdict }) => verdict.severities.map((severity) => `${set}: ${alert} ${severity}`));
  const shown = scenarios.map(({ set, scenario }) => `${set.name}: ${scenario.of}`);
  expect([...new Set(shown)].sort()).toEqual(claimed.sort());
});

test("what fires in the scenarios of an alert is what its verdict names", () => {
  const fired = new Map<string, Set<string>>();
  for (const { set, scenario } of scenarios) {
    const key = `${set.name}: ${scenario.of.split(" ")[0]}`;
    fired.set(key, new Set([...(fired.get(key) ?? []), ...scenario.fires.map(nameOf)]));
  }
  const named = verdicts
    .filter(({ verdict }) => isClaim(verdict))
    .map(({ set, alert, verdict }) => [`${set}: ${alert}`, [...alertsOf(verdict)].sort()]);
  expect(named).toEqual(named.map(([key]) => [key, [...(fired.get(key as string) ?? [])].sort()]));
});

testWith("promtool", "ours fire where the others do, says promtool", (promtool) => {
  const folder = temporaryFolder();
  const files = scenarios.map(({ scenario }, index) => {
    const { rules, test } = testOf(scenario);
    fs.writeFileSync(path.join(folder, `${index}.rules.yaml`), yamlOf(rules));
    const name = `${index}.test.yaml`;
    fs.writeFileSync(path.join(folder, name), yamlOf({ rule_files: [`${index}.rules.yaml`], ...test }));
    return name;
  });
  const { status, output } = run(promtool, ["test", "rules", ...files], folder);
  expect(status === 0 ? "" : output.replace(/^ {2}SUCCESS$|^Unit Testing: .*test\.yaml\n {2}SUCCESS\n/gm, "")).toBe("");
});
