import type { Environment } from "./schema";
import { Duration } from "./units";

/**
 * What `retention` says, whoever keeps it: which resolution is kept for how long. Where it lies stands in stores.ts. Server
 * configurations, data sources, bucket lifecycles, policies and the review read these functions, so that none of them can
 * disagree.
 */

/** What a store of metrics holds, of which there is one for each resolution. */
export interface KeptMetrics {
  /** `raw`, `1m`, `5m`, `alerts`: unique, and part of the workload's name. */
  readonly name: string;
  /** One sample of each such interval is kept; undefined: every sample, as it was scraped. */
  readonly resolution: Duration | undefined;
  readonly keep: Duration;
  /** `alerts`: nothing but the history of alerts. */
  readonly holds: "metrics" | "alerts";
}

/** Name of the store of the alert history. */
const alertStore = "alerts";

/** The name of a tier: its resolution, `raw` for one that keeps every sample. */
export const tierName = (resolution: Duration | undefined): string => resolution?.toString() ?? "raw";

/** The tiers of metrics, the finest first, the longest last, and the history of alerts where it needs a store of its own. */
export function keptMetrics({ retention, stages }: Pick<Environment, "retention" | "stages">): readonly KeptMetrics[] {
  const tiers = retention.metrics.map(({ resolution, keep }): KeptMetrics => ({
    name: tierName(resolution),
    resolution,
    keep,
    holds: "metrics",
  }));
  const keep = retention.alerts;
  // A coarse tier keeps one sample of five minutes: an alert that fired for two could have left nothing there.
  const held = tiers.some((tier) => tier.resolution === undefined && tier.keep.seconds >= keep.seconds);
  const history = { name: alertStore, resolution: undefined, keep, holds: "alerts" } as const;
  return held || !stages.includes("alerts") ? tiers : [...tiers, history];
}

/** How long metrics live, at whatever resolution. */
export function metricsKept({ retention }: Pick<Environment, "retention">): Duration {
  return longest(retention.metrics.map(({ keep }) => keep));
}

/** The long windows of burn-rate alerts: what a rule looks back on. */
export const burnWindowLengths = ["1h", "6h", "1d", "3d"] as const;

/** Tempo's name for the tenant of a server without tenants. */
const onlyTenant = "single-tenant";

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

const longest = (all: readonly Duration[]) => Duration.seconds(Math.max(...all.map(({ seconds }) => seconds)));

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
