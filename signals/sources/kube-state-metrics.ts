import { counter, gauge, info, source } from "../source";

/** Its own pod's labels: with honor_labels, only the port that speaks of itself gets them. */
const telemetryLabels = ["namespace", "pod", "container", "node"] as const;

/** States of Kubernetes objects, as kube-state-metrics 2.18 exposes them; scraped with honor_labels. */
export const kube = source(
  {
    name: "kube-state-metrics",
    about: "others",
    jobs: ["kube-state-metrics", "kube-state-metrics-telemetry"],
    targetLabels: ["cluster", "job", "instance"],
  },
  {
    kube_pod_info: info(
      [
        "created_by_kind",
        "created_by_name",
        "host_ip",
        "host_network",
        "namespace",
        "node",
        "pod",
        "pod_ip",
        "priority_class",
        "uid",
      ],
      "Information about pod",
    ),
    kube_pod_owner: info(
      ["namespace", "owner_is_controller", "owner_kind", "owner_name", "pod", "uid"],
      "Information about the Pod's owner",
    ),
    kube_pod_created: gauge("timestamp", ["namespace", "pod", "uid"], "Unix creation timestamp"),
    kube_pod_start_time: gauge("timestamp", ["namespace", "pod", "uid"], "Start time in unix timestamp for a pod"),
    kube_pod_status_phase: gauge("state", ["namespace", "phase", "pod", "uid"], "The pods current phase"),
    kube_pod_status_ready: gauge(
      "state",
      ["condition", "namespace", "pod", "uid"],
      "Describes whether the pod is ready to serve requests",
    ),
    kube_pod_status_scheduled: gauge(
      "state",
      ["condition", "namespace", "pod", "uid"],
      "Describes the status of the scheduling process for the pod",
    ),
    kube_pod_status_reason: gauge("state", ["namespace", "pod", "reason", "uid"], "The pod status reasons"),
    kube_pod_container_info: info(
      ["container", "container_id", "image", "image_id", "image_spec", "namespace", "pod", "uid"],
      "Information about a container in a pod",
    ),
    kube_pod_container_status_ready: gauge(
      "state",
      ["container", "namespace", "pod", "uid"],
      "Describes whether the containers readiness check succeeded",
    ),
    kube_pod_container_status_running: gauge(
      "state",
      ["container", "namespace", "pod", "uid"],
      "Describes whether the container is currently in running state",
    ),
    kube_pod_container_status_restarts_total: counter(
      "count",
      ["container", "namespace", "pod", "uid"],
      "The number of container restarts per container",
    ),
    kube_pod_container_status_waiting_reason: gauge(
      "state",
      ["namespace", "pod", "uid", "container", "reason"],
      "Describes the reason the container is currently in waiting state",
    ),
    kube_pod_container_status_last_terminated_reason: gauge(
      "state",
      ["namespace", "pod", "uid", "container", "reason"],
      "Describes the last reason the container was in terminated state",
    ),
    kube_pod_container_resource_requests: gauge(
      "number",
      ["container", "namespace", "node", "pod", "resource", "uid", "unit"],
      "The number of requested request resource by a container",
    ),
    kube_pod_container_resource_limits: gauge(
      "number",
      ["container", "namespace", "node", "pod", "resource", "uid", "unit"],
      "The number of requested limit resource by a container",
    ),
    kube_node_info: info(
      [
        "container_runtime_version",
        "internal_ip",
        "kernel_version",
        "kubelet_version",
        "kubeproxy_version",
        "node",
        "os_image",
        "pod_cidr",
        "provider_id",
        "system_uuid",
      ],
      "Information about a cluster node",
    ),
    kube_node_role: info(["node", "role"], "The role of a cluster node"),
    kube_node_spec_unschedulable: gauge("state", ["node"], "Whether a node can schedule new pods"),
    kube_node_status_condition: gauge("state", ["condition", "node", "status"], "The condition of a cluster node"),
    kube_node_status_capacity: gauge(
      "number",
      ["node", "resource", "unit"],
      "The capacity for different resources of a node",
    ),
    kube_node_status_allocatable: gauge(
      "number",
      ["node", "resource", "unit"],
      "The allocatable for different resources of a node that are available for scheduling",
    ),
    kube_namespace_status_phase: gauge("state", ["namespace", "phase"], "kubernetes namespace status phase"),
    kube_deployment_spec_replicas: gauge(
      "count",
      ["deployment", "namespace"],
      "Number of desired pods for a deployment",
    ),
    kube_deployment_status_replicas: gauge(
      "count",
      ["deployment", "namespace"],
      "The number of replicas per deployment",
    ),
    kube_deployment_status_replicas_available: gauge(
      "count",
      ["deployment", "namespace"],
      "The number of available replicas per deployment",
    ),
    kube_deployment_status_replicas_unavailable: gauge(
      "count",
      ["deployment", "namespace"],
      "The number of unavailable replicas per deployment",
    ),
    kube_deployment_status_replicas_updated: gauge(
      "count",
      ["deployment", "namespace"],
      "The number of updated replicas per deployment",
    ),
    kube_deployment_status_observed_generation: gauge(
      "number",
      ["deployment", "namespace"],
      "The generation observed by the deployment controller",
    ),
    kube_deployment_metadata_generation: gauge(
      "number",
      ["deployment", "namespace"],
      "Sequence number representing a specific generation of the desired state",
    ),
    kube_deployment_status_condition: gauge(
      "state",
      ["condition", "deployment", "namespace", "reason", "status"],
      "The current status conditions of a deployment",
    ),
    kube_deployment_spec_paused: gauge(
      "state",
      ["deployment", "namespace"],
      "Whether the deployment is paused and will not be processed by the deployment controller",
    ),
    kube_statefulset_replicas: gauge("count", ["namespace", "statefulset"], "Number of desired pods for a StatefulSet"),
    kube_statefulset_status_replicas: gauge(
      "count",
      ["namespace", "statefulset"],
      "The number of replicas per StatefulSet",
    ),
    kube_statefulset_status_replicas_ready: gauge(
      "count",
      ["namespace", "statefulset"],
      "The number of ready replicas per StatefulSet",
    ),
    kube_statefulset_status_replicas_updated: gauge(
      "count",
      ["namespace", "statefulset"],
      "The number of updated replicas per StatefulSet",
    ),
    kube_statefulset_status_observed_generation: gauge(
      "number",
      ["namespace", "statefulset"],
      "The generation observed by the StatefulSet controller",
    ),
    kube_statefulset_metadata_generation: gauge(
      "number",
      ["namespace", "statefulset"],
      "Sequence number representing a specific generation of the desired state for the StatefulSet",
    ),
    kube_statefulset_status_current_revision: info(
      ["namespace", "statefulset", "revision"],
      "Indicates the version of the StatefulSet used to generate Pods in the sequence [0,currentReplicas)",
    ),
    kube_statefulset_status_update_revision: info(
      ["namespace", "statefulset", "revision"],
      "Indicates the version of the StatefulSet used to generate Pods in the sequence",
    ),
    kube_daemonset_status_desired_number_scheduled: gauge(
      "count",
      ["namespace", "daemonset"],
      "The number of nodes that should be running the daemon pod",
    ),
    kube_daemonset_status_current_number_scheduled: gauge(
      "count",
      ["namespace", "daemonset"],
      "The number of nodes running at least one daemon pod and are supposed to",
    ),
    kube_daemonset_status_number_ready: gauge(
      "count",
      ["namespace", "daemonset"],
      "The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and",
    ),
    kube_daemonset_status_number_available: gauge(
      "count",
      ["namespace", "daemonset"],
      "The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and",
    ),
    kube_daemonset_status_number_misscheduled: gauge(
      "count",
      ["namespace", "daemonset"],
      "The number of nodes running a daemon pod but are not supposed to",
    ),
    kube_daemonset_status_updated_number_scheduled: gauge(
      "count",
      ["namespace", "daemonset"],
      "The total number of nodes that are running updated daemon pod",
    ),
    kube_replicaset_owner: info(
      ["namespace", "owner_is_controller", "owner_kind", "owner_name", "replicaset"],
      "Information about the ReplicaSet's owner",
    ),
    kube_replicaset_spec_replicas: gauge(
      "count",
      ["namespace", "replicaset"],
      "Number of desired pods for a ReplicaSet",
    ),
    kube_job_status_active: gauge("count", ["namespace", "job_name"], "The number of actively running pods"),
    kube_job_status_start_time: gauge(
      "timestamp",
      ["namespace", "job_name"],
      "StartTime represents time when the job was acknowledged by the Job Manager",
    ),
    kube_job_failed: gauge("state", ["namespace", "job_name", "condition"], "The job has failed its execution"),
    kube_cronjob_next_schedule_time: gauge(
      "timestamp",
      ["namespace", "cronjob"],
      "Next time the cronjob should be scheduled",
    ),
    kube_cronjob_spec_suspend: gauge(
      "state",
      ["namespace", "cronjob"],
      "Suspend flag tells the controller to suspend subsequent executions",
    ),
    kube_horizontalpodautoscaler_spec_max_replicas: gauge(
      "count",
      ["namespace", "horizontalpodautoscaler"],
      "Upper limit for the number of pods that can be set by the autoscaler; cannot be smaller than MinReplicas",
    ),
    kube_horizontalpodautoscaler_spec_min_replicas: gauge(
      "count",
      ["namespace", "horizontalpodautoscaler"],
      "Lower limit for the number of pods that can be set by the autoscaler, default 1",
    ),
    kube_horizontalpodautoscaler_status_current_replicas: gauge(
      "count",
      ["namespace", "horizontalpodautoscaler"],
      "Current number of replicas of pods managed by this autoscaler",
    ),
    kube_horizontalpodautoscaler_status_desired_replicas: gauge(
      "count",
      ["namespace", "horizontalpodautoscaler"],
      "Desired number of replicas of pods managed by this autoscaler",
    ),
    kube_persistentvolume_status_phase: gauge(
      "state",
      ["persistentvolume", "phase"],
      "The phase indicates if a volume is available, bound to a claim, or released by a claim",
    ),
    kube_persistentvolumeclaim_status_phase: gauge(
      "state",
      ["namespace", "persistentvolumeclaim", "phase"],
      "The phase the persistent volume claim is currently in",
    ),
    kube_persistentvolumeclaim_info: info(
      ["namespace", "persistentvolumeclaim", "storageclass", "volumename", "volumemode"],
      "Information about persistent volume claim",
    ),
    kube_persistentvolumeclaim_access_mode: gauge(
      "state",
      ["namespace", "persistentvolumeclaim", "access_mode"],
      "The access mode(s) specified by the persistent volume claim",
    ),
    kube_persistentvolumeclaim_resource_requests_storage_bytes: gauge(
      "bytes",
      ["namespace", "persistentvolumeclaim"],
      "The capacity of storage requested by the persistent volume claim",
    ),
    kube_poddisruptionbudget_status_current_healthy: gauge(
      "count",
      ["namespace", "poddisruptionbudget"],
      "Current number of healthy pods",
    ),
    kube_poddisruptionbudget_status_desired_healthy: gauge(
      "count",
      ["namespace", "poddisruptionbudget"],
      "Minimum desired number of healthy pods",
    ),
    kube_resourcequota: gauge(
      "number",
      ["namespace", "resourcequota", "resource", "type"],
      "Information about resource quota",
    ),
    kube_service_info: info(
      ["cluster_ip", "external_name", "external_traffic_policy", "load_balancer_ip", "namespace", "service", "uid"],
      "Information about service",
    ),
    kube_state_metrics_list_total: counter(
      "count",
      ["resource", "result", ...telemetryLabels],
      "Number of total resource list calls in kube-state-metrics",
    ),
    kube_state_metrics_watch_total: counter(
      "count",
      ["resource", "result", ...telemetryLabels],
      "Number of total resource watch calls in kube-state-metrics",
    ),
    kube_state_metrics_total_shards: gauge(
      "count",
      telemetryLabels,
      "Number of total shards this instance is aware of",
    ),
    kube_state_metrics_shard_ordinal: gauge(
      "number",
      ["shard_ordinal", ...telemetryLabels],
      "Current sharding ordinal/index of this instance",
    ),
  },
  [
    { of: ["kube_state_metrics_list_total"], only: "where the API server streams no lists, or one failed" },
    {
      of: [
        "kube_job_status_active",
        "kube_job_status_start_time",
        "kube_job_failed",
        "kube_cronjob_next_schedule_time",
        "kube_cronjob_spec_suspend",
        "kube_horizontalpodautoscaler_spec_max_replicas",
        "kube_horizontalpodautoscaler_spec_min_replicas",
        "kube_horizontalpodautoscaler_status_current_replicas",
        "kube_horizontalpodautoscaler_status_desired_replicas",
        "kube_poddisruptionbudget_status_current_healthy",
        "kube_poddisruptionbudget_status_desired_healthy",
        "kube_resourcequota",
      ],
      only: "where such an object exists",
    },
    { of: ["kube_pod_status_reason"], only: "while a pod has one of the reasons" },
    { of: ["kube_pod_container_status_last_terminated_reason"], only: "once a container ended" },
    { of: ["kube_pod_container_status_waiting_reason"], only: "while a container waits" },
    { of: ["kube_node_info"], labels: ["pod_cidr", "provider_id"], only: "where the cloud or the network sets it" },
    {
      of: ["kube_service_info"],
      labels: ["external_name", "external_traffic_policy", "load_balancer_ip"],
      only: "for services with an address outside of the cluster",
    },
  ],
);
