import { deepMerge, replicaUrls, serviceHost, traceTiers, type Environment } from "../../environment";
import { loadOf, spanBytes } from "../../environment/sizing";
import { gossipPort, grpcPort } from "../parts";
import type { StoragePlan } from "../storage/plan";

/** What outlives a pod. */
const volume = "/var/tempo";

/** Ports of Tempo's own receivers. */
export const receiverPorts = { otlpGrpc: 4317, otlpHttp: 4318, jaeger: 14268, zipkin: 9411 } as const;

/** Dimensions of span metrics beside service, span name, kind and status: what panels split by, and no more. */
const dimensions = [
  "http.method",
  "http.request.method",
  "http.status_code",
  "http.response.status_code",
  "http.route",
  "deployment.environment.name",
];

/** Tempo's own configuration in the major version that the environment chooses; both come from the same decisions. */
export function tempoConfig(environment: Environment, storage: StoragePlan): object {
  const config =
    environment.tempo.majorVersion === "3" ? majorVersion3(environment, storage) : majorVersion2(environment, storage);
  return deepMerge(config, environment.systems.tempo.config);
}

/**
 * Seconds to end in. Spans are on the volume within one, and the worker gives its job back within five. A query frontend that
 * was asked anything in the last half minute never ends by itself (seen on 2.10.8 and 3.0.3: the queue of a tenant that it
 * waits for is taken away by a timer that it has stopped before), so that a longer time only keeps its successor waiting.
 */
export const endSeconds = 30;

/** Where the configuration lies in the container. */
export const configPath = "/etc/tempo";
export const tenantsFile = "tenants.yaml";

/** Whether each tier of traces is a tenant. */
export const hasTenants = (environment: Environment) => traceTiers(environment).length > 1;

/** Share of all active series that span metrics and the service graph may be, and what they may be in any environment. */
const spanSeriesShare = 0.2;
/** A route of a service is about 30 series: buckets, sum, count, calls and sizes. So a thousand of them. */
const fewestSpanSeries = 30_000;

/**
 * Limits of one tenant. Span metrics are made where every span arrives: of what sampling left they would be an estimate.
 * @param counts whether span metrics and the service graph are made of this tenant's spans
 */
function limits(environment: Environment, retention: string | undefined, counts: boolean): object {
  const { spans, activeSeries } = loadOf(environment);
  // Its own defaults, and twice the stated load.
  const rate = Math.max(30_000_000, 2 * spans.perSecond * spanBytes);
  return {
    ingestion: {
      rate_limit_bytes: Math.ceil(rate),
      burst_size_bytes: Math.ceil((rate / 3) * 4),
      // No limit by number: beyond it (10,000 by default) spans are discarded that the sender was told have arrived. Bytes
      // are what memory is about: the rate above bounds them, and a live store waits when it holds 250 MB.
      max_traces_per_user: 0,
    },
    global: { max_bytes_per_trace: 5_000_000 },
    compaction: { block_retention: retention },
    metrics_generator: {
      processors: counts ? ["service-graphs", "span-metrics"] : [],
      // Span names with ids in them must not fill the metrics: a fifth of what is stated, of each generator.
      ...(counts
        ? { max_active_series: Math.max(fewestSpanSeries, Math.ceil(activeSeries.count * spanSeriesShare)) }
        : {}),
    },
  };
}

/** Limits by tenant. An entry inherits nothing from the defaults: each says everything. */
export function tempoTenants(environment: Environment): object {
  const tenants = traceTiers(environment).map(({ name, tenant, keep }) => [
    tenant,
    limits(environment, keep.toGo(), name === "full"),
  ]);
  return { overrides: Object.fromEntries(tenants) as object };
}

/** The longest tier; a tenant with another retention says so in its own limits. */
const blockRetention = (environment: Environment) => traceTiers(environment).at(-1)?.keep.toGo();

/**
 * A block in S3 is read through a buffer for each of its 130 columns, of 1 MiB each by default: they were 478 of 637 MB in a
 * heap profile of 3.0.3 with 768 Mi, after a trace was asked for that lay in several blocks. 64 KiB cost a sixth more
 * requests. What a live store still has on its volume it reads through 1 MiB all the same: no setting reaches that.
 */
function readBuffers(environment: Environment): object {
  const { mode, resources } = environment.systems.tempo;
  const small = mode === "single" && resources.limits.memory.bytes < 2 * 2 ** 30;
  return small ? { search: { read_buffer_size_bytes: 65_536 } } : {};
}

