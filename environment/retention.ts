import { isDeployed, serviceHost, httpPort, urlOf } from "./addresses";
import type { Environment } from "./schema";
import { Duration } from "./units";

/**
 * What follows from `retention`: which store holds what, at which resolution, for how long. Server configurations, data
 * sources, bucket lifecycles, policies and the review read these functions, so that none of them can disagree.
 */

/** A store of metrics: one VictoriaMetrics with a retention and a resolution of its own. */
export interface MetricsStore {
  /** `raw`, `1m`, `5m`, `alerts`: unique, and part of the workload's name. */
  readonly name: string;
  /** One sample of each such interval is kept; undefined: every sample, as it was scraped. */
  readonly resolution: Duration | undefined;
  readonly keep: Duration;
  /** `alerts`: nothing but the history of alerts. */
  readonly holds: "metrics" | "alerts";
  /** The component of the workload, and the name of the data source behind `victoriametrics`. */
  readonly component: string;
  /** Base URL of its API. */
  readonly url: string;
}

/** Name of the store of the alert history. */
export const alertStore = "alerts";

/** The name of a tier: its resolution, `raw` for one that keeps every sample. */
export const tierName = (resolution: Duration | undefined): string => resolution?.toString() ?? "raw";

/**
 * The tiers of metrics, the finest first, the longest last. A VictoriaMetrics that exists is one tier, whose resolution
 * is its own business. Empty when the environment has none.
 *
 * The longest tier is the workload `victoriametrics` itself, the others have their name behind it: an environment that
 * goes from one tier to several keeps the volume with its history.
 */
export function metricsTiers(environment: Environment): readonly MetricsStore[] {
  const url = urlOf(environment, "victoriametrics");
  if (url === undefined) return [];
  const { metrics } = environment.retention;
  const stored = isDeployed(environment, "victoriametrics") ? metrics : metrics.slice(-1);
  return stored.map(({ resolution, keep }, index): MetricsStore => {
    const name = tierName(resolution);
    const last = index === stored.length - 1;
    return {
      name,
      resolution,
      keep,
      holds: "metrics",
      component: last ? "server" : name,
      url: last ? url : storeUrl(environment, name),
    };
  });
}

/** Every store that metrics are written to: the tiers, and the history of alerts where it has one of its own. */
export function metricsStores(environment: Environment): readonly MetricsStore[] {
  const tiers = metricsTiers(environment);
  const { alerts: keep } = environment.retention;
  if (!isDeployed(environment, "victoriametrics") || !environment.stages.includes("alerts")) return tiers;
  // A coarse tier keeps one sample of five minutes: an alert that fired for two could have left nothing there.
  if (tiers.some((tier) => tier.resolution === undefined && tier.keep.seconds >= keep.seconds)) return tiers;
  const history = { name: alertStore, resolution: undefined, keep, component: alertStore } as const;
  return [...tiers, { ...history, holds: "alerts", url: storeUrl(environment, alertStore) }];
}

const storeUrl = (environment: Environment, name: string) =>
  `http://${serviceHost(environment, `victoriametrics-${name}`)}:${httpPort.victoriametrics}`;

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

/** How long metrics live, at whatever resolution. */
export function metricsKept({ retention }: Pick<Environment, "retention">): Duration {
  return longest(retention.metrics.map(({ keep }) => keep));
}

/** Tempo's name for the tenant of a server without tenants. */
export const onlyTenant = "single-tenant";

/** Where traces live: a tenant of Tempo with a block retention of its own. */
export interface TraceTier {
  /** `traces` when there is one tier only. */
  readonly name: "traces" | "full" | "sampled";
  readonly tenant: string;
  readonly keep: Duration;
}

/**
 * The tiers of traces, the shortest first. The long one is the tenant of a Tempo without tenants: an environment that
 * goes from one tier to two still finds its older traces there.
 */
export function traceTiers(environment: Environment): readonly TraceTier[] {
  const { full, sampled, keep = sampled } = environment.retention.traces;
  // One that exists is one tier: what its tenants keep is its own business.
  if (full !== undefined && sampled !== undefined && environment.systems.tempo.existingUrl === undefined) {
    return [
      { name: "full", tenant: "full", keep: full },
      { name: "sampled", tenant: onlyTenant, keep: sampled },
    ];
  }
  // The rules of the environment refuse what has neither form.
  return keep === undefined ? [] : [{ name: "traces", tenant: onlyTenant, keep }];
}

/**
 * The header by which Tempo tells tenants apart, as every sender and reader of a tier has to carry it; empty where there
 * is one tier.
 */
export function tenantHeader(environment: Environment, tier: "full" | "sampled"): Readonly<Record<string, string>> {
  const found = traceTiers(environment).find(({ name }) => name === tier);
  return found === undefined ? {} : { "X-Scope-OrgID": found.tenant };
}

