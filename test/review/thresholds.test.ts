import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { prometheusRules } from "../../alerts";
import { ruleThresholds } from "../../alerts/thresholds";
import type { Environment } from "../../environment";
import { parseEnvironment } from "../../stacks/environment";
import { yaml } from "../../stacks/system";
import { compareAlerts } from "../../tools/review/alerts";
import { readEnvironment, type RenderedEnvironment } from "../../tools/review/rendered";

/** The rules and thresholds of an environment, written as `npm start` does and read back. */
function written(environment: Environment): RenderedEnvironment {
  const folder = mkdtempSync(join(tmpdir(), "review-test-"));
  const files = {
    "summary.json": "{}",
    "thresholds.json": JSON.stringify(ruleThresholds(environment)),
    ...Object.fromEntries(
      Object.entries(prometheusRules(environment)).map(([name, groups]) => [
        `rules/prometheus/${name}`,
        yaml({ groups }),
      ]),
    ),
  };
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return readEnvironment("local", folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a threshold that an environment tunes is told with its unit, for the one level that it is of", () => {
  const tuned = { alerting: { thresholds: { cpu: { warning: 70 }, responseTime: { critical: 2 } } } };
  const [before, after] = [{}, tuned].map((values) => written(parseEnvironment("local", values)));
  if (!before || !after) throw new Error("both are written");
  const changes = compareAlerts(before, after);
  expect(changes.filter(({ asks }) => asks)).toEqual([]);
  const told = changes.flatMap(({ name, severity, fires }) =>
    fires.map(({ name: what, before, after }) => `${name} ${severity} ${what} ${before ?? ""} → ${after ?? ""}`),
  );
  expect(told).toEqual(["HostCpuHigh info threshold 80 % → 70 %", "ServiceSlow critical threshold 1s → 2s"]);
});
