import { controlPlane, histogramQuantile, increase, quantity, rate, sum } from "../../signals";
import { alert, levels, type Alert } from "../language";

const component = "coredns";
const dashboard = "kubernetes-cluster";
const runbook = "CoreDns";
/** Where CoreDNS sends names on to that are not the cluster's. */
const upstream = ["cluster", "to"] as const;
const forwarded = controlPlane.coredns_proxy_request_duration_seconds.where({ proxy_name: "forward" });

/** Share of answers from upstream that may be failures, and their p99 (coredns-mixin: 1 % and 4 s). */
const failures = quantity(0.01, "ratio");
const upstreamTime = quantity(4, "seconds");

/** The resolvers that CoreDNS asks for names outside of the cluster. */
export const dnsAlerts = (): Alert[] => [
  levels({
    name: "CoreDnsUpstreamErrors",
    component,
    dashboard,
    runbook,
    value: sum(rate(forwarded.where({ rcode: "SERVFAIL" }).count.over("5m")))
      .by(...upstream)
      .dividedBy(sum(rate(forwarded.count.over("5m"))).by(...upstream)),
    above: { warning: failures },
    for: "10m",
    summary: ({ to }) => `Resolver ${to} fails.`,
    description: ({ to }, value) => `${value} of the answers of ${to} are SERVFAIL: names outside are not found.`,
  }),
  levels({
    name: "CoreDnsUpstreamSlow",
    component,
    dashboard,
    runbook,
    value: histogramQuantile(0.99, sum(rate(forwarded.buckets.over("5m"))).by(...upstream, "le")),
    above: { warning: upstreamTime },
    for: "10m",
    summary: ({ to }) => `Resolver ${to} is slow.`,
    description: ({ to }, value) => `${to} takes ${value} (p99) to answer CoreDNS.`,
  }),
  alert({
    name: "CoreDnsUpstreamUnhealthy",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: sum(
      increase(controlPlane.coredns_proxy_healthcheck_failures_total.where({ proxy_name: "forward" }).over("5m")),
    )
      .by(...upstream)
      .above(0),
    for: "10m",
    summary: ({ to }) => `Resolver ${to} doesn't answer CoreDNS.`,
    description: ({ to }, value) => `${value} checks of ${to} failed in five minutes; others answer in its place.`,
  }),
  alert({
    name: "CoreDnsUpstreamsDown",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: sum(increase(controlPlane.coredns_forward_healthcheck_broken_total.over("5m")))
      .by("cluster")
      .above(0),
    for: "10m",
    summary: ({ cluster }) => `CoreDNS in ${cluster} has no resolver left.`,
    description: (_labels, value) =>
      `${value} questions were sent on in five minutes though every resolver failed its checks.`,
  }),
];
