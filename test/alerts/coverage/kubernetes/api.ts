import type { Scenario } from "../scenario";
import { kubelet } from "./series";

const api = 'cluster="local", job="apiserver", instance="1.1.1.1:6443"';
const asks = `${api}, verb="GET", resource="pods"`;
/** How fast requests are, by what they ask for: of one object so many are slow, of a namespace and of all none. */
const sli = (fast: string) => {
  const name = "apiserver_request_sli_duration_seconds";
  return {
    [`${name}_count{${asks}, scope="resource"}`]: "+100",
    [`${name}_bucket{${asks}, scope="resource", le="1"}`]: fast,
    [`${name}_bucket{${asks}, scope="namespace", le="5"}`]: 0,
    [`${name}_bucket{${asks}, scope="cluster", le="30"}`]: 0,
  };
};
/** Of about a hundred requests so many fail; all are fast. */
const burnt = (errors: string) => ({
  [`apiserver_request_total{${asks}, scope="resource", code="500"}`]: errors,
  [`apiserver_request_total{${asks}, scope="resource", code="200"}`]: "+100",
  ...sli("+100"),
});

/** The API server and its clients. */
export const apiScenarios: readonly Scenario[] = [
  {
    of: "KubeVersionMismatch warning",
    series: {
      [`kubernetes_build_info{${api}, git_version="v1.36.3", major="1", minor="36"}`]: 1,
      [`kubernetes_build_info{${kubelet}, git_version="v1.35.1", major="1", minor="35"}`]: 1,
    },
    at: 250,
    fires: ["KubeVersionMismatch"],
  },
  {
    of: "KubeClientErrors warning",
    series: {
      [`rest_client_requests_total{${api}, code="500", method="GET", host="h"}`]: "+1.1",
      [`rest_client_requests_total{${api}, code="200", method="GET", host="h"}`]: "+98.9",
    },
    at: 25,
    fires: ["KubeApiClientErrors"],
  },
  {
    of: "KubeAPIErrorBudgetBurn critical",
    // 14.4 times too fast: an hour and five minutes.
    series: burnt("+17.5"),
    at: 90,
    fires: ["ApiServerAvailabilityBudget"],
  },
  {
    of: "KubeAPIErrorBudgetBurn critical",
    // Six times too fast: six hours and half an hour.
    series: burnt("+6.8"),
    step: "2m",
    at: 420,
    fires: ["ApiServerAvailabilityBudget"],
  },
  {
    of: "KubeAPIErrorBudgetBurn warning",
    // Three times too fast: a day and two hours.
    series: burnt("+3.3"),
    step: "2m",
    at: 1_560,
    fires: ["ApiServerAvailabilityBudget"],
  },
  {
    of: "KubeAPIErrorBudgetBurn warning",
    // Just too fast: three days and six hours.
    series: burnt("+1.1"),
    step: "2m",
    at: 4_800,
    fires: ["ApiServerAvailabilityBudget"],
  },
  {
    of: "KubeAPIErrorBudgetBurn critical",
    // Nothing fails, and fifteen of a hundred take too long.
    series: {
      [`apiserver_request_total{${asks}, scope="resource", code="200"}`]: "+100",
      [`apiserver_request_total{${asks}, scope="resource", code="500"}`]: 0,
      ...sli("+85"),
    },
    beside: {
      [`apiserver_request_duration_seconds_bucket{${asks}, scope="resource", le="1"}`]: "+85",
      [`apiserver_request_duration_seconds_bucket{${asks}, scope="resource", le="5"}`]: "+85",
      [`apiserver_request_duration_seconds_bucket{${asks}, scope="resource", le="6"}`]: "+100",
      [`apiserver_request_duration_seconds_bucket{${asks}, scope="resource", le="+Inf"}`]: "+100",
    },
    at: 90,
    fires: ["KubeApiSlow"],
  },
  ...(
    [
      ["warning", "604800"],
      ["critical", "86400"],
    ] as const
  ).map(([severity, bound]) => ({
    of: `KubeClientCertificateExpiration ${severity}`,
    series: {
      [`apiserver_client_certificate_expiration_seconds_bucket{${api}, le="${bound}"}`]: "+60",
      [`apiserver_client_certificate_expiration_seconds_bucket{${api}, le="2592000"}`]: "+60",
      [`apiserver_client_certificate_expiration_seconds_bucket{${api}, le="+Inf"}`]: "+60",
      [`apiserver_client_certificate_expiration_seconds_count{${api}}`]: "+60",
    },
    at: 15,
    fires: ["KubeClientCertificateExpires"],
  })),
  {
    of: "KubeAggregatedAPIDown warning",
    series: { [`aggregator_unavailable_apiservice{${api}, name="v1beta1.metrics"}`]: 1 },
    at: 30,
    fires: ["KubeAggregatedApiUnavailable", "KubeAggregatedApiFlaps"],
  },
  {
    of: "KubeAggregatedAPIDown warning",
    // Away for two minutes of ten.
    series: {
      [`aggregator_unavailable_apiservice{${api}, name="v1beta1.metrics"}`]: "0x7 1x1 0x7 1x1 0x7 1x1 0x7 1x1",
    },
    at: 30,
    fires: ["KubeAggregatedApiFlaps"],
  },
  {
    of: "KubeAPIDown critical",
    series: { 'up{cluster="local", job="prometheus", instance="p"}': 1 },
    at: 20,
    fires: ['TargetMissing{job="apiserver"}'],
  },
  { of: "KubeAPIInstanceUnreachable warning", series: { [`up{${api}}`]: 0 }, at: 20, fires: ["TargetDown"] },
  {
    of: "KubeAPITerminatedRequests warning",
    series: {
      [`apiserver_request_terminations_total{${api}, verb="GET", code="429"}`]: "+21",
      [`apiserver_request_total{${api}, verb="GET", code="200"}`]: "+79",
    },
    at: 20,
    fires: ["KubeApiTerminatesRequests"],
  },
];
