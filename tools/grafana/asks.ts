import {
  all,
  interpolate,
  macrosFor,
  timeRange,
  type Macros,
  type Selected,
  type Selection,
  type TimeRange,
} from "./interpolate";
import type { DashboardModel, PanelQuery, Target, VariableModel } from "./model";

/** One request to a data source's server, and where the answer shows whether there is something to see. */
export interface Ask {
  /** Uid of the data source. */
  readonly source: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The query as the server gets it. */
  readonly text: string;
  readonly shows: (answer: unknown) => boolean;
  /** Dots on a graph that lead to traces: the graph stands without them. */
  readonly exemplars: boolean;
}

/** A page as somebody looks at it: time range, selected values, and the scrape interval of its data sources. */
export interface View {
  readonly range: TimeRange;
  readonly selected: readonly Selected[];
  /** Milliseconds. */
  readonly scrapeInterval: number;
  /** Uid of the data source that holds the service graph (`serviceMap.datasourceUid` of Tempo's provisioning). */
  readonly serviceMapSource: string;
}

interface Vector {
  readonly data: {
    readonly result: readonly {
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number | string, string])[];
    }[];
  };
}

/** A series of which every value is NaN draws nothing. */
const hasNumbers = (answer: unknown): boolean =>
  (answer as Vector).data.result.some(({ value, values = [] }) =>
    [...(value ? [value] : []), ...values].some(([, text]) => !Number.isNaN(Number(text))),
  );
const hasLines = (answer: unknown): boolean => (answer as Vector).data.result.length > 0;
const hasTraces = (answer: unknown): boolean => ((answer as { traces?: readonly unknown[] }).traces ?? []).length > 0;
const hasValues = (answer: unknown): boolean => ((answer as { data?: readonly unknown[] }).data ?? []).length > 0;

const seconds = (milliseconds: number) => String(milliseconds / 1000);
const nanoseconds = (milliseconds: number) => `${Math.round(milliseconds)}000000`;

/** The uid behind a reference such as `${prometheus_datasource}`: what the dashboard's variable has selected. */
function sourceOf(dashboard: DashboardModel, reference: string): string {
  const name = /^\$\{(\w+)\}$/.exec(reference)?.[1];
  if (name === undefined) return reference;
  const variable = dashboard.templating.list.find((candidate) => candidate.name === name);
  const value = variable?.current?.value;
  if (typeof value !== "string") throw new Error(`${dashboard.uid}: nothing selects a data source for $${name}`);
  return value;
}

/** Everything that Grafana asks for one query of a panel: the query itself, and its exemplars where it wants them. */
export function asksOf({ dashboard, panel, target }: PanelQuery, view: View): readonly Ask[] {
  const source = sourceOf(dashboard, target.datasource.uid);
  const macros = macrosFor(panel.gridPos.w, view.range, view.scrapeInterval, panel.maxDataPoints);
  switch (target.datasource.type) {
    case "prometheus":
      return prometheusAsks(source, target, view, macros);
    case "loki":
      return [lokiAsk(source, target, view, macros)];
    case "tempo":
      return tempoAsks(source, target, view, macros);
    default:
      throw new Error(`${dashboard.uid}: data source type "${target.datasource.type}" is not known here`);
  }
}

function prometheusAsks(source: string, target: Target, { range, selected }: View, macros: Macros): readonly Ask[] {
  const query = interpolate(target.expr ?? "", "prometheus", selected, macros);
  const window = { start: seconds(range.from), end: seconds(range.to) };
  const ask = (path: string, parameters: Readonly<Record<string, string>>, shows: Ask["shows"]): Ask => ({
    source,
    path,
    parameters: { query, ...parameters },
    text: query,
    shows,
    exemplars: path.endsWith("exemplars"),
  });
  if (target.instant === true) return [ask("/api/v1/query", { time: window.end }, hasNumbers)];
  const drawn = ask("/api/v1/query_range", { ...window, step: seconds(macros.interval) }, hasNumbers);
  return target.exemplar === true ? [drawn, ask("/api/v1/query_exemplars", window, hasValues)] : [drawn];
}

