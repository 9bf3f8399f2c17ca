import fs from "node:fs";
import path from "node:path";
import { messageTemplates, prometheusRules, routing, templatesFile, watchdogsOf } from "../../alerts";
import type { Route } from "../../alerts/routing/route";
import { everyOwned } from "../../alerts/catalogue";
import { type Environment } from "../../environment";
import { thresholdsOf } from "../../signals";
import { alertmanagerConfig } from "../../stacks/alertmanager/config";
import { parseEnvironment } from "../../stacks/environment";
import { readAlertmanager, routesOf } from "../../tools/report/routing";
import { testWith } from "../support/programs";
import { example, profiles, withAlerting } from "./support/environments";
import { labelsOf, rulesOf } from "./support/paging";
import { run, temporaryFolder, yamlOf } from "./support/promtool";

const environments: Readonly<Record<string, Environment>> = {
  full: example,
  ...Object.fromEntries(profiles.map((environment) => [environment.name, environment])),
};

/** Writes what Alertmanager would read; secrets stand in files that need not exist for a check. */
function written(environment: Environment): string {
  const folder = temporaryFolder();
  const file = path.join(folder, "alertmanager.yml");
  fs.writeFileSync(file, yamlOf(alertmanagerConfig(environment)));
  fs.writeFileSync(path.join(folder, templatesFile), messageTemplates(environment));
  return file;
}

for (const [name, environment] of Object.entries(environments))
  testWith("amtool", `amtool takes the configuration of ${name}`, (amtool) => {
    const { status, output } = run(amtool, ["check-config", written(environment)]);
    expect(status === 0 ? "" : output).toBe("");
  });

test("warnings wait for working hours, critical alerts don't, maintenance silences both but not the Watchdog", () => {
  const { route } = routing(example);
  const leaves = (route.routes ?? []).flatMap((each) =>
    (each.routes ?? [each]).map((leaf) => ({
      ...leaf,
      matchers: [...new Set([...(each.matchers ?? []), ...(leaf.matchers ?? [])])],
    })),
  );
  const of = (text: string) => leaves.filter(({ matchers }) => matchers.includes(text));
  const times = (text: string) => [...new Set(of(text).map((leaf) => leaf.active_time_intervals?.join() ?? "always"))];
  expect(of('severity="warning"').length).toBeGreaterThan(3);
  expect(times('severity="warning"')).toEqual(["office"]);
  expect(times('severity="critical"')).toEqual(["always"]);
  const unmuted = leaves.filter((leaf) => leaf.mute_time_intervals === undefined).flatMap(({ matchers }) => matchers);
  expect(new Set(unmuted)).toEqual(
    new Set(['alertname="Watchdog"', 'evaluator="vmalert"', 'evaluator="loki"', 'alertname="InfoInhibitor"']),
  );
});

/** Each way through the tree of the example: labels, and who is told. */
const ways: readonly (readonly [way: string, labels: Readonly<Record<string, string>>, told: readonly string[]])[] = [
  [
    "a Watchdog to the common switch",
    { alertname: "Watchdog", evaluator: "prometheus", severity: "none" },
    ["deadman"],
  ],
  ["a Watchdog to its own switch", { alertname: "Watchdog", evaluator: "loki", severity: "none" }, ["deadman-logs"]],
  [
    "a Watchdog to a switch that also is a chat",
    { alertname: "Watchdog", evaluator: "vmalert", severity: "none" },
    ["chat (watchdog)"],
  ],
  ["machinery to nobody", { alertname: "InfoInhibitor", severity: "none" }, ["nobody"]],
  ["critical to the pager", { alertname: "HostDown", severity: "critical", team: "platform" }, ["pager"]],
  ["a warning to the chat", { alertname: "HostCpuHigh", severity: "warning", team: "platform" }, ["chat"]],
  ["information where it is asked for", { alertname: "HostRebooted", severity: "info", team: "platform" }, ["mail"]],
  [
    "a team's critical alert to its own service",
    { alertname: "ServiceSlow", severity: "critical", team: "product" },
    ["product-pager"],
  ],
  [
    "a team's warning to its chat",
    { alertname: "ServiceSlow", severity: "warning", team: "product" },
    ["product-chat"],
  ],
  [
    "what a team leaves out by severity",
    { alertname: "ShopOrdersFail", severity: "critical", team: "shop" },
    ["pager"],
  ],
  ["a team of its own", { alertname: "ShopOrdersFail", severity: "warning", team: "shop" }, ["shop-chat"]],
  ["the next level", { alertname: "HostDown", severity: "critical", team: "platform", escalation: "L2" }, ["level-2"]],
  [
    "what keeps alerts from arriving by two ways",
    { alertname: "AlertmanagerNotificationsFail", severity: "critical", team: "platform" },
    ["phone", "pager"],
  ],
  [
    "a job on the way of alerts by two ways",
    { alertname: "TargetMissing", job: "alertmanager", severity: "critical", team: "platform" },
    ["phone", "pager"],
  ],
  [
    "a ticket of that by one",
    { alertname: "AlertmanagerNotificationsFail", severity: "warning", team: "platform" },
    ["chat"],
  ],
  [
    "its next level by the way of that level alone",
    { alertname: "AlertmanagerHalfDown", severity: "critical", team: "platform", escalation: "L2" },
    ["level-2"],
  ],
];

testWith("amtool", "amtool sends each kind of alert where it belongs", (amtool) => {
  const config = written(example);
  for (const [way, labels, told] of ways) {
    const given = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const { output } = run(amtool, ["config", "routes", "test", `--config.file=${config}`, ...given]);
    expect([way, output.trim().split(",")]).toEqual([way, told]);
  }
});

