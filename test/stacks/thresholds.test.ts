import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prometheusRules } from "../../alerts";
import { everyAlert } from "../../alerts/catalogue";
import { pages } from "../../dashboards";
import { knownThresholds, levelsOf, ownedThresholds, tunedLevels } from "../../signals";
import { composition } from "../../stacks/systems";
import { readEnvironment } from "../../tools/stack-file";
import { yamlOf } from "../alerts/support/promtool";

/** A threshold stands with its owner, and what an environment writes reaches all that reads it. */

const root = mkdtempSync(join(tmpdir(), "thresholds-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** The environment of a stack file that says this and nothing else. */
function environmentOf(thresholds: Readonly<Record<string, Readonly<Record<string, number>>>>) {
  const config = { "observability:alerting": { thresholds } };
  writeFileSync(join(root, "Pulumi.local.yaml"), JSON.stringify({ config }));
  return readEnvironment("local", {}, root);
}

test.each<[system: string, threshold: string, level: string, value: number, alert: string, panel: string]>([
  ["prometheus", "remoteWriteLag", "critical", 7_700, "PrometheusRemoteWriteBehind", "Lag"],
  ["victoriametrics", "slowInserts", "critical", 0.077, "VictoriaMetricsSlowInserts", "Slow inserts"],
  ["loki", "compactionAge", "warning", 7_700, "LokiCompactionStalled", "Since compaction and retention"],
  ["loki", "lokiLatency", "warning", 0.77, "LokiSlow", "Push time, p99"],
])("%s: %s.%s moves its rule and its panel", (system, threshold, level, value, alert, panel) => {
  const read = (thresholds: Parameters<typeof environmentOf>[0]) => {
    const environment = environmentOf(thresholds);
    const rules = (prometheusRules(environment)[`${system}.yaml`] ?? []).flatMap((group) => group.rules);
    const page = pages(environment).find(({ uid }) => uid === system);
    const shown = page?.rows.flatMap(({ panels }) => panels).find(({ title }) => title === panel);
    return {
      rule: yamlOf(rules.filter((rule) => "alert" in rule && rule.alert === alert)),
      steps: JSON.stringify(shown?.build().fieldConfig?.defaults.thresholds?.steps ?? []),
    };
  };
  const usual = read({});
  const tuned = read({ [threshold]: { [level]: value } });
  expect([usual.rule, usual.steps].join()).not.toContain(String(value));
  expect(tuned.rule).toContain(` ${value}`);
  expect(tuned.steps).toContain(`"value":${value},`);
});

test("no name has two owners", () => {
  const names = ownedThresholds(composition).flatMap(([, own]) => Object.keys(own));
  expect(names.filter((name, index) => names.indexOf(name) < index)).toEqual([]);
  expect(names.sort()).toEqual(Object.keys(knownThresholds(composition)).sort());
});

describe("every level is read by an alert or a page", () => {
  const environment = environmentOf({});
  const known = knownThresholds(composition);
  const alertsAt = (thresholds: typeof known) =>
    JSON.stringify(everyAlert(environment, thresholds).map(({ levels }) => levels.map(({ expr }) => expr.text)));
  const pagesAt = (thresholds: typeof known) =>
    JSON.stringify(pages(environment).map((page) => page.tuned(thresholds).model()));
  const usual = [alertsAt(known), pagesAt(known)];
  const levels = ownedThresholds(composition).flatMap(([, own]) =>
    Object.entries(own).flatMap(([name, of]) =>
      Object.entries(levelsOf(of)).map(([level, { value }]) => [name, level, value] as const),
    ),
  );
  test.each(levels)("%s.%s", (name, level, value) => {
    const tuned = tunedLevels(known, { [name]: { [level]: value * 0.99 } });
    expect(alertsAt(tuned) !== usual[0] || pagesAt(tuned) !== usual[1]).toBe(true);
  });
});
