import type { Environment } from "../../environment";
import { notifiedSeverities } from "../../environment/severities";
import { everyOwned } from "../catalogue";
import type { Alert } from "../language";
import type { Severity } from "../rule";
import { infoInhibitorName } from "../stack";
import { teamLabels } from "../teams";
import { tuned } from "../tuning";

/** What is silent while something it depends on is broken (G7). */

/** An inhibition between alerts by name. None lets a lesser severity silence a worse one. */
export interface Inhibition {
  readonly cause: string;
  readonly effects: readonly string[];
  /** Only effects with these labels. @default all of them */
  readonly where?: Readonly<Record<string, string>>;
  /** Labels in which cause and effect must agree. */
  readonly equal: readonly string[];
  readonly why: string;
  /** Why it reaches through the whole cluster, where nothing narrower than that is equal. */
  readonly reach?: string;
}

export const inhibitions: readonly Inhibition[] = [
  {
    cause: "KubeNodeNotReady",
    effects: [
      "TargetDown",
      "KubeNodeFlapping",
      "KubeNodePressure",
      "KubePodNotReady",
      "KubeletRelistSlow",
      "HostClockNotSynchronised",
      "HostCollectorFailed",
    ],
    equal: ["cluster", "node"],
    why: "what runs on a node that is gone is gone too",
  },
  {
    cause: "KubeNodeNotReady",
    effects: ["KubeMemoryOvercommitted", "KubeCpuOvercommitted"],
    equal: ["cluster"],
    why: "the pods of a lost node are asked for twice until it is given up: there and where they move to",
    reach: "they warn of losing one node of this cluster, and one is lost",
  },
  {
    cause: "ObjectStoreDown",
    effects: [
      "LokiFlushFails",
      "LokiStorageErrors",
      "LokiCompactionStalled",
      "LokiRetentionStalled",
      "TempoFlushFails",
      "TempoStorageErrors",
      "TempoPollFails",
      "TempoTenantIndexFails",
      "TempoCompactionFails",
      "TempoRetentionFails",
      "TempoJobsFail",
      "TempoJobsNotKept",
    ],
    equal: ["cluster", "namespace"],
    why: "without S3 nothing can be flushed, listed or deleted",
  },
  {
    cause: "ObjectStoreDown",
    effects: ["KubeStatefulSetReplicasMissing"],
    where: { statefulset: "versitygw" },
    equal: ["cluster", "namespace"],
    why: "it is the replica that is missing",
  },
  {
    cause: "VictoriaMetricsReadOnly",
    effects: [
      "PrometheusRemoteWriteFails",
      "PrometheusRemoteWriteBehind",
      "PrometheusRemoteWriteShards",
      "VictoriaMetricsDiskHigh",
      "VictoriaMetricsDiskRunsOut",
      "VmagentStoreFails",
      "VmagentQueueLong",
      "VmagentLosesSamples",
      "VmalertWriteFails",
      "VmalertDropsRows",
    ],
    equal: ["cluster", "namespace"],
    why: "a store that takes nothing makes everybody before it wait",
  },
  {
    cause: "KubePodCrashLooping",
    effects: ["KubeContainerRestarts", "KubePodNotReady"],
    equal: ["cluster", "namespace", "pod"],
    why: "one crashing pod is one problem",
  },
  {
    cause: "EtcdNoLeader",
    effects: ["EtcdLeaderChanges", "EtcdCommitSlow"],
    equal: ["cluster", "instance"],
    why: "a member without a leader commits nothing",
  },
  {
    cause: "EtcdNoLeader",
    effects: ["KubeApiSlow"],
    equal: ["cluster"],
    why: "a write waits until there is a leader",
    reach: "every API server of the cluster writes to the same etcd",
  },
  {
    cause: "ServiceAvailabilityBudget",
    effects: ["ServiceErrorsHigh"],
    equal: ["cluster", "service_name"],
    why: "the same failed requests, counted once more",
  },
  {
    cause: "ServiceLatencyBudget",
    effects: ["ServiceSlow"],
    equal: ["cluster", "service_name"],
    why: "the same slow requests, counted once more",
  },
  {
    cause: "AgentAvailabilityBudget",
    effects: ["AgentErrorsHigh"],
    equal: ["cluster", "agent"],
    why: "the same failed calls, counted once more",
  },
  {
    cause: "PlanSuccessBudget",
    effects: ["PlanSuccessLow"],
    equal: ["cluster"],
    why: "the same failed plans, counted once more",
    reach: "both speak of all plans of the cluster",
  },
  {
    cause: "CollectorDropsLogs",
    effects: ["CollectorQueueFills", "CollectorCantSendLogs"],
    equal: ["cluster", "namespace", "exporter"],
    why: "a queue that overflows is full",
  },
  {
    cause: "CollectorDropsSpans",
    effects: ["CollectorQueueFills", "CollectorCantSendSpans"],
    equal: ["cluster", "namespace", "exporter"],
    why: "a queue that overflows is full",
  },
  {
    cause: "CollectorDropsMetrics",
    effects: ["CollectorQueueFills", "CollectorCantSendMetrics"],
    equal: ["cluster", "namespace", "exporter"],
    why: "a queue that overflows is full",
  },
  {
    cause: "TargetMissing",
    effects: ["TargetDown"],
    equal: ["cluster", "job"],
    why: "when none of a job is up, each of them is down",
  },
  {
    cause: "AnnotatedPodsDown",
    effects: ["TargetDown"],
    equal: ["cluster", "job", "namespace", "service_name"],
    why: "when no pod of a service answers, each of them is down",
  },
  {
    cause: "ServiceTrafficGone",
    effects: ["ServiceLatencyTrafficGone"],
    equal: ["cluster", "service_name"],
    why: "what is not asked takes no time either",
  },
  {
    cause: "HostDiskFillsInHours",
    effects: ["HostDiskFillsInADay", "HostDiskHigh"],
    equal: ["cluster", "instance", "mountpoint"],
    why: "the nearer date counts",
  },
];

