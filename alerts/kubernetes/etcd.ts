import {
  controlPlane,
  histogramQuantile,
  lastOverTime,
  matches,
  max,
  on,
  predictLinear,
  quantity,
  rate,
  sum,
} from "../../signals";
import { alert, levels, type Alert } from "../language";

const component = "etcd";
const dashboard = "kubernetes-cluster";
const runbook = "Etcd";
const member = ["cluster", "instance"] as const;
const method = [...member, "grpc_service", "grpc_method"] as const;
const handled = controlPlane.grpc_server_handled_total.where({ job: "etcd" });
/** What is the server's fault; a client that asks nonsense is not. */
const faults = matches("Unknown|FailedPrecondition|ResourceExhausted|Internal|Unavailable|DataLoss|DeadlineExceeded");
const inUse = max(lastOverTime(controlPlane.etcd_mvcc_db_total_size_in_use_in_bytes.over("5m"))).by(...member);
const size = controlPlane.etcd_mvcc_db_total_size_in_bytes;

/** Levels of etcd's own mixin. */
const failedProposals = quantity(5, "count per second");
const failedRequests = quantity(0.01, "ratio");
const roundTrip = quantity(0.15, "seconds");
const worthDefragmenting = quantity(104_857_600, "bytes");

/** Members of etcd that get behind before anything breaks. */
export const etcdTroubles = (): Alert[] => [
  alert({
    name: "EtcdProposalsFail",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: rate(controlPlane.etcd_server_proposals_failed_total.where({ job: "etcd" }).over("15m")).above(
      failedProposals,
    ),
    for: "15m",
    summary: ({ instance }) => `Writes to etcd on ${instance} fail.`,
    description: (_labels, value) => `${value} proposals fail: the leader changes, or most members are gone.`,
  }),
  levels({
    name: "EtcdRequestErrors",
    component,
    dashboard,
    runbook,
    value: sum(rate(handled.where({ grpc_code: faults }).over("5m")))
      .by(...method)
      .dividedBy(sum(rate(handled.over("5m"))).by(...method)),
    above: { warning: failedRequests },
    for: "10m",
    summary: ({ instance, grpc_method }) => `etcd on ${instance} fails requests: ${grpc_method}.`,
    description: ({ grpc_method }, value) => `${value} of the requests of kind ${grpc_method} fail.`,
  }),
  levels({
    name: "EtcdPeersSlow",
    component,
    dashboard,
    runbook,
    value: histogramQuantile(
      0.99,
      sum(rate(controlPlane.etcd_network_peer_round_trip_time_seconds.buckets.over("5m"))).by(...member, "To", "le"),
    ),
    above: { warning: roundTrip },
    for: "10m",
    summary: ({ instance }) => `The network between members of etcd is slow, seen from ${instance}.`,
    description: ({ To }, value) => `To ${To} and back takes ${value} (p99).`,
  }),
  alert({
    name: "EtcdDatabaseGrows",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: max(predictLinear(size.over("4h"), 4 * 3600))
      .by(...member)
      .above(max(controlPlane.etcd_server_quota_backend_bytes).by(...member), on(...member)),
    for: "10m",
    summary: ({ instance }) => `The database of etcd on ${instance} is full within four hours.`,
    description: (_labels, value) => `At the growth of four hours it will have ${value}, more than its quota.`,
  }),
  alert({
    name: "EtcdFragmented",
    component,
    dashboard,
    runbook,
    severity: "warning",
    when: inUse
      .dividedBy(max(lastOverTime(size.over("5m"))).by(...member))
      .below(quantity(0.5, "ratio"))
      .and(inUse.above(worthDefragmenting)),
    for: "10m",
    summary: ({ instance }) => `Half of the database of etcd on ${instance} is holes.`,
    description: (_labels, value) => `Only ${value} of it is in use; the rest counts against the quota all the same.`,
  }),
];
