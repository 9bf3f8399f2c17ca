import type { Composition } from "./composition";
import { priceTable } from "./cost/prices";
import { deepMerge } from "./merge";
import type { ByProfile, Profile } from "./profile";

/**
 * What an environment is before anybody writes a line: one set for all, and what each profile changes. Values are
 * written as in a stack file, so that every default can be overridden by the same key. Those of a system stand with it.
 *
 * Sizes: `prod` is the "small" topology (50k samples/s, 1 MB/s of logs) of the servers' own sizing guides; `dev` is a
 * quarter of it; `local` fits a laptop. Thresholds and retentions: the requirements H1-H3, E2, A3 and A15.
 */
const own = {
  all: {
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
      watchdogReceivers: {},
      severities: {},
      teams: {},
      timeIntervals: {},
      maintenance: [],
      escalation: {},
      alerts: {},
      thresholds: {},
      rules: {},
    },
    zones: [],
    quotas: {
      applicationNamespaces: [],
      // I1
      application: {
        cpu: { request: "16", limit: "32" },
        memory: { request: "32Gi", limit: "64Gi" },
        storage: { initial: "200Gi", limit: "500Gi" },
      },
      headroom: 0.4,
    },
    cost: { prices: priceTable.prices },
    packs: ["hosts", "application", "phoenix", "kubernetes"],
    secrets: [],
  },
  local: {
    cluster: "local",
    outage: "30m",
    storage: { kind: "in-cluster" },
    // One store of metrics, one of traces: they fit a laptop.
    retention: { metrics: [{ keep: "7d" }], alerts: "7d", traces: { keep: "48h", full: null, sampled: null } },
  },
  dev: {
    outage: "1h",
    storage: { kind: "aws" },
    sampling: { minimumDuration: "1ms" },
  },
  prod: {
    outage: "2h",
    storage: { kind: "aws", protect: true },
    // H1's tiers, the last one for as long as logs live.
    retention: {
      prometheus: "48h",
      metrics: [{ keep: "24h" }, { resolution: "1m", keep: "7d" }, { resolution: "5m", keep: "90d" }],
      logs: { keep: "90d" },
      traces: { sampled: "336h" },
    },
    sampling: { ratio: 0.1, minimumDuration: "10ms" },
  },
} as const satisfies ByProfile;

/** The defaults of a profile, as plain input to the schema. */
export function defaultsOf(profile: Profile, { systems }: Composition): Record<string, unknown> {
  const of = (values: ByProfile): object => deepMerge(values.all ?? {}, values[profile] ?? {});
  const sections = systems.flatMap(({ name, defaults }) =>
    defaults.section === undefined ? [] : [[name, of(defaults.section)] as const],
  );
  return {
    profile,
    ...of(own),
    ...Object.fromEntries(sections),
    systems: Object.fromEntries(systems.map(({ name, defaults }) => [name, of(defaults.settings)])),
  };
}
