import { parseAllDocuments } from "yaml";
import { Duration } from "../environment";
import type { Finding, PolicyEnvironment, Resource, StackPolicy } from "./policy";
import { containersOf, labelsOf, ofKind, podOf } from "./resources";

const systemLabel = "app.kubernetes.io/name";

interface Keeper {
  readonly system: string;
  readonly what: string;
  /** Where the server's own configuration says it. */
  readonly where: "flag" | "file";
  /** The flag, or the last keys of the path in a YAML file. */
  readonly key: string;
  /** The least, by profile; `local` may keep nothing. */
  readonly least: Readonly<Record<Exclude<PolicyEnvironment["profile"], "local">, string>>;
}

/**
 * The least that an environment keeps, from the requirements: H1 metrics at 15 s for 24 h, at 1 min for 7 d, at 5 min for
 * 30 d; H2 raw logs for 7 d, 30 d where they are aggregated; H3 full traces for 24 h, sampled ones for 7 d.
 */
const keepers: readonly Keeper[] = [
  {
    system: "prometheus",
    what: "recent metrics",
    where: "file",
    key: "storage.tsdb.retention.time",
    least: { dev: "24h", prod: "24h" },
  },
  {
    system: "victoriametrics",
    what: "metrics",
    where: "flag",
    key: "retentionPeriod",
    least: { dev: "7d", prod: "30d" },
  },
  {
    system: "loki",
    what: "logs",
    where: "file",
    key: "limits_config.retention_period",
    least: { dev: "7d", prod: "30d" },
  },
  { system: "tempo", what: "traces", where: "file", key: "block_retention", least: { dev: "24h", prod: "7d" } },
];

export const retentionLongEnough: StackPolicy = {
  kind: "stack",
  name: "retention-long-enough",
  reason: "A retention set too short deletes history that no backup brings back.",
  fix: "raise observability:retention to the least that the message states",
  severity: "mandatory",
  check(resources, { profile }) {
    if (profile === "local") return [];
    return keepers.flatMap((keeper) => judge(keeper, resources, keeper.least[profile]));
  },
};

function judge(keeper: Keeper, resources: readonly Resource[], least: string): Finding[] {
  const { system, what, where, key } = keeper;
  const own = resources.filter((resource) => labelsOf(resource)[systemLabel] === system);
  const [server] = own.filter((resource) => podOf(resource) !== undefined);
  if (server === undefined) return [];
  const said = where === "flag" ? flags(own, key) : settings(own, key);
  const finding = (resource: Resource, problem: string) => ({ resource, subject: key, problem });
  if (said.length === 0) return [finding(server, `does not say how long it keeps ${what} (${key}): at least ${least}`)];
  return said.flatMap(({ resource, text }) => {
    const kept = secondsOf(text);
    if (kept === undefined) return [finding(resource, `keeps ${what} for "${text}", which is no duration`)];
    const short = kept < Duration.parse(least).seconds;
    return short ? [finding(resource, `keeps ${what} for ${text}; at least ${least}`)] : [];
  });
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
