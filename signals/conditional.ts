/** Series and labels that a healthy stack need not show, and when they are there. The live suite holds it to this. */
export interface Condition {
  /** Names of the metrics. */
  readonly metrics: RegExp;
  /** Labels that may be missing, or `others` where there may be more than the catalogue names. @default the metric */
  readonly labels?: readonly string[] | "others";
  /** The type that the server gives it, where that is wrong. */
  readonly says?: string;
  /** When they are there, or what is wrong. */
  readonly only: string;
}

const perObject = "where such an object exists";
const diskCgroups = "where the node's cgroups count the disk I/O of containers";
const cpuLimit = "for containers with a CPU limit";
const ofRelease = "in binaries built from a release branch";

export const conditional: readonly Condition[] = [
  { metrics: /^alertmanager_cluster_\w+$/, only: "with more than one Alertmanager" },
  { metrics: /^kube_state_metrics_list_total$/, only: "where the API server streams no lists, or one failed" },
  { metrics: /^loki_discarded_samples_total$/, only: "once Loki refused a line" },
  { metrics: /:log_(lines|bytes):rate5m$/, only: "five minutes after the first lines" },
  { metrics: /^loki_ingester_chunks_flushed_total$/, only: "once a chunk was full or old enough" },
  { metrics: /^otelcol_exporter_(enqueue|send)_failed_\w+$/, only: "once sending failed" },
  { metrics: /^otelcol_processor_memory_limiter_refused_\w+$/, only: "once memory ran short" },
  { metrics: /^otelcol_processor_tail_sampling_\w+$/, only: "where traces are sampled" },
  { metrics: /^tempo_metrics_generator_registry_collections_failed_total$/, only: "once a collection failed" },
  { metrics: /^tempo_discarded_spans_total$/, only: "once a span was discarded" },
  { metrics: /^tempo_backend_scheduler_jobs_failed_total$/, only: "once a job failed" },
  { metrics: /^tempo_live_store_back_pressure_seconds_total$/, only: "once writes had to wait" },
  { metrics: /^tempodb_(blocklist|compaction)_\w+$/, only: "once a block was written, listed or compacted" },
  { metrics: /^container_cpu_cfs_\w+$/, only: cpuLimit },
  { metrics: /^namespace:cpu_limits_cores:sum$/, only: cpuLimit },
  { metrics: /^container_fs_(reads|writes)_bytes_total$/, only: diskCgroups },
  { metrics: /^apiserver_flowcontrol_rejected_requests_total$/, only: "once the API server rejected a request" },
  { metrics: /^apiserver_request_terminations_total$/, only: "once the API server ended a request early" },
  { metrics: /^kube_(cronjob|horizontalpodautoscaler|job|poddisruptionbudget|resourcequota)(_\w+)?$/, only: perObject },
  { metrics: /^kube_pod_status_reason$/, only: "while a pod has one of the reasons" },
  { metrics: /^kube_pod_container_status_last_terminated_reason$/, only: "once a container ended" },
  { metrics: /^kube_pod_container_status_waiting_reason$/, only: "while a container waits" },
  { metrics: /^kubelet_certificate_manager_\w+$/, only: "where the kubelet renews its certificates itself" },
  { metrics: /^kubelet_runtime_operations_errors_total$/, only: "once the runtime failed" },
  { metrics: /^node_md_\w+$/, only: "on hosts with software RAID" },
  { metrics: /^node_systemd_unit_state$/, only: "on hosts with systemd" },
  { metrics: /^traces_service_graph_request_failed_total$/, only: "once a call failed" },
  { metrics: /^(request|agent)_errors_total$|^tasks_failed_total$/, only: "once one failed" },
  { metrics: /^cache_evictions_total$/, only: "once the cache was full" },

  {
    metrics: /^vm_cache_size(_max)?_bytes$/,
    says: "counter",
    only: "called so by VictoriaMetrics 1.150, though caches shrink too",
  },
  {
    metrics: /^vm_cache_(requests|misses)_total$/,
    says: "gauge",
    only: "called so by VictoriaMetrics 1.150, though they only rise",
  },
  {
    metrics: /^vmalert_config_last_reload_success_timestamp_seconds$/,
    says: "counter",
    only: "called so by vmalert 1.150, though it is a time",
  },

  { metrics: /_build_info$/, labels: ["branch", "git_tree_state"], only: ofRelease },
  {
    metrics: /^loki_(distributor_\w+_received|discarded_samples)_total$/,
    labels: ["policy"],
    only: "for tenants with policies",
  },
  { metrics: /^coredns_dns_\w+$/, labels: ["view"], only: "where CoreDNS has views" },
  { metrics: /^apiserver_request_\w+$/, labels: ["dry_run"], only: "for dry runs" },
  {
    metrics: /^apiserver_request_terminations_total$/,
    labels: ["subresource"],
    only: "once it ended a request for a part of an object",
  },
  {
    metrics: /^container_fs_\w+$/,
    labels: ["container", "image", "name", "namespace", "pod"],
    only: diskCgroups,
  },
  { metrics: /^kube_node_info$/, labels: ["pod_cidr", "provider_id"], only: "where the cloud or the network sets it" },
  {
    metrics: /^kube_service_info$/,
    labels: ["external_name", "external_traffic_policy", "load_balancer_ip"],
    only: "for services with an address outside of the cluster",
  },
  { metrics: /^node_network_info$/, labels: ["ifalias"], only: "for interfaces with an alias" },
  {
    metrics: /^(node_filesystem_\w+|disk_usage_bytes|instance_device:disk_used:percent)$/,
    labels: ["device_error"],
    only: "while a device fails",
  },
  { metrics: /^ALERTS(_FOR_STATE)?$/, labels: "others", only: "as each alert's expression keeps them" },
  {
    metrics: /^ALERTS(_FOR_STATE)?$/,
    labels: ["namespace", "service_name", "instance", "job", "pod"],
    only: "as each alert's expression keeps them",
  },
  {
    metrics: /^(up|scrape_\w+)$/,
    labels: ["namespace", "pod", "container", "node", "service_name"],
    only: "for targets that are pods, and name their service",
  },
  {
    metrics: /^traces_spanmetrics_\w+$/,
    labels: ["http_route", "http_request_method", "http_response_status_code", "deployment_environment_name"],
    only: "for spans that carry it",
  },
];

const of = (name: string) => conditional.filter(({ metrics }) => metrics.test(name));

/** Why a metric may be absent; undefined when it has to be there. */
export const onlyWhere = (name: string): string | undefined =>
  of(name).find(({ labels, says }) => labels === undefined && says === undefined)?.only;

/** Types that a server wrongly gives a metric. */
export const wrongTypes = (name: string): readonly string[] => of(name).flatMap(({ says }) => says ?? []);

/** Labels of a metric that may be missing; `others` when it may have more than catalogued. */
export function conditionalLabels(name: string): { readonly missing: ReadonlySet<string>; readonly others: boolean } {
  const labels = of(name).flatMap((condition) => condition.labels ?? []);
  return { missing: new Set(labels), others: of(name).some((condition) => condition.labels === "others") };
}
