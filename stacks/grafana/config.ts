import { deepMerge, grafanaHost, type Environment } from "../../environment";
import { httpPort } from "./settings";

/**
 * Grafana's own configuration, by section of grafana.ini.
 * @param home file of the dashboard that one sees first
 */
export function grafanaConfig(environment: Environment, home?: string): Record<string, Record<string, unknown>> {
  const host = grafanaHost(environment);
  const { database } = environment.grafana;
  const sections = {
    server: {
      http_port: httpPort,
      enable_gzip: true,
      ...(host === undefined ? {} : { domain: host, root_url: `https://${host}/` }),
    },
    // The password comes by the environment: GF_DATABASE_PASSWORD.
    ...(database === undefined
      ? {}
      : {
          database: {
            type: "postgres",
            host: database.host,
            name: database.name,
            user: database.user,
            ssl_mode: database.ssl,
          },
        }),
    analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
    users: { allow_sign_up: false, viewers_can_edit: false, default_theme: "system" },
    security: {
      disable_gravatar: true,
      cookie_secure: host !== undefined,
      cookie_samesite: "lax",
      strict_transport_security: host !== undefined,
    },
    "auth.anonymous": { enabled: environment.grafana.anonymous, org_role: "Viewer" },
    // Prometheus, vmalert and Loki's ruler evaluate; Alertmanager routes; Grafana shows.
    unified_alerting: { enabled: true, execute_alerts: false },
    dashboards: { ...(home === undefined ? {} : { default_home_dashboard_path: home }), min_refresh_interval: "5s" },
    plugins: { preinstall_disabled: true },
    snapshots: { external_enabled: false },
    log: { mode: "console" },
    "log.console": { format: "json" },
    metrics: { enabled: true },
  };
  return deepMerge(sections as Record<string, Record<string, unknown>>, environment.systems.grafana.config);
}

/** Sections as Grafana's ini file. */
export function ini(sections: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string {
  return Object.entries(sections)
    .map(([name, values]) =>
      [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${String(value)}`)].join("\n"),
    )
    .join("\n\n")
    .concat("\n");
}
