import { deepMerge, Duration, metricsWriter, replicaUrls, urlOf, writeUrls, type Environment } from "../../environment";
import { serverTracing } from "../shared";
import type { ScrapeJob } from "../system";
import { scrapeConfigs } from "./scrape";

/** Resource attributes of OTLP metrics that become labels; the others stay in `target_info`. */
const promotedAttributes = [
  "cluster",
  "service.name",
  "service.namespace",
  "service.version",
  "deployment.environment.name",
  "k8s.namespace.name",
  "k8s.pod.name",
  "k8s.container.name",
  "k8s.node.name",
];

/** Each of a pair scrapes everything; this label tells them apart and is taken off where the two must look the same. */
const replicaLabel = "prometheus_replica";
/** Which part of the targets it has. A target that moves to another shard stays the same series: taken off as well. */
const shardLabel = "prometheus_shard";

/** Prometheus' own configuration, of one of its shards; `ruleFiles` are paths or globs in the container. */
export function prometheusConfig(
  environment: Environment,
  jobs: readonly ScrapeJob[],
  ruleFiles: readonly string[],
  shard = 0,
): object {
  const { systems, retention, scrapeInterval, cluster } = environment;
  const writer = metricsWriter(environment);
  const longTerm = writeUrls(environment, writer);
  const tempo = urlOf(environment, "tempo", "write");
  const sharded = systems.prometheus.shards > 1;
  const withoutReplica = [{ regex: sharded ? `${replicaLabel}|${shardLabel}` : replicaLabel, action: "labeldrop" }];
  const alertmanagers = replicaUrls(environment, "alertmanager").map((url) => new URL(url));
  // The volume holds the WAL and a compaction beside the blocks: 80 % of it is theirs (facts: at most 80 to 85 %).
  const size = systems.prometheus.volume?.share(0.8);
  const config = {
    global: {
      scrape_interval: scrapeInterval.toString(),
      scrape_timeout: Duration.seconds(Math.min(10, scrapeInterval.seconds)).toString(),
      evaluation_interval: scrapeInterval.toString(),
      external_labels: {
        cluster,
        [replicaLabel]: "${POD_NAME}",
        ...(sharded ? { [shardLabel]: String(shard) } : {}),
      },
    },
    storage: {
      tsdb: {
        // Collectors retry after an outage: their samples are as old as the outage was long, and newer ones are there.
        out_of_order_time_window: Duration.seconds(Math.max(1_800, environment.outage.seconds + 600)).toString(),
        retention: { time: retention.prometheus.toString(), ...(size ? { size: prometheusBytes(size.bytes) } : {}) },
      },
      exemplars: { max_exemplars: 100_000 },
    },
    otlp: { promote_resource_attributes: promotedAttributes, keep_identifying_resource_attributes: true },
    ...(alertmanagers.length > 0
      ? {
          alerting: {
            alert_relabel_configs: withoutReplica,
            alertmanagers: alertmanagers.map((url) => ({
              scheme: url.protocol.slice(0, -1),
              ...(url.pathname === "/" ? {} : { path_prefix: url.pathname }),
              static_configs: [{ targets: [url.host] }],
            })),
          },
        }
      : {}),
    ...(longTerm.length === 0
      ? {}
      : {
          // Each store that holds everything has a queue of its own: one that is away gets what it missed.
          remote_write: longTerm.map((url, index) => ({
            name: index === 0 ? writer : `${writer}-${index}`,
            url: `${url}/api/v1/write`,
            write_relabel_configs: withoutReplica,
            queue_config: { capacity: 20_000, max_samples_per_send: 10_000, max_shards: 30 },
          })),
        }),
    ...(tempo === undefined ? {} : { tracing: serverTracing(environment, tempo) }),
    rule_files: [...ruleFiles],
    scrape_configs: scrapeConfigs(environment, jobs, shard),
  };
  return deepMerge(config, systems.prometheus.config);
}

/** Prometheus writes sizes as `8GB` and means powers of two. */
function prometheusBytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)}MB`;
}
