import { counter, gauge, histogram, source } from "../source";

/** etcd, scheduler, controller manager and kube-proxy, where the cluster lets them be scraped: on their nodes. */
const onNodes = source(
  {
    name: "control plane",
    jobs: ["etcd", "kube-scheduler", "kube-controller-manager", "kube-proxy"],
    targetLabels: ["cluster", "job", "instance", "node"],
  },
  {
    etcd_server_has_leader: gauge("state", [], "Whether or not a leader exists"),
    etcd_server_is_leader: gauge("state", [], "Whether or not this member is a leader"),
    etcd_server_leader_changes_seen_total: counter("count", [], "The number of leader changes seen"),
    etcd_server_proposals_failed_total: counter("count", [], "The total number of failed proposals seen"),
    etcd_server_proposals_pending: gauge("count", [], "The current number of pending proposals to commit"),
    etcd_server_quota_backend_bytes: gauge("bytes", [], "Current backend storage quota size in bytes"),
    etcd_server_slow_apply_total: counter(
      "count",
      [],
      "The total number of slow apply requests (likely overloaded from slow disk)",
    ),
    etcd_mvcc_db_total_size_in_bytes: gauge(
      "bytes",
      [],
      "Total size of the underlying database physically allocated in bytes",
    ),
    etcd_mvcc_db_total_size_in_use_in_bytes: gauge(
      "bytes",
      [],
      "Total size of the underlying database logically in use in bytes",
    ),
    etcd_disk_wal_fsync_duration_seconds: histogram("seconds", [], "The latency distributions of fsync called by WAL"),
    etcd_disk_backend_commit_duration_seconds: histogram(
      "seconds",
      [],
      "The latency distributions of commit called by backend",
    ),
    etcd_network_peer_round_trip_time_seconds: histogram("seconds", ["To"], "Round-Trip-Time histogram between peers"),
    grpc_server_handled_total: counter(
      "requests",
      ["grpc_code", "grpc_method", "grpc_service", "grpc_type"],
      "Total number of RPCs completed on the server, regardless of success or failure",
    ),
    kubeproxy_sync_proxy_rules_duration_seconds: histogram(
      "seconds",
      ["ip_family"],
      "SyncProxyRules latency in seconds",
    ),
    kubeproxy_network_programming_duration_seconds: histogram(
      "seconds",
      ["ip_family"],
      "In Cluster Network Programming Latency in seconds",
    ),
    scheduler_pending_pods: gauge("count", ["queue"], "Pods waiting for a node"),
    scheduler_schedule_attempts_total: counter("count", ["profile", "result"], "Attempts to schedule pods, by result"),
    scheduler_scheduling_attempt_duration_seconds: histogram(
      "seconds",
      ["profile", "result"],
      "How long one attempt takes",
    ),
  },
  [{ of: ["etcd_network_peer_round_trip_time_seconds"], only: "with more than one member of etcd" }],
);

const dns = source(
  {
    name: "CoreDNS",
    jobs: ["coredns"],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
  },
  {
    coredns_dns_requests_total: counter(
      "requests",
      ["family", "proto", "server", "type", "view", "zone"],
      "DNS requests",
    ),
    coredns_dns_responses_total: counter(
      "requests",
      ["plugin", "rcode", "server", "view", "zone"],
      "DNS responses, by code",
    ),
    coredns_dns_request_duration_seconds: histogram(
      "seconds",
      ["server", "view", "zone"],
      "How long a DNS request takes",
    ),
    coredns_panics_total: counter("count", [], "A metrics that counts the number of panics"),
    coredns_reload_failed_total: counter("count", [], "Counter of the number of failed reload attempts"),
    coredns_proxy_request_duration_seconds: histogram(
      "seconds",
      ["proxy_name", "rcode", "to"],
      "Histogram of the time each request took",
    ),
    coredns_proxy_healthcheck_failures_total: counter(
      "count",
      ["proxy_name", "to"],
      "Counter of the number of failed healthchecks",
    ),
    coredns_forward_healthcheck_broken_total: counter(
      "count",
      [],
      "Counter of the number of complete failures of the healthchecks",
    ),
  },
  [
    {
      of: ["coredns_dns_requests_total", "coredns_dns_responses_total", "coredns_dns_request_duration_seconds"],
      labels: ["view"],
      only: "where CoreDNS has views",
    },
    {
      of: [
        "coredns_proxy_request_duration_seconds",
        "coredns_proxy_healthcheck_failures_total",
        "coredns_forward_healthcheck_broken_total",
      ],
      only: "where CoreDNS asks others, once it did",
    },
  ],
);

export const controlPlane = { ...onNodes, ...dns } as const;
