import { counter, gauge, growing, steady } from "../support/proof";
import { target, type Situation } from "./situation";

/** Jobs without which the cluster or its watch is blind; each has two targets. */
const core = ["apiserver", "coredns", "prometheus", "alertmanager", "victoriametrics", "loki", "tempo"];
const instances = ["a", "b"];
const prometheus = target("prometheus");
const to = (replica: string) => `${prometheus}, alertmanager="http://alertmanager-${replica}:9093/api/v2/alerts"`;
const am = target("alertmanager", "0");
const vmalert = target("vmalert");

/** Who watches is blind, or can't tell anybody. */
export const pipeline: readonly Situation[] = [
  ...core.map((job): Situation => ({
    what: `no target of job ${job} answers`,
    series: instances.map((instance) => [gauge(`up{${target(job, instance)}}`, 1), 0]),
    within: 20,
  })),
  ...core.map((job): Situation => ({
    what: `no target of job ${job} is found any more`,
    series: instances.map((instance) => [gauge(`up{${target(job, instance)}}`, 1), "_"]),
    within: 25,
  })),
  {
    what: "Prometheus reaches none of two Alertmanagers",
    series: ["0", "1"].flatMap((replica) => [
      [counter(`prometheus_notifications_errors_total{${to(replica)}}`, 0), 10],
      [growing(`prometheus_notifications_sent_total{${to(replica)}}`, 10)],
    ]),
    within: 25,
  },
  {
    what: "Prometheus knows no Alertmanager",
    series: [[gauge(`prometheus_notifications_alertmanagers_discovered{${prometheus}}`, 2), 0]],
    within: 15,
  },
  {
    what: "Prometheus stores no samples",
    series: [[counter(`prometheus_tsdb_head_samples_appended_total{${prometheus}, type="float"}`, 60_000), 0]],
    within: 20,
  },
  {
    what: "a group of rules fails at each evaluation",
    series: [[counter(`prometheus_rule_evaluation_failures_total{${prometheus}, rule_group="g"}`, 0), 4]],
    within: 25,
  },
  {
    what: "vmalert can't evaluate alerts",
    series: [
      [counter(`vmalert_alerting_rules_errors_total{${vmalert}, group="g", file="f", alertname="A", id="1"}`, 0), 1],
    ],
    within: 25,
  },
  {
    what: "the only way to people fails: each notification is refused",
    series: [
      [counter(`alertmanager_notifications_failed_total{${am}, integration="pagerduty", reason="serverError"}`, 0), 1],
      [growing(`alertmanager_notifications_total{${am}, integration="pagerduty"}`, 1)],
    ],
    within: 20,
  },
  {
    what: "both Alertmanagers run a configuration that is not the last one",
    series: [[gauge(`alertmanager_config_last_reload_successful{${am}}`, 1), 0]],
    within: 20,
  },
  {
    what: "what vmalert records does not arrive",
    series: [[counter(`vmalert_remotewrite_dropped_rows_total{${vmalert}}`, 0), 100]],
    within: 15,
  },
  {
    what: "Prometheus falls more than an hour behind the long-term store",
    series: [
      [steady(`prometheus_remote_storage_queue_highest_timestamp_seconds{${prometheus}, remote_name="vm"}`, 1e6)],
      [
        gauge(`prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${prometheus}, remote_name="vm"}`, 1e6),
        1e6 - 4000,
      ],
    ],
    within: 25,
  },
];
