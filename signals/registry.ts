import { nearest } from "../environment/faults";
import { CatalogueError } from "./faults";
import { Counter, Gauge, Histogram, NativeHistogram, Summary, type MajorVersion, type Metric } from "./metric";
import type { AnySelector } from "./source";
import { checkMetric } from "./source";

/** A looked-up series: its metric and all labels that it has, `le` and `quantile` included. */
export interface Series {
  readonly metrics: readonly Metric[];
  readonly labels: ReadonlySet<string>;
}

export const isSelector = (value: unknown): value is AnySelector =>
  value instanceof Counter ||
  value instanceof Gauge ||
  value instanceof Histogram ||
  value instanceof NativeHistogram ||
  value instanceof Summary;

/** Every metric by name, and every series by the name it is queried under. */
export class Registry {
  private readonly byName = new Map<string, Metric[]>();

  /**
   * @param shared names that sources may declare differently, each with the reason
   * @throws CatalogueError for a metric that is registered twice with another kind, unit or labels
   */
  constructor(
    sources: readonly Readonly<Record<string, unknown>>[],
    private readonly shared: Readonly<Record<string, string>> = {},
  ) {
    for (const source of sources) {
      for (const entry of Object.values(source)) if (isSelector(entry)) this.add(entry.metric);
    }
  }

  get metrics(): readonly Metric[] {
    return [...this.byName.values()].flat();
  }

  private add(metric: Metric): void {
    checkMetric(metric);
    const known = this.byName.get(metric.name) ?? [];
    const other = known[0];
    if (other !== undefined && !(metric.name in this.shared)) {
      throw new CatalogueError(
        `metric "${metric.name}"`,
        `is registered twice: by ${other.source} as ${describe(other)}, by ${metric.source} as ${describe(metric)}`,
        "one entry, or a reason in sharedNames of signals/naming.ts",
      );
    }
    this.byName.set(metric.name, [...known, metric]);
  }

  /** The series behind a name as it stands in a query, `_bucket`, `_sum` and `_count` of histograms included. */
  series(name: string): Series | undefined {
    const whole = this.byName.get(name);
    if (whole) return describeSeries(whole, whole.some(({ kind }) => kind === "summary") ? ["quantile"] : []);
    const part = /^(.*)_(bucket|sum|count)$/.exec(name);
    const base = this.byName
      .get(part?.[1] ?? "")
      ?.filter(({ kind }) => kind === "histogram" || (kind === "summary" && part?.[2] !== "bucket"));
    return base === undefined || base.length === 0
      ? undefined
      : describeSeries(base, part?.[2] === "bucket" ? ["le"] : []);
  }

  /** Whether a line of Tempo lacks a series that the other one has. */
  lacks(majorVersion: MajorVersion, name: string): boolean {
    const metrics = this.series(name)?.metrics ?? [];
    return metrics.length > 0 && metrics.every((metric) => (metric.majorVersion ?? majorVersion) !== majorVersion);
  }

  /** @throws CatalogueError for a series or a label that isn't catalogued, with the nearest known one */
  require(name: string, labels: readonly string[]): Series {
    const series = this.series(name);
    if (series === undefined) {
      const near = nearest(name, [...this.byName.keys()]);
      throw new CatalogueError(
        `metric "${name}"`,
        "is not in the catalogue",
        near === undefined ? "add it to the metrics of who exposes it" : `did you mean "${near}"?`,
      );
    }
    const unknown = labels.find((label) => !series.labels.has(label));
    if (unknown !== undefined) {
      const near = nearest(unknown, [...series.labels]);
      const fix = near === undefined ? `one of ${[...series.labels].sort().join(", ")}` : `did you mean "${near}"?`;
      throw new CatalogueError(`metric "${name}"`, `has no label "${unknown}"`, fix);
    }
    return series;
  }
}

const describe = ({ kind, unit, labels }: Metric) => `${kind} in ${unit} {${[...labels].sort().join(", ")}}`;
const describeSeries = (metrics: readonly Metric[], extra: readonly string[]): Series => ({
  metrics,
  labels: new Set([...metrics.flatMap(({ labels }) => labels), ...extra]),
});
