import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { matches, readAlertmanager, routesOf, type Labels } from "../../tools/report/routing";
import { testWith } from "../support/programs";

const config = {
  route: {
    receiver: "root",
    group_by: ["alertname"],
    routes: [
      { matchers: ['alertname="Watchdog"'], receiver: "deadman" },
      { matchers: ['severity=~"critical|error"', 'team!=""'], receiver: "team", continue: true },
      {
        matchers: ['severity="critical"'],
        receiver: "page",
        routes: [{ matchers: ['{namespace!~"kube-.*", cluster="prod"}'], receiver: "page-prod" }],
      },
      { match: { severity: "info" }, receiver: "nobody" },
      { match_re: { service: "a.*" }, receiver: "a" },
    ],
  },
  receivers: ["root", "deadman", "team", "page", "page-prod", "nobody", "a"].map((name) => ({ name })),
};

const cases: [Labels, string[]][] = [
  [{ alertname: "X" }, ["root"]],
  [{ alertname: "Watchdog", severity: "critical" }, ["deadman"]],
  [{ alertname: "X", severity: "critical" }, ["page"]],
  [{ alertname: "X", severity: "critical", team: "sre" }, ["team", "page"]],
  [{ alertname: "X", severity: "error", team: "sre" }, ["team"]],
  [{ alertname: "X", severity: "critical", cluster: "prod" }, ["page-prod"]],
  [{ alertname: "X", severity: "critical", cluster: "prod", namespace: "kube-system" }, ["page"]],
  [{ alertname: "X", severity: "info" }, ["nobody"]],
  [{ alertname: "X", service: "api" }, ["a"]],
  [{ alertname: "X", service: "xapi" }, ["root"]],
];

test.each(cases)("%j goes to %j", (labels, receivers) => {
  const alertmanager = readAlertmanager(stringify(config));
  expect(alertmanager && routesOf(alertmanager.root, labels).map(({ receiver }) => receiver)).toEqual(receivers);
});

testWith("amtool", "Alertmanager itself takes the same routes", (amtool) => {
  const folder = mkdtempSync(join(tmpdir(), "review-routing-"));
  const file = join(folder, "alertmanager.yml");
  writeFileSync(file, stringify(config));
  try {
    for (const [labels, receivers] of cases) {
      const given = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
      const said = execFileSync(amtool, ["config", "routes", "test", `--config.file=${file}`, ...given]);
      expect([labels, said.toString().trim().split(",")]).toEqual([labels, receivers]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a regular expression that JavaScript can't read matches nothing instead of failing", () => {
  expect(matches('a=~"[[:alpha:"', { a: "x" })).toBe(false);
});
