import { testWith } from "../support/programs";
import { proofs } from "./proofs";
import { levelsOfProofs, proving } from "./support/levels";
import { run, temporaryFolder, writeTests } from "./support/promtool";

jest.setTimeout(300_000);

testWith("promtool", "each alert fires, waits, speaks and ends as it should, says promtool", (promtool) =>
  proving("promtool", levelsOfProofs(), () => {
    const folder = temporaryFolder();
    const files = writeTests(folder, proofs);
    const { status, output } = run(promtool, ["test", "rules", ...files], folder);
    expect(status === 0 ? "" : output.replace(/^ {2}SUCCESS$|^Unit Testing: .*test\.yaml\n {2}SUCCESS\n/gm, "")).toBe(
      "",
    );
  }),
);

testWith("vmalert-tool", "alerts that the long-term store evaluates fire there too", (vmalertTool) => {
  // VictoriaMetrics looks back five minutes for a sample, the recorded ones of the step before included.
  const step = 4;
  const rounded = (minutes: number) => Math.ceil(minutes / step) * step;
  // Twenty seconds: one of five, all of which promtool has proven. What is seen here is that vmalert reads them alike.
  const shown = ["ServiceAvailabilityBudget"];
  const long = proofs
    .filter(({ rule, alert }) => rule?.["long"] === "3d" && shown.includes(alert))
    .map((proof) => ({
      ...proof,
      step,
      warm: rounded(proof.warm ?? 15),
      lag: rounded(proof.lag ?? 1),
      end: rounded(proof.end ?? 15),
    }));
  expect(long).toHaveLength(shown.length);
  const folder = temporaryFolder();
  const files = writeTests(folder, long).map((name) => `--files=${name}`);
  const { status, output } = run(vmalertTool, ["unittest", "-disableAlertgroupLabel", ...files], folder);
  expect(status === 0 ? "" : output).toBe("");
});
