import { panel, type Small } from "./pair";

/** One change of every kind: what the example page and the browser show. */
export function everything({ summary, objects, dashboards, rules, thresholds, alertmanager, aws }: Small): void {
  const board = dashboards["logs"];
  const [lines, errors] = board?.panels ?? [];
  if (board && lines && errors) {
    lines.targets = [
      { refId: "A", expr: 'sum by (service_name) (rate(lines_total{cluster="$cluster"}[$__rate_interval]))' },
    ];
    lines.fieldConfig.defaults.thresholds.steps.push({ value: 100, color: "orange" }, { value: 500, color: "red" });
    lines["links"] = [{ url: "/d/services?${__url_time_range}" }];
    errors.gridPos = { x: 0, y: 8, w: 24, h: 6 };
    board.panels.push(panel(3, "Slowest queries", 12, 0, "topk(10, query_seconds)"));
  }
  const [rule] = rules.groups[0]?.rules ?? [];
  if (rule) Object.assign(rule, { expr: "rate(loki_errors_total[5m]) > 0.05", for: "10m" });
  for (const each of thresholds ?? []) each.threshold = { value: 0.05, unit: "ratio" };
  rules.groups[0]?.rules.push({
    alert: "LokiDisk",
    expr: "loki_disk_free_ratio < 0.1",
    for: "15m",
    labels: { severity: "warning" },
    annotations: { summary: "The disk of Loki is nearly full." },
  });
  alertmanager.receivers.push({ name: "team", slack_configs: [{ channel: "#logs" }] });
  alertmanager.route.routes.push({ matchers: ['severity="critical"'], receiver: "team" });
  Object.assign(summary.retention, { logs: "30d", metrics: "120d" });
  Object.assign(summary.systems[0] ?? {}, { memory: "24Gi", version: "3.8.0" });
  const workload = objects["workload"] as {
    spec: {
      template: { spec: { containers: { image: string }[]; hostNetwork?: boolean } };
      volumeClaimTemplates: { spec: { resources: { requests: { storage: string } } } }[];
    };
  };
  const [container] = workload.spec.template.spec.containers;
  if (container) container.image = "docker.io/grafana/loki:3.8.0";
  workload.spec.template.spec.hostNetwork = true;
  const [claim] = workload.spec.volumeClaimTemplates;
  if (claim) claim.spec.resources.requests.storage = "10Gi";
  const policy = objects["policy"] as { spec: { ingress: object[] } };
  policy.spec.ingress.push({ from: [{ namespaceSelector: {} }], ports: [{ port: 3100, protocol: "TCP" }] });
  Object.assign(aws["bucket-logs"] ?? {}, { protect: false });
  objects["budget"] = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "loki", namespace: "observability" },
    spec: { maxUnavailable: 1 },
  };
}
