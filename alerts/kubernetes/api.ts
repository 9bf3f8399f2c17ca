import { apiserver, avgOverTime, count, matches, max, oneOf, quantity, rate, sum } from "../../signals";
import { alert, levels, type Alert } from "../language";

const dashboard = "kubernetes-cluster";
const client = ["cluster", "instance"] as const;
const requests = sum(rate(apiserver.rest_client_requests_total.where({ job: "apiserver" }).over("5m"))).by(...client);
const failed = sum(
  rate(apiserver.rest_client_requests_total.where({ job: "apiserver", code: matches("5..") }).over("5m")),
).by(...client);
/** CoreDNS and others also expose this metric, of the Kubernetes libraries that they were built with. */
const versions = apiserver.kubernetes_build_info.where({
  job: oneOf("apiserver", "kubelet", "kube-scheduler", "kube-controller-manager", "kube-proxy"),
});

/** Share of its own requests that may fail (kubernetes-mixin: 1 %). */
const failedRequests = quantity(0.01, "ratio");
/** Share of ten minutes that an extension of the API may be away (kubernetes-mixin: 15 %). */
const away = quantity(0.15, "ratio");

/** The API server's own calls, its extensions, and whether all parts of Kubernetes are of one version. */
export const apiAlerts = (): Alert[] => [
  levels({
    name: "KubeApiClientErrors",
    component: "apiserver",
    dashboard,
    runbook: "KubeApi",
    value: failed.dividedBy(requests),
    above: { warning: failedRequests },
    for: "15m",
    summary: ({ instance }) => `What API server ${instance} asks itself fails.`,
    description: (_labels, value) => `${value} of its own requests end in errors.`,
  }),
  levels({
    name: "KubeAggregatedApiFlaps",
    component: "apiserver",
    dashboard,
    runbook: "KubeApi",
    value: max(avgOverTime(apiserver.aggregator_unavailable_apiservice.over("10m")))
      .by("cluster", "name")
      .as("ratio"),
    above: { warning: away },
    for: "5m",
    summary: ({ name }) => `API ${name} comes and goes.`,
    description: ({ name }, value) => `What extends the API with ${name} didn't answer for ${value} of ten minutes.`,
  }),
  alert({
    name: "KubeVersionMismatch",
    component: "kubernetes",
    dashboard,
    runbook: "KubeVersionMismatch",
    severity: "warning",
    when: count(max(versions).by("cluster", "major", "minor"))
      .by("cluster")
      .above(1),
    // An upgrade, node by node, is no fault.
    for: "4h",
    summary: ({ cluster }) => `Parts of Kubernetes in ${cluster} have different versions.`,
    description: (_labels, value) => `${value} minor versions run beside each other: an upgrade stopped half way.`,
  }),
];
