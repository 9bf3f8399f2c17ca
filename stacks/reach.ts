import { endpointOf, isDeployed, urlOf, type Environment, type SystemName, type Use } from "../environment";
import type { Flow, Outside, Workload } from "./kubernetes";

/**
 * The flow from a workload to a system's API, where it is read; none when the environment has no such system.
 * @param other another port than that of the API
 */
export function flowTo(
  environment: Environment,
  from: Workload | Outside,
  system: SystemName,
  why: string,
  other?: number,
): Flow[] {
  return flowThrough("read", environment, from, system, why, other);
}

/** The flow from a workload to where a system is written to; see {@link flowTo}. */
export function flowToWrite(
  environment: Environment,
  from: Workload | Outside,
  system: SystemName,
  why: string,
  other?: number,
): Flow[] {
  return flowThrough("write", environment, from, system, why, other);
}

function flowThrough(
  use: Use,
  environment: Environment,
  from: Workload | Outside,
  system: SystemName,
  why: string,
  other?: number,
): Flow[] {
  const url = urlOf(environment, system, use);
  if (url === undefined) return [];
  if (isDeployed(environment, system)) {
    const { component, port } = endpointOf(environment, system, use);
    const to = { namespace: environment.namespace, system, component };
    return [{ from, to, port: other ?? port, protocol: "TCP", why }];
  }
  // The URL is that of the API: another port of the same system stays what it is.
  return [{ from, to: "existing", port: other ?? existingPort(new URL(url)), protocol: "TCP", why }];
}

/** The port that a URL speaks to, written or not. */
export function existingPort({ port, protocol }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** To the object storage: the S3 server inside the cluster, or AWS. */
export function flowsToStorage(environment: Environment, from: Workload): Flow[] {
  if (environment.storage.kind === "in-cluster") return flowTo(environment, from, "versitygw", "objects");
  return [
    { from, to: "object-storage", port: 443, protocol: "TCP", why: "objects in S3, credentials from STS" },
    ...credentialFlows(environment, from),
  ];
}

/** How a pod with a role of AWS gets its credentials; with IRSA from STS, on the port of all of AWS. */
export function credentialFlows(environment: Environment, from: Workload): Flow[] {
  if (environment.aws?.identity.kind !== "pod-identity") return [];
  const why = "credentials from the Pod Identity agent (169.254.170.23)";
  return [{ from, to: "object-storage", port: 80, protocol: "TCP", why }];
}
