import { later, noSuchMetric, ours, type RuleSet } from "./verdict";

const moved = "CoreDNS 1.11 and later count this by proxy, under another name";

export const coreDnsMixin: RuleSet = {
  name: "coredns-mixin",
  repository: "povilasv/coredns-mixin",
  commit: "eb356cf",
  alerts: {
    CoreDNSDown: ours("critical", ["TargetMissing"]),
    CoreDNSLatencyHigh: ours("critical", ["CoreDnsSlow"]),
    CoreDNSErrorsHigh: ours(["warning", "critical"], ["CoreDnsErrors"]),
    CoreDNSForwardLatencyHigh: noSuchMetric("critical", moved, ["CoreDnsUpstreamSlow"]),
    CoreDNSForwardErrorsHigh: noSuchMetric(["warning", "critical"], moved, ["CoreDnsUpstreamErrors"]),
    CoreDNSForwardHealthcheckFailureCount: noSuchMetric("warning", moved, ["CoreDnsUpstreamUnhealthy"]),
    CoreDNSForwardHealthcheckBrokenCount: ours("warning", ["CoreDnsUpstreamsDown"]),
  },
};

export const etcdMixin: RuleSet = {
  name: "etcd-mixin",
  repository: "etcd-io/etcd",
  commit: "c34dc7ee0",
  alerts: {
    etcdMembersDown: ours("warning", ["TargetDown"], "not by failed sends between members: EtcdPeersSlow sees those"),
    etcdInsufficientMembers: ours("critical", ["EtcdMembersMissing", "TargetDown"]),
    etcdNoLeader: ours("critical", ["EtcdNoLeader"]),
    etcdHighNumberOfLeaderChanges: ours("warning", ["EtcdLeaderChanges"]),
    etcdHighNumberOfFailedGRPCRequests: ours(["warning", "critical"], ["EtcdRequestErrors"]),
    etcdGRPCRequestsSlow: noSuchMetric(
      "critical",
      "etcd times requests only when it is started with `--metrics=extensive`",
      ["EtcdFsyncSlow", "EtcdCommitSlow"],
    ),
    etcdMemberCommunicationSlow: ours("warning", ["EtcdPeersSlow"]),
    etcdHighNumberOfFailedProposals: ours("warning", ["EtcdProposalsFail"]),
    etcdHighFsyncDurations: later(
      ["warning", "critical"],
      ["EtcdFsyncSlow"],
      "a ticket from 1 s on, as its critical one",
    ),
    etcdHighCommitDurations: ours("warning", ["EtcdCommitSlow"]),
    etcdDatabaseQuotaLowSpace: ours("critical", ["EtcdDatabaseFull"]),
    etcdExcessiveDatabaseGrowth: ours("warning", ["EtcdDatabaseGrows"]),
    etcdDatabaseHighFragmentationRatio: ours("warning", ["EtcdFragmented"]),
  },
};
