import { later, notDeployed, notUseful, otherSignal, ours, type RuleSet, type Verdict } from "./verdict";

const source = { repository: "VictoriaMetrics/VictoriaMetrics", commit: "b7ef6cc3ed" } as const;

/** Of a single node and of the storage of a cluster. */
const storage: Readonly<Record<string, Verdict>> = {
  DiskRunsOutOfSpaceIn3Days: ours("critical", ["VictoriaMetricsDiskRunsOut"]),
  NodeBecomesReadonlyIn3Days: ours("warning", ["VictoriaMetricsReadOnlyInDays"]),
  DiskRunsOutOfSpace: later("critical", ["VictoriaMetricsDiskHigh"], "a ticket from 85 % on"),
  RequestErrorsToAPI: ours("warning", ["VictoriaMetricsRequestErrors"]),
  TooHighChurnRate: ours("warning", ["VictoriaMetricsChurnHigh"]),
  TooHighChurnRate24h: ours("warning", ["VictoriaMetricsChurnOfADay"]),
  TooHighSlowInsertsRate: ours("warning", ["VictoriaMetricsSlowInserts"]),
  MetadataCacheUtilizationIsTooHigh: notUseful("warning", "what falls out are help texts of metrics"),
  MetricNameStatsCacheUtilizationIsTooHigh: notUseful(
    "warning",
    "what falls out are counts of how often a metric is asked for, which nobody reads here",
  ),
  IndexDBRecordsDrop: ours("critical", ["VictoriaMetricsIndexDropsRecords"]),
  TooManyTSIDMisses: ours("critical", ["VictoriaMetricsIndexMisses"]),
};

export const victoriametricsSingle: RuleSet = { name: "VictoriaMetrics, single node", ...source, alerts: storage };

export const victoriametricsCluster: RuleSet = {
  name: "VictoriaMetrics, cluster",
  ...source,
  alerts: {
    ...storage,
    RPCErrors: ours("warning", ["VictoriaMetricsRpcErrors"]),
    VminsertVmstorageConnectionIsSaturated: ours("warning", ["VictoriaMetricsConnectionBusy"]),
  },
};

const waits = "what processors or locks hold up is seen where queries wait";

export const victoriametricsHealth: RuleSet = {
  name: "VictoriaMetrics, health of all parts",
  ...source,
  alerts: {
    TooManyRestarts: later(
      "critical",
      ["KubeContainerRestarts"],
      "a ticket from six in a quarter of an hour on; KubePodCrashLooping comes before",
    ),
    UncleanShutdown: otherSignal(
      "warning",
      ["KubeContainerOomKilled", "KubeContainerRestarts"],
      "Kubernetes knows how the process ended",
    ),
    ServiceDown: ours("critical", ["TargetDown"]),
    ProcessNearFDLimits: ours("critical", ["ProcessFileDescriptorsLow"]),
    TooHighMemoryUsage: later(
      "critical",
      ["VictoriaMetricsMemoryHigh"],
      "a ticket from 90 % on: stores; of the others KubeContainerMemoryNearLimit",
    ),
    TooHighCPUUsage: otherSignal("critical", ["VictoriaMetricsQueriesWait", "KubeCpuThrottling"], waits),
    TooHighGoroutineSchedulingLatency: otherSignal("critical", ["VictoriaMetricsQueriesWait"], waits),
    TooManyLogs: ours("warning", ["VictoriaMetricsLogsErrors"], "lines of level error only"),
    ConcurrentInsertsHitTheLimit: otherSignal(
      "warning",
      ["VictoriaMetricsQueriesWait"],
      "counts what had to wait, not how often all places were taken",
    ),
    TooHighQueryLoad: ours("warning", ["VictoriaMetricsQueriesWait"]),
    RowsRejectedOnIngestion: ours("warning", ["VictoriaMetricsRowsIgnored"]),
  },
};

const scrapesNothing = "vmagent scrapes nothing here: it passes on what Prometheus writes";
const noSeriesLimit = "no limit of series is set";
const noAggregation = "nothing is aggregated on the way";

