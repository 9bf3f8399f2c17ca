import { counter, gauge, info, source, summary } from "../../signals/source";

/** Which storage node a part of a cluster speaks to, and what it asks of it. */
const rpc = ["addr", "name", "rpc_call"] as const;

/** VictoriaMetrics 1.150 (single node) about itself; it exposes no types and no help texts, those here come from its docs. */
export const victoriametrics = source(
  {
    name: "VictoriaMetrics",
    jobs: ["victoriametrics"],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
  },
  {
    vm_app_version: info(["short_version", "version"], "Version of the server"),
    vm_app_uptime_seconds: gauge("seconds", [], "Time since the start"),
    vm_allowed_memory_bytes: gauge("bytes", [], "Memory that caches may use"),
    vm_available_memory_bytes: gauge("bytes", [], "Memory that the process may use"),
    process_resident_memory_anon_bytes: gauge("bytes", [], "Resident memory that is backed by no file"),
    vm_available_cpu_cores: gauge("cores", [], "Cores that the process may use"),
    vm_free_disk_space_bytes: gauge("bytes", ["path"], "Free space under the storage path"),
    vm_free_disk_space_limit_bytes: gauge("bytes", ["path"], "Free space below which the storage turns read-only"),
    vm_total_disk_space_bytes: gauge("bytes", ["path"], "Size of the file system under the storage path"),
    vm_data_size_bytes: gauge("bytes", ["type"], "Size of stored data, by type of part"),
    vm_rows: gauge("count", ["type"], "Stored rows, by type of part"),
    vm_parts: gauge("count", ["type"], "Parts, by type"),
    vm_pending_rows: gauge("count", ["type"], "Rows not yet visible to queries"),
    vm_rows_inserted_total: counter("samples", ["type"], "Rows inserted, by protocol"),
    vm_rows_added_to_storage_total: counter("samples", [], "Rows written to storage"),
    vm_rows_ignored_total: counter("samples", ["reason"], "Rows ignored, by reason"),
    vm_rows_invalid_total: counter("samples", ["type"], "Rows that could not be parsed"),
    vm_slow_row_inserts_total: counter("samples", [], "Rows that missed the cache of series ids"),
    vm_slow_queries_total: counter("count", [], "Queries slower than the logging threshold"),
    vm_new_timeseries_created_total: counter("count", [], "Series never seen before"),
    vm_cache_entries: gauge("count", ["type"], "Entries in caches; of storage/hour_metric_ids: active series"),
    vm_cache_size_bytes: gauge("bytes", ["type"], "Size of caches"),
    vm_cache_size_max_bytes: gauge("bytes", ["type"], "Largest size of caches"),
    vm_cache_requests_total: counter("requests", ["type"], "Lookups in caches"),
    vm_cache_misses_total: counter("requests", ["type"], "Lookups that missed"),
    vm_http_requests_total: counter("requests", ["path", "protocol"], "HTTP requests, by path"),
    vm_http_request_errors_total: counter(
      "requests",
      ["path", "protocol", "reason"],
      "HTTP requests that failed, by path",
    ),
    vm_http_request_duration_seconds: summary(
      "seconds",
      ["path"],
      "How long HTTP requests take; its buckets (vmrange) are VictoriaMetrics' own, sum and count are everybody's",
    ),
    vm_concurrent_select_capacity: gauge("count", [], "Queries that may run at the same time"),
    vm_concurrent_select_current: gauge("count", [], "Queries that run"),
    vm_concurrent_select_limit_reached_total: counter("count", [], "Times queries had to wait"),
    vm_concurrent_select_limit_timeout_total: counter("count", [], "Times queries waited in vain"),
    vm_concurrent_insert_capacity: gauge("count", [], "Inserts that may run at the same time"),
    vm_concurrent_insert_current: gauge("count", [], "Inserts that run"),
    vm_concurrent_insert_limit_reached_total: counter("count", [], "Times inserts had to wait"),
    vm_active_merges: gauge("count", ["type"], "Merges that run, by type"),
    vm_assisted_merges_total: counter("count", ["type"], "Merges that inserts had to help with"),
    vm_storage_is_read_only: gauge("state", ["path"], "1 when free space fell below the limit"),
    vm_missing_tsids_for_metric_id_total: counter("count", [], "Series ids without index entry"),
    vm_deduplicated_samples_total: counter("samples", ["type"], "Samples removed as duplicates"),
    vm_log_messages_total: counter(
      "lines",
      ["app_version", "is_printed", "level", "location"],
      "Lines the server logged, by level",
    ),
    vm_tcplistener_conns: gauge("count", ["addr", "name"], "Open connections"),
    vm_promscrape_max_scrape_size_exceeded_errors_total: counter("count", [], "Scrapes beyond the size limit"),
    vm_indexdb_items_dropped_total: counter("count", ["reason"], "Index items that were too long"),
    vm_rpc_connection_errors_total: counter("count", rpc, "Connections to a storage node that broke"),
    vm_rpc_dial_errors_total: counter("count", rpc, "Connections to a storage node that could not be opened"),
    vm_rpc_handshake_errors_total: counter("count", rpc, "Connections that a storage node did not accept"),
    vm_rpc_send_duration_seconds_total: counter("seconds", rpc, "Time spent sending to a storage node"),
    flag: info(["is_set", "name", "value"], "Command-line flags"),
  },
  [
    {
      of: [
        "vm_rpc_connection_errors_total",
        "vm_rpc_dial_errors_total",
        "vm_rpc_handshake_errors_total",
        "vm_rpc_send_duration_seconds_total",
      ],
      only: "in the vminsert of a cluster",
    },
    {
      of: ["vm_cache_size_bytes", "vm_cache_size_max_bytes"],
      says: "counter",
      only: "called so by VictoriaMetrics 1.150, though caches shrink too",
    },
    {
      of: ["vm_cache_requests_total", "vm_cache_misses_total"],
      says: "gauge",
      only: "called so by VictoriaMetrics 1.150, though they only rise",
    },
  ],
);

/** vmauth 1.150 about itself. It knows no users here: everybody is unauthorized, and let in by the network. */
export const vmauth = source(
  {
    name: "vmauth",
    jobs: ["vmauth"],
    targetLabels: ["cluster", "job", "instance", "namespace", "pod", "container", "node"],
  },
  {
    vmauth_unauthorized_user_requests_total: counter("requests", [], "Requests that came in"),
    vmauth_unauthorized_user_request_errors_total: counter("requests", [], "Requests that failed"),
    vmauth_unauthorized_user_concurrent_requests_limit_reached_total: counter(
      "requests",
      [],
      "Requests sent away because too many were being answered",
    ),
    vmauth_concurrent_requests_limit_reached_total: counter(
      "requests",
      [],
      "Requests sent away because too many of all users were being answered",
    ),
  },
);
