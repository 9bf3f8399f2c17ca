import { alertmanagerMixin, grafanaMixin, prometheusMixin } from "../../../docs/coverage/prometheus";
import type { Scenarios } from "./scenario";

const at = (system: string, pod = `${system}-0`) =>
  `cluster="local", job="${system}", instance="${pod}", namespace="o", pod="${pod}"`;
const one = at("prometheus");
const to = `${one}, alertmanager="http://a"`;
const remote = `${one}, remote_name="vmagent", url="http://v"`;
/** A counter that grows, among others that stand still. */
const counts = (rising: string, still: readonly string[], each: string) =>
  Object.fromEntries([[`${rising}{${one}}`, each] as const, ...still.map((name) => [`${name}{${one}}`, 0] as const)]);
const rejected = [
  "prometheus_target_scrapes_sample_duplicate_timestamp_total",
  "prometheus_target_scrapes_sample_out_of_order_total",
  "prometheus_target_scrapes_sample_out_of_bounds_total",
];
const tooLarge = [
  "prometheus_target_scrapes_exceeded_sample_limit_total",
  "prometheus_target_scrapes_exceeded_body_size_limit_total",
];
const overLimit = [
  "prometheus_target_scrape_pool_exceeded_target_limit_total",
  "prometheus_target_scrape_pool_exceeded_label_limits_total",
];
const storage = ["prometheus_tsdb_compactions_failed_total", "prometheus_tsdb_reloads_failures_total"];
const others = (all: readonly string[], name: string) => all.filter((each) => each !== name);

export const prometheusScenarios: Scenarios = {
  set: prometheusMixin,
  scenarios: [
    {
      of: "PrometheusBadConfig critical",
      series: { [`prometheus_config_last_reload_successful{${one}}`]: 0 },
      at: 20,
      fires: ["PrometheusBadConfig"],
    },
    {
      of: "PrometheusKubernetesListWatchFailures warning",
      series: { [`prometheus_sd_kubernetes_failures_total{${one}}`]: "+1.2" },
      at: 30,
      fires: ["PrometheusDiscoveryFails"],
    },
    {
      of: "PrometheusErrorSendingAlertsToSomeAlertmanagers warning",
      series: {
        [`prometheus_notifications_errors_total{${to}}`]: "+5.1",
        [`prometheus_notifications_sent_total{${to}}`]: "+100",
      },
      at: 25,
      fires: ["PrometheusAlertsNotSent"],
    },
    {
      of: "PrometheusErrorSendingAlertsToAnyAlertmanager critical",
      series: {
        [`prometheus_notifications_errors_total{${to}}`]: "+5.1",
        [`prometheus_notifications_sent_total{${to}}`]: "+100",
      },
      at: 25,
      fires: ["PrometheusAlertsReachNobody"],
    },
    {
      of: "PrometheusNotConnectedToAlertmanagers warning",
      series: { [`prometheus_notifications_alertmanagers_discovered{${one}}`]: 0 },
      at: 20,
      fires: ["PrometheusNoAlertmanager"],
    },
    ...(
      [
        ["PrometheusTSDBReloadsFailing", "prometheus_tsdb_reloads_failures_total"],
        ["PrometheusTSDBCompactionsFailing", "prometheus_tsdb_compactions_failed_total"],
      ] as const
    ).map(([name, counter]) => ({
      of: `${name} warning`,
      series: counts(counter, others(storage, counter), "+0.1"),
      step: "5m" as const,
      at: 300,
      fires: ["PrometheusStorageFails"],
    })),
    {
      of: "PrometheusNotIngestingSamples warning",
      series: {
        [`prometheus_tsdb_head_samples_appended_total{${one}, type="float"}`]: 0,
        [`prometheus_target_metadata_cache_entries{${one}, scrape_job="s"}`]: 1,
        [`prometheus_rule_group_rules{${one}, rule_group="g"}`]: 1,
      },
      at: 20,
      fires: ["PrometheusIngestsNothing"],
    },
    ...(
      [
        ["PrometheusDuplicateTimestamps", rejected[0] ?? ""],
        ["PrometheusOutOfOrderTimestamps", rejected[1] ?? ""],
      ] as const
    ).map(([name, counter]) => ({
      of: `${name} warning`,
      series: counts(counter, others(rejected, counter), "+0.25"),
      at: 25,
      fires: ["PrometheusSamplesRejected"],
    })),
    {
      of: "PrometheusRemoteStorageFailures critical",
      series: {
        [`prometheus_remote_storage_samples_failed_total{${remote}}`]: "+1.1",
        [`prometheus_remote_storage_samples_total{${remote}}`]: "+98.9",
      },
      at: 25,
      fires: ["PrometheusRemoteWriteFails"],
    },
    {
      of: "PrometheusRemoteWriteBehind critical",
      series: {
        [`prometheus_remote_storage_queue_highest_timestamp_seconds{${remote}}`]: 221,
        [`prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${remote}}`]: 100,
      },
      at: 20,
      fires: ["PrometheusRemoteWriteBehind"],
    },
    {
      of: "PrometheusRemoteWriteDesiredShards warning",
      series: {
        [`prometheus_remote_storage_shards_desired{${remote}}`]: 31,
        [`prometheus_remote_storage_shards_max{${remote}}`]: 30,
      },
      at: 20,
      fires: ["PrometheusRemoteWriteShards"],
    },
    {
      of: "PrometheusRuleFailures critical",
      series: { [`prometheus_rule_evaluation_failures_total{${one}, rule_group="g"}`]: "+0.25" },
      at: 25,
      fires: ["PrometheusRulesFail"],
    },
    {
      of: "PrometheusMissingRuleEvaluations warning",
      series: { [`prometheus_rule_group_iterations_missed_total{${one}, rule_group="g"}`]: "+0.25" },
      at: 25,
      fires: ["PrometheusRulesMissed"],
    },
    ...(
      [
        ["PrometheusTargetLimitHit", overLimit, 0, "PrometheusTargetsOverLimit"],
        ["PrometheusLabelLimitHit", overLimit, 1, "PrometheusTargetsOverLimit"],
        ["PrometheusScrapeSampleLimitHit", tooLarge, 0, "PrometheusScrapeTooLarge"],
        ["PrometheusScrapeBodySizeLimitHit", tooLarge, 1, "PrometheusScrapeTooLarge"],
      ] as const
    ).map(([name, all, which, ours]) => ({
      of: `${name} warning`,
      series: counts(all[which] ?? "", others(all, all[which] ?? ""), "+0.25"),
      at: 30,
      fires: [ours],
    })),
    {
      of: "PrometheusTargetSyncFailure critical",
      series: { [`prometheus_target_sync_failed_total{${one}, scrape_job="s"}`]: "0x5 1x60" },
      at: 15,
      fires: ["PrometheusTargetSyncFails"],
    },
    {
      of: "PrometheusHighQueryLoad warning",
      series: { [`prometheus_engine_queries{${one}}`]: 17, [`prometheus_engine_queries_concurrent_max{${one}}`]: 20 },
      at: 25,
      fires: ["PrometheusQueriesWait"],
    },
  ],
};

