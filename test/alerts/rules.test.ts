import fs from "node:fs";
import path from "node:path";
import { allAlertRules, rulesFor, run, temporaryFolder, tool, yamlOf } from "./support/promtool";
import { proofs } from "./proofs";
import type { Severity } from "../../alerts";

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
