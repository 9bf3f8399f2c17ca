import fs from "node:fs";
import path from "node:path";
import { messageTemplates, prometheusRules, routing, templatesFile } from "../../alerts";
import type { Route } from "../../alerts/routing";
import { type Environment } from "../../environment";
import { alertmanagerConfig } from "../../stacks/alertmanager/config";
import { parseEnvironment } from "../../stacks/environment";
import { testWith } from "../support/programs";
import { example, profiles } from "./support/environments";
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
  expect(of('severity="warning"').map((leaf) => leaf.active_time_intervals)).toEqual([
    ["office"],
    ["office"],
    ["office"],
    ["office"],
  ]);
  expect(of('severity="critical"').map((leaf) => leaf.active_time_intervals)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(
    leaves.filter((leaf) => leaf.mute_time_intervals === undefined).map(({ matchers }) => matchers.join()),
  ).toEqual(['alertname="Watchdog"', 'alertname="InfoInhibitor"']);
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
  expect(others(route).flat()).toEqual([]);
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
