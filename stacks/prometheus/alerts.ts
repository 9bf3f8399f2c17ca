import { increase, max, maxOverTime, min, quantity, rate, sum, type Thresholds } from "../../signals";
import { alert, levels, ticket, type Alert } from "../../alerts/language";
import { prometheus } from "./metrics";
import type { prometheusThresholds } from "./thresholds";

const component = "prometheus";
const dashboard = "prometheus";
const one = ["cluster", "namespace", "pod"] as const;
const p = prometheus;

/** Prometheus itself, as prometheus-mixin's users expect; `remote` when it writes to a long-term store. */
export const prometheusAlerts = (
  thresholds: Thresholds & typeof prometheusThresholds,
  has: { readonly remote: boolean; readonly alertmanager: boolean },
): Alert[] => [
  alert({
    name: "PrometheusBadConfig",
    component,
    dashboard,
    runbook: "PrometheusConfig",
    severity: "critical",
    pages: "alerting",
    when: maxOverTime(p.prometheus_config_last_reload_successful.over("5m")).equals(quantity(0, "state")),
    for: "10m",
    summary: ({ pod }) => `${pod} runs an old configuration.`,
    description: ({ pod }) => `The last reload of ${pod} failed: changes of scraping and rules have no effect.`,
  }),
  alert({
    name: "PrometheusDiscoveryFails",
    component,
    dashboard,
    runbook: "PrometheusConfig",
    severity: "warning",
    when: sum(increase(p.prometheus_sd_kubernetes_failures_total.over("10m")))
      .by(...one)
      .above(10),
    for: "15m",
    summary: ({ pod }) => `${pod} can't list what it should scrape.`,
    description: ({ pod }, value) =>
      `${value} requests of ${pod} to the API server failed in ten minutes: new pods stay unseen.`,
  }),
  alert({
    name: "PrometheusTargetSyncFails",
    component,
    dashboard,
    runbook: "PrometheusConfig",
    severity: "warning",
    when: sum(increase(p.prometheus_target_sync_failed_total.over("30m")))
      .by(...one, "scrape_job")
      .above(0),
    for: "5m",
    summary: ({ scrape_job }) => `Targets of ${scrape_job} could not be set up.`,
    description: ({ scrape_job }, value) => `${value} targets of ${scrape_job} have labels or addresses that can't be.`,
  }),
  alert({
    name: "PrometheusIngestsNothing",
    component,
    dashboard,
    severity: "critical",
    pages: "alerting",
    when: sum(rate(p.prometheus_tsdb_head_samples_appended_total.over("5m")))
      .by(...one)
      .equals(quantity(0, "samples per second")),
    for: "10m",
    summary: ({ pod }) => `${pod} stores no samples.`,
    description: ({ pod }) => `${pod} appended nothing for minutes: every other alert is blind.`,
  }),
  alert({
    name: "PrometheusSamplesRejected",
    component,
    dashboard,
    severity: "warning",
    when: rate(p.prometheus_target_scrapes_sample_duplicate_timestamp_total.over("5m"))
      .plus(rate(p.prometheus_target_scrapes_sample_out_of_order_total.over("5m")))
      .plus(rate(p.prometheus_target_scrapes_sample_out_of_bounds_total.over("5m")))
      .above(quantity(0, "samples per second")),
    for: "15m",
    summary: ({ pod }) => `${pod} throws samples away.`,
    description: ({ pod }, value) => `${pod} rejects ${value}: two targets give the same series, or clocks differ.`,
  }),
  alert({
    name: "PrometheusScrapeTooLarge",
    component,
    dashboard,
    runbook: "PrometheusSamplesRejected",
    severity: "warning",
    when: increase(p.prometheus_target_scrapes_exceeded_sample_limit_total.over("10m"))
      .plus(increase(p.prometheus_target_scrapes_exceeded_body_size_limit_total.over("10m")))
      .above(0),
    for: "15m",
    summary: ({ pod }) => `${pod} refuses whole scrapes.`,
    description: ({ pod }, value) =>
      `${value} scrapes of ${pod} exceeded their limit in ten minutes: all their samples are lost.`,
  }),
  alert({
    name: "PrometheusStorageFails",
    component,
    dashboard,
    runbook: "PrometheusStorage",
    severity: "warning",
    when: increase(p.prometheus_tsdb_compactions_failed_total.over("3h"))
      .plus(increase(p.prometheus_tsdb_reloads_failures_total.over("3h")))
      .above(0),
    for: "30m",
    summary: ({ pod }) => `${pod} can't compact or load its blocks.`,
    description: ({ pod }, value) => `${value} failures on ${pod} in three hours: the disk fills or is damaged.`,
  }),
  alert({
    name: "PrometheusWalCorrupt",
    component,
    dashboard,
    runbook: "PrometheusStorage",
    severity: "critical",
    pages: "data",
    when: increase(p.prometheus_tsdb_wal_corruptions_total.over("3h")).above(0),
    for: "0s",
    summary: ({ pod }) => `The write-ahead log of ${pod} is damaged.`,
    description: ({ pod }, value) => `${value} damaged places on ${pod}: samples since the last block may be lost.`,
  }),
  alert({
    name: "PrometheusRulesFail",
    component,
    dashboard,
    runbook: "PrometheusRules",
    severity: "critical",
    pages: "alerting",
    when: increase(p.prometheus_rule_evaluation_failures_total.over("15m")).above(0),
    // Longer than the window: one evaluation that fails keeps no alert from firing.
    for: "20m",
    summary: ({ rule_group }) => `Rules fail: ${rule_group}.`,
    description: ({ rule_group }, value) =>
      `${value} evaluations of ${rule_group} failed in a quarter of an hour: its alerts can't fire.`,
  }),
  alert({
    name: "PrometheusRulesMissed",
    component,
    dashboard,
    runbook: "PrometheusRules",
    severity: "warning",
    when: increase(p.prometheus_rule_group_iterations_missed_total.over("5m")).above(0),
    for: "15m",
    summary: ({ rule_group }) => `Rules are evaluated too slowly: ${rule_group}.`,
    description: ({ rule_group }, value) => `${value} evaluations of ${rule_group} were left out in five minutes.`,
  }),
  levels({
    name: "PrometheusQueriesWait",
    component,
    dashboard,
    value: p.prometheus_engine_queries.dividedBy(p.prometheus_engine_queries_concurrent_max),
    above: { warning: thresholds.queueFill.critical },
    for: "15m",
    summary: ({ pod }) => `${pod} has too many queries.`,
    description: ({ pod }, value) => `${value} of the places for queries of ${pod} are taken.`,
  }),
  ...(has.alertmanager ? notificationAlerts(thresholds) : []),
  ...(has.remote ? remoteAlerts(thresholds) : []),
];

