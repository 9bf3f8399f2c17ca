import { endpointOf, type Environment } from "../../environment";
import type { WorkloadArgs } from "../kubernetes";
import { sized } from "../parts";
import { flags, image, yaml } from "../system";

/** vmauth's own pages: metrics, health and configuration, on a port that answers nobody else. */
const internalPort = 8426;

/** What may be asked of the store; everything else, writes and deletions among it, is refused. */
const readPaths = [
  "/api/v1/(query|query_range|query_exemplars|series|labels|label/[^/]+/values|metadata|format_query|parse_query)",
  "/api/v1/(rules|alerts|export|export/csv|export/native)",
  "/api/v1/status/(tsdb|active_queries|top_queries|buildinfo)",
  "/(federate|graphite/.*|vmui|vmui/.*)",
];

/** vmauth's configuration: reads, to the first backend that answers, and to the next when it fails. */
function vmauthConfig(backends: readonly string[]): object {
  return {
    unauthorized_user: {
      url_map: [
        {
          src_paths: readPaths,
          url_prefix: [...backends],
          // Not the least loaded: a node that was away holds less, and panels would change with each request.
          load_balancing_policy: "first_available",
          retry_status_codes: [500, 502, 503, 504],
        },
      ],
    },
  };
}

/** vmauth, in front of several VictoriaMetrics. */
export function vmauthWorkload(environment: Environment, backends: readonly string[]): WorkloadArgs {
  const { image: reference, version } = image(environment, "vmauth");
  const { port } = endpointOf(environment, "victoriametrics");
  return {
    system: "victoriametrics",
    component: "vmauth",
    kind: "Deployment",
    namespace: environment.namespace,
    image: reference,
    version,
    args: flags(
      {
        "auth.config": "/etc/vmauth/auth.yaml",
        httpListenAddr: `:${port}`,
        httpInternalListenAddr: `:${internalPort}`,
        loggerFormat: "json",
        "http.shutdownDelay": "3s",
      },
      "-",
    ),
    ports: { http: { port }, internal: { port: internalPort, internal: true } },
    readiness: { path: "/health", port: "internal" },
    ...sized(environment.systems.victoriametrics.components.vmauth),
    user: 65534,
    files: [
      {
        name: "victoriametrics-vmauth-config",
        mountPath: "/etc/vmauth",
        files: { "auth.yaml": yaml(vmauthConfig(backends)) },
        mode: "immutable",
      },
    ],
    gracePeriod: 60,
  };
}

/** The port to scrape. */
export const vmauthMetricsPort = { port: "internal", number: internalPort } as const;
