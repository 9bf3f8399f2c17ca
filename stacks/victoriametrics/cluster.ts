import { Duration, serviceHost, type Environment } from "../../environment";
import { dnsFlows, workloadEnd, type Flow, type WorkloadArgs } from "../kubernetes";
import { sized } from "../parts";
import { flowTo } from "../reach";
import { flags, image, yaml, type ScrapeJob, type SystemPlan } from "../system";
import { vmauthMetricsPort, vmauthWorkload } from "./vmauth";
import type { VictoriametricsComponent } from "./components";

type Part = Exclude<VictoriametricsComponent, "vmauth">;

/** The HTTP port of each part; storage nodes have one more for each of the two others. */
const http = { vminsert: 8480, vmselect: 8481, vmstorage: 8482 } as const;
const storagePort = { vminsert: 8400, vmselect: 8401 } as const;

/**
 * Flags of each part. Samples lie on `replicationFactor` storage nodes; vmselect takes each once.
 * @param single the flags of a single node, which hold for the storage of the cluster as well
 */
function clusterFlags(
  environment: Environment,
  single: Readonly<Record<string, unknown>>,
): Record<Part, Record<string, unknown>> {
  const { replicationFactor, components } = environment.systems.victoriametrics;
  const storage = (port: number) =>
    Array.from(
      { length: components.vmstorage.replicas },
      (_, index) =>
        `victoriametrics-vmstorage-${index}.${serviceHost(environment, "victoriametrics-vmstorage-headless")}:${port}`,
    );
  const only = (prefix: RegExp) => Object.fromEntries(Object.entries(single).filter(([name]) => prefix.test(name)));
  // Copies are told from samples by their instant alone where nothing else is asked for.
  const dedup = { "dedup.minScrapeInterval": single["dedup.minScrapeInterval"] ?? Duration.parse("1ms").toGo() };
  const everywhere = only(/^(loggerFormat|metrics[.]exposeMetadata|http[.]shutdownDelay)$/);
  return {
    vminsert: {
      httpListenAddr: `:${http.vminsert}`,
      storageNode: storage(storagePort.vminsert),
      replicationFactor,
      ...everywhere,
    },
    vmselect: {
      httpListenAddr: `:${http.vmselect}`,
      storageNode: storage(storagePort.vmselect),
      // With a copy elsewhere, an answer without one storage node is whole.
      replicationFactor,
      cacheDataPath: "/cache",
      ...dedup,
      ...only(/^search[.](maxQueryDuration|maxUniqueTimeseries)$/),
      ...only(/^vmalert/),
      ...everywhere,
    },
    vmstorage: {
      httpListenAddr: `:${http.vmstorage}`,
      storageDataPath: "/storage",
      retentionPeriod: single["retentionPeriod"],
      ...dedup,
      ...(components.vmstorage.volume === undefined
        ? {}
        : { "storage.minFreeDiskSpaceBytes": components.vmstorage.volume.share(0.1).bytes }),
      ...only(/^(memory|search[.]maxUniqueTimeseries)/),
      ...everywhere,
    },
  };
}

/** VictoriaMetrics as a cluster: storage nodes, what writes to them, what asks them, and vmauth in front of that. */
export function victoriametricsCluster(
  environment: Environment,
  single: Readonly<Record<string, unknown>>,
): Pick<SystemPlan, "workloads" | "config" | "flows" | "scrapeJobs"> {
  const values = clusterFlags(environment, single);
  const of = (part: Part) => workloadOf(environment, part, values[part]);
  const parts = { vminsert: of("vminsert"), vmselect: of("vmselect"), vmstorage: of("vmstorage") };
  const select = `http://${serviceHost(environment, "victoriametrics-vmselect")}:${http.vmselect}/select/0/prometheus`;
  const vmauth = vmauthWorkload(environment, [select]);
  const ends = Object.fromEntries(Object.entries(parts).map(([name, args]) => [name, workloadEnd(args)])) as Record<
    Part,
    ReturnType<typeof workloadEnd>
  >;
  const flow = (from: Flow["from"], to: Flow["to"], port: number, why: string): Flow => ({
    from,
    to,
    port,
    protocol: "TCP",
    why,
  });
  return {
    workloads: [parts.vmstorage, parts.vminsert, parts.vmselect, vmauth],
    config: {
      ...Object.fromEntries(Object.entries(values).map(([part, each]) => [`${part}.yaml`, yaml(each)])),
      "auth.yaml": vmauth.files?.[0]?.files["auth.yaml"] ?? "",
    },
    flows: [
      flow(ends.vminsert, ends.vmstorage, storagePort.vminsert, "samples, each to as many nodes as copies are kept"),
      flow(ends.vmselect, ends.vmstorage, storagePort.vmselect, "asks every storage node"),
      flow(workloadEnd(vmauth), ends.vmselect, http.vmselect, "passes questions on"),
      ...flowTo(environment, ends.vmselect, "vmalert", "asks for rules"),
      ...[ends.vminsert, ends.vmselect, workloadEnd(vmauth)].flatMap(dnsFlows),
    ],
    scrapeJobs: [
      ...(Object.keys(parts) as Part[]).map((part) => job(environment, part, "http", http[part])),
      job(environment, "vmauth", vmauthMetricsPort.port, vmauthMetricsPort.number),
    ],
  };
}

function job({ namespace }: Environment, component: string, port: string, number: number): ScrapeJob {
  const label = component === "vmauth" ? "vmauth" : "victoriametrics";
  return { job: `victoriametrics-${component}`, label, namespace, system: "victoriametrics", component, port, number };
}

function workloadOf(environment: Environment, part: Part, values: Readonly<Record<string, unknown>>): WorkloadArgs {
  const { image: reference, version } = image(environment, part);
  const keeps = part === "vmstorage";
  return {
    system: "victoriametrics",
    component: part,
    kind: keeps ? "StatefulSet" : "Deployment",
    namespace: environment.namespace,
    image: reference,
    version,
    args: flags(values, "-"),
    ports: {
      http: { port: http[part] },
      ...(keeps ? { vminsert: { port: storagePort.vminsert }, vmselect: { port: storagePort.vmselect } } : {}),
    },
    readiness: { path: "/health", port: "http" },
    startupSeconds: 300,
    // It is healthy a moment before it has reached its storage nodes, and keeps one copy of what it takes until then.
    ...(part === "vminsert" ? { settleSeconds: 2 } : {}),
    ...sized(environment.systems.victoriametrics.components[part], keeps ? "/storage" : undefined),
    ...(part === "vmselect" ? { scratch: ["/cache"] } : {}),
    user: 65534,
    gracePeriod: 60,
  };
}
