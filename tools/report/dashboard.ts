/**
 * Dashboards as Grafana's classic (v1) model has them, reduced to what a reviewer looks at. Read leniently: the other
 * ref of a review may have written them in another way.
 */

import { all, type Selected } from "../grafana/interpolate";

type Json = Readonly<Record<string, unknown>>;

export interface Threshold {
  /** Undefined: from the bottom. */
  readonly value: number | undefined;
  readonly color: string;
}

export interface Query {
  readonly refId: string;
  readonly text: string;
  /** Type or uid of the data source. */
  readonly source: string;
  /** The expression alone. */
  readonly expression: string;
  /** Type of the data source: `prometheus`; empty where the dashboard leaves it open. */
  readonly engine: string;
  /** Asked for one moment, not for a range. */
  readonly instant: boolean;
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Panel {
  readonly id: number | undefined;
  readonly title: string;
  readonly description: string;
  /** `timeseries`, `stat`, `row`, … */
  readonly type: string;
  /** Title of the row above it. */
  readonly row: string;
  /** In a row that is closed: Grafana draws nothing of it at first. */
  readonly hidden: boolean;
  readonly place: Place;
  readonly unit: string;
  readonly thresholds: readonly Threshold[];
  readonly queries: readonly Query[];
  /** Addresses that it links to. */
  readonly links: readonly string[];
  /** Everything else of the panel, by path, as JSON: what is not named above is compared all the same. */
  readonly rest: ReadonlyMap<string, string>;
}

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly query: string;
  /** What is selected when the page opens; undefined where its server has to be asked. */
  readonly selected: Selected | undefined;
  readonly rest: ReadonlyMap<string, string>;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
  readonly variables: readonly Variable[];
  readonly links: readonly string[];
  /** Refresh, time, tags and the like, by path, as JSON. */
  readonly rest: ReadonlyMap<string, string>;
}

const record = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});
const records = (value: unknown): Json[] => (Array.isArray(value) ? value.map(record) : []);
const text = (value: unknown) => (typeof value === "string" ? value : "");
const numeric = (value: unknown, otherwise: number) =>
  typeof value === "number" && Number.isFinite(value) ? value : otherwise;

