import { counter, gauge, histogram, info, source } from "../source";

/** The Kubernetes API server 1.36. */
export const apiserver = source(
  {
    name: "kube-apiserver",
    jobs: ["apiserver"],
    targetLabels: ["cluster", "job", "instance"],
  },
  {
    apiserver_request_total: counter(
      "requests",
      ["code", "component", "dry_run", "group", "resource", "scope", "subresource", "verb", "version"],
      "Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope",
    ),
    apiserver_request_duration_seconds: histogram(
      "seconds",
      ["component", "dry_run", "group", "resource", "scope", "subresource", "verb", "version"],
      "Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource",
    ),
    apiserver_request_terminations_total: counter(
      "requests",
      ["code", "component", "group", "resource", "scope", "subresource", "verb", "version"],
      "Requests ended in self-defence",
    ),
    apiserver_current_inflight_requests: gauge(
      "requests",
      ["request_kind"],
      "Maximal number of currently used inflight request limit of this apiserver per request kind in last second",
    ),
    apiserver_flowcontrol_current_inqueue_requests: gauge(
      "requests",
      ["flow_schema", "priority_level"],
      "Number of requests currently pending in queues of the API Priority and Fairness subsystem",
    ),
    apiserver_longrunning_requests: gauge(
      "requests",
      ["component", "group", "resource", "scope", "subresource", "verb", "version"],
      "Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and",
    ),
    apiserver_storage_objects: gauge(
      "count",
      ["resource"],
      "(Deprecated since 1.34.0) [DEPRECATED, consider using apiserver_resource_objects instead] Number of stored",
    ),
    apiserver_storage_size_bytes: gauge(
      "bytes",
      ["storage_cluster_id"],
      "Size of the storage database file physically allocated in bytes",
    ),
    apiserver_client_certificate_expiration_seconds: histogram(
      "seconds",
      [],
      "Distribution of the remaining lifetime on the certificate used to authenticate a request",
    ),
    apiserver_tls_handshake_errors_total: counter(
      "count",
      [],
      "Number of requests dropped with 'TLS handshake error from' error",
    ),
    apiserver_audit_event_total: counter(
      "count",
      [],
      "Counter of audit events generated and sent to the audit backend",
    ),
    etcd_request_duration_seconds: histogram(
      "seconds",
      ["group", "operation", "resource"],
      "Etcd request latency in seconds for each operation and object type",
    ),
    aggregator_unavailable_apiservice: gauge(
      "state",
      ["name"],
      "Gauge of APIServices which are marked as unavailable broken down by APIService name",
    ),
    rest_client_requests_total: counter(
      "requests",
      ["code", "host", "method"],
      "Number of HTTP requests, partitioned by status code, method, and host",
    ),
    workqueue_depth: gauge("count", ["name"], "Current depth of workqueue"),
    workqueue_adds_total: counter("count", ["name"], "Total number of adds handled by workqueue"),
    kubernetes_build_info: info(
      [
        "build_date",
        "compiler",
        "git_commit",
        "git_tree_state",
        "git_version",
        "go_version",
        "major",
        "minor",
        "platform",
      ],
      "A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build",
    ),
    apiserver_flowcontrol_rejected_requests_total: counter(
      "requests",
      ["flow_schema", "priority_level", "reason"],
      "Requests rejected by priority and fairness",
    ),
  },
  [
    { of: ["apiserver_flowcontrol_rejected_requests_total"], only: "once the API server rejected a request" },
    { of: ["apiserver_request_terminations_total"], only: "once the API server ended a request early" },
    { of: ["kubernetes_build_info"], labels: ["git_tree_state"], only: "in binaries built from a release branch" },
    {
      of: ["apiserver_request_total", "apiserver_request_duration_seconds"],
      labels: ["dry_run"],
      only: "for dry runs",
    },
    {
      of: ["apiserver_request_terminations_total"],
      labels: ["subresource"],
      only: "once it ended a request for a part of an object",
    },
    {
      of: ["apiserver_request_terminations_total"],
      labels: ["group"],
      only: "once it ended a request for something else than the core API, whose group has no name",
    },
  ],
);
