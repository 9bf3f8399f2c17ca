import {
  binding,
  configMap,
  container,
  defaultDeny,
  ingress,
  kubernetes,
  namespace,
  networkPolicy,
  pod,
  role,
  server,
  service,
  workload,
} from "../resources";
import type { Case } from "./case";

const deny = "; fix: add a NetworkPolicy with podSelector {}, policyTypes [Ingress, Egress] and no rules";
const closed = "; fix: name the pods or namespaces that connect; for addresses, the narrowest range";
const internal = "; fix: use type ClusterIP; what must be public goes through the environment's exposure";
const intended = "; fix: set the environment's domain to expose anything; name each host, and its TLS secret";
const login = "; fix: set observability:grafana.anonymous to false, or take the domain away";
const authenticated =
  "; fix: put authentication before it (nginx.ingress.kubernetes.io/auth-url or client certificates), or limit who reaches it";
const rbac = "; fix: list API groups, resources and verbs; name the secrets that must be read";

const host = "shop.example.com";
const path = (name: string) => ({
  http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name } } }] },
});
const closedIngress = ingress({ rules: [{ host, ...path("grafana") }], tls: [{ hosts: [host], secretName: "tls" }] });
const gateway = (listener: object) =>
  kubernetes("gateway.networking.k8s.io/v1:Gateway", "shop", { spec: { listeners: [{ name: "web", ...listener }] } });
const route = (spec: object) => kubernetes("gateway.networking.k8s.io/v1:HTTPRoute", "shop", { spec });
const grafanaService = kubernetes(
  "core/v1:Service",
  "grafana",
  {},
  { labels: { "app.kubernetes.io/name": "grafana" } },
);
const grafanaIni = (anonymous: boolean) =>
  configMap(
    { "grafana.ini": `[users]\nenabled = true\n[auth.anonymous]\nenabled = ${anonymous}\norg_role = Viewer\n` },
    "grafana",
  );
const anonymousByVariable = workload(
  pod({ containers: [container({ env: [{ name: "GF_AUTH_ANONYMOUS_ENABLED", value: "true" }] })] }),
  { name: "grafana", metadata: { labels: { "app.kubernetes.io/name": "grafana" } } },
);

