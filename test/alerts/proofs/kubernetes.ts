import { counter, gauge, growing, steady, written, type Proof } from "../support/proof";

/** What scraping kube-state-metrics adds to each series: it must never end up on an alert. */
const ksm = 'cluster="local", job="kube-state-metrics", instance="10.0.0.1:8080"';
const node = { node: "n" };
const kubelet = 'cluster="local", job="kubelet", instance="n", node="n"';
const pod = { namespace: "shop", pod: "p" };
const inPod = `${ksm}, namespace="shop", pod="p", uid="u"`;
const container = { ...pod, container: "c" };
const inContainer = `${inPod}, container="c"`;
const inShop = (rest: string) => `${ksm}, namespace="shop", ${rest}`;
const shop = (rest: Readonly<Record<string, string>>) => ({ namespace: "shop", ...rest });
const claim = `${kubelet}, namespace="shop", persistentvolumeclaim="data"`;
const cadvisor =
  'cluster="local", job="cadvisor", instance="n", node="n", namespace="shop", pod="p", container="c", image="i"';
const pods = Array.from({ length: 19 }, (_, index) => index);
const running = (name: string, value: number) =>
  gauge(`kube_pod_status_phase{${ksm}, namespace="shop", pod="${name}", phase="Running"}`, value);
const wants = (resource: string, value: number) =>
  gauge(`kube_pod_container_resource_requests{${inContainer}, resource="${resource}"}`, value);
const allocatable = (name: string, resource: string, value: number) =>
  steady(`kube_node_status_allocatable{${ksm}, node="${name}", resource="${resource}"}`, value);
const deployment = shop({ deployment: "d" });
const ofD = inShop('deployment="d"');
const ofS = inShop('statefulset="s"');
const ofDs = inShop('daemonset="ds"');
const ofHpa = inShop('horizontalpodautoscaler="h"');
const quota = (resource: string, type: string) =>
  `kube_resourcequota{${inShop(`resourcequota="q", resource="${resource}", type="${type}"`)}}`;
const quotaProof = (alert: string, resource: string, near: number, bad: number, says: string): Proof => ({
  alert,
  series: [gauge(quota(resource, "used"), 1), steady(quota(resource, "hard"), 100)],
  labels: shop({ resourcequota: "q", resource }),
  for: 15,
  cases: { warning: [near, bad, says] },
});

