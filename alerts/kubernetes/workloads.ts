import {
  age,
  changes,
  count,
  kube,
  matches,
  max,
  on,
  quantity,
  type kubernetesThresholds,
  type Thresholds,
} from "../../signals";
import { alert, levels, type Alert } from "../language";

const component = "kubernetes";
const dashboard = "kubernetes-namespace";
const deployment = ["cluster", "namespace", "deployment"] as const;
const statefulset = ["cluster", "namespace", "statefulset"] as const;
const daemonset = ["cluster", "namespace", "daemonset"] as const;
const job = ["cluster", "namespace", "job_name"] as const;
const hpa = ["cluster", "namespace", "horizontalpodautoscaler"] as const;

const desired = max(kube.kube_daemonset_status_desired_number_scheduled).by(...daemonset);
/** Nodes that are not ready: each lacks a pod of every DaemonSet, and has an alert of its own. */
const ready = max(kube.kube_node_status_condition.where({ condition: "Ready", status: "true" })).by("cluster", "node");
const lost = count(ready.equals(quantity(0, "state")))
  .by("cluster")
  .or(count(ready).by("cluster").times(0));
const hpaNow = max(kube.kube_horizontalpodautoscaler_status_current_replicas).by(...hpa);
const hpaMost = max(kube.kube_horizontalpodautoscaler_spec_max_replicas).by(...hpa);

