import { atom, Instant, Scalar, type InstantVector, type Expression, type Facts, type Range } from "./expression";
import { labelName, quoted } from "./labels";
import { CounterRange, rateInterval, type Counter, type GaugeRange } from "./metric";
import { perSecond, type Measured, type PerSecond, type Unit } from "./units";

/** The functions and aggregations of PromQL, under its own names. */

const call = <L extends string, U extends Unit>(
  name: string,
  of: Expression,
  labels: readonly L[],
  unit: U,
  ...rest: (string | number)[]
) => new Instant<L, U>(`${name}(${[of.text, ...rest].join(", ")})`, labels, unit, atom(of));

type AnyCounter<L extends string, U extends Unit> = Counter<L, U> | CounterRange<L, U>;
const ranged = <L extends string, U extends Unit>(of: AnyCounter<L, U>) =>
  of instanceof CounterRange ? of : of.over(rateInterval);

/** Average growth per second; over `$__rate_interval` unless the counter carries a window: `rate(x.over("5m"))`. */
export function rate<L extends string, U extends Unit>(of: AnyCounter<L, U>): Instant<L, PerSecond<U>> {
  return call("rate", ranged(of), of.labels, perSecond(of.unit));
}

/** Growth per second between the last two samples. */
export function irate<L extends string, U extends Unit>(of: AnyCounter<L, U>): Instant<L, PerSecond<U>> {
  return call("irate", ranged(of), of.labels, perSecond(of.unit));
}

/** Growth over the window. */
export function increase<L extends string, U extends Unit>(of: AnyCounter<L, U>): Instant<L, U> {
  return call("increase", ranged(of), of.labels, of.unit);
}

/** How often a counter began again at zero. */
export const resets = <L extends string, U extends Unit>(of: CounterRange<L, U>) =>
  call("resets", of, of.labels, "count");

/** Slope per second of a gauge. */
export function deriv<L extends string, U extends Unit>(of: GaugeRange<L, U>): Instant<L, PerSecond<U>> {
  return call("deriv", of, of.labels, perSecond(of.unit));
}

/** Where a gauge will stand in `seconds`, by linear regression over its window. */
export function predictLinear<L extends string, U extends Unit>(of: GaugeRange<L, U>, seconds: number): Instant<L, U> {
  return call("predict_linear", of, of.labels, of.unit, seconds);
}

/** Difference of a gauge over its window. */
export const delta = <L extends string, U extends Unit>(of: GaugeRange<L, U>) => call("delta", of, of.labels, of.unit);

const overTime =
  (name: string) =>
  <L extends string, U extends Unit>(of: Range<L, U>): Instant<L, U> =>
    call(name, of, of.labels, of.unit);

export const avgOverTime = overTime("avg_over_time");
export const minOverTime = overTime("min_over_time");
export const maxOverTime = overTime("max_over_time");
export const sumOverTime = overTime("sum_over_time");
export const lastOverTime = overTime("last_over_time");
export const stddevOverTime = overTime("stddev_over_time");
export const countOverTime = <L extends string>(of: Range<L>) => call("count_over_time", of, of.labels, "samples");
/** How often the value changed. */
export const changes = <L extends string>(of: Range<L>) => call("changes", of, of.labels, "count");
export const quantileOverTime = <L extends string, U extends Unit>(q: number, of: Range<L, U>): Instant<L, U> =>
  new Instant(`quantile_over_time(${q}, ${of.text})`, of.labels, of.unit, atom(of));

/** An aggregation over everything; `.by(...)` keeps labels, `.without(...)` drops some. */
export class Aggregation<L extends string, U extends Unit> extends Instant<never, U> {
  constructor(
    private readonly operator: string,
    private readonly inner: InstantVector<L>,
    unit: U,
    private readonly parameter: string = "",
  ) {
    super(`${operator}(${parameter}${inner.text})`, [], unit, atom(inner));
  }

  by<const K extends L>(...labels: readonly K[]): Instant<K, U> {
    return new Instant(this.grouped("by", labels), labels, this.unit, this.facts);
  }

  without<const K extends L>(...labels: readonly K[]): Instant<Exclude<L, K>, U> {
    const dropped: readonly string[] = labels;
    const rest = this.inner.labels.filter((label) => !dropped.includes(label)) as Exclude<L, K>[];
    return new Instant(this.grouped("without", labels), rest, this.unit, this.facts);
  }

  private grouped(mode: string, labels: readonly string[]): string {
    return `${this.operator} ${mode} (${labels.map(labelName).join(", ")}) (${this.parameter}${this.inner.text})`;
  }
}

const aggregate =
  (operator: string) =>
  <L extends string, U extends Unit>(of: InstantVector<L, U>): Aggregation<L, U> =>
    new Aggregation(operator, of, of.unit);

export const sum = aggregate("sum");
export const avg = aggregate("avg");
export const min = aggregate("min");
export const max = aggregate("max");
export const stddev = aggregate("stddev");
/** How many series there are. */
export const count = <L extends string>(of: InstantVector<L>) => new Aggregation(`count`, of, "count");
/** 1 for each group that exists. */
export const group = <L extends string>(of: InstantVector<L>) => new Aggregation("group", of, "state");
/** The φ-quantile across series (not of a histogram). */
export const quantile = <L extends string, U extends Unit>(q: number, of: InstantVector<L, U>) =>
  new Aggregation("quantile", of, of.unit, `${q}, `);

