import { deepMerge, Duration, metricsWriter, replicaUrls, urlOf, type Environment } from "../../environment";
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
const withoutReplica = [{ regex: replicaLabel, action: "labeldrop" }];

/** Prometheus' own configuration; `ruleFiles` are paths or globs in the container. */
export function prometheusConfig(
  environment: Environment,
  jobs: readonly ScrapeJob[],
  ruleFiles: readonly string[],
): object {
  const { systems, retention, scrapeInterval, cluster } = environment;
  const writer = metricsWriter(environment);
  const longTerm = urlOf(environment, writer);
  const tempo = urlOf(environment, "tempo");
  const alertmanagers = replicaUrls(environment, "alertmanager").map((url) => new URL(url));
  // The volume holds the WAL and a compaction beside the blocks: 80 % of it is theirs (facts: at most 80 to 85 %).
  const size = systems.prometheus.volume?.share(0.8);
  const config = {
    global: {
      scrape_interval: scrapeInterval.toString(),
      scrape_timeout: Duration.seconds(Math.min(10, scrapeInterval.seconds)).toString(),
      evaluation_interval: scrapeInterval.toString(),
      external_labels: { cluster, [replicaLabel]: "${POD_NAME}" },
    },
    storage: {
      tsdb: {
        // Collectors retry after an outage: their samples are as old as the outage was long.
        out_of_order_time_window: "30m",
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
    ...(longTerm === undefined
      ? {}
      : {
          remote_write: [
            {
              name: writer,
              url: `${longTerm}/api/v1/write`,
              write_relabel_configs: withoutReplica,
              queue_config: { capacity: 20_000, max_samples_per_send: 10_000, max_shards: 30 },
            },
          ],
        }),
    ...(tempo === undefined ? {} : { tracing: serverTracing(tempo) }),
    rule_files: [...ruleFiles],
    scrape_configs: scrapeConfigs(environment, jobs),
  };
  return deepMerge(config, systems.prometheus.config);
}

/** Prometheus writes sizes as `8GB` and means powers of two. */
function prometheusBytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)}MB`;
}
