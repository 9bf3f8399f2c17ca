import { CatalogueError } from "./faults";
import { Counter, Gauge, type Conditional, type Metric } from "./metric";
import type { InstantVector } from "./expression";
import type { Unit } from "./units";

/** A recording rule: an expression with a name, and a signal like any other. */
export interface RecordedRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: readonly string[];
  /** Names of the series it reads. */
  readonly reads: readonly string[];
}

/** A group of a Prometheus rule file. */
export interface RuleGroup {
  readonly name: string;
  /** How often it is evaluated, e.g. `30s`. */
  readonly interval: string;
  readonly rules: readonly { readonly record: string; readonly expr: string }[];
}

/** Where signals come from that Loki's ruler counts, and writes to the long-term store alone. */
export const recordedFromLogs = "recording rules of logs";

const rules = new WeakMap<object, RecordedRule>();

/**
 * Gives an expression a name; labels and unit of the new signal follow from it. A counter stays a counter.
 * @throws CatalogueError when the name is illegal or the expression has a window that only dashboards know
 */
export function record<L extends string, U extends Unit>(name: string, help: string, of: Counter<L, U>): Counter<L, U>;
export function record<L extends string, U extends Unit>(
  name: string,
  help: string,
  of: InstantVector<L, U>,
  kind: "counter",
): Counter<L, U>;
export function record<L extends string, U extends Unit>(
  name: string,
  help: string,
  of: InstantVector<L, U>,
): Gauge<L, U>;
export function record(name: string, help: string, of: Counter | InstantVector, kind?: "counter"): Counter | Gauge {
  const counts = of instanceof Counter || kind === "counter";
  const expression = of instanceof Counter ? of.total() : of;
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) {
    throw new CatalogueError(`recording rule "${name}"`, "has an illegal name", "level:metric:operations");
  }
  if (expression.text.includes("$__")) {
    throw new CatalogueError(
      `recording rule "${name}"`,
      `reads a window that only dashboards know: ${expression.text}`,
      `a fixed one, such as .over("5m")`,
    );
  }
  const metric: Metric = {
    name,
    kind: counts ? "counter" : "gauge",
    labels: of.labels,
    unit: of.unit,
    help,
    source: expression.facts.language === "logql" ? recordedFromLogs : "recording rules",
    jobs: [],
  };
  const recorded = counts ? new Counter(metric, of.unit) : new Gauge(metric, of.unit);
  rules.set(metric, { record: name, expr: expression.text, labels: of.labels, reads: expression.facts.series });
  return recorded;
}

/** A recorded signal that need not always be there, or not with all of its labels. */
export function conditionally<S extends Counter | Gauge>(signal: S, ...conditions: readonly Conditional[]): S {
  const metric: Metric = { ...signal.metric, conditions };
  rules.set(metric, ruleOf(signal));
  return (signal instanceof Counter
    ? new Counter(metric, signal.unit)
    : new Gauge(metric, signal.unit)) as unknown as S;
}

/** The rule behind a recorded signal. */
export function ruleOf(signal: Counter | Gauge): RecordedRule {
  const rule = rules.get(signal.metric);
  if (rule === undefined)
    throw new CatalogueError(`metric "${signal.metric.name}"`, "is not recorded", "record(name, help, expression)");
  return rule;
}

/** Rules that are evaluated one after the other, every `interval`. */
export function ruleGroup(name: string, interval: string, signals: readonly (Counter | Gauge)[]): RuleGroup {
  return { name, interval, rules: signals.map(ruleOf).map(({ record, expr }) => ({ record, expr })) };
}