/** The longest that any line of logs lives. */
export function logsKept({ retention }: Pick<Environment, "retention">): Duration {
  return longest([retention.logs.keep, ...retention.logs.streams.map(({ keep }) => keep)]);
}

/** The longest span of time that one log query may cover (H2: 721 h), never more than there is. */
export function queryLength(environment: Pick<Environment, "retention">): Duration {
  const kept = logsKept(environment);
  return environment.retention.maxQueryLength ?? Duration.seconds(Math.min(longestQuery.seconds, kept.seconds));
}
const longestQuery = Duration.parse("721h");

/** Whom Prometheus writes every sample to: the one store itself, or vmagent, which passes them on to several. */
export function metricsWriter(environment: Environment): "vmagent" | "victoriametrics" {
  return isDeployed(environment, "vmagent") ? "vmagent" : "victoriametrics";
}

const longest = (all: readonly Duration[]) => Duration.seconds(Math.max(...all.map(({ seconds }) => seconds)));

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

/** History that goes when one description takes the place of another. */
export interface LostHistory {
  /** As {@link keepings} calls it. */
  readonly name: string;
  readonly before: Duration;
  /** How long what is as good is kept from now on; undefined: not at all. */
  readonly after: Duration | undefined;
  /** What stays of it in a coarser form, in words; empty: nothing. */
  readonly remains: string;
}

/**
 * What a change of retention deletes for good, by the names of {@link keepings}. A tier of metrics is as good as another
 * that is as fine; a stream of logs without a period of its own gets that of all.
 */
export function historyLost(
  before: Readonly<Record<string, Duration>>,
  after: Readonly<Record<string, Duration>>,
): LostHistory[] {
  return Object.entries(before).flatMap(([name, kept]): LostHistory[] => {
    const now = replacementOf(name, after);
    if (now !== undefined && now.seconds >= kept.seconds) return [];
    const own = resolutionOf(name);
    const coarser = Object.entries(after).filter(([other, keep]) => {
      const resolution = resolutionOf(other);
      return own !== undefined && resolution !== undefined && resolution > own && keep.seconds > (now?.seconds ?? 0);
    });
    const remains = coarser.map(
      ([other, keep]) => `one sample each ${other.split(" ")[1] ?? ""} for ${keep.toString()}`,
    );
    return [{ name, before: kept, after: now, remains: remains.join(", ") }];
  });
}

function replacementOf(name: string, after: Readonly<Record<string, Duration>>): Duration | undefined {
  const own = resolutionOf(name);
  if (own !== undefined) {
    const asFine = Object.entries(after).flatMap(([other, keep]) =>
      (resolutionOf(other) ?? Infinity) <= own ? keep : [],
    );
    return asFine.length === 0 ? undefined : longest(asFine);
  }
  // One tier of traces and the sampled one of two are the same tenant.
  if (name === "traces") return after["traces"] ?? after["traces sampled"];
  if (name === "traces sampled") return after["traces sampled"] ?? after["traces"];
  return after[name] ?? (name.startsWith("logs ") ? after["logs"] : undefined);
}

/** Seconds between samples of a tier by its name; 0 for every sample; undefined for what is no tier of metrics. */
function resolutionOf(name: string): number | undefined {
  const [signal, tier = "raw"] = name.split(" ");
  if (signal !== "metrics") return undefined;
  return tier === "raw" ? 0 : Duration.parse(tier).seconds;
}

/**
 * Short forms in their long ones, before defaults are laid below: `metrics: 90d` is one tier, `logs: 7d` the same for
 * every stream, `traces: 336h` one tier. What is neither stays for the schema to refuse.
 */
export function longForms(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { retention } = values;
  if (typeof retention !== "object" || retention === null || Array.isArray(retention)) return { ...values };
  const given = retention as Readonly<Record<string, unknown>>;
  const long = { ...given };
  if (isScalar(given["metrics"])) long["metrics"] = [{ keep: given["metrics"] }];
  if (isScalar(given["logs"])) long["logs"] = { keep: given["logs"] };
  if (isScalar(given["traces"])) long["traces"] = { keep: given["traces"], full: null, sampled: null };
  else if (typeof given["traces"] === "object" && given["traces"] !== null && !Array.isArray(given["traces"])) {
    // One form replaces the other; keys of both together are a fault.
    const traces = given["traces"];
    if (!("keep" in traces)) long["traces"] = { ...traces, keep: null };
    else if (!("full" in traces || "sampled" in traces)) long["traces"] = { ...traces, full: null, sampled: null };
  }
  return { ...values, retention: long };
}

const isScalar = (value: unknown) => typeof value === "string" || typeof value === "number";
