import { grafanaHost, type Environment, portOf } from "../environment";
import { objectLabels, type Flow, type KubernetesObject } from "./kubernetes";

/**
 * What the outside can reach, only when the environment has a `domain`: Grafana, which asks for a login. OTLP stays inside
 * the cluster: the gateway asks nobody who they are, and an open intake lets anybody fill the storage.
 */

interface Exposed {
  readonly name: string;
  readonly host: string;
  readonly service: string;
  readonly component: string;
  readonly system: "grafana";
  readonly port: number;
}

function exposed(environment: Environment): Exposed[] {
  const host = grafanaHost(environment);
  if (host === undefined) return [];
  return [
    {
      name: "grafana",
      host,
      service: "grafana",
      system: "grafana",
      component: "server",
      port: portOf(environment, "grafana"),
    },
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
