import { isAlert, isOfTeam, type AlertRule } from "../../alerts";
import { filesOf } from "../../alerts/figures";
import { ruleThresholds } from "../../alerts/thresholds";
import type { Environment } from "../../environment";
import { inWords } from "../../signals";
import { parseEnvironment } from "../../stacks/environment";
import { everything, example, profiles } from "./support/environments";

const key = ({ alert, labels }: Pick<AlertRule, "alert" | "labels">) => JSON.stringify([alert, labels]);
const ours = (environment: Environment) =>
  filesOf(environment)
    .filter(([name]) => !isOfTeam(name))
    .flatMap(([, groups]) => groups.flatMap(({ rules }) => rules.filter(isAlert)));

const of = (environment: Environment, alert: string) =>
  ruleThresholds(environment)
    .filter((each) => each.alert === alert)
    .map(({ labels, threshold }) => `${labels.severity} ${inWords(threshold)}`);

describe.each([everything("2"), everything("3"), example, ...profiles].map((each, index) => [index, each] as const))(
  "environment %i",
  (_, environment) => {
    const thresholds = new Map(ruleThresholds(environment).map((each) => [key(each), each.threshold]));

    test("a name and labels tell one threshold", () => {
      expect(thresholds.size).toBeGreaterThan(100);
      expect(ruleThresholds(environment)).toHaveLength(thresholds.size);
    });

    test("each is the number of its rule, and no rule that speaks of a limit is without", () => {
      for (const rule of ours(environment)) {
        const threshold = thresholds.get(key(rule));
        const limit = / The limit is (.*)\.$/.exec(rule.annotations.description)?.[1];
        if (limit !== undefined) expect([rule.alert, threshold && inWords(threshold)]).toEqual([rule.alert, limit]);
        if (threshold !== undefined) expect(rule.expr.split(/[\s()]+/)).toContain(String(threshold.value));
      }
    });
  },
);

test("levels, single comparisons and burn rates have theirs; what no single number decides has none", () => {
  const environment = everything("2");
  expect(of(environment, "HostCpuHigh")).toEqual(["info 80 %", "warning 90 %"]);
  expect(of(environment, "HostClockNotSynchronised")).toEqual(["warning 0"]);
  expect(of(environment, "ServiceAvailabilityBudget")).toContain("critical 1.44 %");
  expect(of(environment, "Watchdog")).toEqual([]);
  expect(of(example, "ShopOrdersFail")).toEqual([]);
});

test("an environment that tunes a level has another, for each escalation too", () => {
  const tuned = parseEnvironment("local", { alerting: { thresholds: { cpu: { warning: 70 } } } });
  expect(of(tuned, "HostCpuHigh")).toEqual(["info 70 %", "warning 90 %"]);
  expect(of(example, "HostCpuHigh")).toEqual(["info 80 %", "warning 90 %", "warning 90 %"]);
});

test("without the stage that alerts there are none", () => {
  expect(ruleThresholds(parseEnvironment("local", { stages: ["metrics"] }))).toEqual([]);
});
