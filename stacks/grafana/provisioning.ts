import {
  alertHistory,
  isDeployed,
  metricsTiers,
  storeName,
  tenantHeader,
  traceTiers,
  urlOf,
  type Environment,
} from "../../environment";
import { dataSources as known, dataSourceUids, type DataSource as Uid } from "../../dashboards/language";

/** Data sources that are a system, whole. */
type SystemUid = Exclude<Uid, "alert-history">;
const systemUids = dataSourceUids.filter((uid): uid is SystemUid => known[uid].system === uid);

interface DataSource {
  readonly name: string;
  readonly uid: string;
  readonly type: string;
  readonly url: string;
  readonly isDefault?: boolean;
  readonly jsonData: object;
  readonly secureJsonData?: object;
}

const shown = (uid: Uid) => ({ name: known[uid].name, type: known[uid].type });

/** A dollar sign in provisioning would be an environment variable. */
const literal = (text: string) => text.replaceAll("$", "$$$$");

/** Data sources and the links between them (F13), as Grafana's provisioning file. Those that are absent are in no link. */
export function dataSources(environment: Environment): object {
  const { scrapeInterval, tenant } = environment;
  const interval = { timeInterval: scrapeInterval.toString(), httpMethod: "POST" };
  // A shard knows a part of the targets; all of them are in the long-term store, which has no exemplars.
  const sharded = environment.systems.prometheus.shards > 1;
  const url = (system: SystemUid) =>
    urlOf(environment, sharded && system === "prometheus" ? "victoriametrics" : system);
  const has = (system: SystemUid) => url(system) !== undefined;
  const source = (uid: SystemUid, rest: Omit<DataSource, "uid" | "url" | "name" | "type">): DataSource[] => {
    const found = url(uid);
    return found === undefined ? [] : [{ uid, url: found, ...shown(uid), ...rest }];
  };
  const all: DataSource[] = [
    ...source("prometheus", {
      isDefault: true,
      jsonData: {
        ...interval,
        prometheusType: "Prometheus",
        ...(has("alertmanager") ? { alertmanagerUid: "alertmanager" } : {}),
        ...(has("tempo")
          ? {
              exemplarTraceIdDestinations: ["traceID", "trace_id"].flatMap((name) =>
                tempoUids(environment).map(({ uid, label }) => ({ name, datasourceUid: uid, urlDisplayLabel: label })),
              ),
            }
          : {}),
      },
    }),
    ...metricsSources(environment),
    ...source("loki", {
      jsonData: {
        httpHeaderName1: "X-Scope-OrgID",
        maxLines: 1000,
        ...(has("tempo")
          ? {
              derivedFields: tempoUids(environment).map(({ uid, label }) => ({
                name: label,
                datasourceUid: uid,
                matcherType: "label",
                matcherRegex: "trace_id",
                url: literal("${__value.raw}"),
                urlDisplayLabel: label,
              })),
            }
          : {}),
      },
      secureJsonData: { httpHeaderValue1: tenant },
    }),
    ...tempoSources(environment, {
      // A Tempo of somebody else's may take gRPC on another port than HTTP: searches there come in one answer.
      ...(isDeployed(environment, "tempo") ? { streamingEnabled: { search: true } } : {}),
      ...tempoLinks(has),
    }),
    ...source("alertmanager", {
      jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
    }),
  ];
  // A data source that is gone from this file would stay in Grafana's database otherwise.
  const gone = systemUids.filter((uid) => !has(uid));
  return {
    apiVersion: 1,
    prune: true,
    ...(gone.length > 0 ? { deleteDatasources: gone.map((uid) => ({ name: known[uid].name, orgId: 1 })) } : {}),
    datasources: all.map((each) => ({ ...each, access: "proxy", editable: false, orgId: 1 })),
  };
}

/** The data sources of traces: `tempo` has all of them, the other those that sampling chose, for longer. */
const tempoUids = (environment: Environment) =>
  traceTiers(environment).length > 1
    ? [
        { uid: "tempo", label: "Trace", tier: "full" as const },
        { uid: "tempo-sampled", label: "Trace (sampled)", tier: "sampled" as const },
      ]
    : [{ uid: "tempo", label: "Trace", tier: "full" as const }];

