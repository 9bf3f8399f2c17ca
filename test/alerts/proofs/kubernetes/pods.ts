import { counter, gauge, growing, steady, type Proof } from "../../support/proof";
import { ksm, pod, inPod, container, inContainer } from "./shared";

const cadvisor =
  'cluster="local", job="cadvisor", instance="n", node="n", namespace="shop", pod="p", container="c", image="i"';

const notReady =
  "p has not been ready for a quarter of an hour: it waits for a node, for a container, or for its probe.";

export const podProofs: readonly Proof[] = [
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
      info: [0.1, 0.5, "c was started anew 4.5 times in a quarter of an hour. The limit is 1."],
      warning: [0.4, 1, "c was started anew 9 times in a quarter of an hour. The limit is 5."],
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
      // It runs, and its probe fails.
      gauge(`kube_pod_status_ready{${inPod}, condition="true"}`, 1),
      steady(`kube_pod_status_phase{${inPod}, phase="Running"}`, 1),
      steady(`kube_pod_status_ready{${ksm}, namespace="shop", pod="of-a-job", condition="true"}`, 0),
      steady(`kube_pod_owner{${ksm}, namespace="shop", pod="of-a-job", owner_kind="Job"}`, 1),
      steady(`kube_pod_status_ready{${ksm}, namespace="shop", pod="evicted", condition="true"}`, 0),
      steady(`kube_pod_status_phase{${ksm}, namespace="shop", pod="evicted", phase="Failed"}`, 1),
      ...["p", "of-a-job", "evicted"].map((name) =>
        steady(`kube_pod_info{${ksm}, namespace="shop", pod="${name}", node="n"}`, 1),
      ),
    ],
    labels: { ...pod, node: "n" },
    for: 15,
    cases: { warning: [1, 0, notReady] },
  },
  {
    // No node takes it: it has no condition yet.
    alert: "KubePodNotReady",
    series: [gauge(`kube_pod_status_phase{${inPod}, phase="Pending"}`, 0), steady(`kube_pod_info{${inPod}}`, 1)],
    labels: pod,
    for: 15,
    cases: { warning: [0, 1, notReady] },
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
];
