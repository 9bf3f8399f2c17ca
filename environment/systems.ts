import { z } from "zod";
import { lokiComponents, tempoComponents, victoriametricsComponents } from "./components";
import { bytes, cpu, decimalFrom, duration, fault, label, ratio } from "./values";

/** The systems of the stack; the same word names the folder, the labels, the manifests and the configuration key. */
export const systemNames = [
  "prometheus",
  "victoriametrics",
  "vmagent",
  "vmalert",
  "loki",
  "tempo",
  "grafana",
  "alertmanager",
  "collector",
  "node-exporter",
  "kube-state-metrics",
  "versitygw",
  "phoenix",
] as const;
export type SystemName = (typeof systemNames)[number];

const resources = z.strictObject({
  requests: z.strictObject({ cpu, memory: bytes }),
  /** No CPU limit by default: throttling a server under load loses data, a request already guarantees its share. */
  limits: z.strictObject({ cpu: cpu.optional(), memory: bytes }),
});
export type Resources = z.output<typeof resources>;

export const toleration = z
  .strictObject({ key: z.string(), operator: z.string(), value: z.string(), effect: z.string() })
  .partial();

/** Sections of a server's own configuration; which ones exist is known, what stands in them is the server's business. */
const sections = <const Section extends string>(names: readonly [Section, ...Section[]]) =>
  z.partialRecord(z.enum(names), z.unknown());

function system<Config extends z.ZodType>(config: Config) {
  return z.strictObject({
    /** Off: nothing of it is deployed and nothing of the stack expects it. */
    enabled: z.boolean(),
    /** Base URL of one that exists already; then none is deployed and the stack uses that one. */
    existingUrl: z.url({ protocol: /^https?$/ }).optional(),
    replicas: z.int().min(1).max(50),
    resources,
    storageClass: label.optional(),
    nodeSelector: z.record(z.string(), z.string()).optional(),
    tolerations: z.array(toleration).optional(),
    /**
     * Merged over the server's own configuration, key by key; lists are replaced, null takes a key away.
     * @default nothing
     */
    // No default among the profiles' ones: a merge there would already swallow the nulls.
    config: config.prefault({} as z.input<Config>),
  });
}

/** A server that keeps something: without a volume it could not even start, its root file system is read-only. */
function stateful<Config extends z.ZodType>(config: Config) {
  return system(config).extend({ volume: bytes });
}

const component = z.strictObject({ replicas: z.int().min(1).max(200), resources, volume: bytes.optional() });
export type ComponentSettings = z.output<typeof component>;

/** The sizes of a system's parts where they run apart; each has a default, so each is there. */
const components = <const Name extends string>(names: readonly [Name, ...Name[]]) => z.record(z.enum(names), component);

/** A store of metrics: the resolution of a tier, `raw` for the one of every sample, or the history of alerts. */
const storeName = z.string().regex(/^(raw|alerts|\d+(ms|[smhd]))$/, {
  error: fault("is not the name of a store", '"raw", "alerts", or the resolution of a tier such as "1m"'),
});

const collectorSections = sections(["receivers", "processors", "exporters", "extensions", "connectors", "service"]);

/** The agents of the demo application. */
export const phoenixAgents = ["git", "llm-router", "obsidian"] as const;