/** Every value of a tree by its path, as JSON, in the tree's order. */
export function leaves(value: unknown, path = ""): [string, string][] {
  if (typeof value !== "object" || value === null) return value === undefined ? [] : [[path, JSON.stringify(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, Array.isArray(value) ? "[]" : "{}"]];
  const within = (key: string) => (Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`);
  return entries.flatMap(([key, inner]) => leaves(inner, within(key)));
}

const omit = (value: Json, keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

const without = (value: Json, keys: readonly string[]): ReadonlyMap<string, string> =>
  new Map(leaves(omit(value, keys)));

export function readDashboard(model: unknown): Dashboard {
  const json = record(model);
  return {
    uid: text(json["uid"]),
    title: text(json["title"]),
    description: text(json["description"]),
    panels: readPanels(records(json["panels"])),
    variables: records(record(json["templating"])["list"]).map(readVariable),
    links: addresses(json["links"]),
    rest: without(json, ["uid", "title", "description", "panels", "templating", "links", "version", "id"]),
  };
}

function readPanels(panels: readonly Json[]): Panel[] {
  let row = "";
  return panels.flatMap((json) => {
    if (json["type"] === "row") row = text(json["title"]);
    const panel = readPanel(json, row, false);
    return [panel, ...records(json["panels"]).map((inner) => readPanel(inner, row, true))];
  });
}

function readPanel(json: Json, row: string, hidden: boolean): Panel {
  const place = record(json["gridPos"]);
  const fields = record(json["fieldConfig"]);
  const defaults = record(fields["defaults"]);
  const steps = records(record(defaults["thresholds"])["steps"]);
  const otherDefaults = omit(defaults, ["unit", "thresholds", "links"]);
  const otherThresholds = without(record(defaults["thresholds"]), ["steps"]);
  const others: Json = {
    ...json,
    fieldConfig: { ...fields, defaults: { ...otherDefaults, thresholds: Object.fromEntries(otherThresholds) } },
  };
  const read = ["id", "type", "title", "description", "gridPos", "panels", "links", "targets"];
  return {
    id: typeof json["id"] === "number" ? json["id"] : undefined,
    title: text(json["title"]),
    description: text(json["description"]),
    type: text(json["type"]),
    row,
    hidden,
    place: {
      x: numeric(place["x"], 0),
      y: numeric(place["y"], 0),
      w: numeric(place["w"], 12),
      h: numeric(place["h"], 8),
    },
    unit: text(defaults["unit"]),
    thresholds: steps.map(({ value, color }) => ({
      value: typeof value === "number" ? value : undefined,
      color: text(color),
    })),
    queries: records(json["targets"]).map((target) => readQuery(target, text(record(json["datasource"])["type"]))),
    links: [...addresses(json["links"]), ...addresses(defaults["links"])],
    rest: without(others, read),
  };
}

function readQuery(target: Json, panelEngine: string): Query {
  const { expr, query, refId, datasource, instant, range } = target;
  const { type, uid } = record(datasource);
  const expression = text(expr) || text(query);
  return {
    refId: text(refId),
    // Legend, step and the like are part of what is asked; those that Grafana has by itself say nothing.
    text: [expression || "–", ...optionsOf(target)].join("\n"),
    source: text(uid) || text(type) || text(datasource),
    expression,
    engine: text(type) || panelEngine,
    instant: instant === true && range !== true,
  };
}

const optionsOf = ({ legendFormat, instant, format }: Json) => [
  ...(text(legendFormat) === "" ? [] : [`# legend ${text(legendFormat)}`]),
  ...(instant === true ? ["# instant"] : []),
  ...(text(format) === "" ? [] : [`# as ${text(format)}`]),
];

function readVariable(json: Json): Variable {
  const { name, label, type, query } = json;
  return {
    name: text(name),
    label: text(label),
    type: text(type),
    query: typeof query === "string" ? query : text(record(query)["query"]),
    selected: selectedOf(json),
    rest: without(json, ["name", "label", "type", "query", "definition", "current"]),
  };
}

function selectedOf(json: Json): Selected | undefined {
  const { name, type, current, includeAll, allValue, multi, query } = json;
  const { value } = record(current);
  // A list that is written down opens with its first entry.
  const first = type === "query" ? undefined : text(query).split(",")[0]?.trim();
  const selection =
    value === undefined ? (includeAll === true ? all : first) : [value].flat().map((each) => text(each));
  if (selection === undefined || selection.length === 0) return undefined;
  const variable = { name: text(name), type: text(type), multi: multi === true, includeAll: includeAll === true };
  return {
    variable: { ...variable, allValue: text(allValue) || ".*" },
    selection: selection.includes(all) ? all : selection,
  };
}

const addresses = (links: unknown) =>
  records(links).flatMap(({ url }) => (typeof url === "string" && url !== "" ? [url] : []));

/** The uid that an address within Grafana leads to, such as `/d/overview?…`. */
function dashboardOf(address: string): string | undefined {
  return /^(?:\$\{?__?[a-zA-Z_]+\}?)?\/d\/([^/?#]+)/.exec(address)?.[1];
}

/** Variables that a text uses: `$cluster`, `${cluster:queryparam}`, `[[cluster]]`; Grafana's own are left out. */
function usedVariables(source: string): string[] {
  const found = [...source.matchAll(/\$(\w+)|\$\{(\w+)(?:[.:][^}]*)?\}|\[\[(\w+)(?::\w+)?\]\]/g)].map(
    ([, bare, braced, old]) => bare ?? braced ?? old ?? "",
  );
  // `$1` is a group of a regular expression.
  return [...new Set(found.filter((name) => !name.startsWith("__") && !/^\d/.test(name)))];
}

/** What a dashboard points at that is not there: pages by links, variables by queries and titles. */
export function brokenParts(dashboard: Dashboard, uids: ReadonlySet<string>): string[] {
  const variables = new Set(dashboard.variables.map(({ name }) => name));
  const broken = new Set<string>();
  const links = (where: string, urls: readonly string[]) => {
    for (const url of urls) {
      const uid = dashboardOf(url);
      if (uid !== undefined && usedVariables(uid).length === 0 && !uids.has(uid))
        broken.add(`${where} links to the dashboard "${uid}", which is not there`);
    }
  };
  const uses = (where: string, source: string) => {
    for (const name of usedVariables(source)) {
      if (!variables.has(name)) broken.add(`${where} uses the variable "${name}", which is not there`);
    }
  };
  links("the page", dashboard.links);
  for (const { name, query } of dashboard.variables) uses(`variable "${name}"`, query);
  for (const { title, links: urls, queries } of dashboard.panels) {
    const where = `panel "${title}"`;
    links(where, urls);
    uses(where, [title, ...urls, ...queries.flatMap(({ text, source }) => [text, source])].join("\n"));
  }
  return [...broken];
}