/** How many series have each value; the value stands in a label of the given name. */
export const countValues = <const T extends string>(label: T, of: InstantVector): Instant<T, "count"> =>
  new Instant(`count_values(${quoted(label)}, ${of.text})`, [label], "count", atom(of));

export const topk = <L extends string, U extends Unit>(k: number, of: InstantVector<L, U>): Instant<L, U> =>
  new Instant(`topk(${k}, ${of.text})`, of.labels, of.unit, atom(of));
export const bottomk = <L extends string, U extends Unit>(k: number, of: InstantVector<L, U>): Instant<L, U> =>
  new Instant(`bottomk(${k}, ${of.text})`, of.labels, of.unit, atom(of));

/** What a quantile needs to read: the buckets of a histogram by `le`, or a native distribution. */
type Observed<L extends string, U extends Unit> = U extends `buckets of ${string}`
  ? "le" extends L
    ? unknown
    : "quantiles read buckets by label le: aggregate by le too"
  : U extends `distribution of ${string}`
    ? unknown
    : `quantiles read the buckets or the distribution of a histogram, not ${U}`;
type MeasuredBy<U extends Unit> = U extends `${string} of ${infer M extends Measured} per second`
  ? M
  : U extends `${string} of ${infer M extends Measured}`
    ? M
    : never;

/**
 * The q-quantile (0..1) of a histogram: `histogramQuantile(0.95, sum(rate(x.buckets)).by("le", "route"))`; of a native
 * one: `histogramQuantile(0.95, sum(rate(x.distribution)).by("route"))`.
 */
export function histogramQuantile<L extends string, U extends Unit>(
  q: number,
  of: InstantVector<L, U> & Observed<L, U>,
): Instant<Exclude<L, "le">, MeasuredBy<U>> {
  const labels = of.labels.filter((label): label is Exclude<L, "le"> => label !== "le");
  return new Instant(`histogram_quantile(${q}, ${of.text})`, labels, measuredBy(of.unit) as MeasuredBy<U>, atom(of));
}

const measuredBy = (unit: Unit) => unit.replace(/^(buckets|distribution) of /, "").replace(/ per second$/, "");

type Absolute = "abs" | "ceil" | "floor" | "round" | "sort" | "sort_desc";
const same =
  (name: Absolute) =>
  <L extends string, U extends Unit>(of: InstantVector<L, U>): Instant<L, U> =>
    call(name, of, of.labels, of.unit);

export const abs = same("abs");
export const ceil = same("ceil");
export const floor = same("floor");
export const round = same("round");
export const sort = same("sort");
export const sortDesc = same("sort_desc");
/** Never below the given value. */
export const clampMin = <L extends string, U extends Unit>(of: InstantVector<L, U>, lowest: number) =>
  call("clamp_min", of, of.labels, of.unit, lowest);
/** Never above the given value. */
export const clampMax = <L extends string, U extends Unit>(of: InstantVector<L, U>, highest: number) =>
  call("clamp_max", of, of.labels, of.unit, highest);

/** 1 when no such series exists; has none of its labels. */
export function absent(of: InstantVector): Instant<never, "state"> {
  return call("absent", of, [] as never[], "state");
}

const constantFacts: Facts = { series: [], rawParts: 0, binding: 10, language: "promql" };
/** Now. */
export const time = () => new Scalar<"timestamp">("time()", "timestamp", constantFacts);
/** A vector of one series as a scalar. */
export const scalar = <U extends Unit>(of: InstantVector<string, U>) =>
  new Scalar<U>(`scalar(${of.text})`, of.unit, atom(of));
/** A constant as a vector without labels, e.g. what a panel shows where nothing was ever counted. */
export const vector = <const U extends Unit>(value: number, unit: U) =>
  new Instant<never, U>(`vector(${value})`, [], unit, constantFacts);
/** When the sample was taken. */
export const timestamp = <L extends string>(of: InstantVector<L>) => call("timestamp", of, of.labels, "timestamp");
/** How long ago a time was: `time() - x`. */
export const age = <L extends string>(of: InstantVector<L, "timestamp">): Instant<L, "seconds"> =>
  new Instant(`time() - ${of.within(5)}`, of.labels, "seconds", { ...atom(of), binding: 4 });
/** What is missing to the whole: `1 - x`. */
export const complement = <L extends string>(of: InstantVector<L, "ratio">): Instant<L, "ratio"> =>
  new Instant(`1 - ${of.within(5)}`, of.labels, "ratio", { ...atom(of), binding: 4 });

/** Sets `target` from other labels: to `replacement` where `pattern` matches the label `from`. */
export const labelReplace = <L extends string, U extends Unit, const T extends string>(
  of: InstantVector<L, U>,
  target: T,
  replacement: string,
  from: NoInfer<L>,
  pattern: string,
): Instant<L | T, U> =>
  call(
    "label_replace",
    of,
    [...new Set<L | T>([...of.labels, target])],
    of.unit,
    ...[target, replacement, from, pattern].map(quoted),
  );
