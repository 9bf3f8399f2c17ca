import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { compare } from "../../tools/review/compare";
import type { EnvironmentReview } from "../../tools/review/model";
import { readEnvironment, type RenderedEnvironment } from "../../tools/review/rendered";

export const lokiFile = `storage_config:
  object_store: { s3: { bucket_name: prod-logs }, storage_prefix: old }
schema_config:
  configs:
    - { from: 2026-01-01, schema: v13 }
`;
export const tempoFile = "storage: { trace: { s3: { bucket: prod-traces } } }\n";

/** A small rendered environment as `npm start` writes it, each part as plain data that a test changes. */
export function small() {
  const labels = { "app.kubernetes.io/name": "loki", "app.kubernetes.io/component": "server" };
  const metadata = { name: "loki", namespace: "observability", labels };
  const security = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };
  return {
    summary: {
      environment: "prod",
      cluster: "prod",
      systems: [
        {
          name: "loki",
          image: "docker.io/grafana/loki:3.7.8",
          version: "3.7.8",
          replicas: 3,
          cpu: "6",
          memory: "12Gi",
        },
      ],
      total: { cpu: "6", memory: "12Gi", disk: "60Gi" },
      retention: { metrics: "90d", logs: "90d", maxQueryLength: "30d" } as Record<string, string>,
      slos: { availability: { objective: "99.9 % of requests", budget: "43.2 min of total outage" } },
      protected: ["aws:s3/bucket:Bucket storage-logs"],
      checks: { ports: "passed" } as Record<string, string>,
      policies: { "images-pinned": "holds" } as Record<string, string>,
      violated: [] as string[],
      quotas: { "requests.cpu": "16" } as Record<string, string>,
      cost: { total: 100 } as Record<string, number>,
    },
    objects: {
      namespace: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "observability", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
      },
      deny: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "default-deny", namespace: "observability" },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      account: { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
      role: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: "observability-loki" },
        rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
      },
      workload: {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata,
        spec: {
          replicas: 3,
          serviceName: "loki-headless",
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              serviceAccountName: "loki",
              securityContext: { runAsNonRoot: true },
              containers: [
                { name: "loki", image: "docker.io/grafana/loki:3.7.8", args: ["-a"], securityContext: security },
              ],
              volumes: [{ name: "config", configMap: { name: "loki-config-0000000001" } }],
            },
          },
          volumeClaimTemplates: [
            { metadata: { name: "data" }, spec: { resources: { requests: { storage: "20Gi" } } } },
          ],
        },
      },
      files: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { ...metadata, name: "loki-config-0000000001" },
        immutable: true,
        data: { "loki.yaml": "limits:\n  rate: 1\n" },
      },
      policy: {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "loki-server", namespace: "observability" },
        spec: {
          podSelector: { matchLabels: labels },
          policyTypes: ["Ingress", "Egress"],
          ingress: [
            {
              from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "grafana" } } }],
              ports: [{ port: 3100, protocol: "TCP" }],
            },
          ],
          egress: [],
        },
      },
    } as Record<string, object>,
    dashboards: {
      logs: {
        uid: "logs",
        title: "Logs",
        schemaVersion: 42,
        templating: { list: [{ name: "cluster", type: "query", query: "label_values(up, cluster)" }] },
        panels: [
          panel(1, "Lines", 0, 0, 'sum(rate(lines_total{cluster="$cluster"}[5m]))'),
          panel(2, "Errors", 12, 0, 'sum(rate(errors_total{cluster="$cluster"}[5m]))'),
        ],
      },
    } as Record<string, { uid: string; title: string; panels: Panel[]; [key: string]: unknown }>,
    rules: {
      groups: [
        {
          name: "loki",
          rules: [
            {
              alert: "LokiErrors",
              expr: "rate(loki_errors_total[5m]) > 0.01",
              for: "5m",
              labels: { severity: "critical" },
              annotations: { summary: "Loki answers with errors." },
            },
            { alert: "Watchdog", expr: "vector(1)", labels: { severity: "none" }, annotations: { summary: "Works." } },
          ] as Rule[],
        },
      ],
    },
    /** Undefined in a state that does not write them. */
    thresholds: [
      { alert: "LokiErrors", labels: { severity: "critical" }, threshold: { value: 0.01, unit: "ratio" } },
    ] as Threshold[] | undefined,
    /** Why alerts wake somebody; undefined in a state that does not write it. */
    pages: { LokiErrors: "users" } as Record<string, string> | undefined,
    alertmanager: {
      route: {
        receiver: "oncall",
        routes: [
          { matchers: ['alertname="Watchdog"'], receiver: "deadman", repeat_interval: "5m" },
          { matchers: ['severity="info"'], receiver: "nobody" },
        ],
      },
      receivers: [
        { name: "nobody" },
        { name: "oncall", webhook_configs: [{ url: "http://alerts.example.com" }] },
        { name: "deadman", webhook_configs: [{ url: "http://deadman.example.com" }] },
      ] as object[],
    },
    /** Files of servers by `system/file`. */
    config: {
      "loki/loki.yaml": lokiFile,
      "tempo/tempo.yaml": tempoFile,
      "collector/gateway.yaml": "headers:\n  X-Scope-OrgID: phoenix\n",
    } as Record<string, string>,
    aws: {
      "bucket-logs": {
        name: "prod-logs",
        protect: true,
        forceDestroy: false,
        publicAccessBlock: { blockPublicAcls: true },
        encryption: { rules: [{ sseAlgorithm: "AES256" }] },
        lifecycle: { rules: [{ id: "expire-deleted-versions", noncurrentVersionExpiration: { noncurrentDays: 7 } }] },
        policy: { Statement: [{ Effect: "Deny", Action: "s3:*", Resource: "*" }] },
      },
    } as Record<string, object>,
  };
}

