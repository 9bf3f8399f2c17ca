import fs from "node:fs";
import path from "node:path";
import { allAlertRules, isAlert, rulesFor, run, temporaryFolder, tool, yamlOf } from "./support/promtool";
import { proofs } from "./proofs";
import { logProofs } from "./proofs/logs";
import { everything } from "./support/environments";
import { lokiRules, type Severity } from "../../alerts";

const alertsOfLogs = () =>
  Object.values(lokiRules(everything("2")))
    .flat()
    .flatMap(({ rules }) => rules)
    .filter(isAlert);

/** Tests of promtool for each proof of a severity: one that fires and ends, one that is near. */
const testsOfProof = 2;

/** Which tests prove which severity of an alert: `summary.json` counts them for each environment. */
function provenAlerts(): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const count = new Map<string, Map<string, number>>();
  const add = (alert: string, severity: string, tests: number) => {
    const of = count.get(alert) ?? new Map<string, number>();
    count.set(alert, of.set(severity, (of.get(severity) ?? 0) + tests));
  };
  for (const { alert, cases } of proofs) {
    for (const severity of Object.keys(cases)) add(alert, severity, testsOfProof);
  }
  for (const [alert, { severity, streams }] of Object.entries(logProofs)) add(alert, severity, streams.length);
  add("Watchdog", "none", 1);
  const sorted = [...count].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([alert, of]) => [alert, Object.fromEntries([...of].sort())]));
}

test("how many tests prove each alert is written down, and there is none without", () => {
  const file = path.join(__dirname, "../../alerts/proven.json");
  const now = `${JSON.stringify(provenAlerts(), null, 2)}\n`;
  if (process.env["UPDATE_GOLDEN"] === "1") fs.writeFileSync(file, now);
  expect(now).toBe(fs.readFileSync(file, "utf8"));
  const levels = [...allAlertRules(), ...alertsOfLogs()].map(({ alert, labels }) => `${alert} ${labels.severity}`);
  const proven = Object.entries(provenAlerts()).flatMap(([alert, of]) =>
    Object.keys(of).map((severity) => `${alert} ${severity}`),
  );
  const all = [...new Set(levels)].sort();
  const open = all.filter((level) => !proven.includes(level));
  console.log(
    `${all.length - open.length} of ${all.length} levels of alerts are proven (${((all.length - open.length) / all.length) * 100} %)`,
  );
  expect(open).toEqual([]);
  expect(proven.filter((level) => !all.includes(level))).toEqual([]);
});

test("every rule is proven", () => {
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
  console.log(`${all.length - open.length} of ${all.length} alerting rules are proven`);
  expect(open).toEqual([]);
});

test("the Watchdog fires from the first evaluation on and never ends, says promtool", () => {
  const promtool = tool("promtool");
  if (promtool === undefined) return;
  const folder = temporaryFolder();
  const rules = allAlertRules().filter(({ alert }) => alert === "Watchdog");
  const firing = {
    exp_labels: { severity: "none", team: "platform", component: "alerting" },
    exp_annotations: {
      summary: "The alerting pipeline works.",
      description: "Always firing; whoever stops hearing it knows that alerts no longer arrive.",
      runbook_url: "http://grafana.observability.svc:3000/d/runbook-Watchdog",
    },
  };
  const at = (eval_time: string) => ({ eval_time, alertname: "Watchdog", exp_alerts: [firing] });
  const test = { interval: "1m", input_series: [], alert_rule_test: [at("0m"), at("1m"), at("10h")] };
  fs.writeFileSync(path.join(folder, "rules.yaml"), yamlOf({ groups: [{ name: "stack", rules }] }));
  fs.writeFileSync(
    path.join(folder, "test.yaml"),
    yamlOf({ rule_files: ["rules.yaml"], evaluation_interval: "1m", tests: [test] }),
  );
  expect(run(promtool, ["test", "rules", "test.yaml"], folder)).toMatchObject({ status: 0 });
});
