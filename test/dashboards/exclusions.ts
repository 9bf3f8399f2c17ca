import type { Finding } from "../../dashboards/lint";

/** Where a rule of the linters doesn't hold, and why. An entry that nothing needs fails the test. */
export interface Exclusion {
  readonly rule: string;
  readonly page?: string;
  readonly panels?: readonly string[];
  readonly reason: string;
}

const verbatim = "the requirements spell the expression out (002, 6.2)";
const recent = "counts what happened in a fixed time, whatever the range of the page";
const wholeRange = "a share of the whole time range, not of its last step";
const ownTargets = "reads series that belong to no instance of this page: objects, containers or kubelets";

export const exclusions: readonly Exclusion[] = [
  { rule: "target-rate-interval", page: "system-performance", panels: ["CPU Usage", "Disk IO"], reason: verbatim },
  {
    rule: "target-cluster",
    page: "system-performance",
    panels: ["CPU Usage", "Memory Usage", "Disk IO"],
    reason: verbatim,
  },
  {
    rule: "target-job",
    page: "system-performance",
    panels: ["CPU Usage", "Memory Usage", "Disk IO"],
    reason: verbatim,
  },
  {
    rule: "target-instance",
    page: "system-performance",
    panels: ["CPU Usage", "Memory Usage", "Disk IO"],
    reason: verbatim,
  },
  {
    rule: "target-rate-interval",
    page: "application-performance",
    panels: ["Request Rate", "Error Rate", "Latency"],
    reason: verbatim,
  },
  {
    rule: "target-cluster",
    page: "application-performance",
    panels: ["Request Rate", "Error Rate", "Latency"],
    reason: verbatim,
  },
  {
    rule: "target-cluster",
    page: "overview",
    panels: ["Alerts firing", "Alerts that fire"],
    reason: "alerts carry a cluster only when their expression keeps it",
  },
  ...["target-job", "target-instance"].map((rule) => ({
    rule,
    page: "alertmanager",
    panels: ["Alerts that fired, by day", "Fired in 30 days"],
    reason: "the history is that of every alert, wherever it comes from",
  })),
  { rule: "target-rate-interval", page: "prometheus", panels: ["Failed rules", "Lost samples"], reason: recent },
  { rule: "target-rate-interval", page: "loki", panels: ["Discarded lines", "Panics"], reason: recent },
  { rule: "target-rate-interval", page: "tempo", panels: ["Discarded spans"], reason: recent },
  { rule: "target-rate-interval", page: "alertmanager", panels: ["Failed notifications"], reason: recent },
  { rule: "target-rate-interval", page: "vmalert", panels: ["Failed rules", "Lost samples"], reason: recent },
  { rule: "target-rate-interval", page: "kubernetes-namespace", panels: ["Restarts"], reason: recent },
  { rule: "target-rate-interval", page: "kubernetes-workload", panels: ["Restarts"], reason: recent },
  {
    rule: "target-rate-interval",
    page: "agent-health",
    panels: ["Operations"],
    reason: "a table shows the last five minutes, not the last step",
  },
  { rule: "target-rate-interval", page: "business-metrics", panels: ["Outcomes"], reason: wholeRange },
  { rule: "target-rate-interval", page: "application-performance", panels: ["Answers by status"], reason: wholeRange },
  {
    rule: "target-logql-auto",
    page: "logs",
    panels: ["Lines by level, share"],
    reason: wholeRange,
  },
  { rule: "target-job", page: "kube-state-metrics", reason: ownTargets },
  { rule: "target-instance", page: "kube-state-metrics", reason: ownTargets },
];

export const covers = ({ rule, page, panels }: Exclusion, finding: Finding): boolean =>
  rule === finding.rule &&
  (page === undefined || page === finding.page) &&
  (panels === undefined || panels.includes(finding.panel));
