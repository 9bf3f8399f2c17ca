import { deepMerge, httpPort, type Environment } from "../../environment";
import type { WorkloadArgs } from "../kubernetes";
import { flags, image, yaml, type SystemPlan } from "../system";

/** VictoriaMetrics' configuration is its flags. */
export function victoriametricsFlags(environment: Environment): Record<string, unknown> {
  const { retention, scrapeInterval, systems } = environment;
  const { replicas } = systems.prometheus;
  const base = {
    storageDataPath: "/storage",
    httpListenAddr: `:${httpPort.victoriametrics}`,
    // A bare number would be months.
    retentionPeriod: `${Math.ceil(retention.metrics.seconds / 3600)}h`,
    // A pair of Prometheus sends everything twice; one sample of each scrape interval stays.
    ...(replicas > 1 ? { "dedup.minScrapeInterval": scrapeInterval.toGo() } : {}),
    // Below this much free space it refuses writes instead of corrupting its merges; a tenth of the volume.
    ...(systems.victoriametrics.volume
      ? { "storage.minFreeDiskSpaceBytes": systems.victoriametrics.volume.share(0.1).bytes }
      : {}),
    "memory.allowedPercent": 60,
    loggerFormat: "json",
    // Types of its own metrics: Grafana's query editor and the catalogue's check read them.
    "metrics.exposeMetadata": true,
    // A dashboard should not be able to take the server down.
    "search.maxUniqueTimeseries": 300_000,
    "search.maxQueryDuration": "60s",
    "http.shutdownDelay": "3s",
  };
  const own = (systems.victoriametrics.config as { flags?: object }).flags ?? {};
  return deepMerge(base, own);
}

/** VictoriaMetrics, single node: the long-term metrics. */
export function victoriametrics(environment: Environment): SystemPlan {
  const { image: reference, version } = image(environment, "victoriametrics");
  const settings = environment.systems.victoriametrics;
  const values = victoriametricsFlags(environment);
  const args: WorkloadArgs = {
    system: "victoriametrics",
    component: "server",
    kind: "StatefulSet",
    namespace: environment.namespace,
    image: reference,
    version,
    args: flags(values, "-"),
    ports: { http: { port: httpPort.victoriametrics } },
    readiness: { path: "/health", port: "http" },
    startupSeconds: 300,
    replicas: settings.replicas,
    resources: settings.resources,
    user: 65534,
    ...(settings.volume ? { volume: { mountPath: "/storage", size: settings.volume } } : {}),
    gracePeriod: 60,
  };
  return {
    name: "victoriametrics",
    version,
    workloads: [args],
    objects: [],
    secrets: [],
    config: { "flags.yaml": yaml(values) },
    flows: [],
    scrapeJobs: [
      {
        job: "victoriametrics",
        namespace: environment.namespace,
        system: "victoriametrics",
        component: "server",
        port: "http",
        number: httpPort.victoriametrics,
      },
    ],
  };
}