/**
 * How long a cause goes on firing once it has ended, so that what it holds back is over before it. An effect ends up to two
 * evaluations later (of a minute each, as Loki's ruler has it), most of them after a window of five minutes, which is also
 * how often Alertmanager looks at a group (`group_interval`). What looks back further than that may be told of after all.
 */
const outlast = "7m";

const causes: ReadonlySet<string> = new Set(inhibitions.map(({ cause }) => cause));

/** An alert that goes on for as long as what it holds back, unless it says itself for how long. */
export const outlasting = (alert: Alert): Alert =>
  causes.has(alert.name)
    ? { ...alert, levels: alert.levels.map((level) => ({ keepFiringFor: outlast, ...level })) }
    : alert;

/** Labels in which the levels of one alert differ, and why they say nothing of what it fires for. */
export const levelLabels = {
  severity: "is the level",
  escalation: "is who hears of it",
  long: "is the window of an objective: each level has its own",
  short: "is the window of an objective: each level has its own",
  team: "is who looks after it",
  component: "is what it is about, and the name says that",
} as const satisfies Readonly<Record<string, string>>;

/**
 * What says what an alert fires for: two of a name with these alike are levels of one problem. Every label of every
 * alert, of ours and of teams; one that both lack is alike.
 */
function identityOf(ours: readonly Alert[], ofTeams: readonly string[]): readonly string[] {
  const all = ours.flatMap(({ labels, levels }) => [
    ...labels,
    ...levels.flatMap((level) => Object.keys(level.labels)),
  ]);
  const named = new Set([...all, ...ofTeams].filter((label) => !Object.hasOwn(levelLabels, label)));
  return ["alertname", ...[...named].sort()];
}

/** A worse level of the same alert, information that stands alone, and what follows from something else. */
export function inhibitRules(environment: Environment): object[] {
  const ours = everyOwned(environment).map(([, each]) => each);
  const equal = identityOf(ours, teamLabels(environment));
  const severities = severitiesByName(tuned(environment, ours));
  return [
    { source_matchers: ['severity="critical"'], target_matchers: ['severity=~"warning|info"'], equal },
    { source_matchers: ['severity="warning"'], target_matchers: ['severity="info"'], equal },
    {
      source_matchers: [`alertname="${infoInhibitorName}"`],
      target_matchers: ['severity="info"'],
      equal: ["cluster", "namespace"],
    },
    ...inhibitions.flatMap((each) => dependent(each, severities)),
  ];
}

/** One rule for each severity that the cause can have: it holds back what is as bad as itself at most. */
function dependent({ cause, effects, where = {}, equal }: Inhibition, severities: SeveritiesByName): object[] {
  return notifiedSeverities.flatMap((severity, rank) => {
    if (severities.get(cause)?.has(severity) !== true) return [];
    const lesser = notifiedSeverities.slice(rank);
    const held = effects.filter((name) => lesser.some((level) => severities.get(name)?.has(level)));
    if (held.length === 0) return [];
    return [
      {
        source_matchers: [`alertname="${cause}"`, `severity="${severity}"`],
        target_matchers: [
          `alertname=~"${held.join("|")}"`,
          `severity=~"${lesser.join("|")}"`,
          ...Object.entries(where).map(([label, value]) => `${label}="${value}"`),
        ],
        equal: [...equal],
      },
    ];
  });
}

type SeveritiesByName = ReadonlyMap<string, ReadonlySet<Severity>>;

/** Which severities an alert has, over all that there is of its name. */
function severitiesByName(all: readonly Alert[]): SeveritiesByName {
  const found = new Map<string, Set<Severity>>();
  for (const { name, levels } of all) {
    const known = found.get(name) ?? new Set<Severity>();
    found.set(name, known);
    for (const { severity } of levels) known.add(severity);
  }
  return found;
}
