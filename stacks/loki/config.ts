import {
  deepMerge,
  Duration,
  grafanaUrl,
  logsKept,
  queryLength,
  serviceHost,
  urlOf,
  type Environment,
} from "../../environment";
import type { StoragePlan } from "../storage/plan";
import { grpcPort } from "../parts";
import { cacheConfig } from "./caches";
import { defaultStreamLimit } from "./limits";
import { notifier, recorded } from "./ruler";
import { httpPort } from "./settings";

/** OTLP resource attributes that become stream labels. What changes with every pod stays out: it would make a stream each. */
const streamLabels = [
  "cluster",
  "service.name",
  "service.namespace",
  "deployment.environment.name",
  "k8s.cluster.name",
  "k8s.namespace.name",
  "k8s.container.name",
  "k8s.deployment.name",
  "k8s.statefulset.name",
  "k8s.daemonset.name",
  "k8s.cronjob.name",
];

/** The day of the schema in use. Data written under one schema is read under it: a new one gets a later day. */
const schemaSince = "2026-01-01";

/** A page of 5,000 lines does not fit into gRPC's 4 MiB: the query would hang and answer 504. In bytes. */
const largeAnswers = { grpc_server_max_recv_msg_size: 67_108_864, grpc_server_max_send_msg_size: 67_108_864 };

const streamRetention = ({ selector, priority, keep }: Environment["retention"]["logs"]["streams"][number]) => ({
  selector,
  priority,
  period: keep.toGo(),
});

/** How the parts find each other where they run apart. */
function apart(environment: Environment): object {
  return {
    // Queriers and frontends find every scheduler by the ring: a service would show them one of several.
    query_scheduler: { use_scheduler_ring: true },
    // Its ring would take the replication factor of the lines: of two gateways, none may be away.
    index_gateway: { mode: "simple" },
    frontend: { tail_proxy_url: `http://${serviceHost(environment, "loki-querier")}:${httpPort}` },
  };
}

/** Who a starting process asks for the others: pods with names of their own. */
function joinMembers(environment: Environment): string[] {
  const { zones, systems } = environment;
  const keepers = zones.length === 0 ? ["ingester"] : zones.map((zone) => `ingester-${zone}`);
  const services =
    systems.loki.mode === "single" ? ["loki"] : [...keepers, "index-gateway"].map((part) => `loki-${part}`);
  return services.map((service) => `${serviceHost(environment, `${service}-headless`)}:7946`);
}

/** Every index gateway, by the records of their headless service: who can't reach one asks the next. */
const indexGateways = (environment: Environment): string =>
  `dns+${serviceHost(environment, "loki-index-gateway-headless")}:${grpcPort}`;

function compactorHost(environment: Environment): string {
  const { mode, replicas } = environment.systems.loki;
  if (mode === "distributed") return serviceHost(environment, "loki-compactor");
  return replicas > 1 ? `loki-0.${serviceHost(environment, "loki-headless")}` : "127.0.0.1";
}

/**
 * Loki refuses a line for good when its stream has one that is newer by half of this ("entry too far behind"): after an
 * outage one queue is empty while another is still at its beginning, and both hold lines of the same stream. Ten minutes
 * more are for the queues' own waits. Loki's default is 2 h.
 */
function chunkAge({ outage }: Environment): string {
  return Duration.seconds(Math.max(7_200, 2 * (outage.seconds + 600))).toGo();
}

