import { componentDefault, size } from "../../environment/settings";

/** The parts that can run apart. */
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

/**
 * How large each is before anybody says so, after the server's own sizing guide for a medium load (300k samples/s,
 * 10 MB/s of logs, 3k spans/s); a stated load replaces this, and a stack file both.
 */
// Loki up to 3 TB a day (its sizing guide), with half its replicas. An ingester's write-ahead log: 15 GB at 5 MB/s.
export const components = {
  distributor: componentDefault(3, size("2", "512Mi", "1Gi")),
  ingester: componentDefault(3, size("2", "4Gi", "6Gi"), "20Gi"),
  "pattern-ingester": componentDefault(2, size("500m", "1Gi", "2Gi"), "5Gi"),
  querier: componentDefault(3, size("1", "1Gi", "3Gi")),
  "query-frontend": componentDefault(2, size("1", "2Gi")),
  "query-scheduler": componentDefault(2, size("500m", "512Mi")),
  "index-gateway": componentDefault(2, size("500m", "2Gi"), "20Gi"),
  compactor: componentDefault(1, size("2", "10Gi"), "20Gi"),
  ruler: componentDefault(2, size("500m", "1Gi", "2Gi"), "5Gi"),
  "chunks-cache": componentDefault(2, size("500m", "4Gi")),
  "results-cache": componentDefault(2, size("250m", "1Gi")),
} satisfies Record<LokiComponent, object>;
