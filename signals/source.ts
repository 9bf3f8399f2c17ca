import {
  Counter,
  Gauge,
  Histogram,
  Info,
  NativeHistogram,
  Summary,
  type Conditional,
  type MajorVersion,
  type Kind,
  type Metric,
} from "./metric";
import { CatalogueError } from "./faults";
import { formatOf, type Measured, type Unit } from "./units";

/** A metric as a source declares it; its name is the key it stands under. */
interface Declared<K extends Kind, L extends string, U extends Unit> {
  readonly kind: K;
  readonly unit: U;
  readonly labels: readonly L[];
  readonly help: string;
  readonly every?: string;
}

const declare =
  <K extends Kind, Allowed extends Unit>(kind: K) =>
  <const U extends Allowed, const L extends string = never>(
    unit: U,
    labels: readonly L[],
    help: string,
    more: Pick<Declared<K, L, U>, "every"> = {},
  ): Declared<K, L, U> => ({
    kind,
    unit,
    labels,
    help,
    ...more,
  });

/**
 * Declares a counter: what it counts, its own labels, its help text, and `every` where it can move only that often. The
 * others alike.
 */
export const counter = declare<"counter", Unit>("counter");
export const gauge = declare<"gauge", Unit>("gauge");
export const histogram = declare<"histogram", Measured>("histogram");
export const nativeHistogram = declare<"native histogram", Measured>("native histogram");
export const summary = declare<"summary", Measured>("summary");
/** Declares an info metric: always 1, facts in its labels. */
export const info = <const L extends string>(labels: readonly L[], help: string): Declared<"info", L, "state"> => ({
  kind: "info",
  unit: "state",
  labels,
  help,
});

/** The selector class that a kind of metric reads as. */
type Selector<K extends Kind, L extends string, U extends Unit> = K extends "counter"
  ? Counter<L, U>
  : K extends "gauge"
    ? Gauge<L, U>
    : K extends "info"
      ? Info<L>
      : U extends Measured
        ? K extends "histogram"
          ? Histogram<L, U>
          : K extends "native histogram"
            ? NativeHistogram<L, U>
            : Summary<L, U>
        : never;

export type AnySelector = Counter | Gauge | Info | Histogram | NativeHistogram | Summary;

type Selectors<D, T extends string> = {
  readonly [N in keyof D]: D[N] extends Declared<infer K, infer L, infer U> ? Selector<K, L | T, U> : never;
};

/** Who exposes metrics: its name, the scrape jobs it comes from, and the labels that scraping adds. */
export interface Origin<T extends string> {
  readonly name: string;
  /** Values of label `job`; empty when anything may expose it. */
  readonly jobs: readonly string[];
  readonly targetLabels: readonly T[];
  /** What its metrics speak of: itself, or others that each replica of it describes alike. @default itself */
  readonly about?: "others";
  /** The line of Tempo that alone has them. @default both */
  readonly majorVersion?: MajorVersion;
}

/** Which of a source's metrics a condition is about. */
export type ConditionOf<N extends string> = Conditional & { readonly of: readonly N[] };

/**
 * The metrics of one source. Every series also has the target labels of its origin.
 * @param conditions what a healthy server need not show
 * @throws CatalogueError for names, labels or units that Prometheus would refuse
 */
export function source<const T extends string, const D extends Readonly<Record<string, Declared<Kind, string, Unit>>>>(
  origin: Origin<T>,
  declared: D,
  conditions: readonly ConditionOf<keyof D & string>[] = [],
): Selectors<D, T> {
  const entries = Object.entries(declared).map(([name, { kind, unit, labels, help, every }]) => {
    const metric: Metric = {
      name,
      kind,
      unit,
      help,
      source: origin.name,
      jobs: origin.jobs,
      ...(every === undefined ? {} : { every }),
      ...(origin.about === undefined ? {} : { about: origin.about }),
      ...(origin.majorVersion === undefined ? {} : { majorVersion: origin.majorVersion }),
      ...conditionsOn(name, conditions),
      labels: [...new Set([...labels, ...origin.targetLabels])],
    };
    checkMetric(metric);
    return [name, selector(metric)] as const;
  });
  return Object.fromEntries(entries) as Selectors<D, T>;
}

function conditionsOn(name: string, all: readonly ConditionOf<string>[]): Pick<Metric, "conditions"> {
  const conditions = all
    .filter(({ of }) => of.includes(name))
    .map(({ labels, says, only }) => ({
      ...(labels === undefined ? {} : { labels }),
      ...(says === undefined ? {} : { says }),
      only,
    }));
  return conditions.length === 0 ? {} : { conditions };
}

/** The expression that reads a metric whole. */
function selector(metric: Metric): AnySelector {
  switch (metric.kind) {
    case "counter":
      return new Counter(metric, metric.unit);
    case "gauge":
      return new Gauge(metric, metric.unit);
    case "info":
      return new Info(metric, "state");
    case "histogram":
      return new Histogram(metric as Metric<"histogram", string, Measured>);
    case "native histogram":
      return new NativeHistogram(metric as Metric<"native histogram", string, Measured>);
    case "summary":
      return new Summary(metric as Metric<"summary", string, Measured>);
  }
}

/** @throws CatalogueError when a name, a label or the unit is not one that Prometheus and Grafana take */
export function checkMetric({ name, labels, unit, help, kind }: Metric): void {
  const fail = (reason: string, fix: string) => {
    throw new CatalogueError(`metric "${name}"`, reason, fix);
  };
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name))
    fail("is an illegal name", "letters, digits, _ and :, not beginning with a digit");
  const reserved = kind === "histogram" ? "le" : kind === "summary" ? "quantile" : undefined;
  for (const label of labels) {
    if (!/^[a-zA-Z_][\w.]*$/.test(label))
      fail(`has the illegal label "${label}"`, "letters, digits and _, not beginning with a digit");
    if (label === reserved || label === "__name__")
      fail(`may not declare label "${label}"`, "leave it out: the kind brings it");
  }
  if (formatOf(unit) === undefined) fail(`has the unknown unit "${unit}"`, "one of signals/units.ts");
  if (help.trim() === "") fail("has no help text", "say what it counts or measures");
}