export interface Panel {
  id: number;
  title: string;
  type: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { refId: string; expr: string }[];
  fieldConfig: { defaults: { unit: string; thresholds: { steps: { value: number | null; color: string }[] } } };
  [key: string]: unknown;
}

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

interface Threshold {
  readonly alert: string;
  readonly labels: Record<string, string>;
  threshold: { readonly value: number; readonly unit: string };
}

export function panel(id: number, title: string, x: number, y: number, expr: string): Panel {
  return {
    id,
    title,
    type: "timeseries",
    gridPos: { x, y, w: 12, h: 8 },
    targets: [{ refId: "A", expr }],
    fieldConfig: { defaults: { unit: "reqps", thresholds: { steps: [{ value: null, color: "green" }] } } },
  };
}

export type Small = ReturnType<typeof small>;

/** The files of an environment. */
export function filesOf({
  summary,
  objects,
  dashboards,
  rules,
  thresholds,
  pages,
  alertmanager,
  config,
  aws,
}: Small): Record<string, string> {
  const json = (folder: string, all: Record<string, unknown>) =>
    Object.entries(all).map(([name, value]) => [`${folder}/${name}.json`, JSON.stringify(value)]);
  return Object.fromEntries([
    ["summary.json", JSON.stringify(summary)],
    ...(thresholds === undefined ? [] : [["thresholds.json", JSON.stringify(thresholds)]]),
    ...(pages === undefined ? [] : [["pages.json", JSON.stringify(pages)]]),
    [
      "manifests/loki.yaml",
      Object.values(objects)
        .map((object) => stringify(object))
        .join("---\n"),
    ],
    ["rules/prometheus/loki.yaml", stringify(rules)],
    ["config/alertmanager/alertmanager.yml", stringify(alertmanager)],
    ...Object.entries(config).map(([name, text]) => [`config/${name}`, text]),
    ...json("dashboards", dashboards),
    ...json("aws", aws),
  ]) as Record<string, string>;
}

/** Written to a folder and read back, as the command reads it. */
export function read(environment: Small, name = "prod"): RenderedEnvironment {
  const folder = mkdtempSync(join(tmpdir(), "review-test-"));
  try {
    for (const [path, text] of Object.entries(filesOf(environment))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return readEnvironment(name, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The review of one change to the small environment. */
export function reviewOf(change: (environment: Small) => void): EnvironmentReview {
  const after = small();
  change(after);
  return compare(read(small()), read(after));
}
