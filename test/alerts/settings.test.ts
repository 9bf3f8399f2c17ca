import { prometheusRules, vmalertRules } from "../../alerts";
import { planStack, stackEnvironment } from "../../stacks";
import { parseEnvironment } from "../../stacks/environment";
import { faultsOf as faults } from "./support/settings";

test.each<[string, object, string]>([
  [
    "a typo in an alert's name",
    { alerts: { HostCpuHihg: {} } },
    'alerts.HostCpuHihg = HostCpuHihg : no alert has this name; did you mean "HostCpuHigh"?',
  ],
  [
    "a typo in a threshold's name",
    { thresholds: { cpus: { warning: 70 } } },
    'thresholds.cpus = cpus : no threshold has this name; did you mean "cpu"?',
  ],
  [
    "a threshold named like a property of every object",
    { thresholds: { constructor: { warning: 70 } } },
    expect.stringContaining("thresholds.constructor = constructor : no threshold has this name") as string,
  ],
  [
    "a typo in a level",
    { thresholds: { cpu: { warnign: 70 } } },
    'thresholds.cpu.warnign = warnign : the threshold has no such level; did you mean "warning"?',
  ],
  [
    "a threshold outside of its unit",
    { thresholds: { cpu: { warning: 170 } } },
    expect.stringMatching(/^thresholds\.cpu\.warning = 170 : is outside of its unit: .*100/) as string,
  ],
  [
    "an objective of 100 %",
    { thresholds: { availability: { objective: 1 } } },
    expect.stringMatching(/^thresholds\.availability\.objective = 1 : .*at 1 nothing may ever fail/) as string,
  ],
  [
    "an objective that no burn rate can reach",
    { thresholds: { availability: { objective: 0.9 } } },
    expect.stringMatching(/^thresholds\.availability\.objective = 0\.9 : .*can never burn 14\.4 times/) as string,
  ],
  [
    "a warning that comes after the critical level",
    { thresholds: { cpu: { warning: 95 } } },
    "thresholds.cpu.warning = 95 : warning (95) would come after critical (90); at most 90, or another critical",
  ],
  [
    "a critical level that comes before the warning",
    { thresholds: { planSuccess: { critical: 0.97 } } },
    "thresholds.planSuccess.critical = 0.97 : warning (0.95) would come after critical (0.97); at most 0.95, or another warning",
  ],
  [
    "a `for` shorter than the evaluation interval",
    { alerts: { HostRebooted: { for: "5s" } } },
    "alerts.HostRebooted.for = 5s : is shorter than the evaluation interval (15s): it would fire as if there were none; at least 15s",
  ],
  [
    "one severity for several levels",
    { alerts: { HostCpuHigh: { severity: "info" } } },
    "alerts.HostCpuHigh.severity = info : it has levels of its own: info, warning; levels: {warning: {enabled: false}}, or its thresholds",
  ],
  [
    "a severity that nobody is told of",
    { alerts: { HostRebooted: { severity: "none" } } },
    'alerts.HostRebooted.severity = "none" : must be one of critical, warning, info; for example "critical"',
  ],
  [
    "a team without alerts",
    { teams: { prodct: {} } },
    'teams.prodct = prodct : no alert belongs to this team; did you mean "product"?',
  ],
  [
    "maintenance of a team without alerts",
    { timeIntervals: { night: [{ times: ["00:00-06:00"] }] }, maintenance: [{ interval: "night", team: "prodct" }] },
    'maintenance[0].team = prodct : no alert belongs to this team; did you mean "product"?',
  ],
])("refuses %s", (_, alerting, fault) => {
  expect(faults(alerting)).toEqual([fault]);
});

describe("the period of objectives", () => {
  const kept = (keep: string) => ({ retention: { metrics: [{ keep }] } });

  test.each<[string, string, string, string]>([
    [
      "longer than metrics are kept",
      "30d",
      "7d",
      "objectivePeriod = 30d : metrics are kept for 7d (retention.metrics): what is left of a budget would be unknown; at most 7d, or a tier of retention.metrics that keeps 30d",
    ],
    [
      "too short for its burn rates",
      "10d",
      "60d",
      "objectivePeriod = 10d : burn rates look back three days, a large part of so short a period; at least 28d",
    ],
    [
      "so long that a burn rate can't be reached",
      "365d",
      "400d",
      'objectivePeriod = 365d : SLO "service-latency" with an objective of 0.95 can never burn 175.2 times too fast: that would be 876 % of all events; a higher objective or a shorter period',
    ],
  ])("%s is refused", (_, objectivePeriod, keep, fault) => {
    expect(faults({ objectivePeriod }, kept(keep))).toEqual([fault]);
  });

  test("moves the burn rates and what is left of the budget", () => {
    const environment = stackEnvironment("local", { ...kept("60d"), alerting: { objectivePeriod: "35d" } });
    const rules = Object.values({ ...prometheusRules(environment), ...vmalertRules(environment) })
      .flat()
      .flatMap((group) => group.rules);
    const budget = rules.find((rule) => "record" in rule && rule.record === "slo:period_burn_rate:ratio");
    expect(budget?.expr).toContain("[35d]");
    const hour = rules.find((rule) => "alert" in rule && rule.alert === "ServiceAvailabilityBudget");
    // 2 % of 35 days in an hour; of 30 days it is 14.4.
    expect(hour).toMatchObject({ annotations: { summary: expect.stringContaining("16.8 times too fast") as string } });
  });
});

test("an alert of a system that is off may be tuned: the file need not follow the stages", () => {
  expect(faults({ alerts: { TempoFlushFails: { enabled: false } } }, { stages: ["metrics"] })).toEqual([]);
});

test("typos in names come together with every other fault of the file", () => {
  const said = faults(
    { alerts: { HostCpuHihg: {} }, thresholds: { cpu: { warnign: 1 } }, defaultReceiver: "nowhere", muted: true },
    { scrapeInterval: "soon" },
  );
  expect(said.map((line) => line.split(" ")[0])).toEqual([
    "observability:scrapeInterval",
    "muted",
    "defaultReceiver",
    "thresholds.cpu.warnign",
    "alerts.HostCpuHihg",
  ]);
});

test("whoever uses the stack without its own reading is refused at the plan", () => {
  const environment = parseEnvironment("local", { alerting: { alerts: { HostCpuHihg: {} } } });
  expect(() => planStack(environment)).toThrow('did you mean "HostCpuHigh"?');
  expect(() => stackEnvironment("local", { alerting: { alerts: { HostCpuHihg: {} } } })).toThrow("HostCpuHihg");
});

test("`for` and severity of a file reach the rules", () => {
  const environment = stackEnvironment("local", {
    alerting: { alerts: { HostRebooted: { for: "7m", severity: "warning" } } },
  });
  const rules = Object.values(prometheusRules(environment)).flat();
  const found = rules.flatMap((group) => group.rules).find((rule) => "alert" in rule && rule.alert === "HostRebooted");
  expect(found).toMatchObject({ for: "7m", labels: { severity: "warning" } });
});
