import {
  alertSeries,
  count,
  countOverTime,
  countValues,
  histogramQuantile,
  increase,
  max,
  min,
  not,
  quantity,
  rate,
  sum,
  topk,
} from "../../signals";
import {
  bars,
  selected,
  page,
  query,
  redFrom,
  row,
  stat,
  status,
  timeSeries,
  type Page,
} from "../../dashboards/language";
import { cluster, folders, yesOrNo } from "../../dashboards/shared";
import { instancesOf, logsRow, processRow, targetsOf } from "../../dashboards/process";
import { alertmanager as a } from "./metrics";

const t = targetsOf("alertmanager");

/** Each sample of a firing alert is one evaluation; what counts is when alerts began. */
const fired = alertSeries.ALERTS.where({
  cluster: selected("cluster"),
  alertstate: "firing",
  alertname: not("Watchdog"),
});
const past = { source: "alert-history" } as const;
const history = row("History", [
  timeSeries(
    "Alerts that fired, by day",
    "Different alerts that fired in the day before. Reaches back as far as retention.alerts says.",
    [query(count(countOverTime(fired.over("1d"))).by("severity"), "{{severity}}", past)],
    { width: "half" },
  ),
  bars(
    "Fired in 30 days",
    "Which alerts fired for how many pods, services or hosts. The noisiest is on top.",
    [query(topk(15, count(countOverTime(fired.over("30d"))).by("alertname")), "{{alertname}}", past)],
    { width: "half" },
  ),
]);

const different = count(countValues("config_hash", a.alertmanager_config_hash.where(t)));
const gossip = row("Cluster", [
  stat(
    "Members",
    "Members that the cluster has, by the one that sees fewest.",
    query(min(a.alertmanager_cluster_members.where(t)), "members"),
    { width: "quarter", height: 8 },
  ),
  timeSeries(
    "Failed peers",
    "Members that can't be reached. Two halves of a cluster page twice.",
    [query(a.alertmanager_cluster_failed_peers.where(t), "{{instance}}")],
    { width: "quarter" },
  ),
  timeSeries(
    "Different configurations",
    "More than 1 means that members route differently.",
    [query(different, "kinds")],
    { width: "quarter" },
  ),
  timeSeries(
    "Messages that wait",
    "Gossip that isn't sent yet. Bad when it grows.",
    [query(a.alertmanager_cluster_messages_queued.where(t), "{{instance}}")],
    { width: "quarter" },
  ),
]);

/** Alertmanager about itself (F11, A6); a single one has no cluster to tell about. */
export const alertmanagerPage = (replicas: number): Page =>
  page({
    uid: "alertmanager",
    title: "Alertmanager",
    description: "Alerts, notifications, silences and the cluster of Alertmanagers.",
    folder: folders.stack,
    variables: [cluster, instancesOf("alertmanager")],
    rows: [
      row("Now", [
        stat(
          "Active alerts",
          "Alerts that fire and aren't silenced.",
          query(max(a.alertmanager_alerts.where({ ...t, state: "active" })), "active"),
        ),
        stat(
          "Suppressed alerts",
          "Alerts that are silenced or inhibited.",
          query(max(a.alertmanager_alerts.where({ ...t, state: "suppressed" })), "suppressed"),
        ),
        stat(
          "Silences",
          "Silences in force.",
          query(max(a.alertmanager_silences.where({ ...t, state: "active" })), "active"),
        ),
        stat(
          "Failed notifications",
          "In a quarter of an hour. Anything but 0 means that somebody wasn't told.",
          query(sum(increase(a.alertmanager_notifications_failed_total.where(t).over("15m"))), "failed"),
          { thresholds: redFrom(quantity(1, "count")) },
        ),
        status(
          "Configuration loaded",
          "Whether the last reload worked.",
          query(min(a.alertmanager_config_last_reload_successful.where(t)).by("instance"), "{{instance}}"),
          yesOrNo,
          { width: "sixth", height: 4 },
        ),
      ]),
      row("Notifications", [
        timeSeries("Sent", "By receiver's kind.", [
          query(sum(rate(a.alertmanager_notifications_total.where(t))).by("integration"), "{{integration}}"),
        ]),
        timeSeries("Failed", "By kind and reason. Anything but 0 is bad.", [
          query(
            sum(rate(a.alertmanager_notifications_failed_total.where(t))).by("integration", "reason"),
            "{{integration}} {{reason}}",
          ),
        ]),
        timeSeries("Time to notify, p99", "By kind. Bad above some seconds.", [
          query(
            histogramQuantile(
              0.99,
              sum(rate(a.alertmanager_notification_latency_seconds.buckets.where(t))).by("integration", "le"),
            ),
            "{{integration}}",
          ),
        ]),
      ]),
      row("Alerts", [
        timeSeries("Received", "By status. Silence where there should be a watchdog is bad.", [
          query(sum(rate(a.alertmanager_alerts_received_total.where(t))).by("status"), "{{status}}"),
        ]),
        timeSeries(
          "Held",
          "Alerts by state. Many suppressed ones hide what they silence.",
          [query(max(a.alertmanager_alerts.where(t)).by("state"), "{{state}}")],
          {
            stacked: true,
          },
        ),
        timeSeries("Invalid", "Alerts that could not be read. Anything but 0 is bad.", [
          query(sum(rate(a.alertmanager_alerts_invalid_total.where(t))), "invalid"),
        ]),
      ]),
      history,
      ...(replicas > 1 ? [gossip] : []),
      processRow("alertmanager"),
      logsRow("alertmanager", { only: "once it complained" }),
    ],
  });
