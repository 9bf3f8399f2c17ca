import {
  age,
  count,
  histogramQuantile,
  increase,
  matches,
  matchesNot,
  max,
  on,
  process,
  quantity,
  rate,
  sum,
  type Thresholds,
} from "../../signals";
import { alert, levels, ticket, type Alert } from "../../alerts/language";
import { loki } from "./metrics";
import type { lokiThresholds } from "./thresholds";

const component = "loki";
const dashboard = "loki";
const one = ["cluster", "namespace", "pod"] as const;
const perRoute = ["cluster", "namespace", "route"] as const;
/** Waiting is what these do; their time says nothing. */
const answered = loki.loki_request_duration_seconds.where({
  route: matchesNot(
    ".*(Tail|Querier|schedulerpb|frontend|grpc.health|ready|metrics|push_rate|ListTables|Watch|Notify).*",
  ),
});
const requests = sum(rate(answered.count.over("5m"))).by(...perRoute);
const failedRequests = sum(rate(answered.where({ status_code: matches("5..|error") }).count.over("5m"))).by(
  ...perRoute,
);
/** When something was last done; of a compactor that has not done it since it started, when it started. */
const lastRun = (at: typeof loki.loki_compactor_apply_retention_last_successful_run_timestamp_seconds) =>
  max(
    at
      .above(0)
      .or(
        process.process_start_time_seconds.where({ job: "loki" }).and(at.equals(quantity(0, "timestamp")), on(...one)),
      ),
  ).by("cluster", "namespace");
const operations = ["cluster", "namespace", "pod", "operation"] as const;

