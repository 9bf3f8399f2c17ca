import {
  deepMerge,
  httpPort,
  metricsStores,
  storeName,
  type Environment,
  type MetricsStore,
  type SystemName,
} from "../../environment";
import type { Flow, Workload, WorkloadArgs } from "../kubernetes";
import { flowTo } from "../reach";
import { flags, image, yaml, type ScrapeJob, type SystemPlan } from "../system";

/** Configuration of a store: VictoriaMetrics' is its flags. */
export function victoriametricsFlags(environment: Environment, store: MetricsStore): Record<string, unknown> {
  const { scrapeInterval, systems } = environment;
  const volume = volumeOf(environment, store);
  // Of each interval the last sample stays: that makes the resolution of a tier, and of the two samples that a pair of
  // Prometheus sends it leaves one. Here and not in vmagent, which counts intervals of its own clock: of everything that
  // arrives late, after an outage, one sample in all would be left (docs/decisions/0013).
  const interval = store.resolution ?? (systems.prometheus.replicas > 1 ? scrapeInterval : undefined);
  const base = {
    storageDataPath: "/storage",
    httpListenAddr: `:${httpPort.victoriametrics}`,
    // A bare number would be months.
    retentionPeriod: `${Math.ceil(store.keep.seconds / 3600)}h`,
    ...(interval === undefined ? {} : { "dedup.minScrapeInterval": interval.toGo() }),
    // Below this much free space it refuses writes instead of corrupting its merges; a tenth of the volume.
    ...(volume ? { "storage.minFreeDiskSpaceBytes": volume.share(0.1).bytes } : {}),
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

const storeSettings = ({ systems }: Environment, { name }: MetricsStore) => systems.victoriametrics.stores[name];
const volumeOf = (environment: Environment, store: MetricsStore) =>
  storeSettings(environment, store)?.volume ?? environment.systems.victoriametrics.volume;

/** VictoriaMetrics: the long-term metrics, a single node for each store that `retention` wants. */
export function victoriametrics(environment: Environment): SystemPlan {
  const { image: reference, version } = image(environment, "victoriametrics");
  const stores = metricsStores(environment);
  return {
    name: "victoriametrics",
    version,
    workloads: stores.map((store) => workloadOf(environment, store, reference, version)),
    objects: [],
    secrets: [],
    config: Object.fromEntries(
      stores.map((store) => [
        store.component === "server" ? "flags.yaml" : `flags-${store.name}.yaml`,
        yaml(victoriametricsFlags(environment, store)),
      ]),
    ),
    flows: [],
    scrapeJobs: stores.map((store): ScrapeJob => ({
      job: storeName(store),
      ...(store.component === "server" ? {} : { label: "victoriametrics" }),
      namespace: environment.namespace,
      system: "victoriametrics",
      component: store.component,
      port: "http",
      number: httpPort.victoriametrics,
    })),
  };
}

function workloadOf(
  environment: Environment,
  store: MetricsStore,
  reference: string,
  version: string,
): SystemPlan["workloads"][number] {
  const settings = environment.systems.victoriametrics;
  const volume = volumeOf(environment, store);
  return {
    system: "victoriametrics",
    component: store.component,
    kind: "StatefulSet",
    namespace: environment.namespace,
    image: reference,
    version,
    args: flags(victoriametricsFlags(environment, store), "-"),
    ports: { http: { port: httpPort.victoriametrics } },
    readiness: { path: "/health", port: "http" },
    startupSeconds: 300,
    replicas: settings.replicas,
    resources: storeSettings(environment, store)?.resources ?? settings.resources,
    user: 65534,
    ...(volume ? { volume: { mountPath: "/storage", size: volume } } : {}),
    gracePeriod: 60,
  } satisfies WorkloadArgs & { system: SystemName };
}

/** The flows from a workload to each of the stores. */
export function storeFlows(environment: Environment, from: Workload, why: string): Flow[] {
  return metricsStores(environment).flatMap(({ component }) =>
    component === "server"
      ? flowTo(environment, from, "victoriametrics", why)
      : [
          {
            from,
            to: { namespace: environment.namespace, system: "victoriametrics", component },
            port: httpPort.victoriametrics,
            protocol: "TCP" as const,
            why,
          },
        ],
  );
}
