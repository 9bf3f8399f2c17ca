import { cantFire, later, noSuchMetric, otherSignal, ours, type RuleSet } from "./verdict";

const refused = "from 5 % of what arrives on; senders try again";
const failed = "from 1 % of what is sent on";

export const collectorMixin: RuleSet = {
  name: "opentelemetry-collector-mixin",
  repository: "grafana/jsonnet-libs",
  commit: "6da2b4b8",
  alerts: {
    ReceiverDroppedSpans: later("critical", ["CollectorRefusesSpans"], refused),
    ReceiverDroppedMetrics: later("critical", ["CollectorRefusesMetrics"], refused),
    ReceiverDroppedLogs: later("critical", ["CollectorRefusesLogs"], refused),
    ExporterDroppedSpans: later("critical", ["CollectorCantSendSpans"], failed),
    ExporterDroppedMetrics: later("critical", ["CollectorCantSendMetrics"], failed),
    ExporterDroppedLogs: later("critical", ["CollectorCantSendLogs"], failed),
    ExporterQueueSize: ours("warning", ["CollectorQueueFills"]),
    SendQueueFailedSpans: ours("warning", ["CollectorDropsSpans"]),
    SendQueueFailedMetricPoints: ours("warning", ["CollectorDropsMetrics"]),
    SendQueueFailedLogRecords: ours("warning", ["CollectorDropsLogs"]),
  },
};

const limiter = "the Collector 0.160 counts by processor; the memory limiter is the only one here that refuses";

export const awesomeCollector: RuleSet = {
  name: "awesome-prometheus-alerts, OpenTelemetry Collector",
  repository: "samber/awesome-prometheus-alerts",
  commit: "a853318",
  alerts: {
    OpentelemetryCollectorDown: ours("critical", ["TargetDown"]),
    OpentelemetryCollectorReceiverRefusedSpans: later("critical", ["CollectorRefusesSpans"], refused),
    OpentelemetryCollectorReceiverRefusedMetricPoints: later("critical", ["CollectorRefusesMetrics"], refused),
    OpentelemetryCollectorReceiverRefusedLogRecords: later("critical", ["CollectorRefusesLogs"], refused),
    OpentelemetryCollectorExporterFailedSpans: later("warning", ["CollectorCantSendSpans"], failed),
    OpentelemetryCollectorExporterFailedMetricPoints: later("warning", ["CollectorCantSendMetrics"], failed),
    OpentelemetryCollectorExporterFailedLogRecords: later("warning", ["CollectorCantSendLogs"], failed),
    OpentelemetryCollectorExporterQueueNearlyFull: cantFire(
      "warning",
      ["CollectorQueueFills"],
      "its one side has lost the labels that its other has: data type and target",
    ),
    OpentelemetryCollectorProcessorRefusedSpans: noSuchMetric("warning", limiter, ["CollectorShortOfMemoryForSpans"]),
    OpentelemetryCollectorProcessorRefusedMetricPoints: noSuchMetric("warning", limiter, [
      "CollectorShortOfMemoryForMetrics",
    ]),
    OpentelemetryCollectorHighMemoryUsage: otherSignal(
      "warning",
      ["KubeContainerMemoryNearLimit", "CollectorShortOfMemoryForSpans"],
      "the limit is the container's, not what Go has taken from the system so far",
    ),
    OpentelemetryCollectorOtlpReceiverErrors: ours("critical", ["CollectorRefusesSpans"]),
  },
};
