import fs from "node:fs";
import path from "node:path";
import { allAlertRules, rulesFor, run, temporaryFolder, yamlOf } from "./support/promtool";
import { testWith } from "../support/programs";
import { proofs } from "./proofs";
import { everything } from "./support/environments";
import { levelOfWatchdog, levelsOfLogs, levelsOfProofs, proving } from "./support/levels";
import { lokiRules, type Severity, isAlert } from "../../alerts";

const alertsOfLogs = () =>
  Object.values(lokiRules(everything("2")))
    .flat()
    .flatMap(({ rules }) => rules)
    .filter(isAlert);

test("every level of an alert has a proof, and every proof a level", () => {
  const levels = [...allAlertRules(), ...alertsOfLogs()].map(({ alert, labels }) => `${alert} ${labels.severity}`);
  const proven = Object.keys({ ...levelsOfProofs(), ...levelsOfLogs(), ...levelOfWatchdog });
  expect(proven.sort()).toEqual([...new Set(levels)].sort());
});

test("every rule has a proof", () => {
  const proven = new Set(
    proofs.flatMap((proof) =>
      Object.keys(proof.cases).flatMap((severity) =>
        rulesFor(proof, severity as Severity).map((rule) => JSON.stringify(rule)),
      ),
    ),
  );
  // The Watchdog has a test of its own: it never ends.
  const all = allAlertRules().filter(({ alert }) => alert !== "Watchdog");
  const open = all
    .filter((rule) => !proven.has(JSON.stringify(rule)))
    .map(({ alert, labels }) => `${alert} (${labels.severity})`);
  expect(open).toEqual([]);
});

testWith("promtool", "the Watchdog fires from the first evaluation on and never ends", (promtool) =>
  proving("promtool-watchdog", levelOfWatchdog, () => {
    const folder = temporaryFolder();
    const rules = allAlertRules().filter(({ alert }) => alert === "Watchdog");
    const firing = (evaluator: string) => ({
      exp_labels: { severity: "none", team: "platform", component: "alerting", evaluator },
      exp_annotations: {
        summary: `The way from ${evaluator} to people works.`,
        description: "Always firing; whoever stops hearing it knows that alerts no longer arrive.",
        runbook: "docs/runbooks/Watchdog.md",
      },
    });
    const all = ["prometheus", "vmalert"].map(firing);
    const at = (eval_time: string) => ({ eval_time, alertname: "Watchdog", exp_alerts: all });
    const test = { interval: "1m", input_series: [], alert_rule_test: [at("0m"), at("1m"), at("10h")] };
    fs.writeFileSync(path.join(folder, "rules.yaml"), yamlOf({ groups: [{ name: "stack", rules }] }));
    fs.writeFileSync(
      path.join(folder, "test.yaml"),
      yamlOf({ rule_files: ["rules.yaml"], evaluation_interval: "1m", tests: [test] }),
    );
    expect(run(promtool, ["test", "rules", "test.yaml"], folder)).toMatchObject({ status: 0 });
  }),
);