/** What keeps pods alive, as kubernetes-mixin's users expect. */
export const workloadAlerts = (thresholds: Thresholds & typeof kubernetesThresholds): Alert[] => [
  alert({
    name: "KubeDeploymentReplicasMissing",
    component,
    dashboard,
    runbook: "KubeReplicasMissing",
    severity: "warning",
    when: max(kube.kube_deployment_spec_replicas)
      .by(...deployment)
      .minus(max(kube.kube_deployment_status_replicas_available).by(...deployment))
      .above(0)
      .and(
        max(changes(kube.kube_deployment_status_replicas_updated.over("10m")))
          .by(...deployment)
          .equals(0),
      ),
    for: "15m",
    summary: ({ namespace, deployment }) => `Deployment ${namespace}/${deployment} lacks replicas.`,
    description: ({ deployment }, value) => `${value} replicas of ${deployment} are missing, and no rollout is moving.`,
  }),
  alert({
    name: "KubeDeploymentRolloutStuck",
    component,
    dashboard,
    runbook: "KubeRolloutStuck",
    severity: "warning",
    when: max(kube.kube_deployment_status_condition.where({ condition: "Progressing", status: "false" }))
      .by(...deployment)
      .above(quantity(0, "state")),
    for: "15m",
    summary: ({ namespace, deployment }) => `The rollout of ${namespace}/${deployment} is stuck.`,
    description: ({ deployment }) => `${deployment} made no progress within its deadline.`,
  }),
  alert({
    name: "KubeDeploymentNotObserved",
    component,
    dashboard,
    runbook: "KubeRolloutStuck",
    severity: "warning",
    when: max(kube.kube_deployment_metadata_generation)
      .by(...deployment)
      .minus(max(kube.kube_deployment_status_observed_generation).by(...deployment))
      .above(quantity(0, "number")),
    for: "15m",
    summary: ({ namespace, deployment }) => `The change of ${namespace}/${deployment} is not carried out.`,
    description: ({ deployment }) => `No controller has taken up the last change of ${deployment}.`,
  }),
  alert({
    name: "KubeStatefulSetReplicasMissing",
    component,
    dashboard,
    runbook: "KubeReplicasMissing",
    severity: "warning",
    when: max(kube.kube_statefulset_replicas)
      .by(...statefulset)
      .minus(max(kube.kube_statefulset_status_replicas_ready).by(...statefulset))
      .above(0)
      .and(
        max(changes(kube.kube_statefulset_status_replicas_updated.over("10m")))
          .by(...statefulset)
          .equals(0),
      ),
    for: "15m",
    summary: ({ namespace, statefulset }) => `StatefulSet ${namespace}/${statefulset} lacks replicas.`,
    description: ({ statefulset }, value) =>
      `${value} replicas of ${statefulset} are missing, and no rollout is moving.`,
  }),
  alert({
    name: "KubeStatefulSetNotObserved",
    component,
    dashboard,
    runbook: "KubeRolloutStuck",
    severity: "warning",
    when: max(kube.kube_statefulset_metadata_generation)
      .by(...statefulset)
      .minus(max(kube.kube_statefulset_status_observed_generation).by(...statefulset))
      .above(quantity(0, "number")),
    for: "15m",
    summary: ({ namespace, statefulset }) => `The change of ${namespace}/${statefulset} is not carried out.`,
    description: ({ statefulset }) => `No controller has taken up the last change of ${statefulset}.`,
  }),
  alert({
    name: "KubeDaemonSetPodsMissing",
    component,
    dashboard,
    runbook: "KubeReplicasMissing",
    severity: "warning",
    when: desired
      .minus(max(kube.kube_daemonset_status_number_available).by(...daemonset))
      .minus(lost, on("cluster").groupLeft())
      .above(0)
      .and(
        max(changes(kube.kube_daemonset_status_updated_number_scheduled.over("10m")))
          .by(...daemonset)
          .equals(0),
      ),
    for: "15m",
    summary: ({ namespace, daemonset }) => `DaemonSet ${namespace}/${daemonset} is missing on nodes.`,
    description: ({ daemonset }, value) => `${value} nodes that are ready have no running pod of ${daemonset}.`,
  }),
  alert({
    name: "KubeDaemonSetMisscheduled",
    component,
    dashboard,
    runbook: "KubeReplicasMissing",
    severity: "warning",
    when: max(kube.kube_daemonset_status_number_misscheduled)
      .by(...daemonset)
      .above(0),
    for: "30m",
    summary: ({ namespace, daemonset }) => `DaemonSet ${namespace}/${daemonset} runs where it should not.`,
    description: ({ daemonset }, value) => `${value} pods of ${daemonset} run on nodes that it no longer fits.`,
  }),
  alert({
    name: "KubeJobFailed",
    component,
    dashboard,
    runbook: "KubeJob",
    severity: "warning",
    when: max(kube.kube_job_failed.where({ condition: "true" }))
      .by(...job)
      .above(quantity(0, "state")),
    for: "0s",
    summary: ({ namespace, job_name }) => `Job ${namespace}/${job_name} failed.`,
    description: ({ job_name }) => `${job_name} failed for good; take it away after a look, so that this ends.`,
  }),
  levels({
    name: "KubeJobTooLong",
    component,
    dashboard,
    runbook: "KubeJob",
    value: age(max(kube.kube_job_status_start_time).by(...job)),
    guard: (over) =>
      over.and(
        max(kube.kube_job_status_active)
          .by(...job)
          .above(0),
      ),
    above: thresholds.jobAge,
    for: "0s",
    summary: ({ namespace, job_name }) => `Job ${namespace}/${job_name} doesn't end.`,
    description: ({ job_name }, value) => `${job_name} has been running for ${value}.`,
  }),
  levels({
    name: "KubeCronJobLate",
    component,
    dashboard,
    runbook: "KubeJob",
    value: age(max(kube.kube_cronjob_next_schedule_time).by("cluster", "namespace", "cronjob")),
    guard: (over) =>
      over.unless(
        max(kube.kube_cronjob_spec_suspend).by("cluster", "namespace", "cronjob").equals(quantity(1, "state")),
      ),
    above: thresholds.cronDelay,
    for: "0s",
    summary: ({ namespace, cronjob }) => `CronJob ${namespace}/${cronjob} missed its time.`,
    description: ({ cronjob }, value) => `${cronjob} should have started ${value} ago.`,
  }),
  alert({
    name: "KubeHpaMaxedOut",
    component,
    dashboard,
    runbook: "KubeHpa",
    severity: "warning",
    when: hpaNow
      .equals(hpaMost)
      .unless(hpaMost.equals(max(kube.kube_horizontalpodautoscaler_spec_min_replicas).by(...hpa))),
    for: "15m",
    summary: ({ namespace, horizontalpodautoscaler }) =>
      `Autoscaler ${namespace}/${horizontalpodautoscaler} is at its end.`,
    description: ({ horizontalpodautoscaler }, value) =>
      `${horizontalpodautoscaler} runs its ${value} replicas and may not start more.`,
  }),
  alert({
    name: "KubeHpaReplicasMismatch",
    component,
    dashboard,
    runbook: "KubeHpa",
    severity: "warning",
    when: max(kube.kube_horizontalpodautoscaler_status_desired_replicas)
      .by(...hpa)
      .differsFrom(hpaNow)
      .and(
        max(changes(kube.kube_horizontalpodautoscaler_status_current_replicas.over("15m")))
          .by(...hpa)
          .equals(0),
      ),
    for: "15m",
    summary: ({ namespace, horizontalpodautoscaler }) =>
      `Autoscaler ${namespace}/${horizontalpodautoscaler} doesn't get its replicas.`,
    description: ({ horizontalpodautoscaler }, value) =>
      `${horizontalpodautoscaler} wants ${value} replicas and nothing moves.`,
  }),
  alert({
    name: "KubePdbUnhealthy",
    component,
    dashboard,
    runbook: "KubeReplicasMissing",
    severity: "warning",
    when: max(kube.kube_poddisruptionbudget_status_desired_healthy)
      .by("cluster", "namespace", "poddisruptionbudget")
      .minus(
        max(kube.kube_poddisruptionbudget_status_current_healthy).by("cluster", "namespace", "poddisruptionbudget"),
      )
      .above(0),
    for: "15m",
    summary: ({ namespace, poddisruptionbudget }) => `Budget ${namespace}/${poddisruptionbudget} is not kept.`,
    description: ({ poddisruptionbudget }, value) =>
      `${value} pods fewer are healthy than ${poddisruptionbudget} wants: nodes can't be drained.`,
  }),
  alert({
    name: "KubePersistentVolumeErrors",
    component,
    dashboard: "kubernetes-cluster",
    runbook: "KubeVolume",
    severity: "warning",
    when: max(kube.kube_persistentvolume_status_phase.where({ phase: matches("Failed|Pending") }))
      .by("cluster", "persistentvolume", "phase")
      .above(quantity(0, "state")),
    for: "5m",
    summary: ({ persistentvolume }) => `Volume ${persistentvolume} can't be used.`,
    description: ({ persistentvolume, phase }) => `${persistentvolume} is ${phase}: whoever needs it doesn't start.`,
  }),
];
