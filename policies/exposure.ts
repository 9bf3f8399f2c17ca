import type { ServiceSpec } from "kubernetes-types/core/v1";
import type { IngressSpec } from "kubernetes-types/networking/v1";
import type { Flaw, Resource, ResourcePolicy, StackPolicy } from "./policy";
import { containersOf, isKubernetes, kindOf, labelsOf, metadataOf, ofKind, podOf, specOf } from "./resources";

/** Kinds of the Gateway API that lead from a gateway to a service. */
const routes = ["GRPCRoute", "HTTPRoute", "TCPRoute", "TLSRoute", "UDPRoute"];
const doors = ["Gateway", "Ingress", ...routes];

const isDoor = (resource: Resource) => isKubernetes(resource) && doors.includes(kindOf(resource));

export const servicesInternal: ResourcePolicy = {
  kind: "resource",
  name: "services-internal",
  reason: "A load balancer or node port is public on many clusters, and no TLS or login stands before it.",
  fix: "use type ClusterIP; what must be public goes through the environment's exposure",
  severity: "mandatory",
  check(resource) {
    if (!isKubernetes(resource) || kindOf(resource) !== "Service") return [];
    const { type = "ClusterIP", externalIPs = [] } = specOf<ServiceSpec>(resource);
    return [
      ...(type === "LoadBalancer" || type === "NodePort" ? [{ subject: type, problem: `is of type ${type}` }] : []),
      ...externalIPs.map((address) => ({ subject: address, problem: `answers on the outer address ${address}` })),
    ];
  },
};

interface GatewaySpec {
  readonly listeners: readonly { readonly name: string; readonly hostname?: string; readonly protocol: string }[];
}

export const doorsIntended: ResourcePolicy = {
  kind: "resource",
  name: "doors-intended",
  reason: "A public entrance that nobody asked for, or one in the clear, gives away logs and traces.",
  fix: "set the environment's domain to expose anything; name each host, and its TLS secret",
  severity: "mandatory",
  check(resource, { domain }) {
    if (!isDoor(resource)) return [];
    const unasked =
      domain === undefined
        ? [{ subject: "domain", problem: "opens the stack to the outside, though the environment has no domain" }]
        : [];
    return [...unasked, ...openings(resource)];
  },
};

function openings(resource: Resource): Flaw[] {
  const anyHost = (where: string): Flaw => ({
    subject: `${where} host`,
    problem: `takes any host name in its ${where}`,
  });
  const inTheClear = (what: string): Flaw => ({ subject: `${what} TLS`, problem: `serves ${what} without TLS` });
  const isAny = (host: string | undefined) => host === undefined || host === "" || host.startsWith("*");
  switch (kindOf(resource)) {
    case "Ingress": {
      const { rules = [], tls = [], defaultBackend } = specOf<IngressSpec>(resource);
      const covered = tls.flatMap(({ hosts = [], secretName }) => (secretName === undefined ? [] : hosts));
      return [
        ...(defaultBackend === undefined ? [] : [anyHost("default backend")]),
        ...rules.flatMap(({ host }) => {
          if (host === undefined || isAny(host)) return [anyHost("rule")];
          return covered.includes(host) ? [] : [inTheClear(host)];
        }),
      ];
    }
    case "Gateway":
      return (specOf<GatewaySpec>(resource).listeners ?? []).flatMap(({ name, hostname, protocol }) => [
        ...(isAny(hostname) ? [anyHost(`listener ${name}`)] : []),
        ...(protocol === "HTTPS" || protocol === "TLS" ? [] : [inTheClear(`listener ${name}`)]),
      ]);
    default: {
      const { hostnames = [] } = specOf<{ hostnames: readonly string[] }>(resource);
      return hostnames.length === 0 || hostnames.some(isAny) ? [anyHost("route")] : [];
    }
  }
}

/** Annotations by which the usual ingress controllers ask for a login, a token or a client certificate. */
const authentication =
  /^(nginx\.ingress\.kubernetes\.io\/auth-(url|type|tls-secret)|alb\.ingress\.kubernetes\.io\/auth-type|traefik\.ingress\.kubernetes\.io\/router\.middlewares|haproxy(-ingress\.github\.io|\.org)\/auth-\w+)$/;

export const doorsAuthenticated: ResourcePolicy = {
  kind: "resource",
  name: "doors-authenticated",
  reason: "Whoever knows the address of an open intake can fill the storage and forge telemetry.",
  fix: "put authentication before it (nginx.ingress.kubernetes.io/auth-url or client certificates), or limit who reaches it",
  severity: "mandatory",
  check(resource) {
    if (!isDoor(resource) || kindOf(resource) === "Gateway") return [];
    const annotations = Object.keys(metadataOf(resource).annotations ?? {});
    return annotations.some((key) => authentication.test(key))
      ? []
      : [{ subject: "authentication", problem: "lets anybody through without authentication" }];
  },
};

export const doorsWithLogin: StackPolicy = {
  kind: "stack",
  name: "doors-with-login",
  reason: "A Grafana that lets anonymous viewers look shows every log line to whoever has its address.",
  fix: "set observability:grafana.anonymous to false, or take the domain away",
  severity: "mandatory",
  check(resources) {
    const grafana = resources.filter((resource) => labelsOf(resource)["app.kubernetes.io/name"] === "grafana");
    if (!grafana.some(letsAnybodyLook)) return [];
    const services = ofKind(grafana, "Service").map((service) => metadataOf(service).name ?? "");
    return resources
      .filter((resource) => isDoor(resource) && backends(resource).some((name) => services.includes(name)))
      .map((resource) => ({ resource, subject: "anonymous", problem: "leads to a Grafana with anonymous viewers" }));
  },
};

/** By file or by environment, as Grafana reads both. */
function letsAnybodyLook(resource: Resource): boolean {
  const ini = ((resource.inputs["data"] ?? {}) as Record<string, string>)["grafana.ini"] ?? "";
  const [, section = ""] = /^\[auth\.anonymous\]$([^[]*)/m.exec(ini) ?? [];
  const pod = podOf(resource);
  const variables = pod === undefined ? [] : containersOf(pod).flatMap(({ env = [] }) => env);
  return (
    /^\s*enabled\s*=\s*true\s*$/m.test(section) ||
    variables.some(({ name, value }) => name === "GF_AUTH_ANONYMOUS_ENABLED" && value === "true")
  );
}

/** Names of the services that an Ingress or a route leads to. */
function backends(resource: Resource): readonly string[] {
  if (kindOf(resource) === "Ingress") {
    const { rules = [], defaultBackend } = specOf<IngressSpec>(resource);
    const all = [defaultBackend, ...rules.flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend))];
    return all.flatMap((backend) => backend?.service?.name ?? []);
  }
  const { rules = [] } = specOf<{ rules: readonly { backendRefs?: readonly { name: string }[] }[] }>(resource);
  return rules.flatMap(({ backendRefs = [] }) => backendRefs.map(({ name }) => name));
}
