import { coreDnsMixin, etcdMixin } from "../../../docs/coverage/control-plane";
import type { Scenarios } from "./scenario";

const dns = 'cluster="local", job="coredns", instance="10.0.0.2:9153", namespace="kube-system", pod="dns"';
const etcd = (instance: string) => `cluster="local", job="etcd", instance="${instance}"`;
const one = etcd("a");
const slow = (name: string, labels: string, low: string, high: string) => ({
  [`${name}_bucket{${labels}, le="${low}"}`]: 0,
  [`${name}_bucket{${labels}, le="${high}"}`]: "+60",
  [`${name}_bucket{${labels}, le="+Inf"}`]: "+60",
});

export const coreDnsScenarios: Scenarios = {
  set: coreDnsMixin,
  scenarios: [
    {
      of: "CoreDNSDown critical",
      series: { [`up{${dns}}`]: "1x5 0x30" },
      at: 25,
      fires: ['TargetMissing{job="coredns"}'],
    },
    // Its pods are gone, and with them their targets.
    {
      of: "CoreDNSDown critical",
      series: { [`up{${dns}}`]: "1x5 stale" },
      at: 30,
      fires: ['TargetMissing{job="coredns"}'],
    },
    {
      of: "CoreDNSLatencyHigh critical",
      series: slow("coredns_dns_request_duration_seconds", dns, "4", "4.1"),
      at: 20,
      fires: ["CoreDnsSlow"],
    },
    ...(
      [
        ["warning", 1.1],
        ["critical", 3.1],
      ] as const
    ).map(([severity, failed]) => ({
      of: `CoreDNSErrorsHigh ${severity}`,
      series: {
        [`coredns_dns_responses_total{${dns}, rcode="SERVFAIL"}`]: `+${failed}`,
        [`coredns_dns_responses_total{${dns}, rcode="NOERROR"}`]: `+${100 - failed}`,
      },
      at: 20,
      fires: ["CoreDnsErrors"],
    })),
    {
      of: "CoreDNSForwardHealthcheckBrokenCount warning",
      series: { [`coredns_forward_healthcheck_broken_total{${dns}}`]: "+1" },
      at: 20,
      fires: ["CoreDnsUpstreamsDown"],
    },
  ],
};

export const etcdScenarios: Scenarios = {
  set: etcdMixin,
  scenarios: [
    { of: "etcdMembersDown warning", series: { [`up{${one}}`]: 0 }, at: 25, fires: ["TargetDown"] },
    {
      of: "etcdInsufficientMembers critical",
      series: { [`up{${etcd("a")}}`]: 1, [`up{${etcd("b")}}`]: 0, [`up{${etcd("c")}}`]: 0 },
      at: 8,
      fires: ["EtcdMembersMissing"],
    },
    {
      of: "etcdInsufficientMembers critical",
      series: { [`up{${etcd("a")}}`]: 0, [`up{${etcd("b")}}`]: 0, [`up{${etcd("c")}}`]: 0 },
      at: 8,
      fires: ["TargetDown"],
    },
    { of: "etcdNoLeader critical", series: { [`etcd_server_has_leader{${one}}`]: 0 }, at: 5, fires: ["EtcdNoLeader"] },
    {
      of: "etcdHighNumberOfLeaderChanges warning",
      series: { [`etcd_server_leader_changes_seen_total{${one}}`]: "+0.35" },
      at: 30,
      fires: ["EtcdLeaderChanges"],
    },
    ...(
      [
        ["warning", 1.1],
        ["critical", 5.1],
      ] as const
    ).map(([severity, failed]) => ({
      of: `etcdHighNumberOfFailedGRPCRequests ${severity}`,
      series: {
        [`grpc_server_handled_total{${one}, grpc_service="etcdserverpb.KV", grpc_method="Range", grpc_type="unary", grpc_code="Unavailable"}`]: `+${failed}`,
        [`grpc_server_handled_total{${one}, grpc_service="etcdserverpb.KV", grpc_method="Range", grpc_type="unary", grpc_code="OK"}`]: `+${100 - failed}`,
      },
      at: 25,
      fires: ["EtcdRequestErrors"],
    })),
    {
      of: "etcdMemberCommunicationSlow warning",
      series: slow("etcd_network_peer_round_trip_time_seconds", `${one}, To="b"`, "0.15", "0.16"),
      at: 25,
      fires: ["EtcdPeersSlow"],
    },
    {
      of: "etcdHighNumberOfFailedProposals warning",
      // 5.1 a second.
      series: { [`etcd_server_proposals_failed_total{${one}}`]: "+306" },
      at: 35,
      fires: ["EtcdProposalsFail"],
    },
    {
      of: "etcdHighFsyncDurations warning",
      series: slow("etcd_disk_wal_fsync_duration_seconds", one, "1", "1.1"),
      at: 20,
      fires: ["EtcdFsyncSlow"],
    },
    {
      of: "etcdHighFsyncDurations critical",
      series: slow("etcd_disk_wal_fsync_duration_seconds", one, "1", "1.1"),
      at: 20,
      fires: ["EtcdFsyncSlow"],
    },
    {
      of: "etcdHighCommitDurations warning",
      series: slow("etcd_disk_backend_commit_duration_seconds", one, "0.25", "0.26"),
      at: 20,
      fires: ["EtcdCommitSlow"],
    },
    {
      of: "etcdDatabaseQuotaLowSpace critical",
      series: {
        [`etcd_mvcc_db_total_size_in_bytes{${one}}`]: 96,
        [`etcd_server_quota_backend_bytes{${one}}`]: 100,
      },
      at: 15,
      fires: ["EtcdDatabaseFull"],
    },
    {
      of: "etcdExcessiveDatabaseGrowth warning",
      // Four hours more at this pace, and it is full.
      series: {
        [`etcd_mvcc_db_total_size_in_bytes{${one}}`]: "0+0.21x300",
        [`etcd_server_quota_backend_bytes{${one}}`]: 100,
      },
      at: 260,
      fires: ["EtcdDatabaseGrows"],
    },
    {
      of: "etcdDatabaseHighFragmentationRatio warning",
      series: {
        [`etcd_mvcc_db_total_size_in_use_in_bytes{${one}}`]: 110_000_000,
        [`etcd_mvcc_db_total_size_in_bytes{${one}}`]: 221_000_000,
      },
      at: 20,
      fires: ["EtcdFragmented"],
    },
  ],
};
