import { componentDefaults, size } from "./components";
import { priceTable } from "./cost/prices";
import { deepMerge } from "./merge";

/**
 * What an environment is before anybody writes a line: one set for all, and what each profile changes. Values are
 * written as in a stack file, so that every default can be overridden by the same key.
 *
 * Sizes: `prod` is the "small" topology (50k samples/s, 1 MB/s of logs) of the servers' own sizing guides; `dev` is a
 * quarter of it; `local` fits a laptop. Thresholds and retentions: the requirements H1-H3, E2, A3 and A15.
 */

const system = (replicas: number, resources: object, volume?: string) => ({
  enabled: true,
  replicas,
  resources,
  ...(volume === undefined ? {} : { volume }),
});

/** The demo application: off outside of `local`; one plan a second and nothing wrong where it is on. */
const phoenix = (enabled: boolean) => ({
  ...system(1, size("5m", "32Mi", "128Mi")),
  enabled,
  load: { plansPerSecond: 1 },
  faults: { errors: 0, load: 1, misses: 0, down: [] },
});

const common = {
  namespace: "observability",
  stages: ["metrics", "logs", "traces", "alerts", "dashboards"],
  tenant: "phoenix",
  storage: { existingBuckets: {}, buckets: {}, prefix: "phoenix-orch", protect: false },
  exposure: { kind: "ingress", className: "nginx", tlsSecret: "observability-tls", hosts: {} },
  images: { pullSecrets: [], overrides: {} },
  nodeSelector: {},
  tolerations: [],
  scrapeInterval: "15s",
  controlPlane: [],
  rolloutTimeout: "10m",
  // H1: 15 s (every scrape) for a day, 1 min for a week, 5 min for a month; H2 logs; H3 traces; H4 alerts.
  retention: {
    prometheus: "24h",
    metrics: [{ keep: "24h" }, { resolution: "1m", keep: "7d" }, { resolution: "5m", keep: "30d" }],
    alerts: "90d",
    logs: { keep: "7d", streams: [] },
    traces: { full: "24h", sampled: "7d" },
  },
  sampling: {
    ratio: 1,
    slowerThan: "5s",
    // E2: 1,000 spans/s; the others are OpenTelemetry's own defaults ("SDK configuration, span limits").
    keptPerSecond: "1k spans/s",
    limits: { spansPerSecond: "1k spans/s", attributes: 128, events: 128, links: 128 },
  },
  alerting: {
    receivers: [],
    severities: {},
    teams: {},
    timeIntervals: {},
    maintenance: [],
    escalation: {},
    alerts: {},
    thresholds: {},
    rules: {},
  },
  grafana: { anonymous: false },
  tempo: { dialect: "3" },
  loki: { replicationFactor: 3, ingestionRateMb: 16 },
  zones: [],
  systems: {
    prometheus: { shards: 1 },
    ...componentDefaults,
    victoriametrics: {
      ...componentDefaults.victoriametrics,
      // Alerts are a few hundred series: their history needs no more, whatever the load.
      stores: { alerts: { resources: size("50m", "128Mi", "256Mi"), volume: "5Gi" } },
    },
  },
  quotas: {
    applicationNamespaces: [],
    // I1
    application: {
      cpu: { request: "16", limit: "32" },
      memory: { request: "32Gi", limit: "64Gi" },
      storage: { initial: "200Gi", limit: "500Gi" },
    },
    headroom: 0.25,
  },
  cost: { prices: priceTable.prices },
  secrets: [],
};

