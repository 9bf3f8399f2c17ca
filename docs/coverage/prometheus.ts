import { cantFire, later, notDeployed, otherSignal, ours, type RuleSet } from "./verdict";

const pair = "each of a pair has its own alerts: a group of replicas needs none besides";

export const prometheusMixin: RuleSet = {
  name: "prometheus-mixin",
  repository: "prometheus/prometheus",
  commit: "d15adb9ad7",
  alerts: {
    PrometheusBadConfig: ours("critical", ["PrometheusBadConfig"]),
    PrometheusSDRefreshFailure: notDeployed(
      "warning",
      "targets are found by watching Kubernetes; nothing is asked again and again",
    ),
    PrometheusKubernetesListWatchFailures: later(
      "warning",
      ["PrometheusDiscoveryFails"],
      "from eleven failures in ten minutes on: a restart of the API server alone makes some",
    ),
    PrometheusNotificationQueueRunningFull: cantFire(
      "warning",
      ["PrometheusAlertQueueFull"],
      "Prometheus 3 has a queue for each Alertmanager, and one capacity without that label",
    ),
    PrometheusErrorSendingAlertsToSomeAlertmanagers: later(
      "warning",
      ["PrometheusAlertsNotSent"],
      "from 5 % of the alerts on",
    ),
    PrometheusNotConnectedToAlertmanagers: ours("warning", ["PrometheusNoAlertmanager"]),
    PrometheusTSDBReloadsFailing: ours("warning", ["PrometheusStorageFails"]),
    PrometheusTSDBCompactionsFailing: ours("warning", ["PrometheusStorageFails"]),
    PrometheusNotIngestingSamples: ours("warning", ["PrometheusIngestsNothing"]),
    PrometheusDuplicateTimestamps: ours("warning", ["PrometheusSamplesRejected"]),
    PrometheusOutOfOrderTimestamps: ours("warning", ["PrometheusSamplesRejected"]),
    PrometheusRemoteStorageFailures: ours("critical", ["PrometheusRemoteWriteFails"]),
    PrometheusRemoteWriteBehind: ours("critical", ["PrometheusRemoteWriteBehind"]),
    PrometheusRemoteWriteDesiredShards: ours("warning", ["PrometheusRemoteWriteShards"]),
    PrometheusRuleFailures: ours("critical", ["PrometheusRulesFail"]),
    PrometheusMissingRuleEvaluations: ours("warning", ["PrometheusRulesMissed"]),
    PrometheusTargetLimitHit: ours("warning", ["PrometheusTargetsOverLimit"]),
    PrometheusLabelLimitHit: ours("warning", ["PrometheusTargetsOverLimit"]),
    PrometheusScrapeBodySizeLimitHit: ours("warning", ["PrometheusScrapeTooLarge"]),
    PrometheusScrapeSampleLimitHit: ours("warning", ["PrometheusScrapeTooLarge"]),
    PrometheusTargetSyncFailure: ours("critical", ["PrometheusTargetSyncFails"]),
    PrometheusHighQueryLoad: ours("warning", ["PrometheusQueriesWait"]),
    PrometheusErrorSendingAlertsToAnyAlertmanager: later(
      "critical",
      ["PrometheusAlertsReachNobody"],
      "from 5 % of the alerts on",
    ),
    PrometheusHAGroupNotIngestingSamples: otherSignal("critical", ["PrometheusIngestsNothing"], pair),
    PrometheusHAGroupDown: otherSignal("critical", ["TargetDown"], pair),
    PrometheusHAGroupCrashlooping: otherSignal("critical", ["KubePodCrashLooping", "KubeContainerRestarts"], pair),
  },
};

export const alertmanagerMixin: RuleSet = {
  name: "alertmanager-mixin",
  repository: "prometheus/alertmanager",
  commit: "68fb2d575",
  alerts: {
    AlertmanagerFailedReload: ours("critical", ["AlertmanagerBadConfig"]),
    AlertmanagerMembersInconsistent: ours("critical", ["AlertmanagerPeersMissing"]),
    AlertmanagerFailedToSendAlerts: ours("warning", ["AlertmanagerNotificationsFail"]),
    AlertmanagerClusterFailedToSendAlerts: ours(["warning", "critical"], ["AlertmanagerNotificationsFail"]),
    AlertmanagerConfigInconsistent: ours("critical", ["AlertmanagerConfigsDiffer"]),
    AlertmanagerClusterDown: ours("critical", ["AlertmanagerHalfDown", "TargetDown"]),
    AlertmanagerClusterCrashlooping: otherSignal(
      "critical",
      ["KubePodCrashLooping", "KubeContainerRestarts"],
      "Kubernetes counts the restarts of every container",
    ),
    AlertmanagerClusterFailedPeers: otherSignal(
      "warning",
      ["AlertmanagerPeersMissing"],
      "a peer that fails is missing among the members; one that was taken away on purpose is not",
    ),
  },
};

export const grafanaMixin: RuleSet = {
  name: "grafana-mixin",
  repository: "grafana/grafana",
  commit: "as rendered by kube-prometheus 4d719f1d",
  alerts: {
    GrafanaRequestsFailing: ours("warning", ["GrafanaRequestErrors"]),
  },
};
