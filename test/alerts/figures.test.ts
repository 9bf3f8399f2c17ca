import { alertFigures, alertLevels } from "../../alerts/figures";
import { example, everything } from "./support/environments";
import { parseEnvironment } from "../../stacks/environment";

test("an alert counts once, its levels and escalations each as a rule", () => {
  const [plain, escalated] = [alertFigures(everything("3")), alertFigures(example)];
  expect(plain.alertingRules).toBeGreaterThan(plain.alerts);
  expect(escalated.alertingRules - escalated.alerts).toBeGreaterThan(2 * (plain.alertingRules - plain.alerts));
  expect(escalated.receivers).toBe(10);
  expect(plain.runbooks).toBeGreaterThan(50);
  const levels = alertLevels(everything("3"));
  expect(levels).toEqual(expect.arrayContaining(["EtcdNoLeader critical", "HostCpuHigh warning", "LogPanic warning"]));
  expect(levels.length).toBeLessThan(plain.alertingRules);
});

test("without the stage there are recording rules only, and one alert switched off is one less", () => {
  expect(alertFigures(parseEnvironment("local", { stages: ["metrics", "dashboards"] }))).toMatchObject({
    alerts: 0,
    alertingRules: 0,
    runbooks: 0,
  });
  const off = { alerting: { alerts: { HostCpuHigh: { enabled: false } } } };
  const [all, fewer] = [{}, off].map((values) => alertFigures(parseEnvironment("local", values)));
  expect((all?.alerts ?? 0) - (fewer?.alerts ?? 0)).toBe(1);
  expect((all?.alertingRules ?? 0) - (fewer?.alertingRules ?? 0)).toBe(2);
});
