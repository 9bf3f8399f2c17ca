import { deepMerge, metricsStores, writeUrls, type Environment } from "../../environment";
import { dnsFlows, workloadEnd, type WorkloadArgs } from "../kubernetes";
import { flags, image, yaml, type SystemPlan } from "../system";
import { storeFlows } from "../victoriametrics/plan";
import { httpPort } from "./settings";
import { usable } from "./sizing";

const relabelPath = "/etc/vmagent";
const onlyAlerts = "only-alerts.yaml";

/** What passes into the history of alerts: the series that Prometheus makes of its own rules, and nothing else. */
const alertSeries = [{ action: "keep", source_labels: ["__name__"], regex: "ALERTS|ALERTS_FOR_STATE" }];

/** vmagent's flags: a copy of every sample to each store, each with a queue on disk of its own. */
function vmagentFlags(environment: Environment): Record<string, unknown> {
  // Several nodes that each hold everything are written to one by one.
  const stores = metricsStores(environment).flatMap((store) =>
    store.component === "server"
      ? writeUrls(environment, "victoriametrics").map((url) => ({ ...store, url }))
      : [store],
  );
  const { volume, config } = environment.systems.vmagent;
  // A store that is away for long must not take the room of the others; a tenth stays free.
  const queue = volume?.share(usable / stores.length).bytes;
  const base = {
    httpListenAddr: `:${httpPort}`,
    "remoteWrite.url": stores.map(({ url }) => `${url}/api/v1/write`),
    // By position, as the URLs: an empty one filters nothing.
    ...(stores.some(({ holds }) => holds === "alerts")
      ? {
          "remoteWrite.urlRelabelConfig": stores.map(({ holds }) =>
            holds === "alerts" ? `${relabelPath}/${onlyAlerts}` : "",
          ),
        }
      : {}),
    // Which store a queue is for; the URLs hold no keys.
    "remoteWrite.showURL": true,
    "remoteWrite.tmpDataPath": "/queue",
    ...(queue === undefined ? {} : { "remoteWrite.maxDiskUsagePerURL": queue }),
    loggerFormat: "json",
    "metrics.exposeMetadata": true,
    "http.shutdownDelay": "3s",
  };
  return deepMerge(base, (config as { flags?: object }).flags ?? {});
}

/** vmagent: takes what Prometheus writes, once, and passes it on to every store of metrics. */
export function planVmagent(environment: Environment): SystemPlan {
  const { image: reference, version } = image(environment, "vmagent");
  const settings = environment.systems.vmagent;
  const values = vmagentFlags(environment);
  const files = { [onlyAlerts]: yaml(alertSeries) };
  const args: WorkloadArgs = {
    system: "vmagent",
    component: "server",
    kind: "StatefulSet",
    namespace: environment.namespace,
    image: reference,
    version,
    args: flags(values, "-"),
    ports: { http: { port: httpPort } },
    readiness: { path: "/health", port: "http" },
    replicas: settings.replicas,
    resources: settings.resources,
    user: 65534,
    ...(settings.volume ? { volume: { mountPath: "/queue", size: settings.volume } } : {}),
    files: [{ name: "vmagent-relabeling", mountPath: relabelPath, files, mode: "immutable" }],
    gracePeriod: 60,
  };
  const self = workloadEnd(args);
  return {
    name: "vmagent",
    version,
    workloads: [args],
    objects: [],
    secrets: [],
    config: { "flags.yaml": yaml(values), ...files },
    flows: [...storeFlows(environment, self, "every sample, to each store", "write"), ...dnsFlows(self)],
    scrapeJobs: [
      {
        job: "vmagent",
        namespace: environment.namespace,
        system: "vmagent",
        component: "server",
        port: "http",
        number: httpPort,
      },
    ],
  };
}
