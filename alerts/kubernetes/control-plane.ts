import type { Environment } from "../../environment";
import {
  apiserver,
  controlPlane,
  controlPlaneRates,
  count,
  histogramQuantile,
  increase,
  max,
  on,
  quantity,
  rate,
  scrape,
  sum,
  type kubernetesThresholds,
  type Thresholds,
} from "../../signals";
import { alert, levels, ticket, type Alert } from "../language";

const dashboard = "kubernetes-cluster";
const requests = (
  of: typeof apiserver.apiserver_request_total | typeof apiserver.apiserver_request_terminations_total,
) => sum(rate(of.over("10m"))).by("cluster");

const perVerb = sum(rate(apiserver.apiserver_request_total.over("5m"))).by("cluster", "verb");

/** The API server and its DNS: every cluster has them, and Prometheus reaches them. */
export const apiServerAlerts = (thresholds: Thresholds & typeof kubernetesThresholds): Alert[] => [
  levels({
    name: "KubeApiTerminatesRequests",
    component: "apiserver",
    dashboard,
    runbook: "KubeApi",
    value: requests(apiserver.apiserver_request_terminations_total).dividedBy(
      requests(apiserver.apiserver_request_total).plus(requests(apiserver.apiserver_request_terminations_total)),
    ),
    above: thresholds.terminations,
    for: "5m",
    summary: ({ cluster }) => `The API server of ${cluster} sends requests away.`,
    description: (_labels, value) => `It ended ${value} of its requests to protect itself.`,
  }),
  levels({
    name: "KubeApiSlow",
    component: "apiserver",
    dashboard,
    runbook: "KubeApi",
    value: controlPlaneRates.apiLatencyP99,
    // A request or two in five minutes have no p99.
    guard: (over) => over.and(perVerb.above(quantity(0.1, "requests per second")), on("cluster", "verb")),
    above: ticket(thresholds.apiserverLatency),
    for: "10m",
    summary: ({ cluster, verb }) => `The API server of ${cluster} is slow: ${verb}.`,
    description: ({ verb }, value) => `${verb} takes ${value} (p99).`,
  }),
  alert({
    name: "KubeAggregatedApiUnavailable",
    component: "apiserver",
    dashboard,
    runbook: "KubeApi",
    severity: "warning",
    when: max(apiserver.aggregator_unavailable_apiservice).by("cluster", "name").equals(quantity(1, "state")),
    for: "10m",
    summary: ({ name }) => `API ${name} is not available.`,
    description: ({ name }) => `What extends the API with ${name} doesn't answer; deleting namespaces hangs too.`,
  }),
  levels({
    name: "KubeClientCertificateExpires",
    component: "apiserver",
    runbook: "KubeCertificates",
    value: histogramQuantile(
      0.01,
      sum(
        rate(apiserver.apiserver_client_certificate_expiration_seconds.buckets.where({ job: "apiserver" }).over("5m")),
      ).by("cluster", "le"),
    ),
    below: thresholds.certificate,
    pages: "cluster",
    for: "5m",
    summary: ({ cluster }) => `Somebody's certificate for the API server of ${cluster} expires.`,
    description: (_labels, value) => `A client that asks the API server has a certificate that ends in about ${value}.`,
  }),
  levels({
    name: "CoreDnsErrors",
    component: "coredns",
    dashboard,
    runbook: "CoreDns",
    value: sum(rate(controlPlane.coredns_dns_responses_total.where({ rcode: "SERVFAIL" }).over("5m")))
      .by("cluster")
      .dividedBy(sum(rate(controlPlane.coredns_dns_responses_total.over("5m"))).by("cluster")),
    above: thresholds.errorRatio,
    pages: "cluster",
    for: "10m",
    summary: ({ cluster }) => `DNS in ${cluster} fails.`,
    description: (_labels, value) => `${value} of the answers are SERVFAIL: names are not found.`,
  }),
  levels({
    name: "CoreDnsSlow",
    component: "coredns",
    dashboard,
    runbook: "CoreDns",
    value: histogramQuantile(
      0.99,
      sum(rate(controlPlane.coredns_dns_request_duration_seconds.buckets.over("5m"))).by("cluster", "le"),
    ),
    above: { warning: thresholds.dnsLatency.critical },
    for: "10m",
    summary: ({ cluster }) => `DNS in ${cluster} is slow.`,
    description: (_labels, value) => `An answer takes ${value} (p99).`,
  }),
  alert({
    name: "CoreDnsPanics",
    component: "coredns",
    dashboard,
    runbook: "CoreDns",
    severity: "warning",
    when: increase(controlPlane.coredns_panics_total.over("10m")).above(0),
    for: "0s",
    summary: ({ pod }) => `CoreDNS ${pod} panics.`,
    description: ({ pod }, value) => `${pod} recovered from ${value} panics in ten minutes.`,
  }),
];

