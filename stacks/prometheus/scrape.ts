import { agentsNamespace, isDeployed, urlOf, type Environment } from "../../environment";
import { existingPort } from "../reach";
import type { ScrapeJob } from "../system";

/** What Prometheus scrapes, as `scrape_configs`. Every target gets `cluster`; pods get namespace, pod, container. */

interface Relabel {
  readonly source_labels?: readonly string[];
  readonly regex?: string;
  readonly action?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly modulus?: number;
}

const copy = (from: string, to: string): Relabel => ({ source_labels: [from], target_label: to });
const keep = (label: string, regex: string): Relabel => ({ source_labels: [label], regex, action: "keep" });
const drop = (label: string, regex: string): Relabel => ({ source_labels: [label], regex, action: "drop" });
const set = (label: string, value: string): Relabel => ({ target_label: label, replacement: value });

const podLabels = [
  copy("__meta_kubernetes_namespace", "namespace"),
  copy("__meta_kubernetes_pod_name", "pod"),
  copy("__meta_kubernetes_pod_container_name", "container"),
];
const onNode = copy("__meta_kubernetes_pod_node_name", "node");

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";
const withToken = { authorization: { credentials_file: `${serviceAccount}/token` } };
const withClusterCa = { scheme: "https", ...withToken, tls_config: { ca_file: `${serviceAccount}/ca.crt` } };
/** Kubelets and the control plane's parts serve certificates that they signed themselves; kubeadm's default. */
const withOwnCertificate = { scheme: "https", ...withToken, tls_config: { insecure_skip_verify: true } };

/** Histograms of the API server that cost the most series and that no panel or rule reads. */
const heavyApiServer =
  "apiserver_request_(slo|sli)_duration_seconds_bucket|apiserver_request_body_size_bytes_bucket|" +
  "apiserver_response_sizes_bucket|apiserver_watch_(events_sizes|cache_read_wait_seconds|list_duration_seconds)_bucket|" +
  "apiserver_(flowcontrol|storage|admission|webhooks|cel|authorization|authentication)_.*_bucket|etcd_request_duration_seconds_bucket|" +
  "(workqueue|rest_client|scheduler_plugin|kubernetes_feature)_.*_bucket|kubernetes_feature_enabled";
/** Two buckets of three of the API server's latency: 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30 and 60 s tell enough. */
const fineBuckets: Relabel = {
  source_labels: ["__name__", "le"],
  regex:
    "apiserver_request_duration_seconds_bucket;(0\\.(15|25|3|35|4|45|6|7|8|9)|1\\.(25|5|75)|2\\.5|3\\.5|4\\.5|(3|4|6|7|8|9|15|20|25|40|45|50)(\\.0)?)",
  action: "drop",
};
/** cAdvisor counts these per container and per device or state, and nothing reads them. */
const heavyCadvisor =
  "container_(tasks_state|memory_failures_total|blkio_device_usage_total|file_descriptors|sockets|threads_max|ulimits_soft|" +
  "network_(tcp|tcp6|udp|udp6)_usage_total|memory_numa_pages|hugetlb_.*)";

/** Scrape jobs of our own workloads; pods are found by their labels, so that each replica is its own target. */
function systemJobs(jobs: readonly ScrapeJob[]): object[] {
  return jobs.map(({ job, label, namespace, system, component, port, number, path, honorLabels, hostNetwork }) => ({
    job_name: job,
    ...(path === undefined ? {} : { metrics_path: path }),
    ...(honorLabels ? { honor_labels: true } : {}),
    kubernetes_sd_configs: [
      {
        role: "pod",
        namespaces: { names: [namespace] },
        selectors: [
          { role: "pod", label: `app.kubernetes.io/name=${system},app.kubernetes.io/component=${component}` },
        ],
      },
    ],
    relabel_configs: [
      keep("__meta_kubernetes_pod_container_port_name", port),
      drop("__meta_kubernetes_pod_phase", "Succeeded|Failed"),
      // Where kube-state-metrics runs says nothing of the objects it speaks of.
      ...(honorLabels ? [] : [...podLabels, onNode]),
      ...(label === undefined ? [] : [set("job", label)]),
      // A host-network pod is its node: the name says more than the address.
      ...(hostNetwork ? [copy("__meta_kubernetes_pod_node_name", "instance")] : []),
      { source_labels: ["__meta_kubernetes_pod_ip"], target_label: "__address__", replacement: `$1:${number}` },
    ],
  }));
}

/** Exporters that the environment brings along by `existingUrl`, under the job names that rules and panels know. */
function existingJobs(environment: Environment): object[] {
  const existing = (system: "kube-state-metrics" | "node-exporter") => {
    const url = isDeployed(environment, system) ? undefined : urlOf(environment, system);
    return url === undefined ? [] : [new URL(`${url}/metrics`)];
  };
  const scheme = (url: URL) => ({ scheme: url.protocol.slice(0, -1), metrics_path: url.pathname });
  return [
    ...existing("kube-state-metrics").map((url) => ({
      job_name: "kube-state-metrics",
      ...scheme(url),
      honor_labels: true,
      static_configs: [{ targets: [url.host] }],
      relabel_configs: [],
    })),
    // The service of a DaemonSet would answer for one node or another: each node is asked on the URL's port.
    ...existing("node-exporter").map((url) => ({
      job_name: "node-exporter",
      ...scheme(url),
      kubernetes_sd_configs: [{ role: "node" }],
      relabel_configs: [
        {
          source_labels: ["__meta_kubernetes_node_address_InternalIP"],
          target_label: "__address__",
          replacement: `$1:${existingPort(url)}`,
        },
        copy("__meta_kubernetes_node_name", "node"),
        copy("__meta_kubernetes_node_name", "instance"),
      ],
    })),
  ];
}

