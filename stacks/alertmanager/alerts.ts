import {
  count,
  increase,
  max,
  maxOverTime,
  min,
  on,
  quantity,
  rate,
  scrape,
  sum,
  type Thresholds,
} from "../../signals";
import { alert, levels, type Alert } from "../../alerts/language";
import { alertmanager as am } from "./metrics";

const component = "alertmanager";
const dashboard = "alertmanager";
const one = ["cluster", "namespace", "pod"] as const;
const failed = sum(rate(am.alertmanager_notifications_failed_total.over("5m"))).by(...one, "integration");

/** Alertmanager; what concerns its peers only where it has some. */
export const alertmanagerAlerts = (thresholds: Thresholds, replicas: number): Alert[] => [
  alert({
    name: "AlertmanagerBadConfig",
    component,
    dashboard,
    runbook: "Alertmanager",
    severity: "critical",
    pages: "alerting",
    when: maxOverTime(am.alertmanager_config_last_reload_successful.over("5m")).equals(quantity(0, "state")),
    for: "10m",
    summary: ({ pod }) => `${pod} runs an old configuration.`,
    description: ({ pod }) => `The last reload of ${pod} failed: new routes and receivers have no effect.`,
  }),
  levels({
    name: "AlertmanagerNotificationsFail",
    component,
    dashboard,
    runbook: "AlertmanagerNotifications",
    value: failed.dividedBy(sum(rate(am.alertmanager_notifications_total.over("5m"))).by(...one, "integration")),
    above: thresholds.errorRatio,
    pages: "alerting",
    // Twice the window: what a provider refuses for a minute is seen for five.
    for: { warning: "5m", critical: "10m" },
    summary: ({ pod, integration }) => `${pod} can't notify through ${integration}.`,
    description: ({ integration }, value) =>
      `${value} of the notifications through ${integration} fail: people are not told.`,
  }),
  alert({
    name: "AlertmanagerSilencesFail",
    component,
    dashboard,
    runbook: "Alertmanager",
    severity: "warning",
    // Not the notification log's: Alertmanager counts as an error that an alert was never sent before.
    when: increase(am.alertmanager_silences_query_errors_total.over("10m")).above(0),
    for: "10m",
    summary: ({ pod }) => `${pod} can't read its silences.`,
    description: ({ pod }, value) => `${value} reads failed on ${pod}: silenced alerts may be sent.`,
  }),
  ...(replicas > 1 ? peerAlerts() : []),
];

const members = max(am.alertmanager_cluster_members).by(...one);
const running = (state: 0 | 1) =>
  count(scrape.up.where({ job: "alertmanager" }).equals(quantity(state, "state"))).by("cluster", "namespace");

const peerAlerts = (): Alert[] => [
  alert({
    name: "AlertmanagerPeersMissing",
    component,
    dashboard,
    runbook: "AlertmanagerPeers",
    severity: "warning",
    when: min(members)
      .by("cluster", "namespace")
      .below(count(members).by("cluster", "namespace"), on("cluster", "namespace")),
    for: "15m",
    summary: ({ cluster }) => `Replicas of Alertmanager in ${cluster} don't see each other.`,
    description: (_labels, value) =>
      `One of them sees only ${value} members: notifications come twice, silences hold on one side only.`,
  }),
  alert({
    name: "AlertmanagerConfigsDiffer",
    component,
    dashboard,
    runbook: "AlertmanagerPeers",
    severity: "warning",
    when: max(am.alertmanager_config_hash)
      .by("cluster", "namespace")
      .differsFrom(min(am.alertmanager_config_hash).by("cluster", "namespace")),
    for: "20m",
    summary: ({ cluster }) => `Replicas of Alertmanager in ${cluster} have different configurations.`,
    description: ({ namespace }) => `Who is notified depends on which replica in ${namespace} speaks.`,
  }),
  alert({
    name: "AlertmanagerHalfDown",
    component,
    dashboard,
    runbook: "AlertmanagerPeers",
    severity: "critical",
    pages: "alerting",
    when: running(0)
      .times(2)
      .above(count(scrape.up.where({ job: "alertmanager" })).by("cluster", "namespace"), on("cluster", "namespace")),
    for: "5m",
    summary: ({ cluster }) => `Most replicas of Alertmanager in ${cluster} are down.`,
    description: ({ namespace }) =>
      `More than half of the replicas in ${namespace} don't answer: the next failure silences all alerts.`,
  }),
];