const am = (replica: number) => at("alertmanager", `alertmanager-${replica}`);
const failing = (bad: number) =>
  Object.fromEntries(
    [0, 1].flatMap((replica) => [
      [`alertmanager_notifications_failed_total{${am(replica)}, integration="webhook", reason="other"}`, `+${bad}`],
      [`alertmanager_notifications_total{${am(replica)}, integration="webhook"}`, "+100"],
    ]),
  );

export const alertmanagerScenarios: Scenarios = {
  set: alertmanagerMixin,
  scenarios: [
    {
      of: "AlertmanagerFailedReload critical",
      series: { [`alertmanager_config_last_reload_successful{${am(0)}}`]: 0 },
      at: 20,
      fires: ["AlertmanagerBadConfig"],
    },
    {
      of: "AlertmanagerMembersInconsistent critical",
      series: {
        [`alertmanager_cluster_members{${am(0)}}`]: 1,
        [`alertmanager_cluster_members{${am(1)}}`]: 2,
      },
      at: 20,
      fires: ["AlertmanagerPeersMissing"],
    },
    {
      of: "AlertmanagerFailedToSendAlerts warning",
      series: failing(1.1),
      at: 25,
      fires: ["AlertmanagerNotificationsFail"],
    },
    ...(["warning", "critical"] as const).map((severity) => ({
      of: `AlertmanagerClusterFailedToSendAlerts ${severity}`,
      series: failing(1.1),
      at: 25,
      fires: ["AlertmanagerNotificationsFail"],
    })),
    {
      of: "AlertmanagerConfigInconsistent critical",
      series: {
        [`alertmanager_config_hash{${am(0)}}`]: 1,
        [`alertmanager_config_hash{${am(1)}}`]: 2,
      },
      at: 25,
      fires: ["AlertmanagerConfigsDiffer"],
    },
    {
      of: "AlertmanagerClusterDown critical",
      series: { [`up{${am(0)}}`]: 0, [`up{${am(1)}}`]: 1 },
      at: 15,
      fires: ["TargetDown"],
    },
    {
      of: "AlertmanagerClusterDown critical",
      series: { [`up{${am(0)}}`]: 0, [`up{${am(1)}}`]: 0, [`up{${am(2)}}`]: 1 },
      at: 15,
      fires: ["AlertmanagerHalfDown"],
    },
  ],
};

const grafana = `${at("grafana")}, handler="/api/search", method="GET"`;

export const grafanaScenarios: Scenarios = {
  set: grafanaMixin,
  scenarios: [
    {
      of: "GrafanaRequestsFailing warning",
      series: {
        [`grafana_http_request_duration_seconds_count{${grafana}, status_code="500"}`]: "+51",
        [`grafana_http_request_duration_seconds_count{${grafana}, status_code="200"}`]: "+49",
      },
      at: 20,
      fires: ["GrafanaRequestErrors"],
    },
  ],
};
