import { cantFire, later, notDeployed, notUseful, otherSignal, ours, type RuleSet } from "./verdict";

export const lokiMixin: RuleSet = {
  name: "loki-mixin",
  repository: "grafana/loki",
  commit: "65e30f8488",
  alerts: {
    LokiRequestErrors: ours("critical", ["LokiRequestErrors"]),
    LokiRequestPanics: ours("critical", ["LokiPanics"]),
    LokiRequestLatency: ours("critical", ["LokiSlow"], "not for routes on which the parts of Loki wait for each other"),
    LokiTooManyCompactorsRunning: ours("warning", ["LokiTwoCompactors"]),
    LokiCompactorHasNotSuccessfullyRunCompaction: later(
      "critical",
      ["LokiCompactionStalled"],
      "a ticket after a day: until then queries are slower, and nothing is lost",
    ),
  },
};

const retried = "a job that fails is given out again; when none gets done, blocks pile up";

export const tempoMixin: RuleSet = {
  name: "tempo-mixin",
  repository: "grafana/tempo",
  commit: "ad33aa8faf",
  alerts: {
    TempoDistributorUnhealthy: ours("warning", ["TempoRingUnhealthy"]),
    TempoLiveStoreUnhealthy: ours("critical", ["TempoRingUnhealthy"]),
    TempoMetricsGeneratorUnhealthy: ours("critical", ["TempoRingUnhealthy"]),
    TempoCompactionsFailing: ours(
      "critical",
      ["TempoCompactionFails"],
      "Tempo 2; of Tempo 3 its jobs tell: TempoJobsFail",
    ),
    TempoPollsFailing: later(
      "critical",
      ["TempoPollFails"],
      "from three failures in 25 minutes on, not in an hour; it polls every five",
    ),
    TempoTenantIndexFailures: later(
      "critical",
      ["TempoTenantIndexFails"],
      "from three failures in 25 minutes on, not in an hour; it polls every five",
    ),
    TempoNoTenantIndexBuilders: cantFire(
      "critical",
      ["TempoNoIndexBuilder"],
      "its one side has a tenant, its other has none",
    ),
    TempoTenantIndexTooOld: ours("critical", ["TempoTenantIndexOld"]),
    TempoBadOverrides: ours("critical", ["TempoBadOverrides"]),
    TempoUserConfigurableOverridesReloadFailing: notDeployed("critical", "limits that users set themselves are off"),
    TempoCompactionTooManyOutstandingBlocks: ours(["warning", "critical"], ["TempoCompactionBehind"]),
    TempoMetricsGeneratorPartitionLagCritical: ours("critical", ["TempoPartitionsBehind"]),
    TempoBlockBuilderPartitionLagWarning: ours("warning", ["TempoPartitionsBehind"]),
    TempoBlockBuilderPartitionLagCritical: ours("critical", ["TempoPartitionsBehind"]),
    TempoLiveStorePartitionLagWarning: ours("warning", ["TempoPartitionsBehind"]),
    TempoLiveStoreSingleMemberLagHigh: ours("critical", ["TempoPartitionsBehind"]),
    TempoLiveStoreAllMembersLagging: ours("critical", ["TempoPartitionsBehind"]),
    TempoBackendSchedulerJobsFailureRateHigh: ours("critical", ["TempoJobsFail"], "from three failures in an hour on"),
    TempoBackendSchedulerRetryRateHigh: otherSignal("warning", ["TempoCompactionBehind"], retried),
    TempoBackendSchedulerCompactionEmptyJobRateHigh: notUseful(
      "warning",
      "a scheduler that finds nothing to do loses nothing",
    ),
    TempoBackendWorkerBadJobsRateHigh: otherSignal("warning", ["TempoJobsFail", "TempoCompactionBehind"], retried),
    TempoBackendWorkerCallRetriesHigh: otherSignal("warning", ["TempoCompactionBehind"], retried),
    TempoVultureHighErrorRate: notDeployed(
      "critical",
      "vulture, which writes traces and looks for them, is not deployed",
    ),
    TempoMemcachedErrorsElevated: notDeployed("warning", "Tempo has no caches outside of its processes"),
    TempoBlockBuildersPartitionsMismatch: ours("critical", ["TempoPartitionsUnread"]),
    TempoLiveStoresPartitionsUnowned: ours("critical", ["TempoPartitionsUnread"]),
    TempoLiveStoreZoneSeverelyDegraded: otherSignal(
      "critical",
      ["KubeStatefulSetReplicasMissing", "TempoRingUnhealthy"],
      "live stores that are away are missing in their StatefulSet and in the ring",
    ),
    TempoDistributorUsageTrackerErrors: notDeployed("critical", "costs are not told apart by attributes of spans"),
    TempoDistributorKafkaProduceFailing: ours("critical", ["TempoProduceFails"]),
    TempoMetricsGeneratorProcessorUpdatesFailing: ours("critical", ["TempoGeneratorUpdateFails"]),
    TempoMetricsGeneratorServiceGraphsDroppingSpans: ours("warning", ["TempoServiceGraphDropsSpans"]),
    TempoMetricsGeneratorCollectionsFailing: ours("critical", ["TempoGeneratorCollectFails"]),
  },
};
