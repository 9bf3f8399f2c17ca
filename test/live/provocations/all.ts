import { Otlp } from "../clients/otlp";
import { again, faulty, withKey, withoutPods, withVariable, type Provocation } from "./provocation";

const MONTH = 30 * 86_400_000;

/** A rule whose two sides match in more ways than one: loads, and fails each time. */
const failing = (file: string) =>
  JSON.stringify({
    groups: [{ name: file, rules: [{ alert: "Failing", expr: "up * on () up", labels: { severity: "info" } }] }],
  });

/** What breaks at the same time, wave after wave: nothing in a wave hides another thing of it. */
export const waves: readonly (readonly Provocation[])[] = [
  [
    {
      what: "the demo application fails",
      alerts: [
        { alertname: "ServiceAvailabilityBudget", long: "1h" },
        { alertname: "AgentAvailabilityBudget", long: "1h" },
        { alertname: "PlanSuccessBudget", long: "1h" },
        { alertname: "PlanSuccessLow" },
        { alertname: "ServiceTasksFail" },
      ],
      begin: (live) => faulty(live, { errors: 0.9, load: 3 }),
    },
    {
      what: "Tempo has no pod",
      alerts: [{ alertname: "TargetMissing", job: "tempo" }],
      begin: (live) => withoutPods(live, "tempo"),
    },
    {
      what: "Loki has no pod",
      alerts: [{ alertname: "TargetMissing", job: "loki" }],
      begin: (live) => withoutPods(live, "loki"),
    },
    {
      what: "Prometheus has a rule that fails",
      alerts: [{ alertname: "PrometheusRulesFail" }],
      begin: (live) => withKey(live, "prometheus-rules", "failing.yaml", failing("prometheus")),
    },
    {
      what: "vmalert has a rule that fails",
      alerts: [{ alertname: "VmalertAlertRulesFail" }],
      begin: (live) => withKey(live, "vmalert-rules", "failing.yaml", failing("vmalert")),
    },
  ],
  [
    {
      what: "the demo application is slow",
      alerts: [
        { alertname: "ServiceLatencyBudget", long: "1h" },
        { alertname: "ServiceSlow" },
        { alertname: "PlansSlow" },
      ],
      begin: (live) => faulty(live, { latency: "6s" }),
    },
    {
      what: "the object store has no pod",
      alerts: [{ alertname: "ObjectStoreDown" }],
      begin: (live) => withoutPods(live, "versitygw"),
    },
    {
      what: "applications send lines from a month ago",
      alerts: [{ alertname: "CollectorCantSendLogs" }],
      begin: (live) =>
        again(10, () =>
          new Otlp(live.cluster, live.environment.namespace, "late").line("from a month ago", {}, Date.now() - MONTH),
        ),
    },
    {
      what: "Prometheus is given a configuration that is none",
      alerts: [{ alertname: "PrometheusBadConfig" }],
      begin: (live) => withKey(live, "prometheus-config", "prometheus.yml", "global: ["),
    },
    {
      what: "vmalert is given rules that are none",
      alerts: [{ alertname: "VmalertBadConfig" }],
      begin: (live) => withKey(live, "vmalert-rules", "broken.yaml", "groups: ["),
    },
    {
      what: "the long-term store has no pod",
      alerts: [{ alertname: "TargetMissing", job: "victoriametrics" }],
      begin: (live) => withoutPods(live, "victoriametrics"),
    },
  ],
  [
    {
      what: "the object store takes no writes",
      alerts: [{ alertname: "LokiFlushFails" }, { alertname: "TempoFlushFails" }],
      begin: (live) => withVariable(live, "versitygw", "VGW_READ_ONLY", "true"),
    },
  ],
];

/** Critical alerts that are not provoked, and why. */
export const unprovoked: Readonly<Record<string, string>> = {
  AlertmanagerBadConfig:
    "its configuration is immutable: a new one is a new pod, which does not start with a broken one",
  AlertmanagerHalfDown: "two Alertmanagers: check 18 runs a pair and ends one of it",
  AlertmanagerNotificationsFail: "what would tell of it is what is broken: played to promtool",
  ApiServerAvailabilityBudget: "the suite speaks to the API server that would have to fail",
  CollectorCantSendMetrics: "metrics go to Prometheus, which would raise it",
  CollectorCantSendSpans: "Tempo would have to refuse spans for good: played to promtool",
  CollectorDropsLogs: "the queue takes an hour and more to fill at this load",
  CollectorDropsMetrics: "metrics go to Prometheus, which would raise it",
  CollectorDropsSpans: "the queue takes an hour to fill at this load",
  EtcdDatabaseFull: "etcd of two gigabytes, of which the cluster itself would die",
  EtcdMembersMissing: "one member: without it nothing runs",
  EtcdNoLeader: "one member: without it nothing runs",
  HostDiskFillsInHours: "the disk of this machine would have to fill",
  HostRaidDegraded: "no software RAID here",
  KubeVolumeHigh: "volumes are folders of this machine's disk, which would have to fill",
  KubeletClientCertificateExpires: "the kubelet here renews no certificate itself",
  KubeletServerCertificateExpires: "the kubelet here renews no certificate itself",
  LokiTwoCompactors: "Loki in parts: check 21",
  LokiWalDiskFull: "the disk of this machine would have to fill",
  PrometheusAlertQueueFull: "what would tell of it is what is broken: played to promtool",
  PrometheusAlertsReachNobody: "what would tell of it is what is broken: played to promtool",
  PrometheusIngestsNothing: "whoever ingests nothing evaluates nothing: the dead man's switch tells of it, check 7",
  PrometheusNoAlertmanager: "what would tell of it is what is broken: played to promtool",
  PrometheusRemoteWriteBehind: "an hour without the long-term store",
  PrometheusWalCorrupt: "a broken file system",
  TempoCompletionFails: "a broken file system",
  VictoriaMetricsIndexMisses: "a broken file system",
  VmagentLosesSamples: "no vmagent in this environment",
  VmalertDropsRows: "without a store nothing is evaluated, so nothing is lost: asked of a real vmalert in test/servers",
  VmalertAlertsReachNobody: "what would tell of it is what is broken: played to promtool",
};
