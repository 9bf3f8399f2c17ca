import type { SystemName } from "./composition";
import type { Environment } from "./schema";
import { systemOf, type Endpoint, type System, type Use } from "./system";

/** The port of a system's HTTP API. */
export const portOf = (environment: Environment, system: SystemName): number => systemOf(environment, system).port;

/** Where a system of ours answers: itself in one piece, or the part that stands in front of the others. */
export function endpointOf(environment: Environment, system: SystemName, use: Use = "read"): Endpoint {
  const { endpoint, main = "server", port } = systemOf(environment, system);
  return endpoint?.(environment, use) ?? { component: main, port };
}

/** The name of a part's service. */
const serviceName = (system: SystemName, component: string) =>
  component === "server" ? system : `${system}-${component}`;

/** Namespace of the workloads that need access to the node: log agent and node_exporter. */
export const agentsNamespace = (environment: Environment): string => `${environment.namespace}-agents`;

/** Namespace of a system's workloads, as far as they need no access to the node. */
export const namespaceOf = (environment: Environment, system: SystemName): string =>
  systemOf(environment, system).namespace?.(environment) ?? environment.namespace;

/** Ours to deploy: wanted by a stage, switched on, not replaced by one that exists. */
export function isDeployed(environment: Environment, system: SystemName): boolean {
  const { enabled, existingUrl } = environment.systems[system];
  return enabled && existingUrl === undefined && isWanted(environment, system);
}

/** The systems that are ours to deploy, in the order in which they are shown. */
export const deployedSystems = (environment: Environment): readonly System[] =>
  environment.composition.systems.filter(({ name }) => isDeployed(environment, name));

function isWanted(environment: Environment, system: SystemName): boolean {
  const { stages, when } = systemOf(environment, system);
  return (when?.(environment) ?? true) && stages.some((stage) => environment.stages.includes(stage));
}

/** DNS name of a service of the stack, complete up to `.svc`: shorter names would be searched in other namespaces too. */
export const serviceHost = (environment: Environment, service: string): string =>
  hostIn(environment.namespace, service);

const hostIn = (namespace: string, service: string) => `${service}.${namespace}.svc`;

/**
 * Base URL of a system, deployed here or existing elsewhere; undefined when the environment has none.
 * @param use what has to reach each of several replicas is written to {@link writeUrls} instead
 */
export function urlOf(environment: Environment, system: SystemName, use: Use = "read"): string | undefined {
  const { enabled, existingUrl } = environment.systems[system];
  if (!enabled) return undefined;
  if (existingUrl !== undefined) return existingUrl.replace(/\/$/, "");
  if (!isWanted(environment, system)) return undefined;
  const { component, port, path = "" } = endpointOf(environment, system, use);
  const host = hostIn(namespaceOf(environment, system), serviceName(system, component));
  return `http://${host}:${port}${path}`;
}

/** Base URLs that each must get all that is written: replicas that hold everything, or the one endpoint of a system. */
export function writeUrls(environment: Environment, system: SystemName): string[] {
  const one = urlOf(environment, system, "write");
  if (one === undefined) return [];
  const toEach = systemOf(environment, system).writtenToEach?.(environment) ?? false;
  return toEach ? replicaUrls(environment, system) : [one];
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
  const { main = "server", port } = systemOf(environment, system);
  const name = serviceName(system, main);
  return Array.from(
    { length: replicas },
    (_, index) => `http://${name}-${index}.${serviceHost(environment, `${name}-headless`)}:${port}`,
  );
}

/** Grafana's host name; undefined when nothing is exposed, or Grafana is not ours to expose. */
export function grafanaHost(environment: Environment): string | undefined {
  const { domain, exposure } = environment;
  if (domain === undefined || !isDeployed(environment, "grafana")) return undefined;
  return exposure.hosts.grafana ?? `grafana.${domain}`;
}

/** Names that only pods resolve: those without a dot, services (`.svc`), and what follows them in a cluster's domain. */
const isInside = (url: string) => /^[^.]+$|\.svc(\.|$)|\.cluster\.local$/.test(new URL(url).hostname);

/**
 * Where people open Grafana: the address of the one that exists, the `root_url` that somebody set for their own way in,
 * or the host that the environment exposes. Undefined where none can be reached from outside the cluster: a link in a
 * message would open nothing then.
 */
export function grafanaUrl(environment: Environment): string | undefined {
  const host = grafanaHost(environment);
  const { existingUrl, config } = environment.systems.grafana;
  const own = (config as { server?: { root_url?: unknown } }).server?.root_url;
  const rootUrl = isDeployed(environment, "grafana") && typeof own === "string" && URL.canParse(own) ? own : undefined;
  const url = existingUrl ?? rootUrl ?? (host === undefined ? undefined : `https://${host}`);
  return url === undefined || isInside(url) || !environment.systems.grafana.enabled
    ? undefined
    : url.replace(/\/$/, "");
}

/** Whether traces are chosen from: then they go through samplers, each trace whole to one of them. */
export function samplesTraces(environment: Environment): boolean {
  const { ratio, minimumDuration } = environment.sampling;
  return urlOf(environment, "tempo") !== undefined && (ratio < 1 || minimumDuration !== undefined);
}
