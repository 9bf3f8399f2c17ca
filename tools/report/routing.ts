import { parse } from "yaml";
import { Duration } from "../../environment";

/** Alertmanager's routing, as its configuration describes it: who is told of an alert. */

type Json = Readonly<Record<string, unknown>>;
export type Labels = Readonly<Record<string, string>>;

export interface Route {
  /** As written: `severity="critical"`. Empty on the root, which takes everything. */
  readonly matchers: readonly string[];
  readonly receiver: string;
  readonly continues: boolean;
  /** Seconds until the first message, between later ones of a group, and between repetitions. */
  readonly wait: string;
  readonly interval: string;
  readonly repeat: string;
  readonly groupBy: readonly string[];
  /** Names of the times when it is silent, or alone active. */
  readonly times: readonly string[];
  readonly routes: readonly Route[];
}

export interface Receiver {
  readonly name: string;
  /** `webhook`, `slack`, …; none tells nobody. */
  readonly channels: readonly string[];
  /** Everything about it, as YAML, to compare. */
  readonly text: string;
}

export interface Inhibition {
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly equal: readonly string[];
}

export interface Alertmanager {
  readonly root: Route;
  readonly receivers: readonly Receiver[];
  readonly inhibitions: readonly Inhibition[];
}

const record = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const strings = (value: unknown) => list(value).map(String);
const text = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);

/** Alertmanager's own defaults, from its documentation (`route`). */
const defaults = { wait: "30s", interval: "5m", repeat: "4h" };

/** @returns undefined where the text is no configuration of Alertmanager */
export function readAlertmanager(source: string): Alertmanager | undefined {
  const config = record(parse(source));
  if (typeof config["route"] !== "object" || config["route"] === null) return undefined;
  const above = { ...defaults, receiver: "", groupBy: [] as string[] };
  return {
    root: readRoute(record(config["route"]), above),
    receivers: list(config["receivers"]).map((each) => readReceiver(record(each))),
    inhibitions: list(config["inhibit_rules"]).map((each) => {
      const rule = record(each);
      return {
        source: matchersOf(rule, "source_"),
        target: matchersOf(rule, "target_"),
        equal: strings(rule["equal"]),
      };
    }),
  };
}

function readReceiver(json: Json): Receiver {
  const channels = Object.entries(json).flatMap(([key, value]) =>
    key.endsWith("_configs") ? list(value).map(() => key.replace(/_configs$/, "")) : [],
  );
  return { name: text(json["name"], ""), channels, text: JSON.stringify(json) };
}

type Inherited = { wait: string; interval: string; repeat: string; receiver: string; groupBy: readonly string[] };

/** What a route doesn't say it has from the one above. */
function readRoute(json: Json, above: Inherited): Route {
  const own: Inherited = {
    receiver: text(json["receiver"], above.receiver),
    wait: text(json["group_wait"], above.wait),
    interval: text(json["group_interval"], above.interval),
    repeat: text(json["repeat_interval"], above.repeat),
    groupBy: Array.isArray(json["group_by"]) ? strings(json["group_by"]) : above.groupBy,
  };
  return {
    ...own,
    matchers: matchersOf(json, ""),
    continues: json["continue"] === true,
    times: [
      ...strings(json["mute_time_intervals"]).map((name) => `silent during ${name}`),
      ...strings(json["active_time_intervals"]).map((name) => `only during ${name}`),
    ],
    routes: list(json["routes"]).map((each) => readRoute(record(each), own)),
  };
}

/** Matchers in today's form, and the older `match` and `match_re`. */
function matchersOf(json: Json, prefix: "" | "source_" | "target_"): string[] {
  const old = (key: string, operator: string) =>
    Object.entries(record(json[`${prefix}${key}`])).map(
      ([name, value]) => `${name}${operator}${JSON.stringify(String(value))}`,
    );
  return [...strings(json[`${prefix}matchers`]).flatMap(several), ...old("match", "="), ...old("match_re", "=~")];
}

/** One entry may hold several: `{a="1", b="2"}`. */
function several(matcher: string): string[] {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(matcher)?.[1] ?? matcher;
  return (inner.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? [inner]).map((each) => each.trim()).filter(Boolean);
}

/**
 * Whether labels satisfy a matcher. A label that is absent counts as empty; regular expressions match the whole value.
 * One that JavaScript can't read matches nothing.
 */
export function matches(matcher: string, labels: Labels): boolean {
  const found = /^\s*("(?:[^"\\]|\\.)*"|[^=!~\s]+)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(matcher);
  if (found === null) return false;
  const [, rawName = "", operator = "=", rawValue = ""] = found;
  const value = labels[unquoted(rawName)] ?? "";
  const wanted = unquoted(rawValue);
  switch (operator) {
    case "=":
      return value === wanted;
    case "!=":
      return value !== wanted;
    default: {
      const expression = regex(wanted);
      return expression !== undefined && expression.test(value) === (operator === "=~");
    }
  }
}

function unquoted(source: string): string {
  if (!/^".*"$/s.test(source)) return source;
  return source.slice(1, -1).replace(/\\(.)/gs, (_, character: string) => (character === "n" ? "\n" : character));
}

function regex(source: string): RegExp | undefined {
  try {
    // Go writes flags in front, JavaScript behind.
    const flags = /^\(\?([ims]+)\)/.exec(source);
    return new RegExp(`^(?:${source.slice(flags?.[0].length ?? 0)})$`, flags?.[1] ?? "");
  } catch {
    return undefined;
  }
}

/** The routes that an alert takes, deepest first match, as Alertmanager walks them. */
export function routesOf(route: Route, labels: Labels): Route[] {
  if (!route.matchers.every((matcher) => matches(matcher, labels))) return [];
  const taken: Route[] = [];
  for (const child of route.routes) {
    const below = routesOf(child, labels);
    taken.push(...below);
    if (below.length > 0 && !child.continues) break;
  }
  return taken.length > 0 ? taken : [route];
}

/** Who is told, and how fast and often: `oncall (webhook) after 10s, again every 1h`. */
export interface Notified {
  readonly receiver: string;
  readonly channels: readonly string[];
  readonly wait: string;
  readonly repeat: string;
}

export function notified(alertmanager: Alertmanager, labels: Labels): Notified[] {
  return routesOf(alertmanager.root, labels).map(({ receiver, wait, repeat }) => ({
    receiver,
    channels: alertmanager.receivers.find(({ name }) => name === receiver)?.channels ?? [],
    wait: normal(wait),
    repeat: normal(repeat),
  }));
}

const normal = (duration: string) => {
  try {
    return Duration.parse(duration).toString();
  } catch {
    return duration;
  }
};

export function notifiedText({ receiver, channels, wait, repeat }: Notified): string {
  if (channels.length === 0) return `nobody (${receiver})`;
  return `${receiver} (${channels.join(", ")}) after ${wait}, again every ${repeat}`;
}

/** An anonymous count of who hears something: empty where every route ends at nobody. */
export const isHeard = (all: readonly Notified[]) => all.some(({ channels }) => channels.length > 0);
