import {
  deepMerge,
  endpointOf,
  metricsStores,
  storeName,
  urlOf,
  writeUrls,
  type Environment,
  type MetricsStore,
  type Use,
} from "../../environment";
import { dnsFlows, workloadEnd, type Flow, type Workload, type WorkloadArgs } from "../kubernetes";
import { flowTo, flowToWrite } from "../reach";
import { flags, image, yaml, type ScrapeJob, type SystemPlan } from "../system";
import { victoriametricsCluster } from "./cluster";
import { vmauthMetricsPort, vmauthWorkload } from "./vmauth";
import { httpPort } from "./settings";

/** Configuration of a store: VictoriaMetrics' is its flags. */
function victoriametricsFlags(environment: Environment, store: MetricsStore): Record<string, unknown> {
  const { scrapeInterval, systems } = environment;
  const volume = volumeOf(environment, store);
  // Of each interval the last sample stays: that makes the resolution of a tier, and of the two samples that a pair of
  // Prometheus or of vmalert sends it leaves one. Here and not in vmagent, which counts intervals of its own clock: of everything that
  // arrives late, after an outage, one sample in all would be left (docs/decisions/0013).
  const twice = systems.prometheus.replicas > 1 || systems.vmalert.replicas > 1;
  const interval = store.resolution ?? (twice ? scrapeInterval : undefined);
  const base = {
    storageDataPath: "/storage",
    httpListenAddr: `:${httpPort}`,
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

type Pieces = Pick<SystemPlan, "workloads" | "config" | "flows" | "scrapeJobs">;

/**
 * VictoriaMetrics: the long-term metrics, a store for each that `retention` wants. The longest can be several nodes that
 * each hold everything, or a cluster; the others are single nodes.
 */
export function planVictoriametrics(environment: Environment): SystemPlan {
  const { version } = image(environment, "victoriametrics");
  const cluster = environment.systems.victoriametrics.mode === "cluster";
  const all = metricsStores(environment).map((store): Pieces => {
    if (store.component !== "server") return singleStore(environment, store, 1);
    if (cluster) return victoriametricsCluster(environment, nodeFlags(environment, store));
    return wholeNodes(environment, store);
  });
  return {
    name: "victoriametrics",
    version,
    workloads: all.flatMap(({ workloads }) => workloads),
    objects: [],
    secrets: [],
    config: Object.assign({}, ...all.map(({ config }) => config)) as Record<string, string>,
    flows: all.flatMap(({ flows }) => flows),
    scrapeJobs: all.flatMap(({ scrapeJobs }) => scrapeJobs),
  };
}

/** Nodes that each hold everything; of several, vmauth knows which answers. */
function wholeNodes(environment: Environment, store: MetricsStore): Pieces {
  const nodes = singleStore(environment, store, environment.systems.victoriametrics.replicas);
  if (endpointOf(environment, "victoriametrics").component === "server") return nodes;
  const vmauth = vmauthWorkload(environment, writeUrls(environment, "victoriametrics"));
  const { component, namespace } = vmauth;
  const self = workloadEnd(vmauth);
  const why = "passes questions on to a node that answers";
  return {
    workloads: [...nodes.workloads, vmauth],
    config: { ...nodes.config, ...vmauth.files?.[0]?.files },
    flows: [...flowToWrite(environment, self, "victoriametrics", why), ...dnsFlows(self)],
    scrapeJobs: [
      ...nodes.scrapeJobs,
      { job: "vmauth", namespace, system: "victoriametrics", component, ...vmauthMetricsPort },
    ],
  };
}

function singleStore(environment: Environment, store: MetricsStore, replicas: number): Pieces {
  const { namespace } = environment;
  const main = store.component === "server";
  const end = { system: "victoriametrics", component: store.component, namespace };
  const rules = main ? flowTo(environment, end, "vmalert", "asks for rules") : [];
  const job: ScrapeJob = {
    job: storeName(store),
    ...(main ? {} : { label: "victoriametrics" }),
    namespace,
    system: "victoriametrics",
    component: store.component,
    port: "http",
    number: httpPort,
  };
  return {
    workloads: [workloadOf(environment, store, replicas)],
    config: { [main ? "flags.yaml" : `flags-${store.name}.yaml`]: yaml(nodeFlags(environment, store)) },
    // Without vmalert a store opens no connection at all.
    flows: rules.length > 0 ? [...rules, ...dnsFlows(end)] : [],
    scrapeJobs: [job],
  };
}

/** Flags of a single node. Grafana asks the long-term store for its rules and alerts, and these are vmalert's. */
function nodeFlags(environment: Environment, store: MetricsStore): Record<string, unknown> {
  const rules = store.component === "server" ? urlOf(environment, "vmalert") : undefined;
  const proxy = rules === undefined ? {} : { "vmalert.proxyURL": rules };
  return { ...proxy, ...victoriametricsFlags(environment, store) };
}

function workloadOf(environment: Environment, store: MetricsStore, replicas: number): WorkloadArgs {
  const { image: reference, version } = image(environment, "victoriametrics");
  const settings = environment.systems.victoriametrics;
  const volume = volumeOf(environment, store);
  return {
    system: "victoriametrics",
    component: store.component,
    kind: "StatefulSet",
    namespace: environment.namespace,
    image: reference,
    version,
    args: flags(nodeFlags(environment, store), "-"),
    ports: { http: { port: httpPort } },
    readiness: { path: "/health", port: "http" },
    startupSeconds: 300,
    replicas,
    resources: storeSettings(environment, store)?.resources ?? settings.resources,
    user: 65534,
    ...(volume ? { volume: { mountPath: "/storage", size: volume } } : {}),
    gracePeriod: 60,
  };
}

/** The flows from a workload to each of the stores, to read them or to write to them. */
export function storeFlows(environment: Environment, from: Workload, why: string, use: Use = "read"): Flow[] {
  const toMain = use === "read" ? flowTo : flowToWrite;
  return metricsStores(environment).flatMap(({ component }) =>
    component === "server"
      ? toMain(environment, from, "victoriametrics", why)
      : [
          {
            from,
            to: { namespace: environment.namespace, system: "victoriametrics", component },
            port: httpPort,
            protocol: "TCP" as const,
            why,
          },
        ],
  );
}
