import type { Meter, ObservableResult } from "@opentelemetry/api";
import { CatalogueError } from "../signals/faults";
import type { Counter, Gauge, Histogram, Metric } from "../signals/metric";
import type { applicationLabels } from "../signals/sources/application";
import type { Measured, Unit } from "../signals/units";
import { boundsOf, type BucketNames, type Buckets } from "./buckets";
import { otlpFault, otlpUnit } from "./translation";

/** What OTLP ingestion puts on every series itself; an application never gives these. */
type TargetLabel = (typeof applicationLabels)[number];

/** A value for each of a metric's own labels. */
export type LabelValues<L extends string> = { readonly [K in Exclude<L, TargetLabel>]: string };

/** The labels as an argument: there is none where a metric has no labels of its own. */
type Labels<L extends string> = [Exclude<L, TargetLabel>] extends [never] ? [] : [labels: LabelValues<L>];

export interface CounterMeter<L extends string = string> {
  /** @param value what is added, 0 or more; adding 0 makes the series exist before anything has happened */
  add(value: number, ...labels: Labels<L>): void;
}

/** Sets the value of one series of a gauge. */
export type SetGauge<L extends string = string> = (value: number, ...labels: Labels<L>) => void;

export interface GaugeMeter<L extends string = string> {
  readonly set: SetGauge<L>;
  /** Reads the value at each collection; what is not set there has no sample. Excludes `set` outside of it. */
  observe(read: (set: SetGauge<L>) => void | Promise<void>): void;
}

export interface HistogramMeter<L extends string = string> {
  /** @param value in the metric's unit */
  record(value: number, ...labels: Labels<L>): void;
}

/** How a metric is emitted. Summaries, info metrics and native histograms are none of OTLP's instruments. */
type MeterOf<S> =
  S extends Counter<infer L, Unit>
    ? CounterMeter<L>
    : S extends Histogram<infer L, Measured>
      ? HistogramMeter<L>
      : S extends Gauge<infer L, Unit>
        ? S["kind"] extends "info"
          ? never
          : GaugeMeter<L>
        : never;

/** The instruments of a source, by the names of its metrics. */
export type Emitter<S> = { readonly [N in keyof S]: MeterOf<S[N]> };

export interface EmitterOptions<S> {
  /** Upper bounds of the buckets of a histogram, rising, in its unit. @default those of its unit ({@link boundsOf}) */
  readonly buckets?: Buckets<BucketNames<S>>;
}

/**
 * Instruments for the metrics of a source of the catalogue. A metric that the source doesn't have, a label that the
 * metric doesn't have, a missing label and a method of another kind are compile errors. Instruments are made when they
 * are first used, so that a process announces nothing that it doesn't measure.
 *
 * @param meter OpenTelemetry's; only its interface is needed, the SDK is the application's choice
 * @param source what `source()` of signals returns, such as `application`
 * @throws CatalogueError at first use of a metric whose name would not arrive as it stands in the catalogue, or of a
 *   histogram without a bound that rules read
 *
 * @example
 * const meters = emitter(meter, application);
 * meters.requests_total.add(1, { route: "/plans", method: "POST", status: "202" });
 */
export function emitter<const S extends Readonly<Record<string, { readonly metric: Metric }>>>(
  meter: Meter,
  source: S,
  options: EmitterOptions<S> = {},
): Emitter<S> {
  const made: Record<string, unknown> = {};
  const bounds = options.buckets as Buckets<string> | undefined;
  const emit = {};
  for (const [name, { metric }] of Object.entries(source)) {
    const get = () => (made[name] ??= instrument(meter, metric, bounds?.[name]));
    Object.defineProperty(emit, name, { get, enumerable: true });
  }
  return emit as Emitter<S>;
}

function instrument(meter: Meter, metric: Metric, bounds: readonly number[] | undefined): unknown {
  const fault = otlpFault(metric);
  if (fault !== undefined) throw new CatalogueError(`metric "${metric.name}"`, fault.reason, fault.fix);
  const unit = otlpUnit(metric);
  const options = { description: metric.help, ...(unit === undefined ? {} : { unit }) };
  switch (metric.kind) {
    case "counter":
      return meter.createCounter(metric.name, options);
    case "histogram":
      return meter.createHistogram(metric.name, {
        ...options,
        advice: { explicitBucketBoundaries: [...boundsOf(metric, bounds)] },
      });
    default:
      return gaugeMeter(meter, metric.name, options);
  }
}

/** OpenTelemetry has two instruments for gauges; a metric is one of them for as long as the process lives. */
function gaugeMeter(meter: Meter, name: string, options: { description: string; unit?: string }) {
  let kind: "set" | "observed" | undefined;
  const be = (wanted: "set" | "observed") => {
    if (kind !== undefined && kind !== wanted)
      throw new CatalogueError(`metric "${name}"`, `is both set and observed`, "one of the two in a process");
    kind = wanted;
  };
  let gauge: ReturnType<Meter["createGauge"]> | undefined;
  return {
    set: (value: number, labels?: Readonly<Record<string, string>>) => {
      be("set");
      gauge ??= meter.createGauge(name, options);
      gauge.record(value, labels);
    },
    observe: (read: (set: (value: number, labels?: Readonly<Record<string, string>>) => void) => void) => {
      be("observed");
      meter
        .createObservableGauge(name, options)
        .addCallback((result: ObservableResult) => read((value, labels) => result.observe(value, labels)));
    },
  };
}
