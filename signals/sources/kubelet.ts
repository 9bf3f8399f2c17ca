import { counter, gauge, histogram, info, source } from "../source";

/** The kubelet's own metrics. Names and labels: a kubelet 1.36. */
export const kubelet = source(
  {
    name: "kubelet",
    about: "others",
    jobs: ["kubelet"],
    targetLabels: ["cluster", "job", "instance", "node"],
  },
  {
    kubelet_running_pods: gauge("count", [], "Number of pods that have a running pod sandbox"),
    kubelet_running_containers: gauge("count", ["container_state"], "Number of containers currently running"),
    kubelet_node_name: info(["exported_node"], "The node's name"),
    kubelet_desired_pods: gauge("count", ["static"], "The number of pods the kubelet is being instructed to run"),
    kubelet_active_pods: gauge(
      "count",
      ["static"],
      "The number of pods the kubelet considers active and which are being considered when admitting new pods",
    ),
    kubelet_pleg_relist_duration_seconds: histogram("seconds", [], "Duration in seconds for relisting pods in PLEG"),
    kubelet_pleg_relist_interval_seconds: histogram("seconds", [], "Interval in seconds between relisting in PLEG"),
    kubelet_pleg_last_seen_seconds: gauge("timestamp", [], "Timestamp in seconds when PLEG was last seen active"),
    kubelet_pod_worker_duration_seconds: histogram(
      "seconds",
      ["operation_type"],
      "Duration in seconds to sync a single pod",
    ),
    kubelet_pod_start_duration_seconds: histogram(
      "seconds",
      [],
      "Duration in seconds from kubelet seeing a pod for the first time to the pod starting to run",
    ),
    kubelet_pod_start_sli_duration_seconds: histogram(
      "seconds",
      [],
      "Duration in seconds to start a pod, excluding time to pull images and run init containers, measured from pod",
    ),
    kubelet_runtime_operations_total: counter(
      "operations",
      ["operation_type"],
      "Cumulative number of runtime operations by operation type",
    ),
    kubelet_runtime_operations_errors_total: counter(
      "operations",
      ["operation_type"],
      "Runtime operations that failed",
    ),
    kubelet_runtime_operations_duration_seconds: histogram(
      "seconds",
      ["operation_type"],
      "Duration in seconds of runtime operations",
    ),
    kubelet_started_pods_errors_total: counter("count", [], "Cumulative number of errors when starting pods"),
    kubelet_certificate_manager_client_ttl_seconds: gauge(
      "seconds",
      [],
      "Remaining lifetime of the client certificate",
    ),
    kubelet_certificate_manager_server_ttl_seconds: gauge(
      "seconds",
      [],
      "Remaining lifetime of the serving certificate",
    ),
    kubelet_certificate_manager_client_expiration_renew_errors: counter(
      "count",
      [],
      "Failures to renew the client certificate",
    ),
    kubelet_server_expiration_renew_errors: counter("count", [], "Counter of certificate renewal errors"),
    kubelet_evictions: counter("count", ["eviction_signal"], "Cumulative number of pod evictions by eviction signal"),
    kubelet_volume_stats_capacity_bytes: gauge(
      "bytes",
      ["namespace", "persistentvolumeclaim"],
      "Capacity of the volume",
    ),
    kubelet_volume_stats_available_bytes: gauge(
      "bytes",
      ["namespace", "persistentvolumeclaim"],
      "Free space of the volume",
    ),
    kubelet_volume_stats_used_bytes: gauge("bytes", ["namespace", "persistentvolumeclaim"], "Used space of the volume"),
    kubelet_volume_stats_inodes: gauge("count", ["namespace", "persistentvolumeclaim"], "Inodes of the volume"),
    kubelet_volume_stats_inodes_free: gauge(
      "count",
      ["namespace", "persistentvolumeclaim"],
      "Free inodes of the volume",
    ),
    kubelet_volume_stats_inodes_used: gauge(
      "count",
      ["namespace", "persistentvolumeclaim"],
      "Used inodes of the volume",
    ),
    storage_operation_duration_seconds: histogram(
      "seconds",
      ["migrated", "operation_name", "status", "volume_plugin"],
      "Storage operation duration",
    ),
    volume_manager_total_volumes: gauge("count", ["plugin_name", "state"], "Number of volumes in Volume Manager"),
  },
  [
    {
      of: [
        "kubelet_certificate_manager_client_ttl_seconds",
        "kubelet_certificate_manager_server_ttl_seconds",
        "kubelet_certificate_manager_client_expiration_renew_errors",
        "kubelet_server_expiration_renew_errors",
      ],
      only: "where the kubelet renews its certificates itself",
    },
    { of: ["kubelet_runtime_operations_errors_total"], only: "once the runtime failed" },
    { of: ["kubelet_evictions"], only: "once a pod was evicted" },
  ],
);
