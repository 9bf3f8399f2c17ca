import { type Metric } from "../../../signals";
import {
  applications,
  claims,
  containers,
  cores,
  cross,
  disks,
  each,
  edges,
  fileSystems,
  hosts,
  interfaces,
  namespaceRows,
  nodes,
  pods,
  routes,
  spanNames,
  targets,
  units,
  workloads,
  type Labels,
} from "./cluster";
import { catalogue } from "../../../stacks/systems";

/** How the values of a series go on with time; all of one metric's parts agree with each other. */
export interface Shape {
  /** `steady` stays, `waves` goes up and down around the level, `grows` by the level each second, `clock` is the time. */
  readonly kind: "steady" | "waves" | "grows" | "clock";
  readonly level: number;
  /** Radians; the same for the parts of a histogram. */
  readonly phase: number;
}

/** A series of the back-fill, `__name__` among its labels. */
export interface Series {
  readonly labels: Labels;
  readonly shape: Shape;
}

/** Bounds of buckets by what they measure: about as many as client libraries have by default. */
const bounds: Readonly<Record<string, readonly number[]>> = {
  seconds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  bytes: [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000],
  ratio: [0.1, 0.25, 0.5, 0.75, 0.9, 1, 2, 5, 10],
};
const quantiles = each("quantile", "0.5", "0.9", "0.99");

