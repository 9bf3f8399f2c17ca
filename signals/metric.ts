import { Instant, Range, type Facts } from "./expression";
import { conditionsOf, renderMatchers, type Condition, type Matches } from "./labels";
import type { Measured, Unit } from "./units";

/** The window of dashboards: at least four scrapes, grows with the time range (Grafana fills it in). */
export const rateInterval = "$__rate_interval";

export const kinds = ["counter", "gauge", "histogram", "native histogram", "summary", "info"] as const;
export type Kind = (typeof kinds)[number];

/** What the catalogue says about a metric. */
export interface Metric<K extends Kind = Kind, L extends string = string, U extends Unit = Unit> {
  readonly name: string;
  readonly kind: K;
  /** Own labels and those of the target, without `le` and `quantile`. */
  readonly labels: readonly L[];
  readonly unit: U;
  readonly help: string;
  /** Who exposes it, e.g. `node_exporter`. */
  readonly source: string;
  /** Values of label `job` that it comes from; empty when anything may expose it. */
  readonly jobs: readonly string[];
  /** How often its value can move, where that is longer than from one scrape to the next, e.g. `5m`. */
  readonly every?: string;
  /** It speaks of others than who exposes it. */
  readonly about?: "others";
  /** The line of Tempo that exposes it, where the other does not. */
  readonly majorVersion?: MajorVersion;
  /** When a healthy server shows less of it than is declared, or something else. @default never */
  readonly conditions?: readonly Conditional[];
}

/** A metric, or labels of it, that a healthy server need not show. The live suite holds servers to it. */
export interface Conditional {
  /** Labels that may be missing, or `others` where there may be more than are declared. @default the metric itself */
  readonly labels?: readonly string[] | "others";
  /** The type that the server gives it, where that is wrong. */
  readonly says?: string;
  /** When they are there, or what is wrong. */
  readonly only: string;
}

/** A line of Tempo: 2.x or 3.x. */
export type MajorVersion = "2" | "3";

type Conditions = readonly (readonly [string, Condition])[];
const facts = (name: string): Facts => ({ series: [name], rawParts: 0, binding: 10, language: "promql" });
const text = (name: string, conditions: Conditions) => `${name}${renderMatchers(conditions)}`;

/** Only grows, except for restarts. Its value alone means nothing: read it through `rate` or `increase`. */
export class Counter<L extends string = string, U extends Unit = Unit> {
  readonly kind = "counter";
  constructor(
    readonly metric: Metric<Kind, L, Unit>,
    readonly unit: U,
    /** The series' name; differs from the metric's for parts of histograms. */
    readonly series: string = metric.name,
    readonly labels: readonly L[] = metric.labels,
    private readonly conditions: Conditions = [],
  ) {}

  where(matchers: Matches<L>): Counter<L, U> {
    return new Counter(this.metric, this.unit, this.series, this.labels, [
      ...this.conditions,
      ...conditionsOf(matchers),
    ]);
  }

  /** A window of fixed length, e.g. `over("5m")`; rules need one, dashboards have `$__rate_interval` without it. */
  over(window: string): CounterRange<L, U> {
    return new CounterRange(
      `${text(this.series, this.conditions)}[${window}]`,
      this.labels,
      this.unit,
      facts(this.series),
    );
  }

  /** The bare value, for what asks only whether the series is there or how large the count is since the start. */
  total(): Instant<L, U> {
    return new Instant(text(this.series, this.conditions), this.labels, this.unit, facts(this.series));
  }
}

/** A counter over a window. */
export class CounterRange<L extends string, U extends Unit> extends Range<L, U> {
  readonly of = "counter";
}

/** Goes up and down. */
export class Gauge<L extends string = string, U extends Unit = Unit> extends Instant<L, U> {
  readonly kind: "gauge" | "info" = "gauge";
  constructor(
    readonly metric: Metric<Kind, L, Unit>,
    unit: U,
    private readonly conditions: Conditions = [],
    private readonly shift = "",
    labels: readonly L[] = metric.labels,
  ) {
    super(`${text(metric.name, conditions)}${shift}`, labels, unit, facts(metric.name));
  }

  where(matchers: Matches<L>): Gauge<L, U> {
    return new Gauge(this.metric, this.unit, [...this.conditions, ...conditionsOf(matchers)], this.shift, this.labels);
  }

