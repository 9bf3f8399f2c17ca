import { increase, maxOverTime, min, quantity, rate, sum, type Thresholds } from "../../signals";
import { alert, levels, ticket, type Alert } from "../../alerts/language";
import { vmalert as v } from "./metrics";

const component = "vmalert";
const dashboard = "vmalert";
const one = ["cluster", "namespace", "pod"] as const;
const notSent = sum(rate(v.vmalert_alerts_send_errors_total.over("5m"))).by(...one, "addr");
const sent = sum(rate(v.vmalert_alerts_sent_total.over("5m"))).by(...one, "addr");

/** vmalert: its own health alerts, as its users expect. */
export const vmalertAlerts = (thresholds: Thresholds): Alert[] => [
  alert({
    name: "VmalertBadConfig",
    component,
    dashboard,
    runbook: "Vmalert",
    severity: "critical",
    pages: "alerting",
    when: maxOverTime(v.vmalert_config_last_reload_successful.over("5m")).equals(quantity(0, "state")),
    for: "10m",
    summary: ({ pod }) => `${pod} runs old rules.`,
    description: ({ pod }) => `The last reload of ${pod} failed: changes of rules with long windows have no effect.`,
  }),
  alert({
    name: "VmalertAlertRulesFail",
    component,
    dashboard,
    runbook: "Vmalert",
    severity: "critical",
    pages: "alerting",
    when: sum(increase(v.vmalert_alerting_rules_errors_total.over("15m")))
      .by(...one, "group")
      .above(quantity(0, "count")),
    // Longer than the window: one evaluation that fails keeps no alert from firing.
    for: "20m",
    summary: ({ group }) => `Alerts of ${group} can't be evaluated.`,
    description: ({ group }, value) =>
      `${value} evaluations of ${group} failed in a quarter of an hour: its alerts can't fire.`,
  }),
  alert({
    name: "VmalertRecordingRulesFail",
    component,
    dashboard,
    runbook: "Vmalert",
    severity: "warning",
    when: sum(increase(v.vmalert_recording_rules_errors_total.over("20m")))
      .by(...one, "group")
      .above(quantity(0, "count")),
    for: "10m",
    summary: ({ group }) => `Records of ${group} have gaps.`,
    description: ({ group }, value) =>
      `${value} evaluations of ${group} failed in 20 minutes: what reads its series sees nothing.`,
  }),
  alert({
    name: "VmalertEvaluationsMissed",
    component,
    dashboard,
    runbook: "Vmalert",
    severity: "warning",
    when: sum(increase(v.vmalert_iteration_missed_total.over("15m")))
      .by(...one, "group")
      .above(quantity(0, "count")),
    for: "15m",
    summary: ({ group }) => `${group} takes longer than its interval.`,
    description: ({ group }, value) => `${value} evaluations of ${group} were left out in a quarter of an hour.`,
  }),
  alert({
    name: "VmalertWriteFails",
    component,
    dashboard,
    runbook: "VmalertSending",
    severity: "warning",
    when: sum(increase(v.vmalert_remotewrite_errors_total.over("5m")))
      .by(...one)
      .above(quantity(0, "requests")),
    for: "15m",
    summary: ({ pod }) => `${pod} can't write to the store.`,
    description: ({ pod }, value) => `${value} of ${pod} to the store failed in five minutes; they are tried again.`,
  }),
  alert({
    name: "VmalertDropsRows",
    component,
    dashboard,
    runbook: "VmalertSending",
    severity: "critical",
    pages: "data",
    when: sum(increase(v.vmalert_remotewrite_dropped_rows_total.over("5m")))
      .by(...one)
      .above(quantity(0, "samples")),
    for: "5m",
    summary: ({ pod }) => `${pod} loses what it records.`,
    description: ({ pod }, value) =>
      `${value} of ${pod} are lost in five minutes: records have gaps, and a restart forgets since when alerts are pending.`,
  }),
  levels({
    name: "VmalertAlertsNotSent",
    component,
    dashboard,
    runbook: "VmalertSending",
    value: notSent.dividedBy(sent),
    above: ticket(thresholds.errorRatio),
    for: "10m",
    summary: ({ pod, addr }) => `${pod} can't send alerts to ${addr}.`,
    description: ({ addr }, value) =>
      `${value} of the alerts to ${addr} get lost on the way; the other replicas tell people.`,
  }),
  levels({
    name: "VmalertAlertsReachNobody",
    component,
    dashboard,
    runbook: "VmalertSending",
    // The best of the ways counts: one Alertmanager that takes alerts is enough for people to be told.
    value: min(notSent.dividedBy(sent)).by(...one),
    above: { critical: thresholds.errorRatio.critical },
    pages: "alerting",
    // Twice the window: a restart of Alertmanager loses a few alerts at once, and they are sent again a minute later.
    for: "10m",
    summary: ({ pod }) => `${pod} can't send alerts to any Alertmanager.`,
    description: (_labels, value) => `At least ${value} of its alerts get lost on each way: people are not told.`,
  }),
];