function tempoSources(environment: Environment, jsonData: object): DataSource[] {
  const url = urlOf(environment, "tempo");
  if (url === undefined) return [];
  return tempoUids(environment).map(({ uid, tier }): DataSource => {
    const [header] = Object.entries(tenantHeader(environment, tier));
    return {
      uid,
      url,
      ...shown("tempo"),
      ...(uid === "tempo" ? {} : { name: `${known.tempo.name}, sampled` }),
      jsonData: { ...jsonData, ...(header === undefined ? {} : { httpHeaderName1: header[0] }) },
      ...(header === undefined ? {} : { secureJsonData: { httpHeaderValue1: header[1] } }),
    };
  });
}

/**
 * The stores of metrics: each tier, under its own name, and the history of alerts, under one name wherever it is. A
 * tier's samples are as far apart as its resolution says: Grafana has to know, or `$__rate_interval` holds one sample.
 */
function metricsSources(environment: Environment): DataSource[] {
  const { scrapeInterval } = environment;
  const tiers = metricsTiers(environment);
  const of = (uid: string, name: string, url: string, interval = scrapeInterval): DataSource => ({
    uid,
    url,
    name,
    type: known.victoriametrics.type,
    jsonData: { timeInterval: interval.toString(), httpMethod: "POST", prometheusType: "Prometheus" },
  });
  const history = alertHistory(environment);
  return [
    ...[...tiers].reverse().map((tier) => {
      const name = [known.victoriametrics.name, ...(tiers.length === 1 ? [] : [tier.name, tier.keep.toString()])].join(
        ", ",
      );
      return of(storeName(tier), name, tier.url, tier.resolution);
    }),
    ...(history === undefined ? [] : [of("alert-history", known["alert-history"].name, history.url)]),
  ];
}

function tempoLinks(has: (system: SystemUid) => boolean): object {
  const tags = [
    { key: "service.name", value: "service_name" },
    { key: "k8s.namespace.name", value: "k8s_namespace_name" },
  ];
  return {
    nodeGraph: { enabled: true },
    ...(has("loki")
      ? {
          tracesToLogsV2: {
            datasourceUid: "loki",
            spanStartTimeShift: "-5m",
            spanEndTimeShift: "5m",
            tags,
            customQuery: true,
            // Logs of the span's service that carry its trace id, in the line or in structured metadata.
            query: literal('{${__tags}} | trace_id="${__trace.traceId}"'),
          },
        }
      : {}),
    ...(has("prometheus")
      ? {
          serviceMap: { datasourceUid: "prometheus" },
          tracesToMetrics: {
            datasourceUid: "prometheus",
            spanStartTimeShift: "-30m",
            spanEndTimeShift: "30m",
            tags: [{ key: "service.name", value: "service" }],
            queries: [
              {
                name: "Request rate",
                query: literal("sum by (span_name) (rate(traces_spanmetrics_calls_total{$__tags}[$__rate_interval]))"),
              },
              {
                name: "Latency p95",
                query: literal(
                  "histogram_quantile(0.95, sum by (le) (rate(traces_spanmetrics_latency_bucket{$__tags}[$__rate_interval])))",
                ),
              },
            ],
          },
        }
      : {}),
  };
}

/** Where Grafana finds dashboards: ours by folder, those of other teams as the sidecar lays them down. */
export function dashboardProviders(): object {
  const provider = (name: string, path: string) => ({
    name,
    type: "file",
    orgId: 1,
    // What stands in files is changed in files; a copy may be edited in a sandbox folder.
    allowUiUpdates: false,
    disableDeletion: true,
    updateIntervalSeconds: 30,
    options: { path, foldersFromFilesStructure: true },
  });
  return {
    apiVersion: 1,
    providers: [provider("observability", dashboardsPath), provider("teams", teamDashboardsPath)],
  };
}

export const dashboardsPath = "/etc/grafana/dashboards";
export const teamDashboardsPath = "/var/lib/grafana/team-dashboards";