/** Loki's own configuration, the same for each of its parts: tsdb v13 on S3, highly available by its ring. */
export function lokiConfig(environment: Environment, storage: StoragePlan): object {
  const { loki, retention, systems } = environment;
  const { replicas, mode } = systems.loki;
  const distributed = mode === "distributed";
  const shared = distributed || replicas > 1;
  const ring = { kvstore: { store: shared ? "memberlist" : "inmemory" } };
  const caches = distributed ? cacheConfig(environment) : undefined;
  const grafana = grafanaUrl(environment) ?? urlOf(environment, "grafana");
  const ingestion = loki.ingestionRateMb;
  const s3 = {
    bucket_name: storage.buckets.logs,
    region: storage.region,
    endpoint: storage.host,
    ...(storage.kind === "in-cluster" ? { insecure: true, bucket_lookup_type: "path" } : {}),
  };
  const config = {
    auth_enabled: true,
    server: {
      http_listen_port: 3100,
      grpc_listen_port: 9095,
      log_format: "json",
      graceful_shutdown_timeout: "5s",
      ...largeAnswers,
    },
    common: {
      path_prefix: "/loki",
      replication_factor: loki.replicationFactor,
      ring,
      compactor_grpc_address: `${compactorHost(environment)}:9095`,
    },
    ...(shared ? { memberlist: { join_members: joinMembers(environment), cluster_label: "loki" } } : {}),
    schema_config: {
      configs: [
        {
          from: schemaSince,
          store: "tsdb",
          object_store: "s3",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    storage_config: {
      use_thanos_objstore: true,
      object_store: {
        s3,
        ...(environment.storage.prefix === "" ? {} : { storage_prefix: environment.storage.prefix }),
      },
      tsdb_shipper: {
        active_index_directory: "/loki/index",
        cache_location: "/loki/cache",
        ...(distributed ? { index_gateway_client: { server_address: indexGateways(environment) } } : {}),
      },
    },
    ...(caches === undefined ? {} : { chunk_store_config: caches.chunk_store_config }),
    ingester: {
      // Alone in its ring it has nobody to wait for.
      lifecycler: {
        min_ready_duration: shared ? "15s" : "0s",
        // A ring that says anything of its own inherits nothing from the common one.
        ...(distributed && environment.zones.length > 0
          ? { ring: { ...ring, replication_factor: loki.replicationFactor, zone_awareness_enabled: true } }
          : {}),
      },
      chunk_encoding: "snappy",
      chunk_idle_period: "30m",
      chunk_retain_period: "15m",
      max_chunk_age: chunkAge(environment),
      // What stands in memory is in the WAL too, and is written to S3 on the way out.
      wal: { enabled: true, dir: "/loki/wal", flush_on_shutdown: true },
    },
    compactor: {
      working_directory: "/loki/compactor",
      retention_enabled: true,
      delete_request_store: "s3",
      retention_delete_delay: "2h",
    },
    limits_config: {
      retention_period: retention.logs.keep.toGo(),
      // A list of ours would replace what somebody merges in: no stream, no list.
      ...(retention.logs.streams.length > 0 ? { retention_stream: retention.logs.streams.map(streamRetention) } : {}),
      max_query_length: queryLength(environment).toGo(),
      // What waits for its deletion is not shown any more.
      max_query_lookback: logsKept(environment).toGo(),
      allow_structured_metadata: true,
      volume_enabled: true,
      reject_old_samples_max_age: "168h",
      ingestion_rate_mb: ingestion,
      ingestion_burst_size_mb: ingestion * 2,
      per_stream_rate_limit: `${ingestion}MB`,
      per_stream_rate_limit_burst: `${ingestion * 2}MB`,
      max_global_streams_per_user: defaultStreamLimit,
      otlp_config: {
        resource_attributes: {
          ignore_defaults: true,
          attributes_config: [{ action: "index_label", attributes: streamLabels }],
        },
      },
    },
    ruler: {
      rule_path: "/loki/rules",
      enable_api: true,
      ring,
      // Several that evaluate the same group would record each count several times.
      ...(shared ? { enable_sharding: true } : {}),
      ...recorded(environment),
      ...notifier(environment),
      // An alert's link to its source is a page of Grafana; without this it would have no host.
      ...(grafana === undefined ? {} : { external_url: grafana, datasource_uid: "loki" }),
    },
    ruler_storage: { backend: "local", local: { directory: "/etc/loki/rules" } },
    pattern_ingester: { enabled: true },
    query_range: { align_queries_with_step: true, ...caches?.results },
    ...(distributed ? apart(environment) : {}),
    analytics: { reporting_enabled: false },
    // Loki 3.7 can't start its tracing: two versions of the OpenTelemetry schema meet in it ("conflicting Schema URL").
    tracing: { enabled: false },
  };
  return deepMerge(config, systems.loki.config);
}
