import { keptMetrics, metricsKept } from "./retention";
import type { Environment, Stage } from "./schema";
import type { SystemName } from "./systems";
import { Duration } from "./units";

/** The stages that want a system; it is deployed when one of them is. */
const stagesOf: Readonly<Record<SystemName, readonly Stage[]>> = {
  prometheus: ["metrics", "alerts"],
  victoriametrics: ["metrics"],
  vmagent: ["metrics"],
  vmalert: ["metrics", "alerts"],
  loki: ["logs"],
  tempo: ["traces"],
  grafana: ["dashboards"],
  alertmanager: ["alerts"],
  collector: ["metrics", "logs", "traces"],
  "node-exporter": ["metrics"],
  "kube-state-metrics": ["metrics"],
  versitygw: ["logs", "traces"],
  // Whatever there is to see: with alerts or dashboards alone nobody would take its signals.
  phoenix: ["metrics", "logs", "traces"],
};

/** The port of each system's HTTP API. */
export const httpPort = {
  prometheus: 9090,
  victoriametrics: 8428,
  vmagent: 8429,
  vmalert: 8880,
  loki: 3100,
  tempo: 3200,
  grafana: 3000,
  alertmanager: 9093,
  collector: 4318,
  "node-exporter": 9100,
  "kube-state-metrics": 8080,
  versitygw: 7070,
  phoenix: 8080,
} as const satisfies Record<SystemName, number>;

/** What a system is asked, and what is written to it: different doors where its parts run apart. */
export type Use = "read" | "write";

/** The part of a system that answers, and its port. */
export interface Door {
  readonly component: string;
  readonly port: number;
  /** What a URL has behind the port. @default nothing */
  readonly path?: string;
}

/** Where a system of ours answers: itself in one piece, or the part that stands in front of the others. */
export function doorOf(environment: Environment, system: SystemName, use: Use = "read"): Door {
  const { systems } = environment;
  const door = (component: string, port: number = httpPort[system]): Door => ({ component, port });
  switch (system) {
    case "collector":
      return door("gateway");
    case "phoenix":
      return door("api");
    case "loki":
    case "tempo":
      if (systems[system].mode === "single") return door("server");
      return door(use === "read" ? "query-frontend" : "distributor");
    case "victoriametrics":
      if (systems.victoriametrics.mode === "cluster") {
        return use === "read"
          ? door("vmauth", vmauthPort)
          : { ...door("vminsert", 8480), path: "/insert/0/prometheus" };
      }
      // Several single nodes are written to one by one, and read through what knows which of them answers.
      return use === "read" && systems.victoriametrics.replicas > 1 ? door("vmauth", vmauthPort) : door("server");
    default:
      return door("server");
  }
}

/** The port of vmauth, where it stands in front of several VictoriaMetrics. */
const vmauthPort = 8427;

/** The name of a part's service. */
const serviceName = (system: SystemName, component: string) =>
  component === "server" ? system : `${system}-${component}`;

/** Namespace of the workloads that need access to the node: log agent and node_exporter. */
export const agentsNamespace = (environment: Environment): string => `${environment.namespace}-agents`;

/** Namespace of the demo application: no part of the stack, as a team's own would be. */
export const phoenixNamespace = (environment: Environment): string => `${environment.namespace}-phoenix`;

/** Ours to deploy: wanted by a stage, switched on, not replaced by one that exists. */
export function isDeployed(environment: Environment, system: SystemName): boolean {
  const { enabled, existingUrl } = environment.systems[system];
  return enabled && existingUrl === undefined && isWanted(environment, system);
}

function isWanted(environment: Environment, system: SystemName): boolean {
  if (system === "versitygw" && environment.storage.kind !== "in-cluster") return false;
  // One store is written to by Prometheus itself.
  if (system === "vmagent" && !(isDeployed(environment, "victoriametrics") && keptMetrics(environment).length > 1))
    return false;
  if (system === "vmalert" && !evaluatesOnStore(environment)) return false;
  return stagesOf[system].some((stage) => environment.stages.includes(stage));
}

