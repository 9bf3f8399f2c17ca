import { increase, max, min, quantity, rate, sum } from "../../signals";
import { page, query, redFrom, row, stat, status, timeSeries } from "../../dashboards/language";
import { cluster, folders, yesOrNo } from "../../dashboards/shared";
import { instancesOf, logsRow, processRow, targetsOf } from "../../dashboards/process";
import { vmalert as v } from "./metrics";

const t = targetsOf("vmalert");
const failed = sum(increase(v.vmalert_execution_errors_total.where(t).over("15m")));
const lost = sum(increase(v.vmalert_remotewrite_dropped_rows_total.where(t).over("15m")));

/** vmalert about itself (F11): the rules with windows longer than Prometheus keeps. */
export const vmalertPage = page({
  uid: "vmalert",
  title: "vmalert",
  description: "Rules that are evaluated on the long-term store: their alerts, their records, and how long they take.",
  folder: folders.stack,
  variables: [cluster, instancesOf("vmalert")],
  rows: [
    row("Now", [
      stat("Firing", "Alerts of long windows that fire.", query(sum(v.vmalert_alerts_firing.where(t)), "firing")),
      stat(
        "Pending",
        "Alerts that hold, but not yet for long enough.",
        query(sum(v.vmalert_alerts_pending.where(t)), "pending"),
      ),
      stat(
        "Failed rules",
        "Evaluations that failed in a quarter of an hour. Anything but 0 means alerts that can't fire.",
        query(failed, "failed"),
        { thresholds: redFrom(quantity(1, "count")) },
      ),
      stat("Lost samples", "Records lost in a quarter of an hour. Anything but 0 is a gap.", query(lost, "lost"), {
        thresholds: redFrom(quantity(1, "samples")),
      }),
      status(
        "Rules loaded",
        "Whether the last reload worked.",
        query(min(v.vmalert_config_last_reload_successful.where(t)).by("instance"), "{{instance}}"),
        yesOrNo,
        { width: "sixth", height: 4 },
      ),
    ]),
    row("Rules", [
      timeSeries("Time to evaluate", "Average by group. Bad when it comes near the group's interval.", [
        query(
          sum(rate(v.vmalert_iteration_duration_seconds.where(t).sum))
            .by("group")
            .dividedBy(sum(rate(v.vmalert_iteration_duration_seconds.where(t).count)).by("group")),
          "{{group}}",
        ),
        query(max(v.vmalert_iteration_interval_seconds.where(t)), "longest interval"),
      ]),
      timeSeries("Left out", "Evaluations skipped because the one before had not ended. Anything but 0 is bad.", [
        query(sum(increase(v.vmalert_iteration_missed_total.where(t))).by("group"), "{{group}}"),
      ]),
      timeSeries("Failed", "Evaluations that failed, by rule. Anything but 0 is bad.", [
        query(sum(increase(v.vmalert_alerting_rules_errors_total.where(t))).by("alertname"), "{{alertname}}"),
        query(sum(increase(v.vmalert_recording_rules_errors_total.where(t))).by("recording"), "{{recording}}"),
      ]),
      timeSeries("Alerts", "Those that fire and those that wait, by name.", [
        query(sum(v.vmalert_alerts_firing.where(t)).by("alertname"), "firing {{alertname}}"),
        query(sum(v.vmalert_alerts_pending.where(t)).by("alertname"), "pending {{alertname}}"),
      ]),
      timeSeries("Series recorded", "Series that each record gives. One that falls to 0 has lost what it reads.", [
        query(sum(v.vmalert_recording_rules_last_evaluation_samples.where(t)).by("recording"), "{{recording}}"),
      ]),
    ]),
    row("Sending", [
      timeSeries("Alerts sent", "By Alertmanager. Each gets all of them.", [
        query(sum(rate(v.vmalert_alerts_sent_total.where(t))).by("addr"), "{{addr}}"),
      ]),
      timeSeries("Alerts not sent", "By Alertmanager. Anything but 0 means that somebody may not be told.", [
        query(sum(rate(v.vmalert_alerts_send_errors_total.where(t))).by("addr"), "{{addr}}"),
      ]),
      timeSeries("Samples written", "Records and the state of alerts, on their way to the store.", [
        query(sum(rate(v.vmalert_remotewrite_sent_rows_total.where(t))).by("instance"), "written {{instance}}"),
        query(sum(rate(v.vmalert_remotewrite_dropped_rows_total.where(t))).by("instance"), "lost {{instance}}"),
      ]),
      timeSeries("Failed writes", "They are tried again. Bad when they stay.", [
        query(sum(rate(v.vmalert_remotewrite_errors_total.where(t))).by("instance"), "{{instance}}"),
      ]),
    ]),
    processRow("vmalert"),
    logsRow("vmalert", { only: "once it complained" }),
  ],
});
