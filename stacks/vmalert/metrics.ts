import { counter, gauge, source, summary } from "../../signals/source";

const rule = ["group", "file", "id"] as const;
const group = ["group", "file"] as const;

/** vmalert 1.150 about itself; it exposes no types and no help texts, those here come from its docs. */
export const vmalert = source(
  {
    name: "vmalert",
    jobs: ["vmalert"],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
  },
  {
    vmalert_alerts_firing: gauge("count", ["alertname", ...rule], "Alerts that fire, by rule"),
    vmalert_alerts_pending: gauge("count", ["alertname", ...rule], "Alerts that wait for their time, by rule"),
    vmalert_alerts_fired_total: counter("count", [], "Alerts that began to fire"),
    vmalert_alerts_sent_total: counter("count", ["addr"], "Alerts sent or tried to send, by Alertmanager"),
    vmalert_alerts_send_errors_total: counter("count", ["addr"], "Alerts that could not be sent, by Alertmanager"),
    vmalert_alerting_rules_errors_total: counter(
      "count",
      ["alertname", ...rule],
      "Evaluations of alerting rules that failed",
      { every: "1m" },
    ),
    vmalert_recording_rules_errors_total: counter(
      "count",
      ["recording", ...rule],
      "Evaluations of recording rules that failed",
      { every: "5m" },
    ),
    vmalert_recording_rules_last_evaluation_samples: gauge(
      "count",
      ["recording", ...rule],
      "Samples of a recording rule's last evaluation; 0 records nothing",
    ),
    vmalert_execution_total: counter("count", [], "Evaluations of rules"),
    vmalert_execution_errors_total: counter("count", [], "Evaluations of rules that failed"),
    vmalert_iteration_total: counter("count", group, "Evaluations of groups"),
    vmalert_iteration_missed_total: counter(
      "count",
      group,
      "Evaluations left out because the one before had not ended",
    ),
    vmalert_iteration_duration_seconds: summary("seconds", group, "How long evaluating a group takes"),
    vmalert_iteration_interval_seconds: gauge("seconds", group, "How often a group is evaluated"),
    vmalert_config_last_reload_successful: gauge("state", [], "Whether the last reload of the rules worked"),
    vmalert_config_last_reload_success_timestamp_seconds: gauge(
      "timestamp",
      [],
      "When the rules were last read without a fault",
    ),
    vmalert_remotewrite_sent_rows_total: counter("samples", [], "Samples written to the store"),
    vmalert_remotewrite_dropped_rows_total: counter(
      "samples",
      [],
      "Samples lost: the queue was full, or retries ended",
    ),
    vmalert_remotewrite_errors_total: counter("requests", [], "Writes to the store that failed and are tried again"),
    vmalert_remotewrite_queue_capacity: gauge("samples", [], "Samples that may wait for being written"),
    vmalert_datasource_dial_errors_total: counter("count", [], "Connections to the store that could not be opened"),
  },
  [
    {
      of: ["vmalert_config_last_reload_success_timestamp_seconds"],
      says: "counter",
      only: "called so by vmalert 1.150, though it is a time",
    },
  ],
);
