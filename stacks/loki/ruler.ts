import { logCountsKept, metricsWriter, replicaUrls, writeUrls, type Environment } from "../../environment";
import type { Flow, Workload } from "../kubernetes";
import { flowTo, flowToWrite } from "../reach";

/** Where the ruler writes what it records: the long-term metrics. Until they take it, it waits in a log on the volume. */
export function recorded(environment: Environment): object {
  if (logCountsKept(environment) === undefined) return {};
  const writer = metricsWriter(environment);
  const clients = writeUrls(environment, writer).map((url, index) => [
    index === 0 ? writer : `${writer}-${index}`,
    { url: `${url}/api/v1/write` },
  ]);
  return {
    wal: { dir: "/loki/ruler-wal" },
    remote_write: { enabled: true, add_org_id_header: false, clients: Object.fromEntries(clients) as object },
  };
}

/**
 * Whom the ruler tells: each Alertmanager itself, as Alertmanager's documentation wants it. They tell each other what was
 * sent, not what fires: one behind a load balancer may be the only one that knows of an alert, and the one that is lost.
 */
export function notifier(environment: Environment): object {
  const alertmanagers = replicaUrls(environment, "alertmanager");
  return {
    // What its rules give has the labels of lines; the Watchdog has none.
    external_labels: { cluster: environment.cluster },
    ...(alertmanagers.length === 0 ? {} : { alertmanager_url: alertmanagers.join(","), enable_alertmanager_v2: true }),
  };
}

/** What the ruler sends, from the pod that it runs in. */
export function rulerFlows(environment: Environment, from: Workload): Flow[] {
  const counts =
    logCountsKept(environment) === undefined
      ? []
      : flowToWrite(environment, from, metricsWriter(environment), "counts of lines, for longer than the lines");
  return [...flowTo(environment, from, "alertmanager", "alerts of the ruler"), ...counts];
}
