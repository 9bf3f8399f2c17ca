import { counter, gauge, growing, steady, type Proof } from "../support/proof";

const where = { namespace: "observability", pod: "prometheus-0" };
const on = 'cluster="local", namespace="observability", pod="prometheus-0", job="prometheus", instance="i"';
const own = { ...where, job: "prometheus", instance: "i" };
const to = { ...where, remote_name: "vm" };
const remote = `${on}, remote_name="vm", url="http://vm"`;
const am = { namespace: "observability", pod: "alertmanager-0", job: "alertmanager", instance: "i" };
const onAm = 'cluster="local", namespace="observability", pod="alertmanager-0", job="alertmanager", instance="i"';
const two = (name: string) =>
  [
    `${name}{cluster="local", namespace="o", job="alertmanager", pod="a"}`,
    `${name}{cluster="local", namespace="o", job="alertmanager", pod="b"}`,
  ] as const;
const o = { namespace: "o" };

const lostOnTheWay =
  "20% of the alerts that prometheus-0 sends to am get lost on the way; the other replicas tell people.";

export const prometheusProofs: readonly Proof[] = [
  {
    alert: "PrometheusBadConfig",
    series: [gauge(`prometheus_config_last_reload_successful{${on}}`, 1)],
    labels: own,
    for: 10,
    lag: 6,
    cases: {
      critical: [1, 0, "The last reload of prometheus-0 failed: changes of scraping and rules have no effect."],
    },
  },
  {
    alert: "PrometheusDiscoveryFails",
    series: [counter(`prometheus_sd_kubernetes_failures_total{${on}}`, 0)],
    labels: where,
    for: 15,
    lag: 12,
    end: 30,
    cases: {
      warning: [1, 3, "30 requests of prometheus-0 to the API server failed in ten minutes: new pods stay unseen."],
    },
  },
  {
    alert: "PrometheusTargetSyncFails",
    series: [counter(`prometheus_target_sync_failed_total{${on}, scrape_job="pods"}`, 0)],
    labels: { ...where, scrape_job: "pods" },
    for: 5,
    lag: 26,
    end: 40,
    cases: { warning: [0, 1, "30 targets of pods have labels or addresses that can't be."] },
  },
  {
    alert: "PrometheusIngestsNothing",
    series: [counter(`prometheus_tsdb_head_samples_appended_total{${on}, type="float"}`, 1000)],
    labels: where,
    for: 10,
    lag: 6,
    cases: { critical: [1, 0, "prometheus-0 appended nothing for minutes: every other alert is blind."] },
  },
  {
    alert: "PrometheusSamplesRejected",
    series: [
      counter(`prometheus_target_scrapes_sample_duplicate_timestamp_total{${on}}`, 0),
      growing(`prometheus_target_scrapes_sample_out_of_order_total{${on}}`, 0),
      growing(`prometheus_target_scrapes_sample_out_of_bounds_total{${on}}`, 0),
    ],
    labels: own,
    for: 15,
    lag: 6,
    cases: {
      warning: [0, 60, "prometheus-0 rejects 1 samples/s: two targets give the same series, or clocks differ."],
    },
  },
  {
    alert: "PrometheusScrapeTooLarge",
    series: [
      counter(`prometheus_target_scrapes_exceeded_sample_limit_total{${on}}`, 0),
      growing(`prometheus_target_scrapes_exceeded_body_size_limit_total{${on}}`, 0),
    ],
    labels: own,
    for: 15,
    lag: 2,
    end: 30,
    cases: {
      warning: [0, 1, "10 scrapes of prometheus-0 exceeded their limit in ten minutes: all their samples are lost."],
    },
  },
  {
    alert: "PrometheusStorageFails",
    series: [
      counter(`prometheus_tsdb_compactions_failed_total{${on}}`, 0),
      growing(`prometheus_tsdb_reloads_failures_total{${on}}`, 0),
    ],
    labels: own,
    for: 30,
    warm: 240,
    lag: 2,
    end: 200,
    cases: { warning: [0, 1, "33 failures on prometheus-0 in three hours: the disk fills or is damaged."] },
  },
  {
    alert: "PrometheusWalCorrupt",
    series: [counter(`prometheus_tsdb_wal_corruptions_total{${on}}`, 0)],
    labels: own,
    for: 0,
    warm: 240,
    end: 200,
    cases: { critical: [0, 1, "2 damaged places on prometheus-0: samples since the last block may be lost."] },
  },
  {
    alert: "PrometheusRulesFail",
    series: [counter(`prometheus_rule_evaluation_failures_total{${on}, rule_group="g"}`, 0)],
    labels: { ...own, rule_group: "g" },
    for: 20,
    lag: 2,
    end: 30,
    cases: { critical: [0, 1, "15 evaluations of g failed in a quarter of an hour: its alerts can't fire."] },
  },
  {
    alert: "PrometheusRulesMissed",
    series: [counter(`prometheus_rule_group_iterations_missed_total{${on}, rule_group="g"}`, 0)],
    labels: { ...own, rule_group: "g" },
    for: 15,
    lag: 2,
    cases: { warning: [0, 1, "5 evaluations of g were left out in five minutes."] },
  },
  {
    alert: "PrometheusQueriesWait",
    series: [
      gauge(`prometheus_engine_queries{${on}}`, 1),
      steady(`prometheus_engine_queries_concurrent_max{${on}}`, 20),
    ],
    labels: own,
    for: 15,
    cases: { warning: [16, 19, "95% of the places for queries of prometheus-0 are taken. The limit is 80 %."] },
  },
  {
    alert: "PrometheusAlertsNotSent",
    series: [
      counter(`prometheus_notifications_errors_total{${on}, alertmanager="am"}`, 0),
      growing(`prometheus_notifications_sent_total{${on}, alertmanager="am"}`, 100),
    ],
    labels: { ...where, alertmanager: "am" },
    for: 10,
    lag: 6,
    cases: {
      info: [1, 20, `${lostOnTheWay} The limit is 1 %.`],
      warning: [5, 20, `${lostOnTheWay} The limit is 5 %.`],
    },
  },
  {
    // No way works. Where one does, the situation "one of two Alertmanagers is away" must wake nobody.
    alert: "PrometheusAlertsReachNobody",
    series: ["am", "am-1"].flatMap((replica) => [
      counter(`prometheus_notifications_errors_total{${on}, alertmanager="${replica}"}`, 0),
      growing(`prometheus_notifications_sent_total{${on}, alertmanager="${replica}"}`, 100),
    ]),
    labels: where,
    for: 10,
    lag: 6,
    cases: {
      critical: [5, 20, "At least 20% of its alerts get lost on each way: people are not told. The limit is 5 %."],
    },
  },
  {
    alert: "PrometheusNoAlertmanager",
    series: [gauge(`prometheus_notifications_alertmanagers_discovered{${on}}`, 1)],
    labels: where,
    for: 10,
    cases: { critical: [1, 0, "Whatever prometheus-0 finds, nobody is told."] },
  },
  {
    alert: "PrometheusAlertQueueFull",
    series: [
      gauge(`prometheus_notifications_queue_length{${on}, alertmanager="am"}`, 0),
      steady(`prometheus_notifications_queue_capacity{${on}}`, 10_000),
    ],
    labels: where,
    for: 10,
    cases: {
      warning: [
        6000,
        7000,
        "70% of the queue of prometheus-0 is taken; when it is full, alerts are dropped. The limit is 60 %.",
      ],
      critical: [
        8000,
        9000,
        "90% of the queue of prometheus-0 is taken; when it is full, alerts are dropped. The limit is 80 %.",
      ],
    },
  },
  {
    alert: "PrometheusRemoteWriteFails",
    series: [
      counter(`prometheus_remote_storage_samples_failed_total{${remote}}`, 0),
      growing(`prometheus_remote_storage_samples_total{${remote}}`, 90),
    ],
    labels: to,
    for: 15,
    lag: 6,
    cases: {
      warning: [0.9, 10, "vm refuses 10% of the samples for good. The limit is 1 %."],
      critical: [4.5, 10, "vm refuses 10% of the samples for good. The limit is 5 %."],
    },
  },
  {
    alert: "PrometheusRemoteWriteBehind",
    series: [
      gauge(`prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${remote}}`, 10_000),
      steady(`prometheus_remote_storage_queue_highest_timestamp_seconds{${remote}}`, 10_000),
    ],
    labels: to,
    for: 15,
    cases: {
      warning: [9880, 9850, "vm is 2m 30s behind; after two hours samples are lost. The limit is 2m."],
      critical: [6400, 6000, "vm is 1h 6m 40s behind; after two hours samples are lost. The limit is 1h."],
    },
  },
  {
    alert: "PrometheusRemoteWriteShards",
    series: [
      gauge(`prometheus_remote_storage_shards_desired{${remote}}`, 1),
      steady(`prometheus_remote_storage_shards_max{${remote}}`, 30),
    ],
    labels: to,
    for: 15,
    cases: { warning: [30, 40, "It wants 10 shards more than it may open to vm."] },
  },
  {
    alert: "AlertmanagerBadConfig",
    series: [gauge(`alertmanager_config_last_reload_successful{${onAm}}`, 1)],
    labels: am,
    for: 10,
    lag: 6,
    cases: { critical: [1, 0, "The last reload of alertmanager-0 failed: new routes and receivers have no effect."] },
  },
  {
    alert: "AlertmanagerNotificationsFail",
    series: [
      counter(`alertmanager_notifications_failed_total{${onAm}, integration="slack", reason="other"}`, 0),
      growing(`alertmanager_notifications_total{${onAm}, integration="slack"}`, 100),
    ],
    labels: { namespace: "observability", pod: "alertmanager-0", integration: "slack" },
    for: { warning: 5, critical: 10 },
    lag: 6,
    cases: {
      warning: [1, 20, "20% of the notifications through slack fail: people are not told. The limit is 1 %."],
      critical: [5, 20, "20% of the notifications through slack fail: people are not told. The limit is 5 %."],
    },
  },
  {
    alert: "AlertmanagerSilencesFail",
    series: [counter(`alertmanager_silences_query_errors_total{${onAm}}`, 0)],
    labels: am,
    for: 10,
    lag: 2,
    end: 25,
    cases: { warning: [0, 1, "10 reads failed on alertmanager-0: silenced alerts may be sent."] },
  },
  {
    alert: "AlertmanagerPeersMissing",
    series: [gauge(two("alertmanager_cluster_members")[0], 2), steady(two("alertmanager_cluster_members")[1], 2)],
    labels: o,
    for: 15,
    cases: {
      warning: [2, 1, "One of them sees only 1 members: notifications come twice, silences hold on one side only."],
    },
  },
  {
    alert: "AlertmanagerConfigsDiffer",
    series: [gauge(two("alertmanager_config_hash")[0], 7), steady(two("alertmanager_config_hash")[1], 7)],
    labels: o,
    for: 20,
    cases: { warning: [7, 8, "Who is notified depends on which replica in o speaks."] },
  },
  {
    // Two of three.
    alert: "AlertmanagerHalfDown",
    series: [
      gauge(two("up")[0], 1),
      steady(two("up")[1], 0),
      steady('up{cluster="local", namespace="o", job="alertmanager", pod="c"}', 1),
    ],
    labels: o,
    for: 5,
    cases: {
      critical: [1, 0, "More than half of the replicas in o don't answer: the next failure silences all alerts."],
    },
  },
];
