import { increase, quantity, rate, sum } from "../../signals";
import { alert, levels, type Alert } from "../../alerts/language";
import { vmauth, victoriametrics as vm } from "./metrics";

const component = "victoriametrics";
const dashboard = "victoriametrics";
const runbook = "VictoriaMetricsCluster";
const one = ["cluster", "namespace", "pod"] as const;
const toNode = [...one, "addr"] as const;

/** Share of its time that a connection may be sending (VictoriaMetrics' own alert: 90 %). */
const busy = quantity(0.9, "ratio");

/** Between the parts of a cluster, and at the door in front of several stores. */
export const clusterAlerts = (): Alert[] => [
  alert({
    name: "VictoriaMetricsRpcErrors",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: sum(increase(vm.vm_rpc_connection_errors_total.over("5m")))
      .by(...toNode)
      .plus(sum(increase(vm.vm_rpc_dial_errors_total.over("5m"))).by(...toNode))
      .plus(sum(increase(vm.vm_rpc_handshake_errors_total.over("5m"))).by(...toNode))
      .above(0),
    for: "15m",
    summary: ({ pod, addr }) => `${pod} loses storage node ${addr}.`,
    description: ({ addr }, value) =>
      `${value} connections to ${addr} failed in five minutes: others take its samples.`,
  }),
  levels({
    name: "VictoriaMetricsConnectionBusy",
    component,
    dashboard,
    runbook,
    value: sum(rate(vm.vm_rpc_send_duration_seconds_total.over("5m")))
      .by(...toNode)
      .as("ratio"),
    above: { warning: busy },
    for: "15m",
    summary: ({ pod, addr }) => `${pod} can hardly send more to ${addr}.`,
    description: ({ addr }, value) => `The connection to ${addr} is sending for ${value} of the time.`,
  }),
  alert({
    name: "VmauthRequestErrors",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: sum(increase(vmauth.vmauth_unauthorized_user_request_errors_total.over("5m")))
      .by(...one)
      .above(quantity(0, "requests")),
    for: "15m",
    summary: ({ pod }) => `${pod} fails requests.`,
    description: (_labels, value) => `${value} failed in five minutes: no store answers, or the path is not allowed.`,
  }),
  alert({
    name: "VmauthBusy",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: sum(increase(vmauth.vmauth_concurrent_requests_limit_reached_total.over("5m")))
      .by(...one)
      .plus(
        sum(increase(vmauth.vmauth_unauthorized_user_concurrent_requests_limit_reached_total.over("5m"))).by(...one),
      )
      .above(quantity(0, "requests")),
    for: "5m",
    summary: ({ pod }) => `${pod} sends requests away.`,
    description: (_labels, value) => `${value} found all places taken in five minutes: stores answer too slowly.`,
  }),
];
