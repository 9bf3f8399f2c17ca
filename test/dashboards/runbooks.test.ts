import { lokiRules, prometheusRules, vmalertRules } from "../../alerts";
import { filesOf } from "../../alerts/figures";
import { completedBy } from "../../alerts/fires";
import { runbookPages } from "../../dashboards/runbooks";
import { type Environment } from "../../environment";
import { planStack } from "../../stacks";
import { parseEnvironment } from "../../stacks/environment";

const pagesOf = (environment: Environment) =>
  runbookPages(environment, completedBy(filesOf(environment).flatMap(([, groups]) => groups)));
const annotations = (environment: Environment) =>
  Object.values({ ...prometheusRules(environment), ...vmalertRules(environment), ...lokiRules(environment) })
    .flat()
    .flatMap(({ rules }) => rules)
    .flatMap((rule) => ("alert" in rule ? [rule.annotations] : []));
const links = (environment: Environment) => [
  ...new Set(annotations(environment).map(({ runbook_url, runbook }) => runbook_url ?? runbook ?? "")),
];

test("every runbook link of every alert opens a page that Grafana has", () => {
  const environment = parseEnvironment("local", { domain: "example.com" });
  const uids = pagesOf(environment).map(({ uid }) => uid);
  const base = "https://grafana.example.com/d/";
  expect(links(environment).filter((link) => !uids.includes(link.replace(base, "")))).toEqual([]);
  // Grafana refuses longer ones.
  expect(uids.filter((uid) => uid.length > 40)).toEqual([]);
});

test("a page is the runbook's own text, in a ConfigMap that Kubernetes takes", () => {
  const environment = parseEnvironment("local", {});
  const watchdog = pagesOf(environment).find(({ uid }) => uid === "runbook-Watchdog");
  expect(watchdog).toMatchObject({ title: "Runbook Watchdog", folder: "Runbooks" });
  expect(JSON.stringify(watchdog?.model)).toMatch(/\*\*Escalate\*\*.*\*\*Fires\*\*.*vector\(1\)/);
  const grafana = planStack(environment).systems.find(({ name }) => name === "grafana");
  const maps = grafana?.rendered.filter(({ metadata }) => metadata?.name?.startsWith("grafana-dashboards-runbooks"));
  expect(maps).toHaveLength(1);
  expect(JSON.stringify(maps).length).toBeLessThan(1_000_000);
});

test("the commands of a page name the namespace that is deployed", () => {
  const text = (namespace: string) => JSON.stringify(pagesOf(parseEnvironment("local", { namespace })));
  const [written, moved] = [text("observability"), text("shop-o11y")];
  const named = (page: string, namespace: string) => page.split(namespace).length - 1;
  expect(named(written, "observability")).toBeGreaterThan(40);
  expect(moved).not.toContain("observability");
  expect(named(moved, "shop-o11y")).toBe(named(written, "observability"));
  for (const command of [
    "kubectl -n shop-o11y-agents logs",
    "`alertmanager-headless.shop-o11y.svc`",
    "system:serviceaccount:shop-o11y:kube-state-metrics",
  ]) {
    expect(moved).toContain(command);
  }
  // What explains the files is no runbook.
  expect(pagesOf(parseEnvironment("local", {})).map(({ uid }) => uid)).not.toContain("runbook-README");
});

test("elsewhere, when the environment says where; Grafana has no pages of them then", () => {
  const environment = parseEnvironment("local", { alerting: { runbooksUrl: "https://wiki.example.com/runbooks/" } });
  expect(pagesOf(environment)).toEqual([]);
  expect(links(environment)).toContain("https://wiki.example.com/runbooks/Watchdog.md");
  expect(links(environment).filter((link) => !link.startsWith("https://wiki.example.com/runbooks/"))).toEqual([]);
});

test.each([
  ["where nobody outside the cluster can open Grafana", {}],
  ["without Grafana", { stages: ["metrics", "alerts"] }],
  ["with a Grafana that exists", { systems: { grafana: { existingUrl: "https://grafana.example.com" } } }],
])("%s the path in the project, and no link that leads nowhere", (_, values) => {
  const environment = parseEnvironment("local", values);
  expect(annotations(environment).filter(({ runbook_url }) => runbook_url !== undefined)).toEqual([]);
  expect(links(environment)).toContain("docs/runbooks/Watchdog.md");
});