function common(environment: Environment, storage: StoragePlan) {
  const { cluster } = environment;
  const s3 = {
    bucket: storage.buckets.traces,
    ...(environment.storage.prefix === "" ? {} : { prefix: environment.storage.prefix }),
    region: storage.region,
    endpoint: storage.host,
    ...(storage.kind === "in-cluster" ? { insecure: true, forcepathstyle: true } : {}),
  };
  return {
    server: { http_listen_port: 3200, grpc_listen_port: 9095, log_format: "json", graceful_shutdown_timeout: "5s" },
    // Grafana's data source streams a search by gRPC to the address that it queries by HTTP.
    stream_over_http_enabled: true,
    ...(hasTenants(environment) ? { multitenancy_enabled: true } : {}),
    distributor: {
      receivers: {
        otlp: {
          protocols: {
            grpc: { endpoint: `0.0.0.0:${receiverPorts.otlpGrpc}` },
            http: { endpoint: `0.0.0.0:${receiverPorts.otlpHttp}` },
          },
        },
        // Their clients name no tenant: with tenants the gateway takes these in.
        ...(hasTenants(environment)
          ? {}
          : {
              jaeger: { protocols: { thrift_http: { endpoint: `0.0.0.0:${receiverPorts.jaeger}` } } },
              zipkin: { endpoint: `0.0.0.0:${receiverPorts.zipkin}` },
            }),
      },
    },
    metrics_generator: {
      registry: { external_labels: { source: "tempo", cluster } },
      // Each replica of Prometheus holds its own exemplars: each gets the series.
      storage: {
        path: `${volume}/generator`,
        remote_write: replicaUrls(environment, "prometheus").map((url) => ({
          url: `${url}/api/v1/write`,
          send_exemplars: true,
        })),
      },
      processor: { service_graphs: { dimensions: [] }, span_metrics: { dimensions } },
    },
    storage: { trace: { backend: "s3", s3, wal: { path: `${volume}/wal` }, ...readBuffers(environment) } },
    overrides: {
      defaults: limits(environment, blockRetention(environment), true),
      ...(hasTenants(environment) ? { per_tenant_override_config: `${configPath}/${tenantsFile}` } : {}),
    },
    usage_report: { reporting_enabled: false },
  };
}

function majorVersion3(environment: Environment, storage: StoragePlan): object {
  const base = common(environment, storage);
  const compaction = { block_retention: blockRetention(environment) };
  const { mode, components } = environment.systems.tempo;
  const worker = {
    compaction,
    // It waits for this long on its way out even when it has nothing to do; what it leaves undone is done again.
    finish_on_shutdown_timeout: "5s",
  };
  const stores = {
    wal: { path: `${volume}/live-store/traces` },
    shutdown_marker_dir: `${volume}/live-store/shutdown-marker`,
  };
  const both = {
    ...base,
    backend_scheduler: { provider: { compaction: { compaction } }, local_work_path: volume },
  };
  if (mode === "single") return { ...both, backend_worker: worker, live_store: { ...stores, ...alone3 } };
  // Each partition of the topic is read by one live store of each zone, and by one block builder.
  const partitions = components["live-store"].replicas / liveStoreZones.length;
  return {
    ...both,
    ...found(environment, ["live-store-zone-a", "live-store-zone-b"]),
    ingest: { kafka: { ...environment.tempo.kafka } },
    live_store: stores,
    block_builder: { partitions_per_instance: Math.ceil(partitions / components["block-builder"].replicas) },
    backend_worker: {
      ...worker,
      backend_scheduler_addr: `${serviceHost(environment, "tempo-backend-scheduler")}:${grpcPort}`,
      ring: { kvstore: { store: "memberlist" } },
    },
  };
}

/** What is not in the write-ahead log yet dies with the process, and the sender was told that it arrived. */
const alone3 = {
  max_trace_idle: "500ms",
  max_trace_live: "500ms",
  flush_check_period: "500ms",
  max_block_duration: "30s",
  // A log that is older than this when Tempo starts is thrown away.
  complete_block_timeout: "2h",
};

/** Where the two live stores of a partition run. */
export const liveStoreZones = ["zone-a", "zone-b"] as const;

/** How the parts find each other where they run apart: the ring by the pods of some, the frontends by their pods. */
function found(environment: Environment, keepers: readonly string[]): object {
  const host = (part: string, port: number) => `${serviceHost(environment, `tempo-${part}-headless`)}:${port}`;
  return {
    memberlist: { join_members: keepers.map((part) => host(part, gossipPort)), cluster_label: "tempo" },
    // A querier works for every frontend: one that it does not know would wait for nobody.
    querier: { frontend_worker: { frontend_address: host("query-frontend", grpcPort) } },
  };
}

function majorVersion2(environment: Environment, storage: StoragePlan): object {
  const base = common(environment, storage);
  const { mode, components } = environment.systems.tempo;
  const distributed = mode === "distributed";
  const replicas = distributed ? components.ingester.replicas : environment.systems.tempo.replicas;
  const ring = { kvstore: { store: replicas > 1 ? "memberlist" : "inmemory" } };
  const members = { join_members: [`${serviceHost(environment, "tempo-headless")}:7946`], cluster_label: "tempo" };
  return {
    ...base,
    ...(distributed ? found(environment, ["ingester"]) : replicas > 1 ? { memberlist: members } : {}),
    distributor: { ...base.distributor, ring },
    ingester: {
      // Completing a block opens every page that was written of it, 1 to 2 MiB each: a page a second for 30 minutes took
      // more than the memory that a small Tempo has, at each start anew. Neither way has more than 180 pages.
      max_block_duration: replicas > 1 ? "30m" : "3m",
      // An ingester that is not there any more took nothing with it.
      ...(distributed ? { flush_all_on_shutdown: true } : {}),
      // What is not in the write-ahead log yet dies with the process, and the sender was told that it arrived. Replicas
      // hold it too; alone, Tempo writes every second what was quiet for one, or has gone on for one.
      ...(replicas > 1 ? {} : { trace_idle_period: "1s", trace_live_period: "1s", flush_check_period: "1s" }),
      lifecycler: {
        ring: { ...ring, replication_factor: Math.min(3, replicas) },
        // Alone in its ring it has nobody to wait for.
        min_ready_duration: replicas > 1 ? "15s" : "0s",
      },
    },
    // Alone, the compactor needs no ring: with one it waits a minute for others before it starts.
    compactor: {
      ring: replicas > 1 ? ring : { kvstore: { store: "" } },
      compaction: { block_retention: blockRetention(environment) },
    },
    metrics_generator: { ...base.metrics_generator, ring },
  };
}
