import { isDeployed, portOf, serviceHost, urlOf } from "./addresses";
import { keptMetrics, metricsKept, tierName, traceTiers, type KeptMetrics } from "./retention";
import type { Environment } from "./schema";
import type { Duration } from "./units";

/** Where that lies which `retention` speaks of. */

/** A store of metrics: one VictoriaMetrics with a retention and a resolution of its own. */
export interface MetricsStore extends KeptMetrics {
  /** The component of the workload, and the name of the data source behind `victoriametrics`. */
  readonly component: string;
  /** Base URL of its API. */
  readonly url: string;
}

/**
 * The tiers of metrics, the finest first, the longest last. A VictoriaMetrics that exists is one tier, whose resolution
 * is its own business. Empty when the environment has none.
 *
 * The longest tier is the workload `victoriametrics` itself, the others have their name behind it: an environment that
 * goes from one tier to several keeps the volume with its history.
 */
export const metricsTiers = (environment: Environment): readonly MetricsStore[] =>
  metricsStores(environment).filter(({ holds }) => holds === "metrics");

/** Every store that metrics are written to: the tiers, and the history of alerts where it has one of its own. */
export function metricsStores(environment: Environment): readonly MetricsStore[] {
  const url = urlOf(environment, "victoriametrics");
  if (url === undefined) return [];
  const all = keptMetrics(environment);
  const tiers = all.filter(({ holds }) => holds === "metrics");
  const longest = tiers[tiers.length - 1];
  const stored = isDeployed(environment, "victoriametrics") ? all : tiers.slice(-1);
  return stored.map((kept): MetricsStore => {
    const [component, own] = kept === longest ? ["server", url] : [kept.name, storeUrl(environment, kept.name)];
    return { ...kept, component, url: own };
  });
}

const storeUrl = (environment: Environment, name: string) =>
  `http://${serviceHost(environment, `victoriametrics-${name}`)}:${portOf(environment, "victoriametrics")}`;

/** Name of a store as a workload and as a data source: `victoriametrics`, `victoriametrics-1m`. */
export const storeName = ({ component }: Pick<MetricsStore, "component">): string =>
  component === "server" ? "victoriametrics" : `victoriametrics-${component}`;

/** The store to ask for the history of alerts; undefined when metrics are not kept. */
export function alertHistory(environment: Environment): MetricsStore | undefined {
  const stores = metricsStores(environment);
  return stores.find(({ holds }) => holds === "alerts") ?? stores.find(({ resolution }) => resolution === undefined);
}

/**
 * How long lines can be counted, by namespace, service and level, though they are gone: Loki's ruler writes its counts to
 * the metrics. Undefined where there is no Loki of ours, or nothing that keeps metrics.
 */
export function logCountsKept(environment: Environment): Duration | undefined {
  const stored = isDeployed(environment, "loki") && urlOf(environment, "victoriametrics") !== undefined;
  return stored ? metricsKept(environment) : undefined;
}

/** Whom Prometheus writes every sample to: the one store itself, or vmagent, which passes them on to several. */
export function metricsWriter(environment: Environment): "vmagent" | "victoriametrics" {
  return isDeployed(environment, "vmagent") ? "vmagent" : "victoriametrics";
}

/** Everything that is kept, by what it is called: `metrics 1m`, `logs`, `traces full`; the names stay the same for good. */
export function keepings(environment: Environment): Readonly<Record<string, Duration>> {
  const { retention } = environment;
  const tiers = retention.metrics.map(({ resolution, keep }) => {
    const alone = retention.metrics.length === 1 && resolution === undefined;
    return [alone ? "metrics" : `metrics ${tierName(resolution)}`, keep] as const;
  });
  const counts = logCountsKept(environment);
  return {
    prometheus: retention.prometheus,
    ...Object.fromEntries(tiers),
    alerts: retention.alerts,
    logs: retention.logs.keep,
    ...Object.fromEntries(retention.logs.streams.map(({ selector, keep }) => [`logs ${selector}`, keep])),
    ...(counts === undefined ? {} : { "log counts": counts }),
    ...Object.fromEntries(
      traceTiers(environment).map(({ name, keep }) => [name === "traces" ? name : `traces ${name}`, keep]),
    ),
  };
}