export const vmagentRules: RuleSet = {
  name: "vmagent",
  ...source,
  alerts: {
    PersistentQueueIsDroppingData: ours("critical", ["VmagentLosesSamples"]),
    RejectedRemoteWriteDataBlocksAreDropped: ours("warning", ["VmagentLosesSamples"]),
    TooManyScrapeErrors: notDeployed("warning", scrapesNothing),
    ScrapePoolHasNoTargets: notDeployed("warning", scrapesNothing),
    TooManyWriteErrors: ours("warning", ["VmagentRequestErrors"]),
    TooManyRemoteWriteErrors: ours("warning", ["VmagentStoreFails"]),
    RemoteWriteConnectionIsSaturated: ours("warning", ["VmagentConnectionBusy"]),
    PersistentQueueForWritesIsSaturated: otherSignal(
      "warning",
      ["VmagentQueueLong"],
      "a slow disk makes the queue long",
    ),
    PersistentQueueForReadsIsSaturated: otherSignal(
      "warning",
      ["VmagentQueueLong"],
      "a slow disk makes the queue long",
    ),
    SeriesLimitHourReached: notDeployed("critical", noSeriesLimit),
    SeriesLimitDayReached: notDeployed("critical", noSeriesLimit),
    ConfigurationReloadFailure: notDeployed(
      "warning",
      "a change of its configuration is a new pod: nothing is reloaded",
    ),
    StreamAggrFlushTimeout: notDeployed("warning", noAggregation),
    StreamAggrDedupFlushTimeout: notDeployed("warning", noAggregation),
    PersistentQueueRunsOutOfSpaceIn12Hours: ours("warning", ["VmagentQueueFullInHours"]),
    PersistentQueueRunsOutOfSpaceIn4Hours: ours("critical", ["VmagentQueueFullInHours"]),
  },
};

const noRuleLimit = "no group that vmalert evaluates has a limit";

export const vmalertRules: RuleSet = {
  name: "vmalert",
  ...source,
  alerts: {
    ConfigurationReloadFailure: ours("warning", ["VmalertBadConfig"]),
    AlertingRulesError: ours("warning", ["VmalertAlertRulesFail"]),
    RecordingRulesError: ours("warning", ["VmalertRecordingRulesFail"]),
    RecordingRulesNoData: ours("info", ["VmalertRecordsNothing"]),
    TooManyMissedIterations: ours("warning", ["VmalertEvaluationsMissed"]),
    GroupIterationReset: notUseful(
      "warning",
      "a group whose clock was set back is evaluated at its next turn all the same",
    ),
    RemoteWriteErrors: ours("warning", ["VmalertWriteFails"]),
    RemoteWriteDroppingData: ours("critical", ["VmalertDropsRows"]),
    RemoteWriteQueueHighUsage: otherSignal(
      "warning",
      ["VmalertDropsRows", "VmalertWriteFails"],
      "Prometheus can't read the store's own kind of histogram",
    ),
    AlertmanagerErrors: later("warning", ["VmalertAlertsNotSent"], "from 5 % of the alerts on"),
    AlertingRuleResultsApproachingLimit: notDeployed("warning", noRuleLimit),
    RecordingRuleResultsApproachingLimit: notDeployed("warning", noRuleLimit),
  },
};

const noUsers = "vmauth knows no users: the network decides who reaches it";

export const vmauthRules: RuleSet = {
  name: "vmauth",
  ...source,
  alerts: {
    ConcurrentRequestsLimitReached: ours("warning", ["VmauthBusy"]),
    UserConcurrentRequestsLimitReached: notDeployed("warning", noUsers),
    UnauthorizedUserConcurrentRequestsLimitReached: ours("warning", ["VmauthBusy"]),
    UnauthorizedUserRequestErrors: ours("warning", ["VmauthRequestErrors"]),
    UserRequestErrors: notDeployed("warning", noUsers),
    InvalidAuthTokenRequestErrors: notDeployed("warning", noUsers),
  },
};