export const kubernetesProofs: readonly Proof[] = [
  {
    alert: "KubeNodeNotReady",
    series: [gauge(`kube_node_status_condition{${ksm}, node="n", condition="Ready", status="true"}`, 1)],
    labels: node,
    for: 5,
    cases: { critical: [1, 0, "n has not been ready for five minutes: its pods will be moved, or are gone."] },
  },
  {
    alert: "KubeNodeFlapping",
    series: [
      written(
        `kube_node_status_condition{${ksm}, node="n", condition="Ready", status="true"}`,
        `1x14 ${"0 1 ".repeat(10)}1x60`,
        "1x20 0x5 1x60",
      ),
    ],
    labels: node,
    for: 15,
    lag: 3,
    end: 30,
    cases: { warning: [0, 0, "n changed between ready and not ready 14 times in a quarter of an hour."] },
  },
  {
    alert: "KubeNodePressure",
    series: [gauge(`kube_node_status_condition{${ksm}, node="n", condition="DiskPressure", status="true"}`, 0)],
    labels: { ...node, condition: "DiskPressure" },
    for: 5,
    cases: { warning: [0, 1, "DiskPressure holds on n: the kubelet evicts pods or takes no new ones."] },
  },
  {
    alert: "KubeNodePodsFull",
    series: [
      ...pods.map((index) => ({ ...running(`p${index}`, 1), driven: false })),
      running("last", 0),
      ...[...pods.map((index) => `p${index}`), "last"].map((name) =>
        steady(`kube_pod_info{${ksm}, namespace="shop", pod="${name}", node="n"}`, 1),
      ),
      allocatable("n", "pods", 20),
    ],
    labels: node,
    for: 15,
    cases: { warning: [0, 1, "100% of the pods that n may run are running. The limit is 95 %."] },
  },
  {
    // Two nodes of 4 and 8: without the larger one 4 are left.
    alert: "KubeCpuOvercommitted",
    series: [
      wants("cpu", 1),
      steady(`kube_pod_status_phase{${inPod}, phase="Running"}`, 1),
      allocatable("a", "cpu", 4),
      allocatable("b", "cpu", 8),
    ],
    labels: {},
    for: 10,
    cases: { warning: [4, 6, "Pods in local ask for 2 cores more than what is left when the largest node fails."] },
  },
  {
    alert: "KubeMemoryOvercommitted",
    series: [
      wants("memory", 1),
      steady(`kube_pod_status_phase{${inPod}, phase="Running"}`, 1),
      allocatable("a", "memory", 1024),
      allocatable("b", "memory", 4096),
    ],
    labels: {},
    for: 10,
    cases: { warning: [1024, 3072, "Pods in local ask for 2kiB more than what is left when the largest node fails."] },
  },
  {
    // Between the buckets of 10 and 20 seconds p99 is 19.9.
    alert: "KubeletRelistSlow",
    series: [
      counter(`kubelet_pleg_relist_duration_seconds_bucket{${kubelet}, le="10"}`, 60),
      growing(`kubelet_pleg_relist_duration_seconds_bucket{${kubelet}, le="20"}`, 60),
      growing(`kubelet_pleg_relist_duration_seconds_bucket{${kubelet}, le="+Inf"}`, 60),
    ],
    labels: node,
    for: 5,
    lag: 7,
    cases: {
      warning: [
        60,
        0,
        "Listing the containers of n takes 19.9s (p99): the runtime or its disk is overloaded. The limit is 10s.",
      ],
    },
  },
  ...(["client", "server"] as const).map((kind): Proof => ({
    alert: kind === "client" ? "KubeletClientCertificateExpires" : "KubeletServerCertificateExpires",
    series: [gauge(`kubelet_certificate_manager_${kind}_ttl_seconds{${kubelet}}`, 2_000_000)],
    labels: node,
    for: 0,
    cases: {
      warning: [
        604_800,
        604_000,
        `In 6d 23h 46m 40s ${kind === "client" ? "the API server no longer knows n." : "logs, exec and metrics of n stop."} The limit is 7d.`,
      ],
      critical: [
        86_400,
        3600,
        `In 1h 0m 0s ${kind === "client" ? "the API server no longer knows n." : "logs, exec and metrics of n stop."} The limit is 1d.`,
      ],
    },
  })),
  {
    alert: "KubeletCertificateRenewalFails",
    series: [counter(`kubelet_certificate_manager_client_expiration_renew_errors{${kubelet}}`, 0)],
    labels: { ...node, job: "kubelet", instance: "n" },
    for: 15,
    lag: 5,
    end: 25,
    cases: {
      warning: [
        0,
        1,
        "15 renewals failed on n in a quarter of an hour; when the certificate expires, the node is lost.",
      ],
    },
  },
  {
    alert: "KubePodCrashLooping",
    series: [gauge(`kube_pod_container_status_waiting_reason{${inContainer}, reason="CrashLoopBackOff"}`, "_")],
    labels: { ...container, reason: "CrashLoopBackOff" },
    for: 15,
    end: 30,
    cases: { warning: [0, 1, "Container c of p ends soon after each start; Kubernetes waits longer each time."] },
  },
  {
    alert: "KubeContainerRestarts",
    series: [counter(`kube_pod_container_status_restarts_total{${inContainer}}`, 0)],
    labels: container,
    for: 0,
    lag: 8,
    end: 40,
    cases: {
      warning: [0.1, 0.5, "c was started anew 4.5 times in a quarter of an hour. The limit is 1."],
      critical: [0.4, 1, "c was started anew 9 times in a quarter of an hour. The limit is 5."],
    },
  },
  {
    alert: "KubeContainerOomKilled",
    series: [
      counter(`kube_pod_container_status_restarts_total{${inContainer}}`, 0),
      steady(`kube_pod_container_status_last_terminated_reason{${inContainer}, reason="OOMKilled"}`, 1),
    ],
    labels: container,
    for: 0,
    lag: 2,
    end: 30,
    cases: { warning: [0, 1, "c wanted more memory than its limit, or the node had none left."] },
  },
  {
    alert: "KubeContainerMemoryNearLimit",
    series: [
      gauge('container:memory_working_set_bytes:max{cluster="local", namespace="shop", pod="p", container="c"}', 10),
      steady(`kube_pod_container_resource_limits{${inContainer}, resource="memory"}`, 100),
    ],
    labels: container,
    for: 15,
    cases: { warning: [90, 95, "c uses 95% of its memory limit. The limit is 90 %."] },
  },
  {
    alert: "KubePodNotReady",
    series: [
      gauge(`kube_pod_status_phase{${inPod}, phase="Pending"}`, 0),
      steady(`kube_pod_status_phase{${ksm}, namespace="shop", pod="of-a-job", phase="Failed"}`, 1),
      steady(`kube_pod_owner{${ksm}, namespace="shop", pod="of-a-job", owner_kind="Job"}`, 1),
    ],
    labels: { ...pod, phase: "Pending" },
    for: 15,
    cases: { warning: [0, 1, "p has been Pending for a quarter of an hour."] },
  },
  {
    alert: "KubeContainerWaiting",
    series: [
      gauge(`kube_pod_container_status_waiting_reason{${inContainer}, reason="ImagePullBackOff"}`, "_"),
      steady(`kube_pod_container_status_waiting_reason{${inContainer}, reason="CrashLoopBackOff"}`, 1),
    ],
    labels: { ...container, reason: "ImagePullBackOff" },
    for: 30,
    cases: { warning: [0, 1, "c has been waiting for half an hour: ImagePullBackOff."] },
  },
  {
    alert: "KubeCpuThrottling",
    series: [
      counter(`container_cpu_cfs_throttled_periods_total{${cadvisor}}`, 0),
      growing(`container_cpu_cfs_periods_total{${cadvisor}}`, 600),
    ],
    labels: container,
    for: 15,
    lag: 6,
    cases: {
      info: [150, 300, "50% of the periods in which c wanted to run ended at its CPU limit. The limit is 25 %."],
    },
  },
  ...(["list", "watch"] as const).map((call): Proof => ({
    alert: call === "list" ? "KubeStateMetricsListErrors" : "KubeStateMetricsWatchErrors",
    series: [
      counter(`kube_state_metrics_${call}_total{cluster="local", job="ksm", resource="x", result="error"}`, 0),
      growing(`kube_state_metrics_${call}_total{cluster="local", job="ksm", resource="x", result="success"}`, 99),
    ],
    labels: { job: "ksm" },
    for: 15,
    lag: 6,
    cases: {
      warning: [
        0.9,
        33,
        call === "list"
          ? "25% of its list calls fail: states of objects are missing, and alerts on them are blind. The limit is 1 %."
          : "25% of its watches fail: states of objects are old. The limit is 1 %.",
      ],
    },
  })),
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
      steady(`kube_daemonset_status_desired_number_scheduled{${ofDs}}`, 3),
      steady(`kube_daemonset_status_updated_number_scheduled{${ofDs}}`, 3),
    ],
    labels: shop({ daemonset: "ds" }),
    for: 15,
    cases: { warning: [3, 2, "1 nodes have no running pod of ds."] },
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
  {
    alert: "KubePersistentVolumeErrors",
    series: [gauge(`kube_persistentvolume_status_phase{${ksm}, persistentvolume="v", phase="Failed"}`, 0)],
    labels: { persistentvolume: "v", phase: "Failed" },
    for: 5,
    cases: { critical: [0, 1, "v is Failed: whoever needs it doesn't start."] },
  },
  {
    alert: "KubeVolumeHigh",
    series: [
      gauge(`kubelet_volume_stats_used_bytes{${claim}}`, 10),
      steady(`kubelet_volume_stats_capacity_bytes{${claim}}`, 100),
    ],
    labels: shop({ persistentvolumeclaim: "data" }),
    for: 5,
    cases: {
      warning: [75, 80, "80% of data is used. The limit is 75 %."],
      critical: [85, 90, "90% of data is used. The limit is 85 %."],
    },
  },
  {
    alert: "KubeVolumeFillsInDays",
    series: [
      written(`kubelet_volume_stats_available_bytes{${claim}}`, "3800x14 3800-1x100 9000x600", "3800x600"),
      written(`kubelet_volume_stats_used_bytes{${claim}}`, "6200x14 6200+1x100 1000x600", "6200x600"),
      steady(`kubelet_volume_stats_capacity_bytes{${claim}}`, 10_000),
    ],
    labels: shop({ persistentvolumeclaim: "data" }),
    for: 60,
    lag: 25,
    end: 30,
    cases: { warning: [0, 0, "62.85% of data is used, and the growth of six hours fills it within four days."] },
  },
  {
    alert: "KubeVolumeInodesLow",
    series: [
      gauge(`kubelet_volume_stats_inodes_used{${claim}}`, 10),
      steady(`kubelet_volume_stats_inodes{${claim}}`, 100),
    ],
    labels: shop({ persistentvolumeclaim: "data" }),
    for: 5,
    cases: {
      warning: [95, 96, "96% of the inodes of data are used. The limit is 95 %."],
      critical: [97, 98, "98% of the inodes of data are used. The limit is 97 %."],
    },
  },
  quotaProof(
    "KubeQuotaCpu",
    "limits.cpu",
    80,
    85,
    "85% of limits.cpu in quota q is taken; at 100 % new pods are refused. The limit is 80 %.",
  ),
  quotaProof(
    "KubeQuotaMemory",
    "requests.memory",
    85,
    90,
    "90% of requests.memory in quota q is taken; at 100 % new pods are refused. The limit is 85 %.",
  ),
  quotaProof(
    "KubeQuotaStorage",
    "requests.storage",
    75,
    80,
    "80% of requests.storage in quota q is taken; at 100 % new pods are refused. The limit is 75 %.",
  ),
];