const notSent = sum(rate(p.prometheus_notifications_errors_total.over("5m")))
  .by(...one, "alertmanager")
  .dividedBy(sum(rate(p.prometheus_notifications_sent_total.over("5m"))).by(...one, "alertmanager"));

const notificationAlerts = (thresholds: Thresholds): Alert[] => [
  levels({
    name: "PrometheusAlertsNotSent",
    component,
    dashboard,
    runbook: "PrometheusNotifications",
    value: notSent,
    above: ticket(thresholds.errorRatio),
    for: "10m",
    summary: ({ pod, alertmanager }) => `${pod} can't send alerts to ${alertmanager}.`,
    description: ({ pod, alertmanager }, value) =>
      `${value} of the alerts that ${pod} sends to ${alertmanager} get lost on the way; the other replicas tell people.`,
  }),
  levels({
    name: "PrometheusAlertsReachNobody",
    component,
    dashboard,
    runbook: "PrometheusNotifications",
    // The best of the ways counts: one Alertmanager that takes alerts is enough for people to be told.
    value: min(notSent).by(...one),
    above: { critical: thresholds.errorRatio.critical },
    pages: "alerting",
    // Twice the window: a restart of Alertmanager loses a few alerts at once, and they are sent again a minute later.
    for: "10m",
    summary: ({ pod }) => `${pod} can't send alerts to any Alertmanager.`,
    description: (_labels, value) => `At least ${value} of its alerts get lost on each way: people are not told.`,
  }),
  alert({
    name: "PrometheusNoAlertmanager",
    component,
    dashboard,
    runbook: "PrometheusNotifications",
    severity: "critical",
    pages: "alerting",
    when: max(p.prometheus_notifications_alertmanagers_discovered)
      .by(...one)
      .below(1),
    for: "10m",
    summary: ({ pod }) => `${pod} knows no Alertmanager.`,
    description: ({ pod }) => `Whatever ${pod} finds, nobody is told.`,
  }),
  levels({
    name: "PrometheusAlertQueueFull",
    component,
    dashboard,
    runbook: "PrometheusNotifications",
    value: max(p.prometheus_notifications_queue_length)
      .by(...one)
      .dividedBy(max(p.prometheus_notifications_queue_capacity).by(...one)),
    above: thresholds.queueFill,
    pages: "alerting",
    for: "10m",
    summary: ({ pod }) => `Alerts pile up in ${pod}.`,
    description: ({ pod }, value) => `${value} of the queue of ${pod} is taken; when it is full, alerts are dropped.`,
  }),
];

const queue = [...one, "remote_name"] as const;
const failedSamples = sum(rate(p.prometheus_remote_storage_samples_failed_total.over("5m"))).by(...queue);

const remoteAlerts = (thresholds: Thresholds & typeof prometheusThresholds): Alert[] => [
  levels({
    name: "PrometheusRemoteWriteFails",
    component,
    dashboard,
    runbook: "PrometheusRemoteWrite",
    value: failedSamples.dividedBy(
      failedSamples.plus(sum(rate(p.prometheus_remote_storage_samples_total.over("5m"))).by(...queue)),
    ),
    above: thresholds.errorRatio,
    pages: "data",
    for: "15m",
    summary: ({ pod, remote_name }) => `${pod} loses samples on the way to ${remote_name}.`,
    description: ({ remote_name }, value) => `${remote_name} refuses ${value} of the samples for good.`,
  }),
  levels({
    name: "PrometheusRemoteWriteBehind",
    component,
    dashboard,
    runbook: "PrometheusRemoteWrite",
    value: max(p.prometheus_remote_storage_queue_highest_timestamp_seconds)
      .by(...queue)
      .minus(max(p.prometheus_remote_storage_queue_highest_sent_timestamp_seconds).by(...queue)),
    above: thresholds.remoteWriteLag,
    pages: "data",
    for: "15m",
    summary: ({ pod, remote_name }) => `${pod} falls behind on the way to ${remote_name}.`,
    description: ({ remote_name }, value) => `${remote_name} is ${value} behind; after two hours samples are lost.`,
  }),
  alert({
    name: "PrometheusRemoteWriteShards",
    component,
    dashboard,
    runbook: "PrometheusRemoteWrite",
    severity: "warning",
    when: max(p.prometheus_remote_storage_shards_desired)
      .by(...queue)
      .minus(max(p.prometheus_remote_storage_shards_max).by(...queue))
      .above(0),
    for: "15m",
    summary: ({ pod, remote_name }) => `${pod} wants more connections to ${remote_name} than it may have.`,
    description: ({ remote_name }, value) => `It wants ${value} shards more than it may open to ${remote_name}.`,
  }),
];
