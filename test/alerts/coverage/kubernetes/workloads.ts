import type { Scenario } from "../scenario";
import { cart, inShop } from "./series";

const pod = (phase: string) => ({
  [`kube_pod_status_phase{${cart}, phase="${phase}"}`]: 1,
  [`kube_pod_owner{${cart}, owner_kind="ReplicaSet"}`]: 1,
});

/** What kube-state-metrics tells of every pod and node. */
const placed = { [`kube_pod_info{${cart}, node="n1"}`]: 1 };
const readyNode = { 'kube_node_status_condition{cluster="local", node="n1", condition="Ready", status="true"}': 1 };

/** Pods, and what makes them. */
export const workloadScenarios: readonly Scenario[] = [
  {
    of: "KubePodCrashLooping warning",
    series: {
      [`kube_pod_container_status_waiting_reason{${cart}, container="c", uid="1", reason="CrashLoopBackOff"}`]: 1,
    },
    at: 20,
    fires: ["KubePodCrashLooping"],
  },
  { of: "KubePodNotReady warning", series: pod("Pending"), beside: placed, at: 20, fires: ["KubePodNotReady"] },
  {
    of: "KubePodNotReady warning",
    series: { ...pod("Running"), [`kube_pod_status_ready{${cart}, condition="true"}`]: 0 },
    beside: placed,
    at: 20,
    fires: ["KubePodNotReady"],
  },
  {
    of: "KubeDeploymentGenerationMismatch warning",
    series: {
      [`kube_deployment_status_observed_generation{${inShop}, deployment="cart"}`]: 1,
      [`kube_deployment_metadata_generation{${inShop}, deployment="cart"}`]: 2,
    },
    at: 20,
    fires: ["KubeDeploymentNotObserved"],
  },
  {
    of: "KubeDeploymentReplicasMismatch warning",
    series: {
      [`kube_deployment_spec_replicas{${inShop}, deployment="cart"}`]: 2,
      [`kube_deployment_status_replicas_available{${inShop}, deployment="cart"}`]: 1,
      [`kube_deployment_status_replicas_updated{${inShop}, deployment="cart"}`]: 2,
    },
    at: 20,
    fires: ["KubeDeploymentReplicasMissing"],
  },
  {
    of: "KubeDeploymentRolloutStuck warning",
    series: {
      [`kube_deployment_status_condition{${inShop}, deployment="cart", condition="Progressing", status="false"}`]: 1,
    },
    at: 20,
    fires: ["KubeDeploymentRolloutStuck"],
  },
  {
    of: "KubeStatefulSetReplicasMismatch warning",
    series: {
      [`kube_statefulset_replicas{${inShop}, statefulset="db"}`]: 3,
      [`kube_statefulset_status_replicas_ready{${inShop}, statefulset="db"}`]: 2,
      [`kube_statefulset_status_replicas_updated{${inShop}, statefulset="db"}`]: 3,
    },
    at: 20,
    fires: ["KubeStatefulSetReplicasMissing"],
  },
  {
    of: "KubeStatefulSetGenerationMismatch warning",
    series: {
      [`kube_statefulset_status_observed_generation{${inShop}, statefulset="db"}`]: 1,
      [`kube_statefulset_metadata_generation{${inShop}, statefulset="db"}`]: 2,
    },
    at: 20,
    fires: ["KubeStatefulSetNotObserved"],
  },
  {
    of: "KubeStatefulSetUpdateNotRolledOut warning",
    series: {
      [`kube_statefulset_status_current_revision{${inShop}, statefulset="db", revision="db-1"}`]: 1,
      [`kube_statefulset_status_update_revision{${inShop}, statefulset="db", revision="db-2"}`]: 1,
      [`kube_statefulset_replicas{${inShop}, statefulset="db"}`]: 3,
      [`kube_statefulset_status_replicas_updated{${inShop}, statefulset="db"}`]: 1,
    },
    at: 20,
    fires: ["KubeStatefulSetUpdateStuck"],
  },
  ...(
    [
      ["updated_number_scheduled", 2, "KubeDaemonSetUpdateStuck"],
      ["number_available", 2, "KubeDaemonSetPodsMissing"],
      ["number_misscheduled", 1, "KubeDaemonSetMisscheduled"],
    ] as const
  ).map(([which, value, ours]) => ({
    of: "KubeDaemonSetRolloutStuck warning",
    beside: readyNode,
    series: Object.fromEntries(
      [
        "current_number_scheduled",
        "desired_number_scheduled",
        "updated_number_scheduled",
        "number_available",
        "number_misscheduled",
      ].map((name) => [
        `kube_daemonset_status_${name}{${inShop}, daemonset="agent"}`,
        name === which ? value : name === "number_misscheduled" ? 0 : 3,
      ]),
    ),
    at: 35,
    fires: [ours],
  })),
  {
    of: "KubeContainerWaiting warning",
    series: {
      [`kube_pod_container_status_waiting_reason{${cart}, container="c", uid="1", reason="ImagePullBackOff"}`]: 1,
    },
    at: 65,
    fires: ["KubeContainerWaiting"],
  },
  {
    of: "KubeContainerWaiting warning",
    series: {
      [`kube_pod_container_status_waiting_reason{${cart}, container="c", uid="1", reason="ContainerCreating"}`]: 1,
    },
    beside: { ...pod("Pending"), ...placed },
    at: 65,
    fires: ["KubePodNotReady"],
  },
  {
    of: "KubeDaemonSetNotScheduled warning",
    series: {
      [`kube_daemonset_status_desired_number_scheduled{${inShop}, daemonset="agent"}`]: 3,
      [`kube_daemonset_status_current_number_scheduled{${inShop}, daemonset="agent"}`]: 2,
    },
    beside: {
      ...readyNode,
      [`kube_daemonset_status_number_available{${inShop}, daemonset="agent"}`]: 2,
      [`kube_daemonset_status_updated_number_scheduled{${inShop}, daemonset="agent"}`]: 2,
    },
    at: 20,
    fires: ["KubeDaemonSetPodsMissing"],
  },
  {
    of: "KubeDaemonSetMisScheduled warning",
    series: { [`kube_daemonset_status_number_misscheduled{${inShop}, daemonset="agent"}`]: 1 },
    at: 35,
    fires: ["KubeDaemonSetMisscheduled"],
  },
  {
    of: "KubeJobNotCompleted warning",
    series: {
      [`kube_job_status_start_time{${inShop}, job_name="import"}`]: 0,
      [`kube_job_status_active{${inShop}, job_name="import"}`]: 1,
    },
    step: "5m",
    at: 725,
    fires: ["KubeJobTooLong"],
  },
  {
    of: "KubeJobFailed warning",
    series: { [`kube_job_failed{${inShop}, job_name="import", condition="true"}`]: 1 },
    at: 20,
    fires: ["KubeJobFailed"],
  },
  ...(
    [
      ["KubeHpaReplicasMismatch", 3, 4],
      ["KubeHpaMaxedOut", 5, 5],
    ] as const
  ).map(([name, now, wanted]) => ({
    of: `${name} warning`,
    series: Object.fromEntries(
      (
        [
          ["status_current_replicas", now],
          ["status_desired_replicas", wanted],
          ["spec_min_replicas", 2],
          ["spec_max_replicas", 5],
        ] as const
      ).map(([part, value]) => [
        `kube_horizontalpodautoscaler_${part}{${inShop}, horizontalpodautoscaler="cart"}`,
        value,
      ]),
    ),
    at: 35,
    fires: [name],
  })),
  {
    of: "KubePdbNotEnoughHealthyPods warning",
    series: {
      [`kube_poddisruptionbudget_status_desired_healthy{${inShop}, poddisruptionbudget="cart"}`]: 2,
      [`kube_poddisruptionbudget_status_current_healthy{${inShop}, poddisruptionbudget="cart"}`]: 1,
    },
    at: 20,
    fires: ["KubePdbUnhealthy"],
  },
];
