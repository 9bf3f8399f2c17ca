import { type SystemName } from "../../environment";
import { labelsOf, local, objectsOf, planOf, podsOf, renderedText, withoutDashboards } from "./support";
import { systemNames } from "../../stacks/systems";

/** The configuration files of a system, as one text. */
const texts = (system: SystemName, config: object) => {
  const rest = system === "grafana" ? {} : withoutDashboards;
  const environment = local({ ...rest, systems: { [system]: { config } } });
  return Object.values(planOf(environment).systems.find(({ name }) => name === system)?.config ?? {}).join("\n");
};

describe("a server's own configuration is laid over ours", () => {
  test.each<[SystemName, object, string, string]>([
    ["prometheus", { global: { evaluation_interval: "45s" } }, "evaluation_interval: 45s", "scrape_interval: 15s"],
    [
      "victoriametrics",
      { flags: { "search.maxQueryDuration": "5s" } },
      "search.maxQueryDuration: 5s",
      "retentionPeriod: 168h",
    ],
    ["vmalert", { flags: { "rule.evalDelay": "1s" } }, "rule.evalDelay: 1s", "disableAlertgroupLabel: true"],
    ["loki", { limits_config: { volume_enabled: false } }, "volume_enabled: false", "allow_structured_metadata: true"],
    [
      "tempo",
      { overrides: { defaults: { global: { max_bytes_per_trace: 7 } } } },
      "max_bytes_per_trace: 7",
      "rate_limit_bytes",
    ],
    ["grafana", { users: { default_theme: "light" } }, "default_theme = light", "allow_sign_up = false"],
    ["alertmanager", { global: { resolve_timeout: "9m" } }, "resolve_timeout: 9m", "group_by:"],
    [
      "collector",
      { gateway: { processors: { memory_limiter: { limit_percentage: 60 } } } },
      "limit_percentage: 60",
      "k8s_attributes",
    ],
    ["node-exporter", { flags: { "collector.systemd": false } }, "collector.systemd: false", "path.rootfs: /host"],
    ["kube-state-metrics", { flags: { resources: "pods" } }, "resources: pods", "metric-labels-allowlist"],
    ["versitygw", { flags: { quiet: false } }, "quiet: false", "health: /healthz"],
    ["phoenix", { env: { NODE_OPTIONS: "--inspect" } }, "NODE_OPTIONS: --inspect", "PHOENIX_ENVIRONMENT: local"],
  ])("%s", (system, config, there, kept) => {
    expect(texts(system, {})).not.toContain(there);
    expect(texts(system, config)).toContain(there);
    expect(texts(system, config)).toContain(kept);
  });

  test("for every system", () => expect(systemNames).toHaveLength(13));
});

describe("null takes away", () => {
  test.each<[SystemName, object, string]>([
    ["prometheus", { tracing: null }, "tracing:"],
    ["prometheus", { storage: { exemplars: null } }, "exemplars:"],
    ["victoriametrics", { flags: { "http.shutdownDelay": null } }, "http.shutdownDelay"],
    ["loki", { pattern_ingester: null }, "pattern_ingester:"],
    ["loki", { limits_config: { otlp_config: null } }, "otlp_config:"],
    ["tempo", { usage_report: null }, "usage_report:"],
    ["grafana", { snapshots: null }, "[snapshots]"],
    ["alertmanager", { inhibit_rules: null }, "inhibit_rules:"],
    ["collector", { gateway: { receivers: { statsd: null } } }, "\n  statsd:"],
    ["node-exporter", { flags: { "no-collector.arp": null } }, "no-collector.arp"],
  ])("from %s: %j", (system, config, gone) => {
    expect(texts(system, {})).toContain(gone);
    expect(texts(system, config)).not.toContain(gone);
  });
});

describe("a flag", () => {
  test("reaches the server's command line", () => {
    const environment = local({
      ...withoutDashboards,
      systems: { victoriametrics: { config: { flags: { "search.maxConcurrentRequests": 4, loggerFormat: null } } } },
    });
    const args = podsOf(environment, "victoriametrics")["victoriametrics"]?.containers[0]?.args;
    expect(args).toContain("-search.maxConcurrentRequests=4");
    expect(args?.filter((arg) => arg.includes("loggerFormat"))).toEqual([]);
  });
});

describe("one decision", () => {
  test("changes nothing but what follows from it: the rest is deployed as it was", () => {
    const before = objectsOf(planOf(local())).map((object) => JSON.stringify(object));
    const environment = local({ systems: { loki: { config: { limits_config: { max_query_series: 77 } } } } });
    const changed = objectsOf(planOf(environment)).filter((object) => !before.includes(JSON.stringify(object)));
    expect(changed.map((object) => labelsOf(object)["app.kubernetes.io/name"])).toEqual(["loki", "loki"]);
  });

  test("the same environment gives the same plan", () => {
    expect(renderedText(local())).toBe(renderedText(local()));
  });
});
