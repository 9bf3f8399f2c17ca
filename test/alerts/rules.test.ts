import { allAlertRules, rulesFor, run, temporaryFolder, tool, writeTests } from "./support/promtool";
import { proofs } from "./proofs";
import type { Severity } from "../../alerts";

jest.setTimeout(300_000);

test("every rule is proven", () => {
  const proven = new Set(
    proofs.flatMap((proof) => Object.keys(proof.cases).flatMap((severity) => rulesFor(proof, severity as Severity).map((rule) => JSON.stringify(rule)))),
  );
  const all = allAlertRules();
  const open = all.filter((rule) => !proven.has(JSON.stringify(rule))).map(({ alert, labels }) => `${alert} (${labels.severity})`);
  console.log(`${all.length - open.length} of ${all.length} alerting rules are proven`);
  expect(open).toEqual([]);
});

test("each alert fires, waits, speaks and ends as it should, says promtool", () => {
  const promtool = tool("promtool");
  if (promtool === undefined) return;
  const folder = temporaryFolder();
  const files = writeTests(folder, proofs);
  const { status, output } = run(promtool, ["test", "rules", ...files], folder);
  expect(status === 0 ? "" : output.replace(/^ {2}SUCCESS$|^Unit Testing: .*test\.yaml\n {2}SUCCESS\n/gm, "")).toBe("");
});