/** Values of labels that the cluster's rows do not have: where nothing is said, a label has one, its own name. */
const values: readonly (readonly [metric: RegExp, label: string, ...values: string[]])[] = [
  [/^kube_pod_status_phase$/, "phase", "Pending", "Running", "Succeeded", "Failed", "Unknown"],
  [/^kube_persistentvolume/, "phase", "Bound", "Pending", "Failed"],
  [/^kube_pod_status_(ready|scheduled)$/, "condition", "true", "false", "unknown"],
  [/^kube_node_status_condition$/, "condition", "Ready", "MemoryPressure", "DiskPressure", "PIDPressure"],
  [/^kube_deployment_status_condition$/, "condition", "Available", "Progressing"],
  [/^kube_\w+_condition$/, "status", "true", "false", "unknown"],
  [/^kube_pod_status_reason$/, "reason", "Evicted", "NodeLost", "Shutdown"],
  [/^kube_pod_container_status_waiting_reason$/, "reason", "CrashLoopBackOff", "ImagePullBackOff"],
  [/^kube_pod_container_resource/, "resource", "cpu", "memory"],
  [/^kube_node_status_(capacity|allocatable)$/, "resource", "cpu", "memory", "pods", "ephemeral_storage"],
  [/^kube_resourcequota$/, "resource", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory", "pods"],
  [/^kube_resourcequota$/, "type", "used", "hard"],
  [/^kube_state_metrics_/, "resource", "*v1.Pod", "*v1.Node", "*v1.Deployment", "*v1.Service"],
  [/^kube_state_metrics_/, "result", "success", "error"],
  [/^node_cpu_/, "mode", "idle", "user", "system", "iowait", "irq", "softirq", "steal", "nice"],
  [/^node_systemd_/, "state", "active", "inactive", "failed", "activating", "deactivating"],
  [/^node_scrape_/, "collector", "cpu", "diskstats", "filesystem", "loadavg", "meminfo", "netdev", "stat", "vmstat"],
  [/^requests?_/, "status", "200", "404", "500"],
  [/_(errors|failed)_total$/, "type", "timeout", "internal"],
  [/^task/, "queue", "repository", "routing", "notes"],
  [/^cache_/, "cache", "plans", "answers"],
  [/^(agent|llm|git|obsidian)_/, "agent", "git", "llm_router", "obsidian"],
  [/^(agent|git)_/, "operation", "clone", "commit", "search", "complete"],
  [/^agent_state$/, "state", "idle", "busy", "degraded", "down"],
  [/^llm_/, "direction", "input", "output"],
  [/^llm_/, "model", "small", "large"],
  [/^(plan|git|obsidian)/, "outcome", "succeeded", "failed"],
  [/^traces_spanmetrics_/, "status_code", "STATUS_CODE_UNSET", "STATUS_CODE_ERROR"],
  [/^(tempo|loki)_/, "status_code", "200", "404", "500"],
  [/^(tempo|loki)_/, "route", "api_v1_push", "api_v1_query_range", "api_v1_labels", "metrics"],
  [/^(tempodb|loki)_/, "operation", "get", "upload", "list", "delete"],
  [/^loki_logql_/, "type", "filter", "limited", "metric"],
  [/^grafana_/, "status_code", "200", "404", "500"],
  [/^grafana_http_/, "handler", "/api/ds/query", "/api/dashboards/uid/:uid", "/api/search", "/login"],
  [/^(apiserver|etcd)_request_/, "resource", "pods", "nodes", "events", "leases", "configmaps", "secrets", "services"],
  [/^apiserver_request_/, "verb", "GET", "LIST", "WATCH", "PATCH", "PUT", "POST", "DELETE"],
  [/^apiserver_request_(total|terminations)/, "code", "200", "404", "500"],
  [/^etcd_request_/, "operation", "get", "list", "create", "update", "delete"],
  [/^workqueue_/, "name", "deployment", "replicaset", "endpoint", "job", "node", "daemonset"],
  [/^kubelet_(runtime|pod_worker)_/, "operation_type", "create", "start", "stop", "remove", "list", "status", "exec"],
  [/^coredns_/, "rcode", "NOERROR", "NXDOMAIN", "SERVFAIL"],
  [/^vm_cache_/, "type", "storage/hour_metric_ids", "storage/tsid", "indexdb/dataBlocks", "promql/rollupResult"],
  [/^vm_(rows|pending|parts|data|active)/, "type", "storage/inmemory", "storage/small", "storage/big"],
  [/^vm_http_/, "path", "/api/v1/query", "/api/v1/query_range", "/api/v1/write", "/api/v1/series"],
  [/^prometheus_(rule|http)/, "rule_group", ...Array.from({ length: 25 }, (_, index) => `group-${index}`)],
  [/^prometheus_http_/, "handler", "/api/v1/query", "/api/v1/query_range", "/api/v1/write", "/metrics"],
  [/^prometheus_(http_requests|sd)/, "code", "200", "400", "503"],
  [/^prometheus_engine_/, "slice", "inner_eval", "prepare_time", "queue_time", "result_sort"],
  [/^otelcol_receiver_/, "receiver", "otlp", "statsd", "fluentforward"],
  [/^otelcol_exporter_/, "exporter", "otlp_grpc/tempo", "otlp_http/prometheus", "otlp_http/loki"],
  [/^otelcol_exporter_/, "data_type", "traces", "metrics", "logs"],
  [/^alertmanager_notif/, "integration", "webhook", "email", "slack", "pagerduty"],
  [/^alertmanager_(alerts|silences)$/, "state", "active", "suppressed", "expired"],
  [/^(alertmanager|vmagent)_/, "status", "firing", "resolved"],
  [/^vmalert_/, "group", ...Array.from({ length: 10 }, (_, index) => `group-${index}`)],
  [/logs?_|lines/, "detected_level", "info", "warn", "error"],
  [/^ALERTS/, "alertstate", "firing", "pending"],
  [/^ALERTS/, "alertname", ...Array.from({ length: 20 }, (_, index) => `Alert${index}`)],
  [/^ALERTS/, "severity", "warning", "critical"],
];
const valuesFor = (metric: string, label: string): Labels[] => {
  const found = values.find(([pattern, of]) => of === label && pattern.test(metric));
  return each(label, ...(found === undefined ? [label] : found.slice(2).map(String)));
};

const stateMetrics = { job: "kube-state-metrics", instance: "10.1.0.2:8080", cluster: "local" };
const objects = ["container", "persistentvolumeclaim", "pod", "deployment", "statefulset", "daemonset", "replicaset"];

/** The rows of the cluster that have a metric, by who exposes it and the labels it has. */
function rowsOf({ name, source, jobs, labels }: Metric): readonly Labels[] {
  const has = (label: string) => labels.includes(label);
  switch (source) {
    case "node_exporter":
      if (name.startsWith("node_filesystem_")) return cross(hosts, fileSystems);
      if (name.startsWith("node_network_")) return cross(hosts, interfaces);
      if (name.startsWith("node_systemd_")) return cross(hosts, units);
      return has("cpu") ? cross(hosts, cores) : has("device") ? cross(hosts, disks) : hosts;
    case "cAdvisor": {
      const rows = has("container") ? containers : has("pod") ? pods : nodes;
      return cross(rows, [{ job: "cadvisor", instance: "10.0.0.1:10250", cpu: "total" }]);
    }
    case "kubelet":
      return cross(has("persistentvolumeclaim") ? claims : nodes, [{ job: "kubelet", instance: "10.0.0.1:10250" }]);
    case "kube-state-metrics": {
      if (name.startsWith("kube_state_metrics_")) break;
      const object = objects.find(has) ?? "";
      const rows =
        object === "container"
          ? containers
          : object === "pod"
            ? pods
            : object === "persistentvolumeclaim" || has("persistentvolume")
              ? claims
              : object !== ""
                ? workloads(object)
                : has("node")
                  ? nodes
                  : has("namespace")
                    ? namespaceRows
                    : nodes.slice(0, 1);
      return cross(rows, [stateMetrics]);
    }
    case "application":
    case "agents":
    case "business":
      // Agents and plans are the affair of a few services.
      return cross(source === "application" ? applications : applications.slice(0, 8), has("route") ? routes : [{}]);
    case "span metrics":
      return has("client") ? edges : spanNames;
    case "Prometheus alerts":
      return namespaceRows.slice(0, 3);
    case "OTLP ingestion":
    case "recording rules of logs":
      return applications;
    case "client libraries":
    case "scraping":
      return targets;
  }
  return targets.filter(({ job = "" }) => jobs.includes(job));
}

/** Every series of the catalogue's metrics but those that rules make, which nothing but the rules themselves can tell. */
export function exposedSeries(): Series[] {
  const exposed = catalogue.metrics.filter(({ source }) => source !== "recording rules");
  return exposed.flatMap((metric) => distinct(metric).flatMap((labels) => partsOf(metric, labels)));
}

/** The label sets of a metric: the rows' own labels, and every combination of the others' values. */
function distinct(metric: Metric): Labels[] {
  const found = new Map<string, Labels>();
  for (const row of rowsOf(metric)) {
    const others = metric.labels.filter((label) => row[label] === undefined);
    for (const labels of cross([row], ...others.map((label) => valuesFor(metric.name, label)))) {
      const own = metric.labels.map((label) => [label, labels[label] ?? ""] as const);
      const there = own.filter(([label, value]) => value !== "" && label !== "device_error");
      found.set(there.join(), Object.fromEntries(there));
    }
  }
  return [...found.values()];
}

function partsOf({ name, kind, unit }: Metric, labels: Labels): Series[] {
  const seed = hash(name + Object.values(labels).join());
  const phase = (seed % 628) / 100;
  const grows = (suffix: string, level: number, more: Labels = {}): Series => ({
    labels: { __name__: name + suffix, ...labels, ...more },
    shape: { kind: "grows", level, phase },
  });
  const one = (shape: Omit<Shape, "phase">, more: Labels = {}): Series => ({
    labels: { __name__: name, ...labels, ...more },
    shape: { ...shape, phase },
  });
  const perSecond = 0.5 + (seed % 40) / 10;
  switch (kind) {
    case "histogram": {
      const limits = bounds[unit] ?? bounds["seconds"] ?? [];
      // Most is observed in the middle of the bounds.
      const buckets = limits.map((le, index) =>
        grows("_bucket", perSecond / (1 + Math.exp(limits.length / 2 - 1.4 * index)), { le: String(le) }),
      );
      const mean = limits[Math.floor(limits.length / 3)] ?? 1;
      const rest = [grows("_bucket", perSecond, { le: "+Inf" }), grows("_count", perSecond)];
      return [...buckets, ...rest, grows("_sum", perSecond * mean)];
    }
    case "summary":
      return [
        ...quantiles.map((of, index) => one({ kind: "waves", level: 0.01 * (index + 1) }, of)),
        grows("_count", perSecond),
        grows("_sum", perSecond * 0.01),
      ];
    case "counter":
      return [grows("", unit === "bytes" ? perSecond * 10_000 : unit.endsWith("seconds") ? perSecond / 10 : perSecond)];
    case "info":
      return [one({ kind: "steady", level: 1 })];
    default:
      return [one(gaugeShape(name, unit, seed))];
  }
}

function gaugeShape(name: string, unit: string, seed: number): Omit<Shape, "phase"> {
  // One in eight objects is not as it should be, so that filters on states have something to find.
  if (unit === "state") return { kind: "steady", level: seed % 8 === 0 ? 0 : 1 };
  if (unit === "timestamp")
    return { kind: /last|highest|sent|time_seconds|seen/.test(name) ? "clock" : "steady", level: -(seed % 5000) };
  const level = { ratio: 0.6, percent: 40, bytes: 1e8 * (1 + (seed % 30)), seconds: 2 }[unit] ?? 5 + (seed % 50);
  return { kind: "waves", level };
}

/** FNV-1a of a text: the same series looks the same in each back-fill. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
