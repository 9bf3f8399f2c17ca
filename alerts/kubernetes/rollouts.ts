import { changes, kube, max } from "../../signals";
import { alert, type Alert } from "../language";

const component = "kubernetes";
const dashboard = "kubernetes-namespace";
const statefulset = ["cluster", "namespace", "statefulset"] as const;
const daemonset = ["cluster", "namespace", "daemonset"] as const;

/** Revisions that pods still run though another one is asked for. */
const olderRevision = max(
  max(kube.kube_statefulset_status_current_revision)
    .by(...statefulset, "revision")
    .unless(max(kube.kube_statefulset_status_update_revision).by(...statefulset, "revision")),
).by(...statefulset);

/** Changes that were taken up and don't get through, pod by pod. */
export const rolloutAlerts = (): Alert[] => [
  alert({
    name: "KubeStatefulSetUpdateStuck",
    component,
    dashboard,
    runbook: "KubeRolloutStuck",
    severity: "warning",
    when: max(kube.kube_statefulset_replicas)
      .by(...statefulset)
      .minus(max(kube.kube_statefulset_status_replicas_updated).by(...statefulset))
      .above(0)
      .and(olderRevision)
      .and(
        max(changes(kube.kube_statefulset_status_replicas_updated.over("10m")))
          .by(...statefulset)
          .equals(0),
      ),
    for: "15m",
    summary: ({ namespace, statefulset }) => `The update of StatefulSet ${namespace}/${statefulset} is stuck.`,
    description: ({ statefulset }, value) =>
      `${value} pods of ${statefulset} run the revision before, and nothing moves.`,
  }),
  alert({
    name: "KubeDaemonSetUpdateStuck",
    component,
    dashboard,
    runbook: "KubeRolloutStuck",
    severity: "warning",
    when: max(kube.kube_daemonset_status_desired_number_scheduled)
      .by(...daemonset)
      .minus(max(kube.kube_daemonset_status_updated_number_scheduled).by(...daemonset))
      .above(0)
      .and(
        max(changes(kube.kube_daemonset_status_updated_number_scheduled.over("10m")))
          .by(...daemonset)
          .equals(0),
      ),
    for: "15m",
    summary: ({ namespace, daemonset }) => `The update of DaemonSet ${namespace}/${daemonset} is stuck.`,
    description: ({ daemonset }, value) => `${value} nodes run ${daemonset} as it was before, and nothing moves.`,
  }),
];
