import { isDeployed, metricsWriter, urlOf, type Environment } from "../../environment";
import { apiFlows, dnsFlows, workloadEnd, type Flow, type Workload, type WorkloadArgs } from "../kubernetes";
import { existingPort, flowTo, flowToWrite } from "../reach";
import { image, yaml, type ScrapeJob, type SystemPlan } from "../system";
import { prometheusConfig } from "./config";
import { controlPlanePorts } from "./scrape";
import { httpPort } from "./settings";

const rulesPath = "/etc/prometheus/rules";

/**
 * Prometheus: scrapes, evaluates rules, keeps a short history and the exemplars, writes everything to VictoriaMetrics.
 * @param scrapeJobs what the other systems want scraped
 * @param rules rule files by name, as YAML text
 */
export function planPrometheus(
  environment: Environment,
  scrapeJobs: readonly ScrapeJob[],
  rules: Readonly<Record<string, string>>,
): SystemPlan {
  const shards = Array.from({ length: environment.systems.prometheus.shards }, (_, shard) => shard);
  const jobs = [...shards.map((shard) => ownJob(environment, shard)), ...scrapeJobs];
  const workloads = shards.map((shard) => shardWorkload(environment, shard, jobs, rules));
  return {
    name: "prometheus",
    version: image(environment, "prometheus").version,
    workloads,
    objects: [],
    secrets: [],
    config: {
      ...Object.assign({}, ...workloads.map(({ files }) => files?.[0]?.files)),
      ...Object.fromEntries(Object.entries(rules).map(([name, text]) => [`rules/${name}`, text])),
    } as Record<string, string>,
    flows: workloads.flatMap((args) => flows(environment, workloadEnd(args), jobs)),
    scrapeJobs: [],
  };
}

/** The first shard has the name of Prometheus alone: it takes what is pushed, and stays when others come and go. */
const componentOf = (shard: number) => (shard === 0 ? "server" : `shard-${shard}`);

function ownJob({ namespace }: Environment, shard: number): ScrapeJob {
  const target = {
    namespace,
    system: "prometheus",
    component: componentOf(shard),
    port: "http",
    number: 9090,
  } as const;
  return shard === 0
    ? { job: "prometheus", ...target }
    : { job: `prometheus-shard-${shard}`, label: "prometheus", ...target };
}

function shardWorkload(
  environment: Environment,
  shard: number,
  jobs: readonly ScrapeJob[],
  rules: Readonly<Record<string, string>>,
): WorkloadArgs {
  const { image: reference, version } = image(environment, "prometheus");
  const settings = environment.systems.prometheus;
  const file = shard === 0 ? "prometheus" : `prometheus-shard-${shard}`;
  const config = { [`${file}.yml`]: yaml(prometheusConfig(environment, jobs, [`${rulesPath}/*.yaml`], shard)) };
  return {
    system: "prometheus",
    component: componentOf(shard),
    kind: "StatefulSet",
    namespace: environment.namespace,
    image: reference,
    version,
    args: [
      `--config.file=/etc/prometheus/config/${file}.yml`,
      "--config.auto-reload",
      "--config.auto-reload-interval=10s",
      "--storage.tsdb.path=/prometheus",
      "--web.enable-remote-write-receiver",
      "--web.enable-otlp-receiver",
      // In the links of alerts to their source; the name of a pod would lead nowhere.
      `--web.external-url=${urlOf(environment, "prometheus")}`,
      "--enable-feature=exemplar-storage",
      "--log.format=json",
    ],
    env: [{ name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
    ports: { http: { port: httpPort } },
    readiness: { path: "/-/ready", port: "http" },
    liveness: { path: "/-/healthy", port: "http" },
    startupSeconds: 600,
    replicas: settings.replicas,
    resources: settings.resources,
    goMemoryShare: 0.9,
    user: 65534,
    ...(settings.volume ? { volume: { mountPath: "/prometheus", size: settings.volume } } : {}),
    files: [
      { name: `${file}-config`, mountPath: "/etc/prometheus/config", files: config, mode: "reloaded" },
      { name: "prometheus-rules", mountPath: rulesPath, files: rules, mode: "reloaded", shared: shard > 0 },
    ],
    gracePeriod: 300,
    clusterRules: [
      { apiGroups: [""], resources: ["nodes", "services", "pods"], verbs: ["get", "list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { nonResourceURLs: ["/metrics", "/metrics/cadvisor"], verbs: ["get"] },
    ],
  };
}

function flows(environment: Environment, from: Workload, jobs: readonly ScrapeJob[]): Flow[] {
  const tcp = { from, protocol: "TCP" as const };
  const scrapes = jobs.map(({ namespace, system, component, number, hostNetwork, job }): Flow => {
    const to = hostNetwork ? ("nodes" as const) : { namespace, system, component };
    return { ...tcp, to, port: number, why: `scrapes ${job}` };
  });
  const controlPlane = environment.controlPlane.map((part): Flow => ({
    ...tcp,
    to: "nodes",
    port: controlPlanePorts[part].port,
    why: `scrapes ${part}`,
  }));
  const exporters = urlOf(environment, "node-exporter");
  const existing: Flow[] = [
    ...(isDeployed(environment, "kube-state-metrics")
      ? []
      : flowTo(environment, from, "kube-state-metrics", "scrapes the one that exists")),
    ...(exporters === undefined || isDeployed(environment, "node-exporter")
      ? []
      : [{ ...tcp, to: "nodes" as const, port: existingPort(new URL(exporters)), why: "scrapes those that exist" }]),
  ];
  const outward = [
    ...flowToWrite(environment, from, metricsWriter(environment), "remote write of every sample"),
    ...flowTo(environment, from, "alertmanager", "sends alerts"),
    ...flowToWrite(environment, from, "tempo", "its own traces", 4317),
  ];
  return [
    ...scrapes,
    ...existing,
    { ...tcp, to: "nodes", port: 10250, why: "scrapes kubelet and cAdvisor" },
    ...controlPlane,
    { ...tcp, to: "cluster-dns", port: 9153, why: "scrapes CoreDNS" },
    { ...tcp, to: "applications", port: "any", why: "scrapes annotated pods, whose ports they choose themselves" },
    ...apiFlows(from, "finds targets, scrapes the API server"),
    ...outward,
    ...dnsFlows(from),
  ];
}
