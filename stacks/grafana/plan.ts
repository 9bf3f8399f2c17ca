import type { Dashboard } from "../../dashboards";
import { type Environment } from "../../environment";
import { apiFlows, dnsFlows, objectLabels, workloadEnd, type WorkloadArgs } from "../kubernetes";
import { flowTo } from "../reach";
import { image, yaml, type SystemPlan } from "../system";
import { storeFlows } from "../victoriametrics/plan";
import { grafanaConfig, ini } from "./config";
import { dashboardProviders, dashboardsPath, dataSources, teamDashboardsPath } from "./provisioning";
import { httpPort } from "./settings";

const adminSecret = "grafana-admin";
const databaseSecret = "grafana-database";
/** ConfigMaps of other teams with this label become dashboards, in the folder that the annotation names. */
const teamLabel = "grafana_dashboard";
const teamFolderAnnotation = "grafana_folder";

/** Grafana with its data sources, their links, and the dashboards from files. */
export function planGrafana(environment: Environment, dashboards: readonly Dashboard[]): SystemPlan {
  const { image: reference, version } = image(environment, "grafana");
  const settings = environment.systems.grafana;
  const { namespace } = environment;
  const overview = dashboards.find(({ uid }) => uid === "overview");
  const home = overview && `${dashboardsPath}/${overview.folder}/${overview.uid}.json`;
  const files = { "grafana.ini": ini(grafanaConfig(environment, home)) };
  const provisioning = {
    "datasources.yaml": yaml(dataSources(environment)),
    "dashboards.yaml": yaml(dashboardProviders()),
  };
  const folders = [...new Set(dashboards.map(({ folder }) => folder))];
  const slug = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const { adminPasswordSecret: secret, database } = environment.grafana;
  const env = (name: string, key: string, from = adminSecret) => ({
    name,
    valueFrom: { secretKeyRef: { name: from, key } },
  });
  const args: WorkloadArgs = {
    system: "grafana",
    component: "server",
    kind: "StatefulSet",
    namespace,
    image: reference,
    version,
    args: [],
    env: [
      env("GF_SECURITY_ADMIN_USER", "admin-user"),
      env("GF_SECURITY_ADMIN_PASSWORD", "admin-password"),
      ...(database === undefined ? [] : [env("GF_DATABASE_PASSWORD", "password", databaseSecret)]),
      { name: "GF_PATHS_CONFIG", value: "/etc/grafana/config/grafana.ini" },
      { name: "GF_PATHS_PROVISIONING", value: "/etc/grafana/provisioning" },
    ],
    ports: { http: { port: httpPort } },
    readiness: { path: "/api/health", port: "http" },
    startupSeconds: 120,
    replicas: settings.replicas,
    resources: settings.resources,
    user: 472,
    volume: { mountPath: "/var/lib/grafana", size: settings.volume },
    scratch: ["/tmp", "/var/log/grafana"],
    files: [
      { name: "grafana-config", mountPath: "/etc/grafana/config", files, mode: "immutable" },
      {
        name: "grafana-datasources",
        mountPath: "/etc/grafana/provisioning/datasources",
        files: { "datasources.yaml": provisioning["datasources.yaml"] },
        mode: "immutable",
      },
      {
        name: "grafana-providers",
        mountPath: "/etc/grafana/provisioning/dashboards",
        files: { "dashboards.yaml": provisioning["dashboards.yaml"] },
        mode: "immutable",
      },
      ...folders.map((folder) => ({
        name: `grafana-dashboards-${slug(folder)}`,
        mountPath: `${dashboardsPath}/${folder}`,
        files: Object.fromEntries(
          dashboards
            .filter((each) => each.folder === folder)
            .map(({ uid, model }) => [`${uid}.json`, JSON.stringify(model)]),
        ),
        mode: "reloaded" as const,
      })),
    ],
    sidecars: [teamDashboards(environment)],
    clusterRules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
    gracePeriod: 30,
  };
  const self = workloadEnd(args);
  const reads = "answers panels";
  return {
    name: "grafana",
    version,
    workloads: [args],
    objects: [],
    secrets: [
      {
        name: adminSecret,
        namespace,
        labels: objectLabels("grafana", "server", version),
        data: {
          "admin-user": { literal: "admin" },
          "admin-password": secret === undefined ? { generate: 24 } : { setting: secret },
        },
      },
      ...(database === undefined
        ? []
        : [
            {
              name: databaseSecret,
              namespace,
              labels: objectLabels("grafana", "server", version),
              data: { password: { setting: database.passwordSecret } },
            },
          ]),
    ],
    config: { ...files, ...provisioning },
    flows: [
      ...(["prometheus", "loki", "tempo", "alertmanager"] as const).flatMap((system) =>
        flowTo(environment, self, system, reads),
      ),
      ...storeFlows(environment, self, reads),
      ...(database === undefined
        ? []
        : [
            {
              from: self,
              to: "existing" as const,
              port: Number(database.host.split(":")[1]),
              protocol: "TCP" as const,
              why: "users, sessions and preferences, which its replicas share",
            },
          ]),
      ...apiFlows(self, "dashboards of other teams"),
      ...dnsFlows(self),
    ],
    scrapeJobs: [{ job: "grafana", namespace, system: "grafana", component: "server", port: "http", number: httpPort }],
  };
}

/** Lays down the dashboards that other teams publish as labelled ConfigMaps in their own namespaces. */
function teamDashboards(environment: Environment): NonNullable<WorkloadArgs["sidecars"]>[number] {
  return {
    name: "team-dashboards",
    image: image(environment, "k8s-sidecar").image,
    env: Object.entries({
      LABEL: teamLabel,
      FOLDER: teamDashboardsPath,
      FOLDER_ANNOTATION: teamFolderAnnotation,
      NAMESPACE: "ALL",
      RESOURCE: "configmap",
      UNIQUE_FILENAMES: "true",
      LOG_FORMAT: "JSON",
    }).map(([name, value]) => ({ name, value })),
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "192Mi" } },
    volumeMounts: [{ name: "data", mountPath: "/var/lib/grafana" }],
  };
}
