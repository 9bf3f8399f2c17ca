import { gauge, steady, type Proof } from "../../support/proof";
import { inShop, ksm, shop } from "./shared";

const deployment = shop({ deployment: "d" });
const ofD = inShop('deployment="d"');
const ofS = inShop('statefulset="s"');
const ofDs = inShop('daemonset="ds"');
const ofHpa = inShop('horizontalpodautoscaler="h"');

export const workloadProofs: readonly Proof[] = [
  {
    alert: "KubeDeploymentReplicasMissing",
    series: [
      gauge(`kube_deployment_status_replicas_available{${ofD}}`, 3),
      steady(`kube_deployment_spec_replicas{${ofD}}`, 3),
      steady(`kube_deployment_status_replicas_updated{${ofD}}`, 3),
    ],
    labels: deployment,
    for: 15,
    cases: { warning: [3, 1, "2 replicas of d are missing, and no rollout is moving."] },
  },
  {
    alert: "KubeDeploymentRolloutStuck",
    series: [gauge(`kube_deployment_status_condition{${ofD}, condition="Progressing", status="false"}`, 0)],
    labels: deployment,
    for: 15,
    cases: { warning: [0, 1, "d made no progress within its deadline."] },
  },
  {
    alert: "KubeDeploymentNotObserved",
    series: [
      gauge(`kube_deployment_status_observed_generation{${ofD}}`, 7),
      steady(`kube_deployment_metadata_generation{${ofD}}`, 7),
    ],
    labels: deployment,
    for: 15,
    cases: { warning: [7, 6, "No controller has taken up the last change of d."] },
  },
  {
    alert: "KubeStatefulSetReplicasMissing",
    series: [
      gauge(`kube_statefulset_status_replicas_ready{${ofS}}`, 3),
      steady(`kube_statefulset_replicas{${ofS}}`, 3),
      steady(`kube_statefulset_status_replicas_updated{${ofS}}`, 3),
    ],
    labels: shop({ statefulset: "s" }),
    for: 15,
    cases: { warning: [3, 1, "2 replicas of s are missing, and no rollout is moving."] },
  },
  {
    alert: "KubeStatefulSetNotObserved",
    series: [
      gauge(`kube_statefulset_status_observed_generation{${ofS}}`, 7),
      steady(`kube_statefulset_metadata_generation{${ofS}}`, 7),
    ],
    labels: shop({ statefulset: "s" }),
    for: 15,
    cases: { warning: [7, 6, "No controller has taken up the last change of s."] },
  },
  {
    alert: "KubeDaemonSetPodsMissing",
    series: [
      gauge(`kube_daemonset_status_number_available{${ofDs}}`, 3),
      steady(`kube_daemonset_status_desired_number_scheduled{${ofDs}}`, 4),
      steady(`kube_daemonset_status_updated_number_scheduled{${ofDs}}`, 4),
      // Of four nodes one is lost: that its pod is missing is no news.
      steady(`kube_node_status_condition{${ksm}, node="a", condition="Ready", status="true"}`, 1),
      steady(`kube_node_status_condition{${ksm}, node="b", condition="Ready", status="true"}`, 0),
    ],
    labels: shop({ daemonset: "ds" }),
    for: 15,
    cases: { warning: [3, 2, "1 nodes that are ready have no running pod of ds."] },
  },
  {
    alert: "KubeDaemonSetMisscheduled",
    series: [gauge(`kube_daemonset_status_number_misscheduled{${ofDs}}`, 0)],
    labels: shop({ daemonset: "ds" }),
    for: 30,
    cases: { warning: [0, 1, "1 pods of ds run on nodes that it no longer fits."] },
  },
  {
    alert: "KubeJobFailed",
    series: [gauge(`kube_job_failed{${inShop('job_name="j", condition="true"')}}`, 0)],
    labels: shop({ job_name: "j" }),
    for: 0,
    cases: { warning: [0, 1, "j failed for good; take it away after a look, so that this ends."] },
  },
  {
    // The clock of a test begins at 1970: the job started twelve hours before that.
    alert: "KubeJobTooLong",
    series: [
      gauge(`kube_job_status_start_time{${inShop('job_name="j"')}}`, 0),
      steady(`kube_job_status_active{${inShop('job_name="j"')}}`, 1),
    ],
    labels: shop({ job_name: "j" }),
    for: 0,
    lag: 2,
    cases: { warning: [-40_000, -43_200, "j has been running for 12h 17m 0s. The limit is 12h."] },
  },
  {
    alert: "KubeCronJobLate",
    series: [
      gauge(`kube_cronjob_next_schedule_time{${inShop('cronjob="cj"')}}`, 0),
      steady(`kube_cronjob_spec_suspend{${inShop('cronjob="cj"')}}`, 0),
      steady(`kube_cronjob_next_schedule_time{${inShop('cronjob="asleep"')}}`, -9000),
      steady(`kube_cronjob_spec_suspend{${inShop('cronjob="asleep"')}}`, 1),
    ],
    labels: shop({ cronjob: "cj" }),
    for: 0,
    lag: 2,
    cases: { warning: [-2000, -3600, "cj should have started 1h 17m 0s ago. The limit is 1h."] },
  },
  {
    alert: "KubeHpaMaxedOut",
    series: [
      gauge(`kube_horizontalpodautoscaler_status_current_replicas{${ofHpa}}`, 2),
      steady(`kube_horizontalpodautoscaler_spec_max_replicas{${ofHpa}}`, 5),
      steady(`kube_horizontalpodautoscaler_spec_min_replicas{${ofHpa}}`, 1),
    ],
    labels: shop({ horizontalpodautoscaler: "h" }),
    for: 15,
    cases: { warning: [4, 5, "h runs its 5 replicas and may not start more."] },
  },
  {
    alert: "KubeHpaReplicasMismatch",
    series: [
      gauge(`kube_horizontalpodautoscaler_status_desired_replicas{${ofHpa}}`, 2),
      steady(`kube_horizontalpodautoscaler_status_current_replicas{${ofHpa}}`, 2),
    ],
    labels: shop({ horizontalpodautoscaler: "h" }),
    for: 15,
    cases: { warning: [2, 4, "h wants 4 replicas and nothing moves."] },
  },
  {
    alert: "KubePdbUnhealthy",
    series: [
      gauge(`kube_poddisruptionbudget_status_current_healthy{${inShop('poddisruptionbudget="b"')}}`, 2),
      steady(`kube_poddisruptionbudget_status_desired_healthy{${inShop('poddisruptionbudget="b"')}}`, 2),
    ],
    labels: shop({ poddisruptionbudget: "b" }),
    for: 15,
    cases: { warning: [2, 1, "1 pods fewer are healthy than b wants: nodes can't be drained."] },
  },
];
