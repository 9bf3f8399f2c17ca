import { counter, gauge, growing, steady, written, type Proof } from "../support/proof";
import { slow } from "./servers";

const dns = 'cluster="local", job="coredns", instance="10.0.0.2:9153", namespace="kube-system", pod="dns"';
const upstream = `${dns}, proxy_name="forward", to="10.0.0.1:53"`;
const asked = "coredns_proxy_request_duration_seconds";
const to = { to: "10.0.0.1:53" };
const etcd = 'cluster="local", job="etcd", instance="n"';
const member = { instance: "n" };
const kv = `${etcd}, grpc_service="etcdserverpb.KV", grpc_method="Range", grpc_type="unary"`;

/** CoreDNS and the resolvers behind it. */
const dnsProofs: readonly Proof[] = [
  {
    alert: "CoreDnsUpstreamErrors",
    series: [
      counter(`${asked}_count{${upstream}, rcode="SERVFAIL"}`, 0),
      growing(`${asked}_count{${upstream}, rcode="NOERROR"}`, 90),
    ],
    labels: to,
    for: 10,
    lag: 6,
    cases: {
      warning: [
        0.9,
        10,
        "10% of the answers of 10.0.0.1:53 are SERVFAIL: names outside are not found. The limit is 1 %.",
      ],
    },
  },
  {
    alert: "CoreDnsUpstreamSlow",
    series: slow(asked, `${upstream}, rcode="NOERROR"`, "4", "8"),
    labels: to,
    for: 10,
    lag: 7,
    cases: { warning: [60, 0, "10.0.0.1:53 takes 7.96s (p99) to answer CoreDNS. The limit is 4s."] },
  },
  {
    alert: "CoreDnsUpstreamUnhealthy",
    series: [counter(`coredns_proxy_healthcheck_failures_total{${upstream}}`, 0)],
    labels: to,
    for: 10,
    lag: 6,
    cases: { warning: [0, 2, "10 checks of 10.0.0.1:53 failed in five minutes; others answer in its place."] },
  },
  {
    alert: "CoreDnsUpstreamsDown",
    series: [counter(`coredns_forward_healthcheck_broken_total{${dns}}`, 0)],
    labels: {},
    for: 10,
    lag: 6,
    cases: { warning: [0, 2, "10 questions were sent on in five minutes though every resolver failed its checks."] },
  },
];

/** Members of etcd. */
const etcdProofs: readonly Proof[] = [
  {
    alert: "EtcdProposalsFail",
    series: [counter(`etcd_server_proposals_failed_total{${etcd}}`, 0)],
    labels: { ...member, job: "etcd" },
    for: 15,
    lag: 16,
    end: 40,
    cases: { warning: [300, 360, "6/s proposals fail: the leader changes, or most members are gone."] },
  },
  {
    alert: "EtcdRequestErrors",
    series: [
      counter(`grpc_server_handled_total{${kv}, grpc_code="Unavailable"}`, 0),
      growing(`grpc_server_handled_total{${kv}, grpc_code="OK"}`, 90),
      // What a client did wrong.
      growing(
        `grpc_server_handled_total{${etcd}, grpc_service="s", grpc_method="Put", grpc_code="InvalidArgument"}`,
        9,
      ),
    ],
    labels: { ...member, grpc_service: "etcdserverpb.KV", grpc_method: "Range" },
    for: 10,
    lag: 6,
    cases: { warning: [0.9, 10, "10% of the requests of kind Range fail. The limit is 1 %."] },
  },
  {
    alert: "EtcdPeersSlow",
    series: slow("etcd_network_peer_round_trip_time_seconds", `${etcd}, To="b"`, "0.15", "0.3"),
    labels: { ...member, To: "b" },
    for: 10,
    lag: 7,
    cases: { warning: [60, 0, "To b and back takes 298.5ms (p99). The limit is 150 ms."] },
  },
  {
    alert: "EtcdDatabaseGrows",
    series: [
      written(`etcd_mvcc_db_total_size_in_bytes{${etcd}}`, "1000x15 1000+10x30 1000x60", "1000x15 1000+1x200"),
      steady(`etcd_server_quota_backend_bytes{${etcd}}`, 2_000),
    ],
    labels: member,
    for: 10,
    lag: 18,
    end: 260,
    cases: { warning: [0, 0, "At the growth of four hours it will have 2.806kiB, more than its quota."] },
  },
  {
    alert: "EtcdFragmented",
    series: [
      gauge(`etcd_mvcc_db_total_size_in_use_in_bytes{${etcd}}`, 280_000_000),
      steady(`etcd_mvcc_db_total_size_in_bytes{${etcd}}`, 300_000_000),
      // A small one is not worth it.
      steady('etcd_mvcc_db_total_size_in_use_in_bytes{cluster="local", job="etcd", instance="m"}', 1_000),
      steady('etcd_mvcc_db_total_size_in_bytes{cluster="local", job="etcd", instance="m"}', 9_000),
    ],
    labels: member,
    for: 10,
    lag: 1,
    cases: {
      warning: [151_000_000, 120_000_000, "Only 40% of it is in use; the rest counts against the quota all the same."],
    },
  },
];

export const memberProofs: readonly Proof[] = [...dnsProofs, ...etcdProofs];