export const systemsSchema = z.strictObject({
  prometheus: stateful(
    sections([
      "global",
      "alerting",
      "rule_files",
      "scrape_configs",
      "remote_write",
      "remote_read",
      "storage",
      "otlp",
      "tracing",
      "runtime",
    ]),
  ).extend({
    /** Parts of the targets, each scraped by `replicas` of its own; rules across targets then run on VictoriaMetrics. */
    shards: z.int().min(1).max(50),
  }),
  victoriametrics: stateful(sections(["flags"])).extend({
    /** `single`: whole servers, each with every sample, behind vmauth when there are several; `cluster` spreads them. */
    mode: z.enum(["single", "cluster"]),
    /** How many storage nodes of a cluster keep each sample; N copies want 2N − 1 nodes. */
    replicationFactor: z.int().min(1).max(5),
    /** Replicas, resources and volume of each part, where they run apart. */
    components: components(victoriametricsComponents),
    /** What differs for one of several stores, by its name: a tier's resolution such as `1m`, `raw`, or `alerts`. */
    stores: z.record(storeName, z.strictObject({ resources, volume: bytes }).partial()),
  }),
  vmagent: stateful(sections(["flags"])),
  vmalert: system(sections(["flags"])),
  loki: stateful(
    sections([
      "server",
      "common",
      "memberlist",
      "distributor",
      "querier",
      "query_range",
      "frontend",
      "ruler",
      "ruler_storage",
      "ingester_client",
      "ingester",
      "pattern_ingester",
      "index_gateway",
      "schema_config",
      "storage_config",
      "chunk_store_config",
      "compactor",
      "limits_config",
      "frontend_worker",
      "table_manager",
      "runtime_config",
      "operational_config",
      "tracing",
      "analytics",
      "query_scheduler",
      "bloom_build",
      "bloom_gateway",
      "auth_enabled",
    ]),
  ).extend({
    /** `single`: each replica is a whole Loki; `distributed`: its parts run apart, sized by `components`. */
    mode: z.enum(["single", "distributed"]),
    /** Replicas, resources and volume of each part, where they run apart. */
    components: components(lokiComponents),
  }),
  tempo: stateful(
    sections([
      "server",
      "distributor",
      "ingester",
      "ingester_client",
      "live_store",
      "backend_scheduler",
      "backend_worker",
      "compactor",
      "query_frontend",
      "querier",
      "metrics_generator",
      "storage",
      "memberlist",
      "overrides",
      "usage_report",
      "ingest",
      "block_builder",
      "cache",
      "multitenancy_enabled",
      "stream_over_http_enabled",
    ]),
  ).extend({
    /** `single`: each replica is a whole Tempo; `distributed`: its parts run apart, with Kafka between them in Tempo 3. */
    mode: z.enum(["single", "distributed"]),
    /** Replicas, resources and volume of each part, where they run apart. */
    components: components(tempoComponents),
  }),
  grafana: stateful(
    sections([
      "server",
      "database",
      "security",
      "users",
      "auth",
      "auth.anonymous",
      "auth.generic_oauth",
      "auth.github",
      "auth.google",
      "auth.azuread",
      "auth.okta",
      "auth.ldap",
      "auth.jwt",
      "auth.proxy",
      "auth.basic",
      "analytics",
      "log",
      "metrics",
      "smtp",
      "feature_toggles",
      "dashboards",
      "unified_alerting",
      "explore",
      "plugins",
      "date_formats",
      "snapshots",
      "tracing.opentelemetry.otlp",
      "tracing.opentelemetry",
      "paths",
      "panels",
      "live",
      "quota",
      "dataproxy",
    ]),
  ),
  alertmanager: stateful(
    sections(["global", "route", "receivers", "inhibit_rules", "templates", "time_intervals", "tracing"]),
  ),
  collector: stateful(
    z.strictObject({ agent: collectorSections, gateway: collectorSections, sampler: collectorSections }).partial(),
  ).extend({
    /** Of the agent on each node; `resources` are those of the gateway and the samplers. */
    agentResources: resources,
    /** Bounds of the gateway's replicas, chosen by its use of CPU and memory. @default as many as `replicas` */
    autoscaling: z
      .strictObject({ minReplicas: z.int().min(1).max(50), maxReplicas: z.int().min(1).max(200) })
      .optional(),
  }),
  "node-exporter": system(sections(["flags"])),
  "kube-state-metrics": system(sections(["flags"])),
  versitygw: stateful(sections(["flags"])),
  phoenix: system(sections(["env"])).extend({
    load: z.strictObject({
      /** Plans that the demo's users begin each second; each makes about ten requests. 0: nobody comes. */
      plansPerSecond: decimalFrom(0, 20),
    }),
    /** What goes wrong on purpose until somebody switches it at run time (`node phoenix.js faults`). */
    faults: z.strictObject({
      /** Share of the demo's requests and calls to its agents that fail, 0..1. */
      errors: ratio,
      /** Added to each request and call. @default none */
      latency: duration.optional(),
      /** How many times `plansPerSecond`. */
      load: decimalFrom(0, 50),
      /** Share of lookups that the demo's cache does not answer although it could, 0..1. */
      misses: ratio,
      /** Agents of the demo that refuse to work. */
      down: z.array(z.enum(phoenixAgents)),
    }),
  }),
});
export type SystemSettings = z.output<typeof systemsSchema>[SystemName];
