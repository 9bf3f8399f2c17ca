import type { Target } from "./target";

/** The program's outputs that a person needs first. */
export interface Outputs {
  readonly grafanaUrl?: unknown;
  readonly otlpGrpcEndpoint?: unknown;
  readonly otlpHttpEndpoint?: unknown;
}

interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly port: string;
}

/**
 * The service behind an address inside the cluster: `http://grafana.observability.svc:3000`, also without a scheme.
 * @param namespace of names that don't say theirs
 */
export function serviceOf(address: string, namespace: string): Service | undefined {
  const url = /^\w+:\/\//.test(address) ? address : `tcp://${address}`;
  if (!URL.canParse(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  const [name = "", own, kind] = hostname.split(".");
  if (own !== undefined && kind !== "svc") return undefined;
  return { name, namespace: own ?? namespace, port: port || (protocol === "https:" ? "443" : "80") };
}

/** How to open Grafana and where to send OTLP: lines to print after a deployment. */
export function accessLines(
  target: Pick<Target, "context" | "kubeconfig" | "kind">,
  namespace: string,
  outputs: Outputs,
): string[] {
  const file = target.kind === "hermetic" ? ` --kubeconfig ${target.kubeconfig}` : "";
  const forward = (services: readonly Service[]) => {
    const [first] = services;
    const ports = services.map(({ port }) => `${port}:${port}`).join(" ");
    return `kubectl${file} --context ${target.context} -n ${first?.namespace} port-forward service/${first?.name} ${ports}`;
  };
  const lines: string[] = [];
  const { grafanaUrl, otlpGrpcEndpoint, otlpHttpEndpoint } = outputs;
  if (typeof grafanaUrl === "string") {
    const service = serviceOf(grafanaUrl, namespace);
    lines.push(service ? `Grafana       http://localhost:${service.port} after:` : `Grafana       ${grafanaUrl}`);
    if (service) lines.push(`                ${forward([service])}`);
  } else {
    lines.push("Grafana       is not deployed");
  }
  const inside: Service[] = [];
  for (const [label, address] of [
    ["OTLP/gRPC", otlpGrpcEndpoint],
    ["OTLP/HTTP", otlpHttpEndpoint],
  ] as const) {
    if (typeof address !== "string") continue;
    const service = serviceOf(address, namespace);
    lines.push(`${label.padEnd(14)}${address}${service ? " (from pods)" : ""}`);
    if (service) inside.push(service);
  }
  const [first] = inside;
  const together = inside.filter(({ name, namespace: own }) => name === first?.name && own === first.namespace);
  if (first) lines.push("              from this machine, at localhost:", `                ${forward(together)}`);
  return lines;
}
