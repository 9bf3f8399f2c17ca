/**
 * Units of signals. An expression carries its unit through every operation, so that a panel's axis, a threshold and an
 * alert's text follow from the query and never have to be said twice.
 */

/** What a counter may count. `core-seconds` is processor time: its rate is a number of cores. */
export type Counted =
  | "count"
  | "requests"
  | "operations"
  | "packets"
  | "samples"
  | "lines"
  | "spans"
  | "bytes"
  | "seconds"
  | "core-seconds";

/** What a histogram may measure. */
export type Measured = "seconds" | "milliseconds" | "bytes" | "count" | "ratio";

type Plain = Counted | Measured | "ratio" | "percent" | "cores" | "timestamp" | "state" | "number";
type Rate = `${Exclude<Counted, "core-seconds">} per second`;
type Buckets = `buckets of ${Measured}` | `buckets of ${Measured} per second`;
type Distribution = `distribution of ${Measured}` | `distribution of ${Measured} per second`;

/**
 * `ratio` is 0..1, `percent` 0..100, `timestamp` seconds since 1970, `state` 0 or 1 (or an enumeration), `number` has
 * no
 * dimension. `buckets of …` are the cumulative buckets of a classic histogram, `distribution of …` a native one: only
 * quantiles and heatmaps read those.
 */
export type Unit = Plain | Rate | Buckets | Distribution;

/** The unit of `rate()` over a counter of `U`. */
export type PerSecond<U extends Unit> = U extends "core-seconds"
  ? "cores"
  : `${U} per second` extends Unit
    ? `${U} per second`
    : "number";

type Dimensionless = "ratio" | "number" | Exclude<Counted, "bytes" | "seconds" | "core-seconds">;

/** The unit of `A / B`. */
export type Quotient<A extends Unit, B extends Unit> = [A] extends [B]
  ? "ratio"
  : B extends Dimensionless
    ? A
    : B extends `${infer Y extends Counted} per second`
      ? A extends `${infer X extends Counted} per second`
        ? Quotient<X, Y>
        : [A] extends [Y]
          ? "seconds"
          : "number"
      : B extends "seconds"
        ? PerSecond<A>
        : "number";

const dimensionless: readonly Unit[] = [
  "ratio",
  "number",
  "count",
  "requests",
  "operations",
  "packets",
  "samples",
  "lines",
  "spans",
];

/** {@link PerSecond} at run time. */
export function perSecond<U extends Unit>(unit: U): PerSecond<U> {
  const rate = unit === "core-seconds" ? "cores" : `${unit} per second`;
  return (
    rate in unitFormats || rate.startsWith("buckets of") || rate.startsWith("distribution of") ? rate : "number"
  ) as PerSecond<U>;
}

/** {@link Quotient} at run time. */
export function quotient<A extends Unit, B extends Unit>(a: A, b: B): Quotient<A, B> {
  return divide(a, b) as Quotient<A, B>;
}

function divide(a: Unit, b: Unit): Unit {
  if (a === b) return "ratio";
  if (dimensionless.includes(b)) return a;
  const [x, y] = [baseOfRate(a), baseOfRate(b)];
  if (y !== undefined) return x !== undefined ? divide(x, y) : a === y ? "seconds" : "number";
  return b === "seconds" ? perSecond(a) : "number";
}

function baseOfRate(unit: Unit): Unit | undefined {
  return unit.endsWith(" per second") ? (unit.slice(0, -" per second".length) as Unit) : undefined;
}

/** How a unit is shown: `grafana` is the id of Grafana's value format, `template` the function of alert templates. */
export interface UnitFormat {
  readonly grafana: string;
  readonly template:
    "humanize" | "humanize1024" | "humanizeDuration" | "humanizePercentage" | "humanizeTimestamp" | undefined;
  /** Written after a templated value, e.g. `B/s`. */
  readonly suffix: string;
  readonly decimals?: number;
}

const format = (grafana: string, template: UnitFormat["template"] = "humanize", suffix = ""): UnitFormat => ({
  grafana,
  template,
  suffix,
});

export const unitFormats: Readonly<Record<Exclude<Unit, Buckets | Distribution>, UnitFormat>> = {
  count: format("short"),
  requests: format("short", "humanize", " requests"),
  operations: format("short", "humanize", " operations"),
  packets: format("short", "humanize", " packets"),
  samples: format("short", "humanize", " samples"),
  lines: format("short", "humanize", " lines"),
  spans: format("short", "humanize", " spans"),
  bytes: format("bytes", "humanize1024", "B"),
  seconds: format("s", "humanizeDuration"),
  "core-seconds": format("s", "humanizeDuration"),
  milliseconds: format("ms", "humanize", "ms"),
  ratio: format("percentunit", "humanizePercentage"),
  percent: format("percent", "humanize", "%"),
  cores: format("suffix: cores", "humanize", " cores"),
  timestamp: format("dateTimeFromNow", "humanizeTimestamp"),
  state: format("none", undefined),
  number: format("short"),
  "count per second": format("cps", "humanize", "/s"),
  "requests per second": format("reqps", "humanize", " requests/s"),
  "operations per second": format("iops", "humanize", " operations/s"),
  "packets per second": format("pps", "humanize", " packets/s"),
  "samples per second": format("cps", "humanize", " samples/s"),
  "lines per second": format("cps", "humanize", " lines/s"),
  "spans per second": format("cps", "humanize", " spans/s"),
  "bytes per second": format("binBps", "humanize1024", "B/s"),
  "seconds per second": format("percentunit", "humanizePercentage"),
};

/** Whether a text names a unit that a number can have. */
export const isUnit = (text: string): text is keyof typeof unitFormats => Object.hasOwn(unitFormats, text);

/** The format of a unit; for histogram buckets that of what they measure. */
export function formatOf(unit: Unit): UnitFormat {
  const measured = unit.replace(/^(buckets|distribution) of /, "");
  const base = measured === unit ? unit : measured.replace(/ per second$/, "");
  return unitFormats[base as keyof typeof unitFormats];
}

/** A number with its unit, such as a threshold. */
export interface Quantity<U extends Unit = Unit> {
  readonly value: number;
  readonly unit: U;
}

/**
 * `quantity(0.8, "ratio")`, `quantity(5, "seconds")`. @throws RangeError outside the unit's range: ratios are 0..1,
 * percents 0..100
 */
export function quantity<const U extends Unit>(value: number, unit: U): Quantity<U> {
  const limit = unit === "ratio" ? 1 : unit === "percent" ? 100 : Infinity;
  if (!(value >= 0 && value <= limit) || !Number.isFinite(value)) {
    throw new RangeError(
      `${value} is no ${unit}: write a number from 0 to ${limit === Infinity ? "any finite one" : limit}`,
    );
  }
  return { value, unit };
}

/** A quantity for people: `quantity(0.05, "ratio")` is `5 %`, 1800 seconds are `30m`. */
export function inWords({ value, unit }: { readonly value: number; readonly unit: Unit }): string {
  if (unit === "ratio") return `${round(value * 100)} %`;
  if (unit === "percent") return `${round(value)} %`;
  if (unit !== "seconds") return `${round(value)}${formatOf(unit).suffix}`;
  if (value > 0 && value < 1) return `${round(value * 1000)} ms`;
  for (const [length, name] of [
    [86_400, "d"],
    [3_600, "h"],
    [60, "m"],
  ] as const) {
    if (value >= length && value % length === 0) return `${value / length}${name}`;
  }
  return `${round(value)}s`;
}

const round = (value: number) => Number(value.toPrecision(6));
