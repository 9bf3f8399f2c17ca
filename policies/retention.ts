import { parseAllDocuments } from "yaml";
import { Duration } from "../environment";
import type { Finding, PolicyEnvironment, Resource, StackPolicy } from "./policy";
import { containersOf, labelsOf, ofKind, podOf } from "./resources";

const systemLabel = "app.kubernetes.io/name";
const componentLabel = "app.kubernetes.io/component";

interface Keeper {
  readonly system: string;
  readonly what: string;
  /** The last keys of the path in a YAML file. */
  readonly key: string;
  /** The least, by profile; `local` may keep nothing. */
  readonly least: Readonly<Record<Exclude<PolicyEnvironment["profile"], "local">, string>>;
  /** The least of a shorter tier, where another keeps `least`. @default none is shorter */
  readonly tier?: string;
}

/**
 * The least that an environment keeps, from the requirements: H2 raw logs for 7 d, 30 d where they are aggregated; H3 full traces for 24 h, sampled ones for 7 d.
 */
const keepers: readonly Keeper[] = [
  {
    system: "prometheus",
    what: "recent metrics",
    key: "storage.tsdb.retention.time",
    least: { dev: "24h", prod: "24h" },
  },
  {
    system: "loki",
    what: "logs",
    key: "limits_config.retention_period",
    least: { dev: "7d", prod: "30d" },
  },
  { system: "tempo", what: "traces", key: "block_retention", least: { dev: "24h", prod: "7d" }, tier: "24h" },
];

/** H1: how long samples so far apart are kept at least; a store that is finer counts for the coarser levels too. */
const metricsLevels: readonly { readonly resolution: string; readonly least: string; readonly profiles: string[] }[] = [
  { resolution: "15s", least: "24h", profiles: ["dev", "prod"] },
  { resolution: "1m", least: "7d", profiles: ["dev", "prod"] },
  { resolution: "5m", least: "30d", profiles: ["prod"] },
];
/** H4 */
const alertHistoryLeast = "90d";

export const retentionLongEnough: StackPolicy = {
  kind: "stack",
  name: "retention-long-enough",
  reason: "A retention set too short deletes history that no backup brings back.",
  fix: "raise observability:retention to the least that the message states",
  severity: "mandatory",
  check(resources, { profile }) {
    if (profile === "local") return [];
    return [
      ...keepers.flatMap((keeper) => judge(keeper, resources, keeper.least[profile])),
      ...judgeMetrics(resources, profile),
    ];
  },
};

function judge(keeper: Keeper, resources: readonly Resource[], least: string): Finding[] {
  const { system, what, key } = keeper;
  const own = resources.filter((resource) => labelsOf(resource)[systemLabel] === system);
  const [server] = own.filter((resource) => podOf(resource) !== undefined);
  if (server === undefined) return [];
  const said = settings(own, key);
  const finding = (resource: Resource, problem: string) => ({ resource, subject: key, problem });
  if (said.length === 0) return [finding(server, `does not say how long it keeps ${what} (${key}): at least ${least}`)];
  const enough = Duration.parse(least).seconds;
  const tiers = keeper.tier !== undefined && said.some(({ text }) => (secondsOf(text) ?? 0) >= enough);
  const needed = tiers ? (keeper.tier ?? least) : least;
  return said.flatMap(({ resource, text }) => {
    const kept = secondsOf(text);
    if (kept === undefined) return [finding(resource, `keeps ${what} for "${text}", which is no duration`)];
    const short = kept < Duration.parse(needed).seconds;
    return short ? [finding(resource, `keeps ${what} for ${text}; at least ${needed}`)] : [];
  });
}

/** A store of metrics, as its workload's flags describe it; durations in seconds. */
interface Store {
  readonly resource: Resource;
  readonly kept: number;
  readonly text: string;
  /** Undefined when every sample is kept. */
  readonly interval: number | undefined;
}

/**
 * Flags of the programs that pass everything on and keep nothing: vminsert and vmselect name their storage nodes, vmauth a
 * file with its backends. The programs that keep something know none of these flags, and would not start with them.
 */
const passingOn = ["storageNode", "auth.config"];

