import { lokiRules, messageTemplates, prometheusRules, vmalertRules } from "../../alerts";
import { grafanaUrl, type Environment } from "../../environment";
import { parseEnvironment } from "../../stacks/environment";

const alerts = (environment: Environment) =>
  [prometheusRules, vmalertRules, lokiRules].flatMap((rules) =>
    Object.values(rules(environment))
      .flat()
      .flatMap(({ rules }) => rules)
      .flatMap((rule) => ("alert" in rule ? [rule] : [])),
  );

const grafana = (of: object) => ({ systems: { grafana: of } });
/** What a stack file says, and where people open Grafana then. */
const cases: readonly (readonly [what: string, values: Record<string, unknown>, url: string | undefined])[] = [
  ["nothing", {}, undefined],
  ["a domain", { domain: "example.com" }, "https://grafana.example.com"],
  ["a Grafana of somebody's", grafana({ existingUrl: "https://g.example.com/" }), "https://g.example.com"],
  ["a path of its own", grafana({ existingUrl: "https://example.com/grafana/" }), "https://example.com/grafana"],
  ["one in another namespace", grafana({ existingUrl: "http://grafana.monitoring.svc:3000" }), undefined],
  ["one by its whole name", grafana({ existingUrl: "http://g.x.svc.cluster.local" }), undefined],
  ["one without a dot", grafana({ existingUrl: "http://grafana:3000" }), undefined],
  ["an ingress of somebody's", grafana({ config: { server: { root_url: "https://g.corp/" } } }), "https://g.corp"],
  ["no Grafana", grafana({ enabled: false }), undefined],
];

test.each(cases)("%s: links lead where people can open Grafana, and nowhere else", (_, values, url) => {
  const environment = parseEnvironment("local", values);
  expect(grafanaUrl(environment)).toBe(url);
  const all = alerts(environment).map(({ annotations }) => annotations);
  const links = all.flatMap(({ dashboard_url, runbook_url }) => [dashboard_url ?? [], runbook_url ?? []].flat());
  expect(links.filter((link) => url === undefined || !link.startsWith(`${url}/d/`))).toEqual([]);
  // What has no link says where to look.
  expect(all.filter(({ runbook_url, runbook }) => (runbook_url ?? runbook) === undefined)).toEqual([]);
  expect(JSON.stringify(all) + messageTemplates(environment)).not.toMatch(/https?:\/\/[^"\s]*(\.svc\b|localhost)/);
});

test("a page's path stands where no link leads", () => {
  const of = (values: Record<string, unknown>) =>
    alerts(parseEnvironment("local", values)).find(({ alert }) => alert === "HostCpuHigh")?.annotations;
  const page =
    "/d/system-performance?var-cluster={{ $labels.cluster | urlquery }}&var-instance={{ $labels.instance | urlquery }}";
  expect(of({})).toMatchObject({ dashboard: page, runbook: "docs/runbooks/HostCpuHigh.md" });
  expect(of({ domain: "example.com" })).toMatchObject({ dashboard_url: `https://grafana.example.com${page}` });
});
