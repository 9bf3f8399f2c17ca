import { counter, gauge, growing, type Proof } from "../support/proof";

const where = { namespace: "observability", pod: "vmalert-0" };
const on = 'cluster="local", namespace="observability", pod="vmalert-0", job="vmalert", instance="i"';
const rule = 'group="slos-long", file="f", id="1"';
const group = { ...where, group: "slos-long" };
const to = 'addr="http://am/api/v2/alerts"';

const lostOnTheWay =
  "20% of the alerts to http://am/api/v2/alerts get lost on the way; the other replicas tell people.";

export const vmalertProofs: readonly Proof[] = [
  {
    alert: "VmalertBadConfig",
    series: [gauge(`vmalert_config_last_reload_successful{${on}}`, 1)],
    labels: { ...where, job: "vmalert", instance: "i" },
    for: 10,
    lag: 6,
    cases: {
      critical: [1, 0, "The last reload of vmalert-0 failed: changes of rules with long windows have no effect."],
    },
  },
  {
    alert: "VmalertAlertRulesFail",
    series: [counter(`vmalert_alerting_rules_errors_total{${on}, ${rule}, alertname="A"}`, 0)],
    labels: group,
    for: 20,
    lag: 2,
    end: 30,
    cases: {
      critical: [0, 1, "15 evaluations of slos-long failed in a quarter of an hour: its alerts can't fire."],
    },
  },
  {
    alert: "VmalertRecordingRulesFail",
    series: [counter(`vmalert_recording_rules_errors_total{${on}, ${rule}, recording="r"}`, 0)],
    labels: group,
    // Budgets are recorded every five minutes.
    for: 10,
    lag: 12,
    end: 40,
    cases: {
      warning: [0, 0.2, "4 evaluations of slos-long failed in 20 minutes: what reads its series sees nothing."],
    },
  },
  {
    alert: "VmalertEvaluationsMissed",
    series: [counter(`vmalert_iteration_missed_total{${on}, group="slos-long", file="f"}`, 0)],
    labels: group,
    for: 15,
    lag: 2,
    end: 30,
    cases: { warning: [0, 1, "15 evaluations of slos-long were left out in a quarter of an hour."] },
  },
  {
    alert: "VmalertWriteFails",
    series: [counter(`vmalert_remotewrite_errors_total{${on}}`, 0)],
    labels: where,
    for: 15,
    lag: 2,
    cases: {
      warning: [0, 2, "10 requests of vmalert-0 to the store failed in five minutes; they are tried again."],
    },
  },
  {
    alert: "VmalertDropsRows",
    series: [counter(`vmalert_remotewrite_dropped_rows_total{${on}}`, 0)],
    labels: where,
    for: 5,
    lag: 2,
    cases: {
      critical: [
        0,
        20,
        "100 samples of vmalert-0 are lost in five minutes: records have gaps, and a restart forgets since when alerts are pending.",
      ],
    },
  },
  {
    alert: "VmalertAlertsNotSent",
    series: [
      counter(`vmalert_alerts_send_errors_total{${on}, ${to}}`, 0),
      growing(`vmalert_alerts_sent_total{${on}, ${to}}`, 100),
    ],
    labels: { ...where, addr: "http://am/api/v2/alerts" },
    for: 10,
    lag: 6,
    cases: {
      info: [1, 20, `${lostOnTheWay} The limit is 1 %.`],
      warning: [5, 20, `${lostOnTheWay} The limit is 5 %.`],
    },
  },
  {
    // No way works. Where one does, the situation "one of two Alertmanagers is away" must wake nobody.
    alert: "VmalertAlertsReachNobody",
    series: ["am", "am-1"].flatMap((replica) => [
      counter(`vmalert_alerts_send_errors_total{${on}, addr="http://${replica}/api/v2/alerts"}`, 0),
      growing(`vmalert_alerts_sent_total{${on}, addr="http://${replica}/api/v2/alerts"}`, 100),
    ]),
    labels: where,
    for: 10,
    lag: 6,
    cases: {
      critical: [5, 20, "At least 20% of its alerts get lost on each way: people are not told. The limit is 5 %."],
    },
  },
];
