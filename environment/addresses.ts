import { metricsStores } from "./retention";
import type { Environment, Stage } from "./schema";
import type { SystemName } from "./systems";

/** The stages that want a system; it is deployed when one of them is. */
const stagesOf: Readonly<Record<SystemName, readonly Stage[]>> = {
  prometheus: ["metrics", "alerts"],
  victoriametrics: ["metrics"],
  vmagent: ["metrics"],
  loki: ["logs"],
  tempo: ["traces"],
  grafana: ["dashboards"],
  alertmanager: ["alerts"],
  collector: ["metrics", "logs", "traces"],
  "node-exporter": ["metrics"],
  "kube-state-metrics": ["metrics"],
  versitygw: ["logs", "traces"],
};

/** The port of each system's HTTP API. */
export const httpPort = {
  prometheus: 9090,
  victoriametrics: 8428,
  vmagent: 8429,
  loki: 3100,
  tempo: 3200,
  grafana: 3000,
  alertmanager: 9093,
  collector: 4318,
  "node-exporter": 9100,
  "kube-state-metrics": 8080,
  versitygw: 7070,
} as const satisfies Record<SystemName, number>;

/** The name of the service that answers for a system. */
const serviceName = (system: SystemName) => (system === "collector" ? "collector-gateway" : system);

/** Ours to deploy: wanted by a stage, switched on, not replaced by one that exists. */
export function isDeployed(environment: Environment, system: SystemName): boolean {
  const { enabled, existingUrl } = environment.systems[system];
  return enabled && existingUrl === undefined && isWanted(environment, system);
}

function isWanted(environment: Environment, system: SystemName): boolean {
  if (system === "versitygw" && environment.storage.kind !== "in-cluster") return false;
  // One store is written to by Prometheus itself.
  if (system === "vmagent" && metricsStores(environment).length < 2) return false;
  return stagesOf[system].some((stage) => environment.stages.includes(stage));
}

/** DNS name of a service of ours, complete up to `.svc`: shorter names would be searched in other namespaces too. */
export function serviceHost(environment: Environment, service: string): string {
  return `${service}.${environment.namespace}.svc`;
}

/** Base URL of a system, deployed here or existing elsewhere; undefined when the environment has none. */
export function urlOf(environment: Environment, system: SystemName): string | undefined {
  const { enabled, existingUrl } = environment.systems[system];
  if (!enabled) return undefined;
  if (existingUrl !== undefined) return existingUrl.replace(/\/$/, "");
  if (!isWanted(environment, system)) return undefined;
  return `http://${serviceHost(environment, serviceName(system))}:${httpPort[system]}`;
}

/**
 * URLs of each replica of a system: what must reach all of them (an alert, a sample for a pair of Prometheus) can't go
 * through a load-balanced service.
 */
export function replicaUrls(environment: Environment, system: SystemName): string[] {
  const one = urlOf(environment, system);
  if (one === undefined) return [];
  const { existingUrl, replicas } = environment.systems[system];
  if (existingUrl !== undefined) return [one];
  const name = serviceName(system);
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

/** The host name for OTLP over HTTP; undefined when nothing is exposed, or the gateway is not ours to expose. */
export function otlpHost(environment: Environment): string | undefined {
  const { domain, exposure } = environment;
  if (domain === undefined || !isDeployed(environment, "collector")) return undefined;
  return exposure.hosts.otlp ?? `otlp.${domain}`;
}

/** Whether traces are chosen from: then they go through samplers, each trace whole to one of them. */
export function samplesTraces(environment: Environment): boolean {
  const { ratio, minimumDuration } = environment.sampling;
  return urlOf(environment, "tempo") !== undefined && (ratio < 1 || minimumDuration !== undefined);
}