test("information is told to nobody who didn't ask for it, by no way", () => {
  const asked = withAlerting(example, {
    severities: { critical: "pager" },
    teams: { product: { critical: "product-pager" }, shop: { warning: "shop-chat" } },
  });
  const alertmanager = readAlertmanager(yamlOf(routing(asked)));
  if (alertmanager === undefined) throw new Error("no configuration of Alertmanager");
  const names = ["HostRebooted", "AlertmanagerNotificationsFail", "TargetMissing"];
  const all = names.flatMap((alertname) =>
    ["platform", "product", "shop"].map((team) => ({ alertname, team, severity: "info", job: "alertmanager" })),
  );
  expect(all.flatMap((labels) => routesOf(alertmanager.root, labels).map(({ receiver }) => receiver))).toEqual(
    all.map(() => "nobody"),
  );
});

describe("a dead man's switch", () => {
  const configOf = (name: string) => {
    const all = routing(example).receivers as { name: string; webhook_configs?: { send_resolved: boolean }[] }[];
    return all.find((each) => each.name === name)?.webhook_configs?.map((each) => each.send_resolved);
  };
  test("is never told that a Watchdog is over: that would be a sign of life", () => {
    expect(configOf("deadman")).toEqual([false]);
    expect(configOf("deadman-logs")).toEqual([false]);
  });
  test("that also is a receiver of people is one receiver for each", () => {
    expect([configOf("chat"), configOf("chat (watchdog)")]).toEqual([[true], [false]]);
  });
  test("hears each evaluator apart: each Watchdog is a group of its own", () => {
    const watchdogs = routing(example).route.routes?.find(({ matchers }) => matchers?.includes('alertname="Watchdog"'));
    expect(watchdogs?.group_by).toEqual(["cluster", "evaluator"]);
  });
  test("waits for each evaluator that there is", () => {
    expect(watchdogsOf(example)).toEqual(["prometheus", "vmalert", "loki"]);
    expect(watchdogsOf({ ...example, stages: ["metrics"] })).toEqual([]);
  });
});

test("every alert that wakes somebody because alerts reach nobody goes the second way, and no other", () => {
  const alertmanager = readAlertmanager(yamlOf(routing(example)));
  if (alertmanager === undefined) throw new Error("no configuration of Alertmanager");
  const known = new Map(everyOwned(example, thresholdsOf(example)).map(([, each]) => [each.name, each]));
  const critical = rulesOf(example).filter(({ labels }) => labels.severity === "critical" && !labels["escalation"]);
  const reasons = critical.map((rule) => {
    const ways = routesOf(alertmanager.root, labelsOf(rule)).map(({ receiver }) => receiver);
    return [rule.alert, known.get(rule.alert)?.pages === "alerting", ways.includes("phone")] as const;
  });
  expect(reasons.filter(([, alerting, second]) => alerting !== second)).toEqual([]);
  expect(reasons.filter(([, alerting]) => alerting).length).toBeGreaterThan(10);
});

test("on-call rotation is left to whoever keeps it, by the names that they use", () => {
  const all = routing(example).receivers as Record<string, Record<string, unknown>[]>[];
  const [level2] = all.flatMap((each) => each["opsgenie_configs"] ?? []);
  expect(level2?.["responders"]).toEqual([
    { type: "schedule", name: "Platform on call" },
    { type: "user", username: "head@example.com" },
  ]);
  const pagers = all.flatMap((each) => each["pagerduty_configs"] ?? []);
  expect(pagers.map((each) => each["routing_key_file"])).toEqual([
    "/etc/alertmanager/secrets/pagerdutyKey",
    "/etc/alertmanager/secrets/productKey",
  ]);
  expect(pagers[0]?.["details"]).toMatchObject({ escalation_policy: "Platform, day and night" });
});

test("an escalation is the same rule held for longer, so that one silence stops both", () => {
  const rules = Object.values(prometheusRules(example))
    .flat()
    .flatMap(({ rules }) => rules)
    .filter((rule) => "alert" in rule && rule.alert === "EtcdNoLeader");
  const [first, second] = rules as unknown as { for: string; expr: string; labels: Record<string, string> }[];
  expect([first?.for, second?.for]).toEqual(["1m", "61m"]);
  expect(second?.expr).toBe(first?.expr);
  const { escalation, ...same } = second?.labels ?? {};
  expect([escalation, same]).toEqual(["L2", first?.labels]);
});

test("two alerts of a name about different services, agents, nodes or hosts are two messages", () => {
  const { route } = routing(example);
  expect(route.group_by).toEqual([
    ...["cluster", "namespace", "alertname"],
    ...["service_name", "agent", "node", "instance"],
  ]);
  const others = (each: Route): (readonly string[])[] =>
    (each.routes ?? []).flatMap((leaf) => [leaf.group_by ?? [], ...others(leaf)]);
  // Of Watchdogs alone: each evaluator's is heard apart.
  expect(others(route).flat()).toEqual(["cluster", "evaluator"]);
});

test("somebody's own templates come besides ours", () => {
  const own = parseEnvironment("local", { systems: { alertmanager: { config: { templates: ["/own/*.tmpl"] } } } });
  expect(alertmanagerConfig(own)).toMatchObject({ templates: [templatesFile, "/own/*.tmpl"] });
});

test("secrets are files", () => {
  const text = JSON.stringify(routing(example).receivers);
  expect(text).toContain("/etc/alertmanager/secrets/pagerdutyKey");
  expect(text).not.toMatch(/"(routing_key|api_key|api_url|auth_password|service_key)"/);
});