  /** The value some time ago, e.g. `ago("1d")`. */
  ago(offset: string): Gauge<L, U> {
    return new Gauge(this.metric, this.unit, this.conditions, ` offset ${offset}`, this.labels);
  }

  /** A window, e.g. `over("1h")`; with a step it is a subquery. */
  override over(window: string, step?: string): GaugeRange<L, U> {
    const subquery = step === undefined ? "" : `:${step}`;
    const written = `${text(this.metric.name, this.conditions)}[${window}${subquery}]${this.shift}`;
    return new GaugeRange(written, this.labels, this.unit, this.facts);
  }
}

/** A gauge over a window. */
export class GaugeRange<L extends string, U extends Unit> extends Range<L, U> {
  readonly of = "gauge";
}

/** Always 1; carries facts in its labels. */
export class Info<L extends string = string> extends Gauge<L, "state"> {
  override readonly kind = "info";
}

/** A classic histogram: cumulative buckets, sum and count, each a counter of its own. */
export class Histogram<L extends string = string, M extends Measured = Measured> {
  readonly kind = "histogram";
  constructor(
    readonly metric: Metric<"histogram", L, M>,
    private readonly conditions: Conditions = [],
  ) {}

  where(matchers: Matches<L>): Histogram<L, M> {
    return new Histogram(this.metric, [...this.conditions, ...conditionsOf(matchers)]);
  }

  /** The cumulative buckets, by `le`. */
  get buckets(): Counter<L | "le", `buckets of ${M}`> {
    const { name, labels, unit } = this.metric;
    return new Counter(
      this.metric as Metric<Kind, L | "le">,
      `buckets of ${unit}`,
      `${name}_bucket`,
      [...labels, "le"],
      this.conditions,
    );
  }

  /** How many were observed. */
  get count(): Counter<L, "requests"> {
    return new Counter(this.metric, "requests", `${this.metric.name}_count`, this.metric.labels, this.conditions);
  }

  /** What the observations add up to. */
  get sum(): Counter<L, M> {
    return new Counter(this.metric, this.metric.unit, `${this.metric.name}_sum`, this.metric.labels, this.conditions);
  }
}

/** A native histogram: one series holds the whole distribution. */
export class NativeHistogram<L extends string = string, M extends Measured = Measured> {
  readonly kind = "native histogram";
  constructor(
    readonly metric: Metric<"native histogram", L, M>,
    private readonly conditions: Conditions = [],
  ) {}

  where(matchers: Matches<L>): NativeHistogram<L, M> {
    return new NativeHistogram(this.metric, [...this.conditions, ...conditionsOf(matchers)]);
  }

  /** The whole distribution, to be read through `rate` and then a quantile. */
  get distribution(): Counter<L, `distribution of ${M}`> {
    const { name, labels, unit } = this.metric;
    return new Counter<L, `distribution of ${M}`>(
      this.metric,
      `distribution of ${unit}`,
      name,
      labels,
      this.conditions,
    );
  }
}

/** Quantiles computed by the server that exposes them: they can't be aggregated, only shown. */
export class Summary<L extends string = string, M extends Measured = Measured> {
  readonly kind = "summary";
  constructor(
    readonly metric: Metric<"summary", L, M>,
    private readonly conditions: Conditions = [],
  ) {}

  where(matchers: Matches<L>): Summary<L, M> {
    return new Summary(this.metric, [...this.conditions, ...conditionsOf(matchers)]);
  }

  /** The quantile as the server computed it, e.g. `quantile("0.99")`. */
  quantile(q: string): Instant<L | "quantile", M> {
    const { name, labels, unit } = this.metric;
    return new Instant(
      text(name, [...this.conditions, ...conditionsOf({ quantile: q })]),
      [...labels, "quantile"],
      unit,
      facts(name),
    );
  }

  get count(): Counter<L, "requests"> {
    return new Counter(this.metric, "requests", `${this.metric.name}_count`, this.metric.labels, this.conditions);
  }

  get sum(): Counter<L, M> {
    return new Counter(this.metric, this.metric.unit, `${this.metric.name}_sum`, this.metric.labels, this.conditions);
  }
}