const perMember = ["cluster", "instance"] as const;
const slow = (of: typeof controlPlane.etcd_disk_wal_fsync_duration_seconds) =>
  histogramQuantile(0.99, sum(rate(of.where({ job: "etcd" }).buckets.over("5m"))).by(...perMember, "le"));

const etcdAlerts = (thresholds: Thresholds & typeof kubernetesThresholds): Alert[] => [
  alert({
    name: "EtcdNoLeader",
    component: "etcd",
    dashboard,
    runbook: "Etcd",
    severity: "critical",
    pages: "cluster",
    when: max(controlPlane.etcd_server_has_leader.where({ job: "etcd" }))
      .by(...perMember)
      .equals(quantity(0, "state")),
    for: "1m",
    summary: ({ instance }) => `etcd on ${instance} has no leader.`,
    description: ({ instance }) => `${instance} can't write: the cluster's state is frozen.`,
  }),
  alert({
    name: "EtcdMembersMissing",
    component: "etcd",
    dashboard,
    runbook: "Etcd",
    severity: "critical",
    pages: "cluster",
    when: count(scrape.up.where({ job: "etcd" }).equals(quantity(1, "state")))
      .by("cluster")
      .times(2)
      .below(count(scrape.up.where({ job: "etcd" })).by("cluster"), on("cluster")),
    for: "3m",
    summary: ({ cluster }) => `Most members of etcd in ${cluster} are down.`,
    description: ({ cluster }) => `Less than half of the members in ${cluster} answer: nothing can be written.`,
  }),
  alert({
    name: "EtcdLeaderChanges",
    component: "etcd",
    dashboard,
    runbook: "Etcd",
    severity: "warning",
    when: increase(controlPlane.etcd_server_leader_changes_seen_total.where({ job: "etcd" }).over("15m")).atLeast(4),
    for: "5m",
    summary: ({ instance }) => `etcd on ${instance} sees its leader change often.`,
    description: (_labels, value) => `${value} changes in a quarter of an hour: disks or network are too slow.`,
  }),
  levels({
    name: "EtcdFsyncSlow",
    component: "etcd",
    dashboard,
    runbook: "Etcd",
    value: slow(controlPlane.etcd_disk_wal_fsync_duration_seconds),
    above: ticket(thresholds.etcdFsync),
    for: "10m",
    summary: ({ instance }) => `The disk of etcd on ${instance} is slow.`,
    description: (_labels, value) => `Writing its log takes ${value} (p99).`,
  }),
  levels({
    name: "EtcdCommitSlow",
    component: "etcd",
    dashboard,
    runbook: "Etcd",
    value: slow(controlPlane.etcd_disk_backend_commit_duration_seconds),
    above: thresholds.etcdCommit,
    for: "10m",
    summary: ({ instance }) => `etcd on ${instance} commits slowly.`,
    description: (_labels, value) => `A commit takes ${value} (p99).`,
  }),
  levels({
    name: "EtcdDatabaseFull",
    component: "etcd",
    dashboard,
    runbook: "Etcd",
    value: max(controlPlane.etcd_mvcc_db_total_size_in_bytes)
      .by(...perMember)
      .dividedBy(max(controlPlane.etcd_server_quota_backend_bytes).by(...perMember)),
    above: thresholds.etcdQuota,
    pages: "cluster",
    for: "10m",
    summary: ({ instance }) => `The database of etcd on ${instance} is filling.`,
    description: (_labels, value) => `${value} of its quota is used; when it is full, etcd refuses to write.`,
  }),
];

const schedulerAlerts = (): Alert[] => [
  alert({
    name: "KubePodsUnschedulable",
    component: "kube-scheduler",
    dashboard,
    runbook: "KubeCapacity",
    severity: "warning",
    when: max(controlPlane.scheduler_pending_pods.where({ queue: "unschedulable" }))
      .by("cluster")
      .above(0),
    for: "15m",
    summary: ({ cluster }) => `Pods find no node in ${cluster}.`,
    description: (_labels, value) => `${value} pods fit on no node.`,
  }),
];

/** Parts of the control plane, where the environment says that they can be reached. */
export const controlPlaneAlerts = (
  thresholds: Thresholds & typeof kubernetesThresholds,
  parts: Environment["controlPlane"],
): Alert[] => [
  ...(parts.includes("etcd") ? etcdAlerts(thresholds) : []),
  ...(parts.includes("kube-scheduler") ? schedulerAlerts() : []),
];
