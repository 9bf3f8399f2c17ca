import { grafanaHost, httpPort, otlpHost, type Environment } from "../environment";
import { objectLabels, type Flow, type KubernetesObject } from "./kubernetes";

/** What the outside can reach, only when the environment has a `domain`: Grafana, and OTLP over HTTP. */

interface Exposed {
  readonly name: string;
  readonly host: string;
  readonly service: string;
  readonly component: string;
  readonly system: "grafana" | "collector";
  readonly port: number;
}

function exposed(environment: Environment): Exposed[] {
  const grafana = grafanaHost(environment);
  const otlp = otlpHost(environment);
  return [
    ...(grafana !== undefined
      ? [
          {
            name: "grafana",
            host: grafana,
            service: "grafana",
            system: "grafana" as const,
            component: "server",
            port: httpPort.grafana,
          },
        ]
      : []),
    ...(otlp !== undefined
      ? [
          {
            name: "otlp",
            host: otlp,
            service: "collector-gateway",
            system: "collector" as const,
            component: "gateway",
            port: httpPort.collector,
          },
        ]
      : []),
  ];
}

/** Ingresses, or a Gateway with its routes. */
export function exposureObjects(environment: Environment): KubernetesObject[] {
  const { exposure, namespace } = environment;
  const all = exposed(environment);
  if (all.length === 0) return [];
  const labels = objectLabels("exposure", "public", "1");
  const issuer =
    exposure.clusterIssuer === undefined
      ? {}
      : { annotations: { "cert-manager.io/cluster-issuer": exposure.clusterIssuer } };
  if (exposure.kind === "ingress") {
    return all.map(({ name, host, service, port }) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name, namespace, labels, ...issuer },
      spec: {
        ingressClassName: exposure.className,
        tls: [{ hosts: [host], secretName: `${exposure.tlsSecret}-${name}` }],
        rules: [
          {
            host,
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name: service, port: { number: port } } } },
              ],
            },
          },
        ],
      },
    }));
  }
  const gateway: KubernetesObject = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "observability", namespace, labels, ...issuer },
    spec: {
      gatewayClassName: exposure.className,
      listeners: all.map(({ name, host }) => ({
        name,
        hostname: host,
        port: 443,
        protocol: "HTTPS",
        tls: { mode: "Terminate", certificateRefs: [{ name: `${exposure.tlsSecret}-${name}` }] },
        allowedRoutes: { namespaces: { from: "Same" } },
      })),
    },
  };
  const routes = all.map(({ name, host, service, port }): KubernetesObject => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, namespace, labels },
    spec: {
      parentRefs: [{ name: "observability", sectionName: name }],
      hostnames: [host],
      rules: [{ backendRefs: [{ name: service, port }] }],
    },
  }));
  return [gateway, ...routes];
}

export function exposureFlows(environment: Environment): Flow[] {
  return exposed(environment).map(({ system, component, port, host }) => ({
    from: "ingress-controller",
    to: { namespace: environment.namespace, system, component },
    port,
    protocol: "TCP",
    why: `requests to https://${host}`,
  }));
}
