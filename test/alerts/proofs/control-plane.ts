import { counter, gauge, growing, steady, type Proof } from "../support/proof";

const api = 'cluster="local", job="apiserver", instance="1.1.1.1:6443"';
const dns = 'cluster="local", job="coredns", instance="10.0.0.2:9153", namespace="kube-system", pod="dns"';
const etcd = 'cluster="local", job="etcd", instance="n"';
const member = { instance: "n" };
/** A histogram of which all observations move from below the first bound to between the two. */
const slow = (name: string, labels: string, low: string, high: string) => [
  counter(`${name}_bucket{${labels}, le="${low}"}`, 60),
  growing(`${name}_bucket{${labels}, le="${high}"}`, 60),
  growing(`${name}_bucket{${labels}, le="+Inf"}`, 60),
];

export const controlPlaneProofs: readonly Proof[] = [
  {
    alert: "KubeApiTerminatesRequests",
    series: [
      counter(`apiserver_request_terminations_total{${api}, verb="GET"}`, 0),
      growing(`apiserver_request_total{${api}, verb="GET", code="200"}`, 60),
    ],
    labels: {},
    for: 5,
    lag: 10,
    cases: { warning: [15, 60, "It ended 50% of its requests to protect itself. The limit is 20 %."] },
  },
  {
    alert: "KubeApiSlow",
    series: [
      ...slow("apiserver_request_duration_seconds", `${api}, verb="LIST"`, "1", "2"),
      growing(`apiserver_request_total{${api}, verb="LIST", code="200"}`, 60),
      growing(`apiserver_request_duration_seconds_bucket{${api}, verb="WATCH", le="60"}`, 0),
      growing(`apiserver_request_duration_seconds_bucket{${api}, verb="WATCH", le="+Inf"}`, 60),
    ],
    labels: { verb: "LIST" },
    for: 10,
    lag: 7,
    recorded: true,
    cases: { info: [60, 0, "LIST takes 1.99s (p99). The limit is 1s."] },
  },
  {
    alert: "KubeApiSlow",
    series: [
      ...slow("apiserver_request_duration_seconds", `${api}, verb="LIST"`, "5", "10"),
      growing(`apiserver_request_total{${api}, verb="LIST", code="200"}`, 60),
    ],
    labels: { verb: "LIST" },
    for: 10,
    lag: 7,
    recorded: true,
    cases: { warning: [60, 0, "LIST takes 9.95s (p99). The limit is 5s."] },
  },
  {
    alert: "KubeAggregatedApiUnavailable",
    series: [gauge(`aggregator_unavailable_apiservice{${api}, name="v1.metrics"}`, 0)],
    labels: { name: "v1.metrics" },
    for: 10,
    cases: { warning: [0, 1, "What extends the API with v1.metrics doesn't answer; deleting namespaces hangs too."] },
  },
  {
    alert: "KubeClientCertificateExpires",
    series: [
      counter(`apiserver_client_certificate_expiration_seconds_bucket{${api}, le="604800"}`, 0),
      growing(`apiserver_client_certificate_expiration_seconds_bucket{${api}, le="2592000"}`, 60),
      growing(`apiserver_client_certificate_expiration_seconds_bucket{${api}, le="+Inf"}`, 60),
    ],
    labels: {},
    for: 5,
    lag: 7,
    cases: {
      warning: [
        0,
        60,
        "A client that asks the API server has a certificate that ends in about 1h 40m 48s. The limit is 7d.",
      ],
    },
  },
  {
    alert: "KubeClientCertificateExpires",
    series: [
      counter(`apiserver_client_certificate_expiration_seconds_bucket{${api}, le="86400"}`, 0),
      growing(`apiserver_client_certificate_expiration_seconds_bucket{${api}, le="2592000"}`, 60),
      growing(`apiserver_client_certificate_expiration_seconds_bucket{${api}, le="+Inf"}`, 60),
    ],
    labels: {},
    for: 5,
    lag: 7,
    cases: {
      critical: [
        0,
        60,
        "A client that asks the API server has a certificate that ends in about 14m 24s. The limit is 1d.",
      ],
    },
  },
  {
    alert: "CoreDnsErrors",
    series: [
      counter(`coredns_dns_responses_total{${dns}, rcode="SERVFAIL"}`, 0),
      growing(`coredns_dns_responses_total{${dns}, rcode="NOERROR"}`, 90),
    ],
    labels: {},
    for: 10,
    lag: 6,
    cases: {
      warning: [0.9, 10, "10% of the answers are SERVFAIL: names are not found. The limit is 1 %."],
      critical: [4, 10, "10% of the answers are SERVFAIL: names are not found. The limit is 5 %."],
    },
  },
  {
    alert: "CoreDnsSlow",
    series: slow("coredns_dns_request_duration_seconds", dns, "4", "8"),
    labels: {},
    for: 10,
    lag: 7,
    cases: { warning: [60, 0, "An answer takes 7.96s (p99). The limit is 4s."] },
  },
  {
    alert: "CoreDnsPanics",
    series: [counter(`coredns_panics_total{${dns}}`, 0)],
    labels: { job: "coredns", instance: "10.0.0.2:9153", namespace: "kube-system", pod: "dns" },
    for: 0,
    lag: 1,
    end: 20,
    cases: { warning: [0, 1, "dns recovered from 2 panics in ten minutes."] },
  },
  {
    alert: "EtcdNoLeader",
    series: [gauge(`etcd_server_has_leader{${etcd}}`, 1)],
    labels: member,
    for: 1,
    cases: { critical: [1, 0, "n can't write: the cluster's state is frozen."] },
  },
  {
    alert: "EtcdMembersMissing",
    series: [
      gauge('up{cluster="local", job="etcd", instance="a"}', 1),
      steady('up{cluster="local", job="etcd", instance="b"}', 0),
      steady('up{cluster="local", job="etcd", instance="c"}', 1),
    ],
    labels: {},
    for: 3,
    cases: { critical: [1, 0, "Less than half of the members in local answer: nothing can be written."] },
  },
  {
    alert: "EtcdLeaderChanges",
    series: [counter(`etcd_server_leader_changes_seen_total{${etcd}}`, 0)],
    labels: { ...member, job: "etcd" },
    for: 5,
    lag: 12,
    end: 30,
    cases: { warning: [0.2, 1, "15 changes in a quarter of an hour: disks or network are too slow."] },
  },
  {
    alert: "EtcdFsyncSlow",
    series: slow("etcd_disk_wal_fsync_duration_seconds", etcd, "0.5", "0.8"),
    labels: member,
    for: 10,
    lag: 7,
    cases: { info: [60, 0, "Writing its log takes 797ms (p99). The limit is 500 ms."] },
  },
  {
    alert: "EtcdFsyncSlow",
    series: slow("etcd_disk_wal_fsync_duration_seconds", etcd, "1", "2"),
    labels: member,
    for: 10,
    lag: 7,
    cases: { warning: [60, 0, "Writing its log takes 1.99s (p99). The limit is 1s."] },
  },
  {
    alert: "EtcdCommitSlow",
    series: slow("etcd_disk_backend_commit_duration_seconds", etcd, "0.25", "0.5"),
    labels: member,
    for: 10,
    lag: 7,
    cases: { warning: [60, 0, "A commit takes 497.5ms (p99). The limit is 250 ms."] },
  },
  {
    alert: "EtcdDatabaseFull",
    series: [
      gauge(`etcd_mvcc_db_total_size_in_bytes{${etcd}}`, 10),
      steady(`etcd_server_quota_backend_bytes{${etcd}}`, 100),
    ],
    labels: member,
    for: 10,
    cases: {
      warning: [80, 90, "90% of its quota is used; when it is full, etcd refuses to write. The limit is 80 %."],
      critical: [95, 98, "98% of its quota is used; when it is full, etcd refuses to write. The limit is 95 %."],
    },
  },
  {
    alert: "KubePodsUnschedulable",
    series: [
      gauge('scheduler_pending_pods{cluster="local", job="kube-scheduler", instance="n", queue="unschedulable"}', 0),
    ],
    labels: {},
    for: 15,
    cases: { warning: [0, 2, "2 pods fit on no node."] },
  },
];