/** Jobs of the nodes: the kubelet itself and its cAdvisor. */
function nodeJobs(): object[] {
  const job = (name: string, path: string, metrics: Relabel[]) => ({
    job_name: name,
    ...withOwnCertificate,
    metrics_path: path,
    kubernetes_sd_configs: [{ role: "node" }],
    relabel_configs: [copy("__meta_kubernetes_node_name", "node"), copy("__meta_kubernetes_node_name", "instance")],
    metric_relabel_configs: metrics,
  });
  return [
    job("kubelet", "/metrics", [drop("__name__", heavyApiServer)]),
    job("cadvisor", "/metrics/cadvisor", [drop("__name__", heavyCadvisor)]),
  ];
}

function apiServerJob(): object {
  return {
    job_name: "apiserver",
    ...withClusterCa,
    // The certificate is for the service, the target is an address of it.
    tls_config: { ca_file: `${serviceAccount}/ca.crt`, server_name: "kubernetes.default.svc" },
    kubernetes_sd_configs: [{ role: "endpointslice", namespaces: { names: ["default"] } }],
    relabel_configs: [
      {
        source_labels: ["__meta_kubernetes_service_name", "__meta_kubernetes_endpointslice_port_name"],
        regex: "kubernetes;https",
        action: "keep",
      },
    ],
    metric_relabel_configs: [drop("__name__", heavyApiServer), fineBuckets],
  };
}

/** The metrics port of each part of the control plane, and whether it speaks TLS. */
export const controlPlanePorts = {
  etcd: { port: 2381, tls: false },
  "kube-scheduler": { port: 10259, tls: true },
  "kube-controller-manager": { port: 10257, tls: true },
  "kube-proxy": { port: 10249, tls: false },
} as const;

function controlPlaneJobs(parts: Environment["controlPlane"]): object[] {
  const onControlPlane = keep("__meta_kubernetes_node_labelpresent_node_role_kubernetes_io_control_plane", "true");
  return parts.map((part) => {
    const { port, tls } = controlPlanePorts[part];
    return {
      job_name: part,
      ...(tls ? withOwnCertificate : {}),
      kubernetes_sd_configs: [{ role: "node" }],
      relabel_configs: [
        ...(part === "kube-proxy" ? [] : [onControlPlane]),
        {
          source_labels: ["__meta_kubernetes_node_address_InternalIP"],
          target_label: "__address__",
          replacement: `$1:${port}`,
        },
        copy("__meta_kubernetes_node_name", "node"),
        copy("__meta_kubernetes_node_name", "instance"),
      ],
      metric_relabel_configs: [drop("__name__", heavyApiServer)],
    };
  });
}

function dnsJob(): object {
  return {
    job_name: "coredns",
    kubernetes_sd_configs: [
      { role: "pod", namespaces: { names: ["kube-system"] }, selectors: [{ role: "pod", label: "k8s-app=kube-dns" }] },
    ],
    relabel_configs: [keep("__meta_kubernetes_pod_container_port_number", "9153"), ...podLabels, onNode],
  };
}

/** The job of pods that say themselves that they are to be scraped. */
export const annotatedPods = "pods";

/** Pods of anybody that carry `prometheus.io/scrape: "true"`, with `prometheus.io/port`, `/path` and `/scheme`. */
function annotatedPodsJob(environment: Environment): object {
  const annotation = (name: string) => `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;
  const { bodySizeLimit, ...limits } = environment.systems.prometheus.podLimits;
  return {
    job_name: annotatedPods,
    sample_limit: limits.sampleLimit,
    label_limit: limits.labelLimit,
    label_name_length_limit: limits.labelNameLengthLimit,
    label_value_length_limit: limits.labelValueLengthLimit,
    body_size_limit: `${bodySizeLimit.bytes}B`,
    kubernetes_sd_configs: [{ role: "pod" }],
    relabel_configs: [
      keep(annotation("scrape"), "true"),
      drop("__meta_kubernetes_pod_phase", "Succeeded|Failed|Pending"),
      drop("__meta_kubernetes_namespace", `${environment.namespace}|${agentsNamespace(environment)}`),
      { source_labels: [annotation("scheme")], regex: "(https?)", target_label: "__scheme__" },
      { source_labels: [annotation("path")], regex: "(.+)", target_label: "__metrics_path__" },
      {
        source_labels: [annotation("port"), "__meta_kubernetes_pod_ip"],
        regex: "(\\d+);(.+)",
        target_label: "__address__",
        replacement: "$2:$1",
      },
      ...podLabels,
      onNode,
      copy("__meta_kubernetes_pod_label_app_kubernetes_io_name", "service_name"),
    ],
  };
}

/** Of several shards each takes the targets whose address it is: what lies on one address stays together. */
function ofShard(shard: number, shards: number): Relabel[] {
  if (shards === 1) return [];
  return [
    { source_labels: ["__address__"], modulus: shards, target_label: "__tmp_shard", action: "hashmod" },
    keep("__tmp_shard", String(shard)),
  ];
}

/** All scrape configurations of a shard, ours first. */
export function scrapeConfigs(environment: Environment, jobs: readonly ScrapeJob[], shard = 0): object[] {
  const all = [
    ...systemJobs(jobs),
    ...existingJobs(environment),
    ...nodeJobs(),
    apiServerJob(),
    ...controlPlaneJobs(environment.controlPlane),
    dnsJob(),
    annotatedPodsJob(environment),
  ] as { relabel_configs: Relabel[] }[];
  const part = ofShard(shard, environment.systems.prometheus.shards);
  return all.map((config) => ({
    ...config,
    relabel_configs: [...config.relabel_configs, set("cluster", environment.cluster), ...part],
  }));
}
