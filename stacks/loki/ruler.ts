import { logCountsKept, metricsWriter, writeUrls, type Environment } from "../../environment";
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

/** What the ruler sends, from the pod that it runs in. */
export function rulerFlows(environment: Environment, from: Workload): Flow[] {
  const counts =
    logCountsKept(environment) === undefined
      ? []
      : flowToWrite(environment, from, metricsWriter(environment), "counts of lines, for longer than the lines");
  return [...flowTo(environment, from, "alertmanager", "alerts of the ruler"), ...counts];
}
