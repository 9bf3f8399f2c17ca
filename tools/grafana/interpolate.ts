import type { VariableModel } from "./model";

/**
 * What Grafana writes in place of variables and macros before a server sees a query. Written after the behaviour of
 * Grafana 13: its template service, and its data sources for Prometheus, Loki and Tempo.
 */

/** The time range of a page, in milliseconds since 1970. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** What a person has selected: one value, several, or all. */
export type Selection = string | readonly string[] | "$__all";
export const all = "$__all";

/** A variable with what is selected of it. */
export interface Selected {
  readonly variable: VariableModel;
  readonly selection: Selection;
}

const units: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3, w: 604_800e3 };

/** `now-1h` to `now` as times. @throws Error for other forms: no page of ours uses one */
export function timeRange({ from, to }: { readonly from: string; readonly to: string }, now: number): TimeRange {
  const at = (text: string) => {
    const match = /^now(?:-(\d+)([smhdw]))?$/.exec(text);
    if (match === null) throw new Error(`time "${text}" is none of now, now-<number><s|m|h|d|w>`);
    const [, count = "0", unit = "s"] = match;
    return now - Number(count) * (units[unit] ?? 0);
  };
  return { from: at(from), to: at(to) };
}

/** Grafana's round intervals: below the first number of a pair, the second is taken (milliseconds). */
const roundIntervals: readonly (readonly [number, number])[] = [
  [1500, 1e3],
  [3500, 2e3],
  [7500, 5e3],
  [12_500, 10e3],
  [17_500, 15e3],
  [25e3, 20e3],
  [45e3, 30e3],
  [90e3, 60e3],
  [210e3, 120e3],
  [450e3, 300e3],
  [750e3, 600e3],
  [1050e3, 900e3],
  [1500e3, 1200e3],
  [2700e3, 1800e3],
  [5400e3, 3600e3],
  [9000e3, 7200e3],
  [16_200e3, 10_800e3],
  [32_400e3, 21_600e3],
  [86_400e3, 43_200e3],
  [604_800e3, 86_400e3],
];

const roundInterval = (milliseconds: number): number =>
  roundIntervals.find(([below]) => milliseconds < below)?.[1] ?? 604_800e3;

/** Pixels of a screen 1,920 wide for each of the 24 columns: unless it says a number, a panel asks for one point a pixel. */
const pixelsPerColumn = 80;

/** What macros stand for in one panel, in milliseconds. */
export interface Macros {
  /** Step of the query. */
  readonly interval: number;
  readonly rateInterval: number;
  readonly range: number;
}

/**
 * The step of a panel and the windows that follow from it.
 * @param width columns
 * @param scrapeInterval `timeInterval` of the data source, milliseconds
 * @param maxDataPoints of the panel, where it says so
 */
export function macrosFor(
  width: number,
  { from, to }: TimeRange,
  scrapeInterval: number,
  maxDataPoints: number = width * pixelsPerColumn,
): Macros {
  const range = to - from;
  const interval = Math.max(roundInterval(range / maxDataPoints), scrapeInterval);
  return { interval, rateInterval: Math.max(interval + scrapeInterval, 4 * scrapeInterval), range };
}

/** A duration as Grafana writes it into a query: whole seconds where it can. */
const written = (milliseconds: number): string =>
  milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${Math.round(milliseconds)}ms`;

/** How a data source writes the values of a variable. */
type Format = (values: readonly string[], several: boolean) => string;

/** Escaped twice: once for the regular expression, once for the string literal that it stands in. */
const regexEscaped = (value: string) =>
  value.replaceAll("\\", String.raw`\\\\`).replace(/[$()*+.?[\]^{|}]/g, String.raw`\\$&`);
const stringEscaped = (value: string) => value.replaceAll("\\", "\\\\").replaceAll('"', String.raw`\"`);

const formats: Readonly<Record<string, Format>> = {
  prometheus: (values, several) =>
    !several
      ? stringEscaped(values[0] ?? "")
      : values.length === 1
        ? regexEscaped(values[0] ?? "")
        : `(${values.map(regexEscaped).join("|")})`,
  loki: (values, several) => (several ? values.map(regexEscaped).join("|") : stringEscaped(values[0] ?? "")),
  tempo: (values) => values.join("|"),
};

/** A query with its variables and macros filled in. @throws Error for a variable that nothing defines */
export function interpolate(text: string, type: string, selected: readonly Selected[], macros: Macros): string {
  const builtIn: Readonly<Record<string, string>> = {
    __interval: written(macros.interval),
    __interval_ms: String(macros.interval),
    __rate_interval: written(macros.rateInterval),
    __rate_interval_ms: String(macros.rateInterval),
    __auto: written(macros.interval),
    __range: written(macros.range),
    __range_s: String(Math.round(macros.range / 1000)),
    __range_ms: String(macros.range),
  };
  return text.replace(/\$(?:(\w+)|\{(\w+)\})/g, (_whole, bare?: string, braced?: string) => {
    const name = bare ?? braced ?? "";
    const known = builtIn[name];
    if (known !== undefined) return known;
    const found = selected.find(({ variable }) => variable.name === name);
    if (found === undefined) throw new Error(`nothing defines $${name} in ${text}`);
    return valueOf(found, type);
  });
}

function valueOf({ variable, selection }: Selected, type: string): string {
  const { name, multi = false, includeAll = false, allValue } = variable;
  if (selection === all) {
    // Grafana takes the custom value for "All" as it stands; without one it would list all options.
    if (allValue === undefined) throw new Error(`variable "${name}" has no value for All`);
    return allValue;
  }
  const format = formats[type];
  if (format === undefined) throw new Error(`data source type "${type}" is not known here`);
  return format(typeof selection === "string" ? [selection] : selection, multi || includeAll);
}
