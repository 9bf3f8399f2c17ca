import { gauge, steady, written, type Proof } from "../../support/proof";
import { ksm, kubelet } from "./shared";

const shop = `${ksm}, namespace="shop"`;
const db = `${shop}, statefulset="db"`;
const agent = `${shop}, daemonset="agent"`;
const claim = `${kubelet}, namespace="shop", persistentvolumeclaim="data"`;
const inShop = { namespace: "shop" };

export const rolloutProofs: readonly Proof[] = [
  {
    alert: "KubeStatefulSetUpdateStuck",
    series: [
      gauge(`kube_statefulset_status_replicas_updated{${db}}`, 3),
      steady(`kube_statefulset_replicas{${db}}`, 3),
      steady(`kube_statefulset_status_current_revision{${db}, revision="db-1"}`, 1),
      steady(`kube_statefulset_status_update_revision{${db}, revision="db-2"}`, 1),
    ],
    labels: { ...inShop, statefulset: "db" },
    for: 15,
    lag: 11,
    cases: { warning: [3, 1, "2 pods of db run the revision before, and nothing moves."] },
  },
  {
    // Of one revision all of it is up to date, whatever the count says.
    alert: "KubeStatefulSetUpdateStuck",
    series: [
      gauge(`kube_statefulset_status_update_revision{${db}, revision="db-1"}`, 1),
      steady(`kube_statefulset_status_current_revision{${db}, revision="db-1"}`, 1),
      steady(`kube_statefulset_status_replicas_updated{${db}}`, 0),
      steady(`kube_statefulset_replicas{${db}}`, 3),
    ],
    labels: { ...inShop, statefulset: "db" },
    for: 15,
    lag: 6,
    cases: { warning: [1, "_", "3 pods of db run the revision before, and nothing moves."] },
  },
  {
    alert: "KubeDaemonSetUpdateStuck",
    series: [
      gauge(`kube_daemonset_status_updated_number_scheduled{${agent}}`, 3),
      steady(`kube_daemonset_status_desired_number_scheduled{${agent}}`, 3),
    ],
    labels: { ...inShop, daemonset: "agent" },
    for: 15,
    lag: 11,
    cases: { warning: [3, 1, "2 nodes run agent as it was before, and nothing moves."] },
  },
  {
    alert: "KubeVolumeInodesFillInDays",
    series: [
      written(`kubelet_volume_stats_inodes_free{${claim}}`, "149-0.1x440 900x500", "149-0.01x900"),
      steady(`kubelet_volume_stats_inodes{${claim}}`, 1_000),
    ],
    labels: { ...inShop, persistentvolumeclaim: "data" },
    warm: 1,
    for: 60,
    lag: 370,
    end: 400,
    cases: {
      warning: [0, 0, "10.59% of the inodes of data are left, and six hours of growth use them up within four days."],
    },
  },
  {
    alert: "KubeQuotaObjects",
    series: [
      gauge(`kube_resourcequota{${shop}, resourcequota="q", resource="pods", type="used"}`, 10),
      steady(`kube_resourcequota{${shop}, resourcequota="q", resource="pods", type="hard"}`, 100),
      // Those have alerts of their own.
      steady(`kube_resourcequota{${shop}, resourcequota="q", resource="limits.cpu", type="used"}`, 100),
      steady(`kube_resourcequota{${shop}, resourcequota="q", resource="limits.cpu", type="hard"}`, 100),
    ],
    labels: { ...inShop, resourcequota: "q", resource: "pods" },
    for: 15,
    cases: { warning: [90, 91, "91% of pods in quota q is taken; at 100 % no more can be made. The limit is 90 %."] },
  },
];
