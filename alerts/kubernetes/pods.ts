import {
  cadvisor,
  increase,
  kube,
  matches,
  matchesNot,
  max,
  maxOverTime,
  not,
  on,
  present,
  quantity,
  rate,
  sum,
  workloads,
  type kubernetesThresholds,
  type Thresholds,
} from "../../signals";
import { alert, levels, ticket, type Alert } from "../language";

const component = "kubernetes";
const dashboard = "kubernetes-namespace";
const perPod = ["cluster", "namespace", "pod"] as const;
const perContainer = [...perPod, "container"] as const;
const waiting = (reason: ReturnType<typeof matches> | string) =>
  max(maxOverTime(kube.kube_pod_container_status_waiting_reason.where({ reason }).over("5m"))).by(
    ...perContainer,
    "reason",
  );
const restarts = (window: string) =>
  sum(increase(kube.kube_pod_container_status_restarts_total.over(window))).by(...perContainer);
const inPhase = (phases: string) =>
  max(kube.kube_pod_status_phase.where({ phase: matches(phases) }))
    .by(...perPod)
    .equals(quantity(1, "state"));
/** Where a pod runs; one that found no node yet has none. */
const nodeOf = max(kube.kube_pod_info).by(...perPod, "node");
const ofJobs = max(kube.kube_pod_owner.where({ owner_kind: "Job" })).by(...perPod);

/** Pods and containers, as kubernetes-mixin's users expect. */
export const podAlerts = (thresholds: Thresholds & typeof kubernetesThresholds): Alert[] => [
  alert({
    name: "KubePodCrashLooping",
    component,
    dashboard,
    runbook: "KubePodRestarts",
    severity: "warning",
    when: waiting("CrashLoopBackOff").equals(quantity(1, "state")),
    for: "15m",
    summary: ({ namespace, pod }) => `Pod ${namespace}/${pod} crashes again and again.`,
    description: ({ container, pod }) =>
      `Container ${container} of ${pod} ends soon after each start; Kubernetes waits longer each time.`,
  }),
  levels({
    name: "KubeContainerRestarts",
    component,
    dashboard,
    runbook: "KubePodRestarts",
    value: restarts("15m"),
    above: ticket(thresholds.restarts),
    for: "0s",
    keepFiringFor: "10m",
    summary: ({ namespace, pod, container }) => `Container ${container} of ${namespace}/${pod} restarts.`,
    description: ({ container }, value) => `${container} was started anew ${value} times in a quarter of an hour.`,
  }),
  alert({
    name: "KubeContainerOomKilled",
    component,
    dashboard,
    runbook: "KubeContainerMemory",
    severity: "warning",
    when: max(kube.kube_pod_container_status_last_terminated_reason.where({ reason: "OOMKilled" }))
      .by(...perContainer)
      .equals(quantity(1, "state"))
      .and(restarts("10m").above(0)),
    for: "0s",
    keepFiringFor: "10m",
    summary: ({ namespace, pod, container }) =>
      `Container ${container} of ${namespace}/${pod} was killed for its memory.`,
    description: ({ container }) => `${container} wanted more memory than its limit, or the node had none left.`,
  }),
  levels({
    name: "KubeContainerMemoryNearLimit",
    component,
    dashboard,
    runbook: "KubeContainerMemory",
    value: workloads.containerMemory.dividedBy(
      max(kube.kube_pod_container_resource_limits.where({ resource: "memory" }))
        .by(...perContainer)
        .as("bytes"),
    ),
    above: thresholds.memoryOfLimit,
    for: "15m",
    summary: ({ namespace, pod, container }) => `Container ${container} of ${namespace}/${pod} is about to be killed.`,
    description: ({ container }, value) => `${container} uses ${value} of its memory limit.`,
  }),
  alert({
    name: "KubePodNotReady",
    component,
    dashboard,
    severity: "warning",
    // One that no node has taken yet has no condition; one that has ended, an evicted one too, never gets ready.
    when: max(kube.kube_pod_status_ready.where({ condition: "true" }))
      .by(...perPod)
      .equals(quantity(0, "state"))
      .or(inPhase("Pending|Unknown"))
      .unless(inPhase("Succeeded|Failed"))
      .unless(ofJobs, on(...perPod))
      // With its node, so that one that is not ready holds back its own pods and no others.
      .withLabelsOf(nodeOf, on(...perPod).groupLeft("node")),
    for: "15m",
    summary: ({ namespace, pod }) => `Pod ${namespace}/${pod} is not ready.`,
    description: ({ pod }) =>
      `${pod} has not been ready for a quarter of an hour: it waits for a node, for a container, or for its probe.`,
  }),
  alert({
    name: "KubeContainerWaiting",
    component,
    dashboard,
    runbook: "KubePodNotReady",
    severity: "warning",
    when: max(
      kube.kube_pod_container_status_waiting_reason.where({
        reason: matchesNot("CrashLoopBackOff|ContainerCreating|PodInitializing"),
      }),
    )
      .by(...perContainer, "reason")
      .above(quantity(0, "state")),
    for: "30m",
    summary: ({ namespace, pod, container }) => `Container ${container} of ${namespace}/${pod} waits to start.`,
    description: ({ container, reason }) => `${container} has been waiting for half an hour: ${reason}.`,
  }),
  levels({
    name: "KubeCpuThrottling",
    component,
    dashboard,
    value: sum(increase(cadvisor.container_cpu_cfs_throttled_periods_total.where({ container: present }).over("5m")))
      .by(...perContainer)
      .dividedBy(
        sum(increase(cadvisor.container_cpu_cfs_periods_total.where({ container: not("") }).over("5m"))).by(
          ...perContainer,
        ),
      ),
    above: { info: thresholds.throttling.critical },
    for: "15m",
    summary: ({ namespace, pod, container }) => `Container ${container} of ${namespace}/${pod} is held back.`,
    description: ({ container }, value) =>
      `${value} of the periods in which ${container} wanted to run ended at its CPU limit.`,
  }),
  levels({
    name: "KubeStateMetricsListErrors",
    component: "kube-state-metrics",
    dashboard: "kube-state-metrics",
    runbook: "KubeStateMetricsErrors",
    value: sum(rate(kube.kube_state_metrics_list_total.where({ result: "error" }).over("5m")))
      .by("cluster", "job")
      .dividedBy(sum(rate(kube.kube_state_metrics_list_total.over("5m"))).by("cluster", "job")),
    above: { warning: thresholds.errorRatio.warning },
    for: "15m",
    summary: () => "kube-state-metrics can't list objects.",
    description: (_labels, value) =>
      `${value} of its list calls fail: states of objects are missing, and alerts on them are blind.`,
  }),
  levels({
    name: "KubeStateMetricsWatchErrors",
    component: "kube-state-metrics",
    dashboard: "kube-state-metrics",
    runbook: "KubeStateMetricsErrors",
    value: sum(rate(kube.kube_state_metrics_watch_total.where({ result: "error" }).over("5m")))
      .by("cluster", "job")
      .dividedBy(sum(rate(kube.kube_state_metrics_watch_total.over("5m"))).by("cluster", "job")),
    above: { warning: thresholds.errorRatio.warning },
    for: "15m",
    summary: () => "kube-state-metrics can't watch objects.",
    description: (_labels, value) => `${value} of its watches fail: states of objects are old.`,
  }),
];
