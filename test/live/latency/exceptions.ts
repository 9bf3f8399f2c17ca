import type { PageUid } from "../../../dashboards/language";

/** Queries of a panel that miss the goal over a day of data, and what they have to stay below instead. */
export interface SlowQueries {
  readonly page: PageUid;
  /** Title of the panel. */
  readonly panel: string;
  /** @default all of the panel */
  readonly refIds?: readonly string[];
  /** Milliseconds of their median. */
  readonly below: number;
  /** What makes them slow, and why it stays so. */
  readonly why: string;
}

const spelled =
  "the requirements spell it without a sum: each series is a line, in a row that opens when it is asked for";
const exemplars = "only the raw buckets have exemplars, whose dots lead to traces";
const perRoute = "a line for each route of all services that are chosen, 320 here";
const buckets = "buckets of twenty nodes; a rule for each kind of request would be read by one panel";
const exporters = "a series for each exporter of each of the agents and gateways";
const forecast = "a forecast reads six hours at each of its points";

/** About two and a half times what was measured on two cores, with a sample a minute of 138,000 series. */
export const slowQueries: readonly SlowQueries[] = [
  { page: "application-performance", panel: "Latency", below: 20_000, why: spelled },
  { page: "application-performance", panel: "Request Rate", below: 3000, why: spelled },
  { page: "application-performance", panel: "Error Rate", below: 2000, why: spelled },
  {
    page: "application-performance",
    panel: "Latency of the chosen routes",
    below: 2500,
    why: "buckets of 320 routes, of which one is chosen as a rule",
  },
  {
    page: "application-performance",
    panel: "Answers by status",
    below: 1500,
    why: "one number for a whole day: every sample of it is read",
  },
  { page: "application-performance", panel: "Requests by route", below: 500, why: perRoute },
  { page: "application-performance", panel: "p95 by route", below: 500, why: perRoute },
  { page: "application-performance", panel: "Hit rate", below: 600, why: "a line for each cache of each service" },
  { page: "traces", panel: "Latency", below: 7000, why: exemplars },
  { page: "traces", panel: "p95", below: 350, why: "over all services, of buckets that are recorded by service" },
  { page: "agent-health", panel: "Durations", below: 900, why: exemplars },
  { page: "business-metrics", panel: "Time for a plan", refIds: ["A"], below: 250, why: "one panel reads its buckets" },
  { page: "collector", panel: "Queues", below: 500, why: exporters },
  { page: "collector", panel: "Fullest queue", below: 400, why: exporters },
  { page: "collector", panel: "Refused by full queues", refIds: ["A", "B"], below: 250, why: exporters },
  { page: "capacity", panel: "Free space in four days", below: 500, why: forecast },
  { page: "capacity", panel: "Volumes in four days", below: 250, why: forecast },
  { page: "kube-state-metrics", panel: "Containers seen", below: 350, why: "it counts every container" },
  { page: "kube-state-metrics", panel: "Pod start, p99", below: 350, why: buckets },
  { page: "kube-state-metrics", panel: "Relist time, p99", below: 350, why: buckets },
  { page: "kube-state-metrics", panel: "Runtime errors", below: 250, why: "a line for each operation of each node" },
  { page: "kubernetes-cluster", panel: "etcd latency, average", below: 250, why: "two sums over all resources" },
];

/** Pages that take longer than the goal when they are set to the last day, and what they have to stay below. */
export interface SlowPage {
  readonly page: PageUid;
  /** Milliseconds. */
  readonly below: number;
  readonly why: string;
}

export const slowPages: readonly SlowPage[] = [
  {
    page: "application-performance",
    below: 6000,
    why: "the heatmap of the chosen routes and a day's answers by status",
  },
  { page: "traces", below: 7000, why: "the heatmap of all spans, whose dots lead to traces" },
  { page: "system-performance", below: 2500, why: "a line for each device of every host, 800 to 1,100 ms" },
];
