import { longWindowsFile } from "../../alerts";
import { explorePath } from "../../dashboards/language";
import {
  burnWindowLengths,
  deepMerge,
  Duration,
  grafanaUrl,
  metricsKept,
  metricsTiers,
  metricsWriter,
  replicaUrls,
  urlOf,
  writeUrls,
  type Environment,
  type MetricsStore,
  type SystemName,
} from "../../environment";
import { httpPort } from "./settings";

/** Whether the long-term store has rules to evaluate: across shards, or further back than Prometheus keeps. */
export function evaluatesOnStore(environment: Environment): boolean {
  const { retention, stages, systems } = environment;
  if (urlOf(environment, "victoriametrics") === undefined) return false;
  if (systems.prometheus.shards > 1) return true;
  const kept = metricsKept(environment);
  const lengths = burnWindowLengths.map((text) => Duration.parse(text).seconds);
  const beyond = lengths.some((seconds) => seconds > retention.prometheus.seconds && seconds <= kept.seconds);
  return stages.includes("alerts") && beyond;
}

/** Where the rule files lie in the container. */
export const rulesPath = "/etc/vmalert/rules";

/**
 * What stands behind an alert's link to its source: Grafana's Explore with the expression on the long-term store. The
 * address is encoded but for the expression, which vmalert puts in for each rule.
 */
const explore = explorePath("victoriametrics", "{{.Expr|jsonEscape|queryEscape}}", "now-3d");

/**
 * Who takes what is recorded. It can have one address only: of several stores that are written to one by one, it is
 * Prometheus, which writes to each.
 */
export function recordsTo(environment: Environment): { readonly system: SystemName; readonly url: string | undefined } {
  const system = metricsWriter(environment);
  const [url, ...others] = writeUrls(environment, system);
  const [prometheus] = writeUrls(environment, "prometheus");
  return others.length > 0 && prometheus !== undefined ? { system: "prometheus", url: prometheus } : { system, url };
}

/** A vmalert: what it is called, and the store that it asks. */
export interface Evaluator {
  readonly component: "server" | "long";
  readonly store: MetricsStore;
}

/**
 * The vmalerts of an environment. Long windows need the longest tier: the finer ones forget before they are over. What
 * looks across shards needs the finest: a rate over five minutes sees nothing in a sample each five. One vmalert asks
 * one store, so with both there are two.
 */
export function evaluators(environment: Environment, rules: readonly string[]): readonly Evaluator[] {
  const tiers = metricsTiers(environment);
  const [finest, longest] = [tiers[0], tiers.at(-1)];
  if (finest === undefined || longest === undefined) return [];
  const sharded = environment.systems.prometheus.shards > 1;
  if (!sharded || finest === longest) return [{ component: "server", store: longest }];
  const long: Evaluator[] = rules.includes(longWindowsFile) ? [{ component: "long", store: longest }] : [];
  return [{ component: "server", store: finest }, ...long];
}

/** vmalert's configuration is its flags: it reads and writes the long-term metrics, and keeps nothing itself. */
export function vmalertFlags(environment: Environment, store: MetricsStore): Record<string, unknown> {
  const { cluster, scrapeInterval, systems } = environment;
  const grafana = grafanaUrl(environment) ?? urlOf(environment, "grafana");
  const alertmanagers = replicaUrls(environment, "alertmanager");
  const base = {
    httpListenAddr: `:${httpPort}`,
    rule: `${rulesPath}/*.yaml`,
    configCheckInterval: "10s",
    evaluationInterval: scrapeInterval.toGo(),
    "datasource.url": store.url,
    // A tier's last sample is up to its resolution old, and vmalert asks for half a minute ago: five minutes would miss it.
    ...(store.resolution === undefined
      ? {}
      : { "datasource.queryStep": Duration.seconds(store.resolution.seconds * 2).toGo() }),
    // Records go wherever metrics go, and so does since when each alert is pending: a restart reads that again.
    "remoteWrite.url": recordsTo(environment).url,
    "remoteRead.url": store.url,
    ...(alertmanagers.length > 0 ? { "notifier.url": alertmanagers } : { "notifier.blackhole": true }),
    "external.label": `cluster=${cluster}`,
    ...(grafana === undefined
      ? { "external.url": urlOf(environment, "vmalert") }
      : { "external.url": grafana, "external.alert.source": explore }),
    // The levels of an alert lie in several groups: their labels must agree, or a silence would miss some.
    disableAlertgroupLabel: true,
    loggerFormat: "json",
    "metrics.exposeMetadata": true,
    "http.shutdownDelay": "3s",
  };
  const own = (systems.vmalert.config as { flags?: object }).flags ?? {};
  return deepMerge(base, own);
}