/** The long windows of burn-rate alerts: what a rule looks back on. */
export const burnWindowLengths = ["1h", "6h", "1d", "3d"] as const;

/** Whether the long-term store has rules to evaluate: across shards, or further back than Prometheus keeps. */
function evaluatesOnStore(environment: Environment): boolean {
  const { retention, stages, systems } = environment;
  if (urlOf(environment, "victoriametrics") === undefined) return false;
  if (systems.prometheus.shards > 1) return true;
  const kept = metricsKept(environment);
  const lengths = burnWindowLengths.map((text) => Duration.parse(text).seconds);
  const beyond = lengths.some((seconds) => seconds > retention.prometheus.seconds && seconds <= kept.seconds);
  return stages.includes("alerts") && beyond;
}

/** DNS name of a service of ours, complete up to `.svc`: shorter names would be searched in other namespaces too. */
export function serviceHost(environment: Environment, service: string): string {
  return `${service}.${environment.namespace}.svc`;
}

/**
 * Base URL of a system, deployed here or existing elsewhere; undefined when the environment has none.
 * @param use what has to reach each of several replicas is written to {@link writeUrls} instead
 */
export function urlOf(environment: Environment, system: SystemName, use: Use = "read"): string | undefined {
  const { enabled, existingUrl } = environment.systems[system];
  if (!enabled) return undefined;
  if (existingUrl !== undefined) return existingUrl.replace(/\/$/, "");
  if (!isWanted(environment, system)) return undefined;
  const { component, port, path = "" } = doorOf(environment, system, use);
  const service = serviceName(system, component);
  const host =
    system === "phoenix" ? `${service}.${phoenixNamespace(environment)}.svc` : serviceHost(environment, service);
  return `http://${host}:${port}${path}`;
}

/** Systems of which each replica holds everything, and knows nothing of the others. */
const wholeReplicas: readonly SystemName[] = ["prometheus", "victoriametrics"];

/** Base URLs that each must get all that is written: replicas that hold everything, or the one door of a system. */
export function writeUrls(environment: Environment, system: SystemName): string[] {
  const { replicas } = environment.systems[system];
  const one = urlOf(environment, system, "write");
  if (one === undefined) return [];
  const whole = wholeReplicas.includes(system) && doorOf(environment, system, "write").component === "server";
  return whole && (system === "prometheus" || replicas > 1) ? replicaUrls(environment, system) : [one];
}

/**
 * URLs of each replica of a system in one piece: what must reach all of them (an alert, a sample for a pair of
 * Prometheus) can't go through a load-balanced service. Of a sharded Prometheus those of the first shard, which takes
 * what is pushed.
 */
export function replicaUrls(environment: Environment, system: SystemName): string[] {
  const one = urlOf(environment, system);
  if (one === undefined) return [];
  const { existingUrl, replicas } = environment.systems[system];
  if (existingUrl !== undefined) return [one];
  const name = serviceName(system, system === "collector" ? "gateway" : "server");
  return Array.from(
    { length: replicas },
    (_, index) => `http://${name}-${index}.${serviceHost(environment, `${name}-headless`)}:${httpPort[system]}`,
  );
}

/** Grafana's host name; undefined when nothing is exposed, or Grafana is not ours to expose. */
export function grafanaHost(environment: Environment): string | undefined {
  const { domain, exposure } = environment;
  if (domain === undefined || !isDeployed(environment, "grafana")) return undefined;
  return exposure.hosts.grafana ?? `grafana.${domain}`;
}

/** Whether traces are chosen from: then they go through samplers, each trace whole to one of them. */
export function samplesTraces(environment: Environment): boolean {
  const { ratio, minimumDuration } = environment.sampling;
  return urlOf(environment, "tempo") !== undefined && (ratio < 1 || minimumDuration !== undefined);
}
