import type { PageUid } from "./kit";

/** Queries that a healthy stack rightly answers with nothing, and when they show something. The live suite holds to it. */
export interface MayBeEmpty {
  readonly page: PageUid;
  readonly panel: string;
  /** @default all of the panel */
  readonly refIds?: readonly string[];
  /** When there is something to see. */
  readonly only: string;
  /** Shown by phoenix' faults, and then asked for: `POST /faults` of the reference application. */
  readonly underFaults?: true;
}

const failing = "once sending failed, a queue was full or memory ran short";
const diskCgroups = "where the node's cgroups count the disk I/O of containers";

export const mayBeEmpty: readonly MayBeEmpty[] = [
  { page: "overview", panel: "Alerts that fire", only: "while an alert fires", underFaults: true },
  { page: "application-performance", panel: "Error Rate", only: "once a request failed", underFaults: true },
  {
    page: "application-performance",
    panel: "Throughput",
    refIds: ["C"],
    only: "once a task failed",
    underFaults: true,
  },
  { page: "agent-health", panel: "Errors by type", only: "once a call failed", underFaults: true },
  { page: "traces", panel: "Failed requests between services", only: "once a call failed", underFaults: true },
  { page: "traces", panel: "Failed traces", only: "once a trace had an error", underFaults: true },
  { page: "logs", panel: "Error lines by service, over months", only: "once a service logged an error" },
  { page: "kubernetes-workload", panel: "Disk operations", only: diskCgroups },
  { page: "prometheus", panel: "Lines", only: "once it complained" },
  { page: "victoriametrics", panel: "Lines", only: "once it complained" },
  { page: "alertmanager", panel: "Lines", only: "once it complained" },
  { page: "vmalert", panel: "Lines", only: "once it complained" },
  { page: "tempo", panel: "Compaction and retention", refIds: ["A"], only: "once blocks were compacted" },
  {
    page: "kube-state-metrics",
    panel: "Watches and lists",
    refIds: ["B"],
    only: "where the API server streams no lists, or one failed",
  },
  { page: "tempo", panel: "Failed polls", only: "once a poll failed" },
  { page: "tempo", panel: "Jobs", refIds: ["C"], only: "once a job failed" },
  { page: "collector", panel: "Spans sent and failed", refIds: ["B"], only: failing },
  { page: "collector", panel: "Metric points sent and failed", refIds: ["B"], only: failing },
  { page: "collector", panel: "Log records sent and failed", refIds: ["B"], only: failing },
  { page: "collector", panel: "Refused by full queues", only: failing },
  { page: "collector", panel: "Refused for lack of memory", only: failing },
];

/** Why a query may be empty; undefined when it has to show something. */
export const whyEmpty = (page: string, panel: string, refId: string): MayBeEmpty | undefined =>
  mayBeEmpty.find(
    (entry) =>
      entry.page === page && entry.panel === panel && (entry.refIds === undefined || entry.refIds.includes(refId)),
  );