/** Each level needs a store that is fine enough and keeps long enough; the history of alerts is judged alone. */
function judgeMetrics(resources: readonly Resource[], profile: string): Finding[] {
  const subject = "retentionPeriod";
  const findings: Finding[] = [];
  const own = resources.filter(
    (resource) => labelsOf(resource)[systemLabel] === "victoriametrics" && podOf(resource) !== undefined,
  );
  const stores = own
    .filter((resource) => passingOn.every((flag) => flags([resource], flag).length === 0))
    .flatMap((resource): Store[] => {
      const finding = (problem: string) => findings.push({ resource, subject, problem });
      const said = flags([resource], subject);
      if (said.length === 0) finding(`does not say how long it keeps metrics (${subject})`);
      const intervals = flags([resource], "dedup.minScrapeInterval").map(({ text }) => secondsOf(text) ?? 0);
      const read = said.map(({ text }) => ({ text, kept: secondsOf(text) }));
      read
        .filter(({ kept }) => kept === undefined)
        .forEach(({ text }) => finding(`keeps metrics for "${text}", which is no duration`));
      const [shortest] = read
        .flatMap(({ text, kept }) => (kept === undefined ? [] : [{ text, kept }]))
        .sort((one, other) => one.kept - other.kept);
      return shortest === undefined ? [] : [{ resource, ...shortest, interval: intervals[0] }];
    });
  const alerts = stores.filter(({ resource }) => labelsOf(resource)[componentLabel] === "alerts");
  const short = alerts.filter(({ kept }) => kept < Duration.parse(alertHistoryLeast).seconds);
  findings.push(
    ...short.map(({ resource, text }) => ({
      resource,
      subject,
      problem: `keeps the history of alerts for ${text}; at least ${alertHistoryLeast}`,
    })),
  );
  const tiers = stores
    .filter((store) => !alerts.includes(store))
    .sort((one, other) => other.kept - one.kept || (other.interval ?? 0) - (one.interval ?? 0));
  // Where no store can be judged and nothing was found, there is none: only what stands in front of one.
  const about = tiers[0]?.resource ?? (findings.length === 0 ? own[0] : undefined);
  if (about === undefined) return findings;
  const missed = metricsLevels
    .filter(({ profiles }) => profiles.includes(profile))
    .flatMap(({ resolution, least }): Finding[] => {
      const fine = tiers.find(({ interval = 0 }) => interval <= Duration.parse(resolution).seconds);
      if (fine !== undefined && fine.kept >= Duration.parse(least).seconds) return [];
      const text = fine === undefined ? "does not keep metrics" : `keeps metrics for ${fine.text}`;
      const problem = `${text} at ${resolution} or finer; at least ${least}`;
      return [{ resource: fine?.resource ?? about, subject, problem }];
    });
  return [...findings, ...missed];
}

interface Said {
  readonly resource: Resource;
  readonly text: string;
}

function flags(resources: readonly Resource[], key: string): Said[] {
  return resources.flatMap((resource) => {
    const pod = podOf(resource);
    const args = pod === undefined ? [] : containersOf(pod).flatMap((container) => container.args ?? []);
    return args.flatMap((arg) => {
      const [, name, text = ""] = /^--?([^=]+)=(.*)$/.exec(arg) ?? [];
      return name === key ? [{ resource, text }] : [];
    });
  });
}

function settings(resources: readonly Resource[], key: string): Said[] {
  return ofKind(resources, "ConfigMap").flatMap((resource) =>
    Object.entries((resource.inputs["data"] ?? {}) as Record<string, string>)
      .filter(([file, content]) => /\.ya?ml$/.test(file) && key.split(".").every((part) => content.includes(part)))
      .flatMap(([, content]) => parseAllDocuments(content).flatMap((document) => leaves(document.toJS(), "")))
      .filter(([path]) => path === key || path.endsWith(`.${key}`))
      .map(([, value]) => ({ resource, text: String(value) })),
  );
}

function leaves(value: unknown, path: string): (readonly [path: string, value: unknown])[] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
}

/** @returns undefined for what is no duration. A bare number is VictoriaMetrics' count of months, of 31 days each. */
function secondsOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) * 31 * 86_400;
  try {
    return Duration.parse(text).seconds;
  } catch {
    return undefined;
  }
}
