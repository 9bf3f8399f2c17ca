import { httpPort, isDeployed, urlOf, type Environment, type SystemName } from "../environment";
import type { Flow, Outside, Workload } from "./kubernetes";

const answering: Partial<Record<SystemName, string>> = { collector: "gateway" };

/** The flow from a workload to a system's API or another port of it; none when the environment has no such system. */
export function flowTo(
  environment: Environment,
  from: Workload | Outside,
  system: SystemName,
  why: string,
  port: number = httpPort[system],
  protocol: "TCP" | "UDP" = "TCP",
): Flow[] {
  const url = urlOf(environment, system);
  if (url === undefined) return [];
  if (isDeployed(environment, system)) {
    const to = { namespace: environment.namespace, system, component: answering[system] ?? "server" };
    return [{ from, to, port, protocol, why }];
  }
  // The URL is that of the API: another port of the same system stays what it is.
  const existing = port === httpPort[system] ? existingPort(new URL(url)) : port;
  return [{ from, to: "existing", port: existing, protocol, why }];
}

/** The port that a URL speaks to, written or not. */
export function existingPort({ port, protocol }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** To the object storage: the S3 server inside the cluster, or AWS. */
export function flowsToStorage(environment: Environment, from: Workload): Flow[] {
  if (environment.storage.kind === "in-cluster") return flowTo(environment, from, "versitygw", "objects");
  const to = "object-storage" as const;
  const pod: Flow[] =
    environment.aws?.identity.kind === "pod-identity"
      ? [{ from, to, port: 80, protocol: "TCP", why: "credentials from the Pod Identity agent (169.254.170.23)" }]
      : [];
  return [{ from, to, port: 443, protocol: "TCP", why: "objects in S3, credentials from STS" }, ...pod];
}
