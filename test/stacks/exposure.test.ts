import { local, objectsOf, ofKind, planOf, configOf } from "./support";
import { grafanaHost } from "../../environment";

const domain = "o11y.example.com";
const spec = (object: object | undefined) => (object as { spec: Record<string, unknown> } | undefined)?.spec;

test("without a domain nothing is exposed", () => {
  expect(planOf(local()).exposure).toEqual([]);
  const services = ofKind(objectsOf(planOf(local())), "Service").map((object) => spec(object)?.["type"]);
  expect(services.filter((type) => type !== undefined && type !== "ClusterIP")).toEqual([]);
});

describe("a domain", () => {
  test("gives an Ingress with TLS for Grafana, and none for OTLP, which would let anybody in", () => {
    const { exposure } = planOf(local({ domain, exposure: { clusterIssuer: "letsencrypt", className: "traefik" } }));
    expect(exposure.map(({ kind, metadata }) => `${kind} ${metadata?.name ?? ""}`)).toEqual(["Ingress grafana"]);
    expect(spec(exposure[0])).toMatchObject({
      ingressClassName: "traefik",
      tls: [{ hosts: [`grafana.${domain}`], secretName: "observability-tls-grafana" }],
      rules: [
        {
          host: `grafana.${domain}`,
          http: { paths: [{ backend: { service: { name: "grafana", port: { number: 3000 } } } }] },
        },
      ],
    });
    for (const { metadata } of exposure)
      expect(metadata?.annotations).toEqual({ "cert-manager.io/cluster-issuer": "letsencrypt" });
  });

  test("gives a Gateway that ends TLS, with a route", () => {
    const { exposure } = planOf(local({ domain, exposure: { kind: "gateway", className: "envoy" } }));
    expect(exposure.map(({ kind, metadata }) => `${kind} ${String(metadata?.name)}`)).toEqual([
      "Gateway observability",
      "HTTPRoute grafana",
    ]);
    const { gatewayClassName, listeners } = spec(exposure[0]) as {
      gatewayClassName: string;
      listeners: { name: string; protocol: string; port: number; hostname: string; tls: object }[];
    };
    expect(gatewayClassName).toBe("envoy");
    expect(listeners.map(({ name, protocol, port, hostname }) => [name, protocol, port, hostname])).toEqual([
      ["grafana", "HTTPS", 443, `grafana.${domain}`],
    ]);
    expect(spec(exposure[1])).toMatchObject({
      parentRefs: [{ name: "observability", sectionName: "grafana" }],
      hostnames: [`grafana.${domain}`],
    });
  });

  test("takes the host names that were chosen", () => {
    const environment = local({ domain, exposure: { hosts: { grafana: "dashboards.example.com" } } });
    expect(grafanaHost(environment)).toBe("dashboards.example.com");
  });

  test("Grafana knows the name it has, and keeps its cookies to TLS", () => {
    const ini = planOf(local({ domain })).systems.find(({ name }) => name === "grafana")?.config["grafana.ini"];
    expect(ini).toContain(`root_url = https://grafana.${domain}/`);
    expect(ini).toContain("cookie_secure = true");
  });

  test("exposes nothing that is not ours", () => {
    const environment = local({
      domain,
      systems: { grafana: { existingUrl: "https://grafana.example.com" } },
    });
    expect(planOf(environment).exposure).toEqual([]);
    expect(grafanaHost(environment)).toBeUndefined();
  });
});

test("data sources are there for what is there, and the first of them is the default", () => {
  const { datasources } = configOf<{ datasources: { uid: string; isDefault?: boolean }[] }>(
    local(),
    "grafana",
    "datasources.yaml",
  );
  expect(datasources.map(({ uid }) => uid)).toEqual([
    "prometheus",
    "victoriametrics",
    "alert-history",
    "loki",
    "tempo",
    "alertmanager",
  ]);
  expect(datasources.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  const without = configOf<{ datasources: object[]; deleteDatasources: object[] }>(
    local({ systems: { loki: { enabled: false } } }),
    "grafana",
    "datasources.yaml",
  );
  expect(JSON.stringify(without.datasources)).not.toMatch(/loki/i);
  expect(without.deleteDatasources).toEqual([{ name: "Loki", orgId: 1 }]);
});