export const networkCases: readonly Case[] = [
  {
    policy: "namespaces-deny-by-default",
    what: "a namespace with its own default deny is fine",
    resources: [namespace(), defaultDeny, workload()],
    messages: [],
  },
  {
    policy: "namespaces-deny-by-default",
    what: "a policy that denies one direction, or has a rule, is no default deny",
    resources: [
      namespace(),
      networkPolicy({ podSelector: {}, policyTypes: ["Ingress"] }),
      networkPolicy({ podSelector: {}, policyTypes: ["Ingress", "Egress"], egress: [{}] }),
      networkPolicy({ podSelector: { matchLabels: { a: "b" } }, policyTypes: ["Ingress", "Egress"] }),
    ],
    messages: [`Namespace web has no policy that denies by default${deny}`],
  },
  {
    policy: "namespaces-deny-by-default",
    what: "a workload in somebody else's namespace is found too",
    resources: [workload()],
    messages: [`StatefulSet web/shop is in "web", which has no policy that denies by default${deny}`],
  },
  {
    policy: "network-closed-to-anyone",
    what: "pods, namespaces and a narrow range are fine, and egress is another matter",
    resources: [
      networkPolicy({
        ingress: [{ from: [{ namespaceSelector: {} }, { ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 80 }] }],
        egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }],
      }),
    ],
    messages: [],
  },
  {
    policy: "network-closed-to-anyone",
    what: "a rule for any address, of either kind, or for everybody is found",
    resources: [
      networkPolicy({
        ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 80 }, { port: 53, protocol: "UDP" }] }],
      }),
      networkPolicy({ ingress: [{ from: [{ ipBlock: { cidr: "::/0" } }] }] }),
      networkPolicy({ ingress: [{}] }),
    ],
    messages: [
      `NetworkPolicy web/shop lets any address in to 80/TCP, 53/UDP${closed}`,
      `NetworkPolicy web/shop lets any address in to every port${closed}`,
      `NetworkPolicy web/shop lets everybody in to every port${closed}`,
    ],
  },
  {
    policy: "services-internal",
    what: "services inside the cluster are fine, headless ones too",
    resources: [service({}), service({ type: "ClusterIP" }), service({ clusterIP: "None" })],
    messages: [],
  },
  {
    policy: "services-internal",
    what: "a load balancer, a node port and an outer address are found",
    resources: [
      service({ type: "LoadBalancer" }),
      service({ type: "NodePort" }),
      service({ externalIPs: ["203.0.113.7"] }),
    ],
    messages: [
      `Service web/shop is of type LoadBalancer${internal}`,
      `Service web/shop is of type NodePort${internal}`,
      `Service web/shop answers on the outer address 203.0.113.7${internal}`,
    ],
  },
  {
    policy: "doors-intended",
    what: "named hosts with TLS are fine where the environment has a domain",
    resources: [closedIngress, gateway({ hostname: host, protocol: "HTTPS" }), route({ hostnames: [host] })],
    messages: [],
  },
  {
    policy: "doors-intended",
    what: "without a domain nothing is meant to be public",
    resources: [closedIngress],
    environment: { domain: undefined },
    messages: [`Ingress web/shop opens the stack to the outside, though the environment has no domain${intended}`],
  },
  {
    policy: "doors-intended",
    what: "any host, and a host without a certificate, are found on each kind of door",
    resources: [
      ingress({ rules: [{}, { host }], tls: [{ hosts: [host] }] }),
      ingress({ defaultBackend: { service: { name: "shop" } } }),
      gateway({ protocol: "HTTP" }),
      route({}),
    ],
    messages: [
      `Ingress web/shop takes any host name in its rule${intended}`,
      `Ingress web/shop serves shop.example.com without TLS${intended}`,
      `Ingress web/shop takes any host name in its default backend${intended}`,
      `Gateway web/shop takes any host name in its listener web${intended}`,
      `Gateway web/shop serves listener web without TLS${intended}`,
      `HTTPRoute web/shop takes any host name in its route${intended}`,
    ],
  },
  {
    policy: "doors-with-login",
    what: "anonymous viewers are fine inside, and a login outside",
    resources: [closedIngress, grafanaService, grafanaIni(false)],
    messages: [],
  },
  {
    policy: "doors-with-login",
    what: "anonymous viewers without a door are fine",
    resources: [grafanaService, grafanaIni(true)],
    messages: [],
  },
  {
    policy: "doors-with-login",
    what: "a door of any kind to a Grafana that asks nobody is found",
    resources: [
      closedIngress,
      route({ rules: [{ backendRefs: [{ name: "grafana", port: 3000 }] }] }),
      grafanaService,
      grafanaIni(true),
    ],
    messages: [
      `Ingress web/shop leads to a Grafana with anonymous viewers${login}`,
      `HTTPRoute web/shop leads to a Grafana with anonymous viewers${login}`,
    ],
  },
  {
    policy: "doors-with-login",
    what: "the environment that overrides Grafana's file is read too",
    resources: [closedIngress, grafanaService, anonymousByVariable],
    messages: [`Ingress web/shop leads to a Grafana with anonymous viewers${login}`],
  },
  {
    policy: "doors-authenticated",
    what: "a door with authentication before it is fine",
    resources: [ingress({}, { "nginx.ingress.kubernetes.io/auth-tls-secret": "web/clients" })],
    messages: [],
  },
  {
    policy: "doors-authenticated",
    what: "a door without any is told",
    resources: [ingress({}, { "cert-manager.io/cluster-issuer": "letsencrypt" })],
    messages: [`Ingress web/shop lets anybody through without authentication${authenticated}`],
  },
  {
    policy: "rbac-without-wildcards",
    what: "listed rights are fine, one named secret included",
    resources: [
      role(
        { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
        { apiGroups: [""], resources: ["secrets"], resourceNames: ["shop"], verbs: ["get"] },
        { nonResourceURLs: ["/metrics"], verbs: ["get"] },
      ),
      binding("reader", { kind: "ServiceAccount", name: "shop", namespace: "web" }),
    ],
    messages: [],
  },
  {
    policy: "rbac-without-wildcards",
    what: "every wildcard, every secret and every way to more rights are found",
    resources: [
      role(
        { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
        { nonResourceURLs: ["*"], verbs: ["get"] },
        { apiGroups: [""], resources: ["secrets"], verbs: ["list"] },
        { apiGroups: [""], resources: ["users"], verbs: ["impersonate"] },
      ),
      binding("cluster-admin", { kind: "Group", name: "system:authenticated" }),
    ],
    messages: [
      `ClusterRole web/shop names every API group for *${rbac}`,
      `ClusterRole web/shop names every resource${rbac}`,
      `ClusterRole web/shop allows every verb on *${rbac}`,
      `ClusterRole web/shop names every path${rbac}`,
      `ClusterRole web/shop reads every secret${rbac}`,
      `ClusterRole web/shop allows impersonate on users${rbac}`,
      `ClusterRoleBinding web/shop gives cluster-admin${rbac}`,
      `ClusterRoleBinding web/shop gives cluster-admin to the group system:authenticated${rbac}`,
    ],
  },
  {
    policy: "retention-long-enough",
    what: "prod keeps at least what the requirements say",
    resources: [
      server("prometheus"),
      configMap({ "prometheus.yml": "storage: {tsdb: {retention: {time: 48h}}}" }, "prometheus"),
      server("victoriametrics", ["-retentionPeriod=720h"]),
      server("loki"),
      configMap({ "loki.yaml": "limits_config: {retention_period: 720h}" }, "loki"),
      server("tempo"),
      configMap({ "tempo.yaml": "overrides: {defaults: {compaction: {block_retention: 168h}}}" }, "tempo"),
    ],
    messages: [],
  },
  {
    policy: "retention-long-enough",
    what: "tiers count for their own resolution and for coarser ones; the history of alerts is no tier",
    resources: [
      server("victoriametrics", ["-retentionPeriod=2d"]),
      server("victoriametrics", ["-retentionPeriod=6d", "-dedup.minScrapeInterval=1m"]),
      server("victoriametrics", ["-retentionPeriod=90d", "-dedup.minScrapeInterval=10m"]),
      server("victoriametrics", ["-retentionPeriod=soon"]),
      server("victoriametrics"),
    ],
    messages: [
      'StatefulSet web/victoriametrics keeps metrics for "soon", which is no duration; fix: raise observability:retention to the least that the message states',
      "StatefulSet web/victoriametrics does not say how long it keeps metrics (retentionPeriod); fix: raise observability:retention to the least that the message states",
      "StatefulSet web/victoriametrics keeps metrics for 6d at 1m or finer; at least 7d; fix: raise observability:retention to the least that the message states",
      "StatefulSet web/victoriametrics keeps metrics for 6d at 5m or finer; at least 30d; fix: raise observability:retention to the least that the message states",
    ],
  },
  {
    policy: "retention-long-enough",
    what: "what only passes on has no retention: the storage of a cluster counts",
    resources: [
      server("victoriametrics", ["-retentionPeriod=90d"]),
      server("victoriametrics", ["-storageNode=a:8400", "-storageNode=b:8400"]),
      server("victoriametrics", ["-storageNode=a:8401", "-dedup.minScrapeInterval=1ms"]),
      server("victoriametrics", ["-auth.config=/etc/vmauth/auth.yaml"]),
    ],
    messages: [],
  },
  {
    policy: "retention-long-enough",
    what: "nothing but what passes on keeps nothing",
    resources: [server("victoriametrics", ["-auth.config=/etc/vmauth/auth.yaml"])],
    environment: { profile: "dev" },
    messages: [
      "StatefulSet web/victoriametrics does not keep metrics at 15s or finer; at least 24h; fix: raise observability:retention to the least that the message states",
      "StatefulSet web/victoriametrics does not keep metrics at 1m or finer; at least 7d; fix: raise observability:retention to the least that the message states",
    ],
  },
  {
    policy: "retention-long-enough",
    what: "local may keep nothing",
    resources: [server("victoriametrics", ["-retentionPeriod=1h"])],
    environment: { profile: "local" },
    messages: [],
  },
  {
    policy: "retention-long-enough",
    what: "less than that, nothing said and no duration are found; a bare number counts months",
    resources: [
      server("prometheus"),
      server("victoriametrics", ["--retentionPeriod=29d", "-retentionPeriod=1"]),
      server("loki"),
      configMap({ "loki.yaml": "limits_config: {retention_period: soon}" }, "loki"),
      server("tempo"),
      configMap(
        { "tempo.yaml": "a: {block_retention: 336h}\nb: {block_retention: 24h}\nc: {block_retention: 23h}" },
        "tempo",
      ),
    ],
    messages: [
      "StatefulSet web/prometheus does not say how long it keeps recent metrics (storage.tsdb.retention.time): at least 24h; fix: raise observability:retention to the least that the message states",
      'ConfigMap web/loki-config keeps logs for "soon", which is no duration; fix: raise observability:retention to the least that the message states',
      "ConfigMap web/tempo-config keeps traces for 23h; at least 24h; fix: raise observability:retention to the least that the message states",
      "StatefulSet web/victoriametrics keeps metrics for 29d at 5m or finer; at least 30d; fix: raise observability:retention to the least that the message states",
    ],
  },
];
