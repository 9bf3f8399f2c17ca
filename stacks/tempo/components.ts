import { componentDefault, size } from "../../environment/settings";

/** The parts that can run apart. */
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

/**
 * How large each is before anybody says so, after the server's own sizing guide for a medium load (300k samples/s,
 * 10 MB/s of logs, 3k spans/s); a stated load replaces this, and a stack file both.
 */
// Tempo: an ingester for each 3 to 5 MB/s, a compactor the same, a live store for each 6 to 10 MB/s in each zone.
export const components = {
  distributor: componentDefault(2, size("1", "1Gi", "2Gi")),
  ingester: componentDefault(3, size("2500m", "4Gi", "8Gi"), "20Gi"),
  querier: componentDefault(2, size("1", "2Gi", "4Gi")),
  "query-frontend": componentDefault(2, size("500m", "1Gi", "2Gi")),
  compactor: componentDefault(2, size("1", "4Gi", "8Gi")),
  "metrics-generator": componentDefault(2, size("1", "2Gi", "4Gi"), "10Gi"),
  "live-store": componentDefault(2, size("1", "4Gi", "8Gi"), "20Gi"),
  "block-builder": componentDefault(2, size("1", "2Gi", "4Gi"), "10Gi"),
  "backend-scheduler": componentDefault(1, size("500m", "1Gi", "2Gi"), "5Gi"),
  "backend-worker": componentDefault(2, size("1", "4Gi", "8Gi")),
} satisfies Record<TempoComponent, object>;
