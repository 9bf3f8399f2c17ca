/**
 * The parts of the servers that can run apart, and how large each is before anybody says so. The sizes are those of the
 * servers' own sizing guides for a medium load (300k samples/s, 10 MB/s of logs, 3k spans/s); a stated load replaces
 * them, and a stack file both.
 */

export const lokiComponents = [
  "distributor",
  "ingester",
  "pattern-ingester",
  "querier",
  "query-frontend",
  "query-scheduler",
  "index-gateway",
  "compactor",
  "ruler",
  "chunks-cache",
  "results-cache",
] as const;
export type LokiComponent = (typeof lokiComponents)[number];

export const tempoComponents = [
  "distributor",
  "ingester",
  "querier",
  "query-frontend",
  "compactor",
  "metrics-generator",
  "live-store",
  "block-builder",
  "backend-scheduler",
  "backend-worker",
] as const;
export type TempoComponent = (typeof tempoComponents)[number];

/** Which of them each line of Tempo has. */
export const tempoComponentsOf = {
  "2": ["distributor", "ingester", "querier", "query-frontend", "compactor", "metrics-generator"],
  "3": [
    "distributor",
    "live-store",
    "block-builder",
    "querier",
    "query-frontend",
    "backend-scheduler",
    "backend-worker",
    "metrics-generator",
  ],
} as const satisfies Record<string, readonly TempoComponent[]>;

export const victoriametricsComponents = ["vmauth", "vminsert", "vmselect", "vmstorage"] as const;
export type VictoriametricsComponent = (typeof victoriametricsComponents)[number];

/** CPU and memory as a stack file has them: requested, and the memory that is the limit. */
export const size = (cpu: string, memory: string, limit = memory) => ({
  requests: { cpu, memory },
  limits: { memory: limit },
});

export interface ComponentDefault {
  readonly replicas: number;
  readonly resources: ReturnType<typeof size>;
  readonly volume?: string;
}

const component = (replicas: number, resources: ComponentDefault["resources"], volume?: string): ComponentDefault => ({
  replicas,
  resources,
  ...(volume === undefined ? {} : { volume }),
});

/** Loki up to 3 TB a day (its sizing guide), with half its replicas. An ingester's write-ahead log: 15 GB at 5 MB/s. */
const loki = {
  distributor: component(3, size("2", "512Mi", "1Gi")),
  ingester: component(3, size("2", "4Gi", "6Gi"), "20Gi"),
  "pattern-ingester": component(2, size("500m", "1Gi", "2Gi"), "5Gi"),
  querier: component(3, size("1", "1Gi", "3Gi")),
  "query-frontend": component(2, size("1", "2Gi")),
  "query-scheduler": component(2, size("500m", "512Mi")),
  "index-gateway": component(2, size("500m", "2Gi"), "20Gi"),
  compactor: component(1, size("2", "10Gi"), "20Gi"),
  ruler: component(2, size("500m", "1Gi", "2Gi"), "5Gi"),
  "chunks-cache": component(2, size("500m", "4Gi")),
  "results-cache": component(2, size("250m", "1Gi")),
} satisfies Record<LokiComponent, object>;

/** Tempo: an ingester for each 3 to 5 MB/s, a compactor the same, a live store for each 6 to 10 MB/s in each zone. */
const tempo = {
  distributor: component(2, size("1", "1Gi", "2Gi")),
  ingester: component(3, size("2500m", "4Gi", "8Gi"), "20Gi"),
  querier: component(2, size("1", "2Gi", "4Gi")),
  "query-frontend": component(2, size("500m", "1Gi", "2Gi")),
  compactor: component(2, size("1", "4Gi", "8Gi")),
  "metrics-generator": component(2, size("1", "2Gi", "4Gi"), "10Gi"),
  "live-store": component(2, size("1", "4Gi", "8Gi"), "20Gi"),
  "block-builder": component(2, size("1", "2Gi", "4Gi"), "10Gi"),
  "backend-scheduler": component(1, size("500m", "1Gi", "2Gi"), "5Gi"),
  "backend-worker": component(2, size("1", "4Gi", "8Gi")),
} satisfies Record<TempoComponent, object>;

/** VictoriaMetrics' cluster with each sample on two of three storage nodes: for N copies it wants 2N − 1 of them. */
const victoriametrics = {
  vmauth: component(2, size("500m", "256Mi", "512Mi")),
  vminsert: component(2, size("2", "2Gi")),
  vmselect: component(2, size("2", "4Gi")),
  vmstorage: component(3, size("4", "32Gi"), "1700Gi"),
} satisfies Record<VictoriametricsComponent, object>;

/** What every profile has of the systems that can run apart, before it says what differs. */
export const componentDefaults = {
  loki: { mode: "single", components: loki },
  tempo: { mode: "single", components: tempo },
  victoriametrics: { mode: "single", replicationFactor: 2, components: victoriametrics },
};