/** Loki: its mixin's alerts, and what keeps lines from reaching S3 or leaving it. */
export const lokiAlerts = (thresholds: Thresholds & typeof lokiThresholds): Alert[] => [
  levels({
    name: "LokiRequestErrors",
    component,
    dashboard,
    runbook: "LokiRequests",
    value: failedRequests.dividedBy(requests),
    above: ticket(thresholds.errorRatio),
    for: "15m",
    summary: ({ route }) => `Loki fails requests: ${route}.`,
    description: ({ route }, value) => `${value} of the requests to ${route} fail.`,
  }),
  levels({
    name: "LokiSlow",
    component,
    dashboard,
    runbook: "LokiRequests",
    value: histogramQuantile(0.99, sum(rate(answered.buckets.over("5m"))).by(...perRoute, "le")),
    above: thresholds.lokiLatency,
    for: "15m",
    summary: ({ route }) => `Loki is slow: ${route}.`,
    description: ({ route }, value) => `${route} takes ${value} (p99).`,
  }),
  alert({
    name: "LokiPanics",
    component,
    dashboard,
    severity: "warning",
    when: increase(loki.loki_panic_total.over("10m")).above(0),
    for: "0s",
    summary: ({ pod }) => `${pod} panics.`,
    description: ({ pod }, value) => `${pod} had ${value} panics in ten minutes.`,
  }),
  alert({
    name: "LokiLinesDiscarded",
    component,
    dashboard,
    severity: "warning",
    when: sum(rate(loki.loki_discarded_samples_total.over("5m")))
      .by("cluster", "namespace", "tenant", "reason")
      .above(quantity(0, "lines per second")),
    for: "10m",
    summary: ({ tenant, reason }) => `Loki throws lines of ${tenant} away: ${reason}.`,
    description: ({ reason }, value) => `${value} are lost because of ${reason}.`,
  }),
  alert({
    name: "LokiReceivesNothing",
    component,
    dashboard,
    severity: "warning",
    when: sum(rate(loki.loki_distributor_lines_received_total.over("10m")))
      .by("cluster", "namespace")
      .equals(quantity(0, "lines per second")),
    for: "10m",
    summary: ({ cluster }) => `No lines reach Loki in ${cluster}.`,
    description: () => "Every node logs all the time: what collects lines is broken.",
  }),
  alert({
    name: "LokiFlushFails",
    component,
    dashboard,
    runbook: "LokiStorage",
    severity: "critical",
    pages: "data",
    when: increase(loki.loki_ingester_chunks_flush_failures_total.over("5m")).above(0),
    for: "15m",
    summary: ({ pod }) => `${pod} can't write chunks to S3.`,
    description: ({ pod }, value) =>
      `${value} flushes of ${pod} failed in five minutes: lines pile up in memory and on its volume.`,
  }),
  alert({
    name: "LokiStorageErrors",
    component,
    dashboard,
    runbook: "LokiStorage",
    severity: "warning",
    when: sum(increase(loki.loki_objstore_bucket_operation_failures_total.over("10m")))
      .by(...operations)
      .above(quantity(5, "operations")),
    for: "10m",
    summary: ({ pod, operation }) => `S3 fails ${operation} of ${pod}.`,
    description: ({ operation }, value) => `${value} of kind ${operation} failed in ten minutes.`,
  }),
  alert({
    name: "LokiWalDiskFull",
    component,
    dashboard,
    runbook: "LokiStorage",
    severity: "critical",
    pages: "data",
    when: increase(loki.loki_ingester_wal_disk_full_failures_total.over("10m")).above(0),
    for: "0s",
    summary: ({ pod }) => `The volume of ${pod} is full.`,
    description: ({ pod }, value) => `${value} writes to the log of ${pod} failed: a crash now loses lines.`,
  }),
  levels({
    name: "LokiCompactionStalled",
    component,
    dashboard,
    runbook: "LokiCompactor",
    value: age(lastRun(loki.loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds)),
    above: ticket(thresholds.compactionAge),
    for: "15m",
    summary: ({ cluster }) => `Loki in ${cluster} doesn't compact its index.`,
    description: (_labels, value) => `The last compaction that worked was ${value} ago: queries slow down.`,
  }),
  levels({
    name: "LokiRetentionStalled",
    component,
    dashboard,
    runbook: "LokiCompactor",
    value: age(lastRun(loki.loki_compactor_apply_retention_last_successful_run_timestamp_seconds)),
    above: ticket(thresholds.compactionAge),
    for: "15m",
    summary: ({ cluster }) => `Loki in ${cluster} doesn't delete old lines.`,
    description: (_labels, value) =>
      `The last retention run that worked was ${value} ago: the bucket grows and lines outlive their time.`,
  }),
  alert({
    name: "LokiTwoCompactors",
    component,
    dashboard,
    runbook: "LokiCompactor",
    severity: "critical",
    pages: "data",
    // By pod: one that was replaced stays visible for minutes under its old address.
    when: count(
      max(loki.loki_boltdb_shipper_compactor_running)
        .by(...one)
        .equals(quantity(1, "state")),
    )
      .by("cluster", "namespace")
      .above(1),
    for: "5m",
    summary: ({ cluster }) => `Loki in ${cluster} has several compactors.`,
    description: (_labels, value) => `${value} compactors work on one index: they delete each other's files.`,
  }),
  alert({
    name: "LokiRingUnhealthy",
    component,
    dashboard,
    severity: "warning",
    when: max(loki.loki_ring_members.where({ state: "Unhealthy" }))
      .by("cluster", "namespace", "name")
      .above(0),
    for: "15m",
    summary: ({ name }) => `Ring ${name} of Loki has members that don't answer.`,
    description: ({ name }, value) => `${value} members of ${name} are unhealthy; with one more a quorum may be lost.`,
  }),
  alert({
    name: "LokiRulesFail",
    component,
    dashboard,
    severity: "warning",
    when: sum(increase(loki.loki_prometheus_rule_evaluation_failures_total.over("20m")))
      .by(...one, "rule_group")
      .above(0),
    for: "10m",
    summary: ({ rule_group }) => `Alerts from logs fail: ${rule_group}.`,
    description: ({ rule_group }, value) =>
      `${value} evaluations of ${rule_group} failed in 20 minutes: its alerts can't fire.`,
  }),
  alert({
    name: "LokiAlertsNotSent",
    component,
    dashboard,
    runbook: "LokiRulesFail",
    severity: "warning",
    when: sum(increase(loki.loki_prometheus_notifications_errors_total.over("5m")))
      .by(...one, "alertmanager")
      .above(0),
    for: "10m",
    summary: ({ pod, alertmanager }) => `${pod} can't send alerts to ${alertmanager}.`,
    description: ({ pod, alertmanager }, value) =>
      `${value} alerts from logs did not get from ${pod} to ${alertmanager} in five minutes.`,
  }),
];