const profiles = {
  local: {
    cluster: "local",
    storage: { kind: "in-cluster" },
    grafana: { anonymous: true },
    loki: { replicationFactor: 1 },
    // One store of metrics, one of traces: they fit a laptop.
    retention: { metrics: [{ keep: "7d" }], alerts: "7d", traces: { keep: "48h", full: null, sampled: null } },
    systems: {
      prometheus: system(1, size("100m", "256Mi", "1Gi"), "5Gi"),
      victoriametrics: system(1, size("50m", "128Mi", "512Mi"), "5Gi"),
      vmagent: system(1, size("20m", "64Mi", "256Mi"), "1Gi"),
      vmalert: system(1, size("10m", "32Mi", "128Mi")),
      loki: system(1, size("50m", "192Mi", "768Mi"), "5Gi"),
      tempo: system(1, size("50m", "128Mi", "768Mi"), "5Gi"),
      grafana: system(1, size("50m", "128Mi", "512Mi"), "1Gi"),
      alertmanager: system(1, size("10m", "32Mi", "128Mi"), "1Gi"),
      collector: { ...system(1, size("50m", "128Mi", "512Mi"), "2Gi"), agentResources: size("20m", "96Mi", "384Mi") },
      "node-exporter": system(1, size("10m", "24Mi", "96Mi")),
      "kube-state-metrics": system(1, size("10m", "48Mi", "256Mi")),
      versitygw: system(1, size("20m", "64Mi", "512Mi"), "20Gi"),
      phoenix: phoenix(true),
    },
  },
  dev: {
    storage: { kind: "aws" },
    sampling: { minimumDuration: "1ms" },
    systems: {
      prometheus: system(1, size("500m", "2Gi", "3Gi"), "20Gi"),
      victoriametrics: system(1, size("500m", "2Gi"), "100Gi"),
      vmagent: system(1, size("100m", "256Mi"), "10Gi"),
      vmalert: system(1, size("20m", "64Mi", "256Mi")),
      loki: system(3, size("250m", "1Gi", "2Gi"), "10Gi"),
      tempo: system(1, size("500m", "2Gi", "4Gi"), "20Gi"),
      grafana: system(1, size("100m", "256Mi", "512Mi"), "2Gi"),
      alertmanager: system(1, size("20m", "64Mi", "128Mi"), "1Gi"),
      collector: { ...system(2, size("250m", "512Mi", "1Gi"), "10Gi"), agentResources: size("50m", "128Mi", "512Mi") },
      "node-exporter": system(1, size("20m", "32Mi", "128Mi")),
      "kube-state-metrics": system(1, size("50m", "128Mi", "256Mi")),
      versitygw: { ...system(1, size("100m", "128Mi", "512Mi"), "50Gi"), enabled: false },
      phoenix: phoenix(false),
    },
  },
  prod: {
    storage: { kind: "aws", protect: true },
    // H1's tiers, the last one for as long as logs live.
    retention: {
      prometheus: "48h",
      metrics: [{ keep: "24h" }, { resolution: "1m", keep: "7d" }, { resolution: "5m", keep: "90d" }],
      logs: { keep: "90d" },
      traces: { sampled: "336h" },
    },
    sampling: { ratio: 0.1, minimumDuration: "10ms" },
    systems: {
      prometheus: system(2, size("2", "6Gi", "8Gi"), "50Gi"),
      victoriametrics: {
        ...system(1, size("2", "8Gi"), "400Gi"),
        // VictoriaMetrics deletes by the month: a tier of a day can hold a month and a day.
        stores: { raw: { volume: "200Gi" }, "1m": { volume: "100Gi" } },
      },
      vmagent: system(2, size("500m", "512Mi", "1Gi"), "20Gi"),
      vmalert: system(2, size("100m", "128Mi", "512Mi")),
      loki: system(3, size("2", "4Gi", "6Gi"), "20Gi"),
      tempo: system(1, size("2", "8Gi"), "50Gi"),
      grafana: system(1, size("250m", "512Mi", "1Gi"), "10Gi"),
      alertmanager: system(2, size("100m", "200Mi", "400Mi"), "2Gi"),
      collector: { ...system(3, size("1", "2Gi"), "20Gi"), agentResources: size("100m", "256Mi", "1Gi") },
      "node-exporter": system(1, size("50m", "48Mi", "128Mi")),
      "kube-state-metrics": system(1, size("100m", "256Mi", "512Mi")),
      versitygw: { ...system(1, size("100m", "128Mi", "512Mi"), "50Gi"), enabled: false },
      phoenix: phoenix(false),
    },
  },
} as const;

export type Profile = keyof typeof profiles;
export const profileNames = Object.keys(profiles) as Profile[];

/** The defaults of a profile, as plain input to the schema. */
export function defaultsOf(profile: Profile): Record<string, unknown> {
  return deepMerge({ profile, ...common } as Record<string, unknown>, profiles[profile]);
}