function lokiAsk(source: string, target: Target, { range, selected }: View, macros: Macros): Ask {
  const instant = target.queryType === "instant";
  // $__auto is the step of a range query and the whole range of an instant one.
  const auto = instant ? { ...macros, interval: macros.range } : macros;
  const query = interpolate(target.expr ?? "", "loki", selected, auto);
  const common = { query, limit: "1000", direction: "backward" };
  if (instant) {
    const parameters = { ...common, time: nanoseconds(range.to) };
    return { source, path: "/loki/api/v1/query", parameters, text: query, shows: hasNumbers, exemplars: false };
  }
  const window = { start: nanoseconds(range.from), end: nanoseconds(range.to), step: seconds(macros.interval) };
  const shows = (answer: unknown) =>
    (answer as { data: { resultType: string } }).data.resultType === "streams" ? hasLines(answer) : hasNumbers(answer);
  return {
    source,
    path: "/loki/api/v1/query_range",
    parameters: { ...common, ...window },
    text: query,
    shows,
    exemplars: false,
  };
}

/** Series that Grafana draws the service map from; of failed requests there may be none. */
const serviceMapMetrics = ["traces_service_graph_request_total", "traces_service_graph_request_server_seconds_sum"];

function tempoAsks(source: string, target: Target, view: View, macros: Macros): readonly Ask[] {
  const { range, selected, serviceMapSource } = view;
  if (target.queryType === "serviceMap") {
    return serviceMapMetrics.map((metric) => {
      const query = interpolate(`sum by (client, server) (rate(${metric}[$__range]))`, "prometheus", selected, macros);
      const parameters = { query, time: seconds(range.to) };
      return {
        source: serviceMapSource,
        path: "/api/v1/query",
        parameters,
        text: query,
        shows: hasNumbers,
        exemplars: false,
      };
    });
  }
  const query = interpolate(target.query ?? "", "tempo", selected, macros);
  const parameters = {
    q: query,
    limit: String(target.limit ?? 20),
    start: String(Math.floor(range.from / 1000)),
    end: String(Math.ceil(range.to / 1000)),
  };
  return [{ source, path: "/api/search", parameters, text: query, shows: hasTraces, exemplars: false }];
}

/** What fills a variable: the values of a label. @throws Error for another kind of query than `label_values` */
export function askOfVariable(dashboard: DashboardModel, variable: VariableModel, view: View): Ask {
  const written = String(variable.query);
  const match = /^label_values\((.*), ([a-zA-Z_]\w*)\)$/s.exec(written);
  if (match === null) throw new Error(`${dashboard.uid}: variable "${variable.name}" is filled by ${written}`);
  const [, selector = "", label = ""] = match;
  const { type = "", uid = "" } = variable.datasource ?? {};
  const text = interpolate(selector, type, view.selected, macrosFor(24, view.range, view.scrapeInterval));
  const source = sourceOf(dashboard, uid);
  const { from, to } = view.range;
  return type === "loki"
    ? {
        source,
        path: `/loki/api/v1/label/${label}/values`,
        parameters: { query: text, start: nanoseconds(from), end: nanoseconds(to) },
        text: written,
        shows: hasValues,
        exemplars: false,
      }
    : {
        source,
        path: `/api/v1/label/${label}/values`,
        parameters: { "match[]": text, start: seconds(from), end: seconds(to) },
        text: written,
        shows: hasValues,
        exemplars: false,
      };
}

/** What a page is looked at with, besides its range. */
export type Settings = Pick<View, "scrapeInterval" | "serviceMapSource">;

/** What a person may select: all there is, several or one. */
const everything = ({ includeAll, multi }: VariableModel, values: readonly string[]): Selection =>
  includeAll === true ? all : multi === true ? values : (values[0] ?? "");

/** What Grafana selects when a page opens: all where a variable can, else the first. */
export const asOpened = ({ includeAll }: VariableModel, values: readonly string[]): Selection =>
  includeAll === true ? all : (values[0] ?? "");

/**
 * A page as somebody looks at it.
 * @param time range of the page, such as `now-1h` to `now`
 * @param now milliseconds since 1970
 * @param answer asks a server: variables depend on those before them
 * @param select of the values of a variable @default everything
 */
export async function openedView(
  dashboard: DashboardModel,
  time: DashboardModel["time"],
  now: number,
  settings: Settings,
  answer: (ask: Ask) => Promise<unknown>,
  select = everything,
): Promise<View> {
  const selected: Selected[] = [];
  const view: View = { range: timeRange(time, now), selected, ...settings };
  for (const variable of dashboard.templating.list.filter(({ type }) => type === "query")) {
    const { data = [] } = (await answer(askOfVariable(dashboard, variable, view))) as { data?: string[] };
    selected.push({ variable, selection: select(variable, [...data].sort()) });
  }
  return view;
}
