import { counter, histogram, source } from "../source";

/** What Tempo's metrics generator derives from spans before sampling, written to Prometheus with exemplars. */
export const spans = source(
  {
    name: "span metrics",
    jobs: [],
    // Tempo marks what each generator wrote: two of them may see spans of one service.
    targetLabels: ["cluster", "source", "__metrics_gen_instance"],
  },
  {
    traces_spanmetrics_calls_total: counter(
      "requests",
      [
        "service",
        "span_kind",
        "span_name",
        "status_code",
        "deployment_environment_name",
        "http_request_method",
        "http_response_status_code",
        "http_route",
      ],
      "Spans, by service, operation and status",
    ),
    traces_spanmetrics_latency: histogram(
      "seconds",
      [
        "service",
        "span_kind",
        "span_name",
        "status_code",
        "deployment_environment_name",
        "http_request_method",
        "http_response_status_code",
        "http_route",
      ],
      "How long spans take",
    ),
    traces_spanmetrics_size_total: counter(
      "bytes",
      [
        "service",
        "span_kind",
        "span_name",
        "status_code",
        "deployment_environment_name",
        "http_request_method",
        "http_response_status_code",
        "http_route",
      ],
      "Size of spans",
    ),
    traces_service_graph_request_total: counter(
      "requests",
      ["client", "connection_type", "server"],
      "Requests from one service to another",
    ),
    traces_service_graph_request_failed_total: counter(
      "requests",
      ["client", "connection_type", "server"],
      "Requests from one service to another that failed",
    ),
    traces_service_graph_request_server_seconds: histogram(
      "seconds",
      ["client", "connection_type", "server"],
      "How long requests take, seen by the server",
    ),
    traces_service_graph_request_client_seconds: histogram(
      "seconds",
      ["client", "connection_type", "server"],
      "How long requests take, seen by the client",
    ),
  },
  [
    { of: ["traces_service_graph_request_failed_total"], only: "once a call failed" },
    {
      of: ["traces_spanmetrics_calls_total", "traces_spanmetrics_latency", "traces_spanmetrics_size_total"],
      labels: ["http_route", "http_request_method", "http_response_status_code", "deployment_environment_name"],
      only: "for spans that carry it",
    },
  ],
);
