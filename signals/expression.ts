import type { Matching, SameLabels, SameUnit } from "./matching";
import { quotient, type Quantity, type Quotient, type Unit } from "./units";

/** How tightly an expression binds, as PromQL orders its operators. */
const binding = { or: 1, and: 2, unless: 2, comparison: 3, sum: 4, product: 5, atom: 10 } as const;

/** What every expression knows about itself besides its text. */
export interface Facts {
  /** Names of the series it reads, suffixes of histograms included. */
  readonly series: readonly string[];
  /** How many parts were written as raw text. */
  readonly rawParts: number;
  readonly binding: number;
  readonly language: "promql" | "logql";
  /** The number beyond which its series are kept, in its unit: of a comparison with one, narrowed down or not. */
  readonly threshold?: number;
}

export const atom = (...parts: readonly Expression[]): Facts => ({
  language: parts.some((part) => part.facts.language === "logql") ? "logql" : "promql",
  series: [...new Set(parts.flatMap((part) => part.facts.series))],
  rawParts: parts.reduce((sum, part) => sum + part.facts.rawParts, 0),
  binding: binding.atom,
});

/** A query of PromQL, rendered by `toString()`. */
export abstract class Expression<U extends Unit = Unit> {
  constructor(
    readonly text: string,
    readonly unit: U,
    readonly facts: Facts,
  ) {}

  toString(): string {
    return this.text;
  }

  /** The text, in parentheses when an operator of this strength would tear it apart. */
  within(strength: number): string {
    return this.facts.binding < strength ? `(${this.text})` : this.text;
  }
}

/** One number, the same for every series: `time()`, `scalar(…)`, a constant. */
export class Scalar<U extends Unit = Unit> extends Expression<U> {
  readonly type = "scalar";
}

/** Series over a window: `metric[5m]` or a subquery. Functions such as `max_over_time` make instants of them. */
export class Range<L extends string = string, U extends Unit = Unit> extends Expression<U> {
  readonly type = "range";
  constructor(
    text: string,
    readonly labels: readonly L[],
    unit: U,
    facts: Facts,
  ) {
    super(text, unit, facts);
  }
}

/** Prints a quantity or number as PromQL; whole numbers beyond 1e21 never occur in thresholds. */
const printed = (level: Quantity | number): string => String(typeof level === "number" ? level : level.value);

/**
 * What an expression can be compared with: a quantity of its own unit; a bare number only where the unit is a count.
 */
export type Level<U extends Unit> =
  Quantity<U> | Scalar<U> | (U extends "count" | "state" | "number" | "requests" | "operations" ? number : 0);

/**
 * What functions and operators read of an instant vector: enough to combine it, and quick for the compiler to compare.
 */
export interface InstantVector<L extends string = string, U extends Unit = Unit> extends Expression<U> {
  readonly type: "instant";
  readonly labels: readonly L[];
}

/** Stands where an expression can't be; the compiler prints why. */
export interface Refused<Why extends string> {
  readonly refused: Why;
}
type Percent<L extends string, U extends Unit> = [U] extends ["ratio"]
  ? Instant<L, "percent">
  : Refused<`only ratios become percents, not ${U}`>;

/** One value for each series at each point in time. `L` are the labels that the series have. */
export class Instant<L extends string = string, U extends Unit = Unit>
  extends Expression<U>
  implements InstantVector<L, U>
{
  readonly type = "instant";

  constructor(
    text: string,
    readonly labels: readonly L[],
    unit: U,
    facts: Facts,
  ) {
    super(text, unit, facts);
  }

  /** Another unit for the same values, for what the operators can't know. */
  as<const V extends Unit>(unit: V): Instant<L, V> {
    return new Instant(this.text, this.labels, unit, this.facts);
  }

  /** 0..1 to 0..100. */
  asPercent(): Percent<L, U> {
    const percent: unknown = combine<L, "percent">(this, "*", binding.product, 100, "percent", this.labels);
    return percent as Percent<L, U>;
  }

  times(factor: number | Scalar): Instant<L, U> {
    return combine(this, "*", binding.product, factor, this.unit, this.labels);
  }

  dividedBy(divisor: number): Instant<L, U>;
  dividedBy<V extends Unit>(divisor: Scalar<V>): Instant<L, Quotient<U, V>>;
  dividedBy<M extends string, V extends Unit>(
    divisor: InstantVector<M, V> & SameLabels<L, M>,
  ): Instant<L, Quotient<U, V>>;
  dividedBy<M extends string, V extends Unit, K extends L & M, E extends M, G extends boolean>(
    divisor: InstantVector<M, V>,
    matching: Matching<K, E, G>,
  ): Instant<G extends true ? L | E : K, Quotient<U, V>>;
  dividedBy(divisor: number | Scalar | InstantVector, matching?: Matching<string, string, boolean>): Instant {
    const unit = typeof divisor === "number" ? this.unit : quotient<Unit, Unit>(this.unit, divisor.unit);
    return combine(this, "/", binding.product, divisor, unit, this.joined(matching), matching);
  }

  plus<M extends string, V extends Unit>(other: InstantVector<M, V> & SameLabels<L, M> & SameUnit<U, V>): Instant<L, U>;
  plus<M extends string, K extends L & M, E extends M, G extends boolean>(
    other: InstantVector<M, U>,
    matching: Matching<K, E, G>,
  ): Instant<G extends true ? L | E : K, U>;
  plus(other: InstantVector, matching?: Matching<string, string, boolean>): Instant {
    return combine(this, "+", binding.sum, other, this.unit, this.joined(matching), matching);
  }

  minus(other: Scalar<U> | Quantity<U>): Instant<L, U extends "timestamp" ? "seconds" : U>;
  minus<M extends string, V extends Unit>(
    other: InstantVector<M, V> & SameLabels<L, M> & SameUnit<U, V>,
  ): Instant<L, U extends "timestamp" ? "seconds" : U>;
  minus<M extends string, K extends L & M, E extends M, G extends boolean>(
    other: InstantVector<M, U>,
    matching: Matching<K, E, G>,
  ): Instant<G extends true ? L | E : K, U extends "timestamp" ? "seconds" : U>;
  minus(other: Scalar | Quantity | InstantVector, matching?: Matching<string, string, boolean>): Instant {
    const unit = this.unit === "timestamp" ? "seconds" : this.unit;
    return combine<string, Unit>(this, "-", binding.sum, other, unit, this.joined(matching), matching);
  }

  /** Lends labels of an info series: `x * on (instance) group_left (version) build_info`. */
  withLabelsOf<M extends string, K extends L & M, E extends M>(
    info: InstantVector<M, "state">,
    matching: Matching<K, E, true>,
  ): Instant<L | E, U> {
    return combine(this, "*", binding.product, info, this.unit, this.joined(matching) as (L | E)[], matching);
  }

  /** Keeps the series above a level; so do the five below. */
  above(level: Level<U>): Instant<L, U>;
  above<M extends string, K extends L & M, E extends M, G extends boolean>(
    other: InstantVector<M, U>,
    matching: Matching<K, E, G>,
  ): Instant<G extends true ? L | E : K, U>;
  above(other: Quantity | number | Expression, matching?: Matching<string, string, boolean>): Instant {
    return combine(this, ">", binding.comparison, other, this.unit, this.joined(matching), matching);
  }

  below(level: Level<U>): Instant<L, U>;
  below<M extends string, K extends L & M, E extends M, G extends boolean>(
    other: InstantVector<M, U>,
    matching: Matching<K, E, G>,
  ): Instant<G extends true ? L | E : K, U>;
  below(other: Quantity | number | Expression, matching?: Matching<string, string, boolean>): Instant {
    return combine(this, "<", binding.comparison, other, this.unit, this.joined(matching), matching);
  }

  atLeast(level: Level<U>): Instant<L, U> {
    return combine(this, ">=", binding.comparison, level, this.unit, this.labels);
  }

  atMost(level: Level<U>): Instant<L, U> {
    return combine(this, "<=", binding.comparison, level, this.unit, this.labels);
  }

  equals(level: Level<U>): Instant<L, U>;
  equals<M extends string>(other: InstantVector<M, U> & SameLabels<L, M>): Instant<L, U>;
  equals(level: Quantity | number | Expression): Instant<L, U> {
    return combine(this, "==", binding.comparison, level, this.unit, this.labels);
  }

  differsFrom(level: Level<U>): Instant<L, U>;
  differsFrom<M extends string>(other: InstantVector<M, U> & SameLabels<L, M>): Instant<L, U>;
  differsFrom(level: Quantity | number | Expression): Instant<L, U> {
    return combine(this, "!=", binding.comparison, level, this.unit, this.labels);
  }

  /** 1 where the comparison holds and 0 where not, instead of dropping the series: `is("<", quantity(1, "ratio"))`. */
  is(operator: ">" | "<" | ">=" | "<=" | "==" | "!=", level: Level<U>): Instant<L, "state"> {
    return combine<L, "state">(this, `${operator} bool`, binding.comparison, level, "state", this.labels);
  }

  /** Keeps the series that the other vector has too; `unless` those that it hasn't. */
  and<M extends string, K extends L & M>(other: InstantVector<M>, matching: Matching<K>): Instant<L, U>;
  and<M extends string>(other: InstantVector<M> & SameLabels<L, M>): Instant<L, U>;
  and(other: InstantVector, matching?: Matching<string>): Instant<L, U> {
    return combine(this, "and", binding.and, other, this.unit, this.labels, matching);
  }

  unless<M extends string, K extends L & M>(other: InstantVector<M>, matching: Matching<K>): Instant<L, U>;
  unless<M extends string>(other: InstantVector<M> & SameLabels<L, M>): Instant<L, U>;
  unless(other: InstantVector, matching?: Matching<string>): Instant<L, U> {
    return combine(this, "unless", binding.unless, other, this.unit, this.labels, matching);
  }

  /** Adds the series of the other vector that this one lacks. */
  or<M extends string, V extends Unit>(other: InstantVector<M, V> & SameLabels<L, M> & SameUnit<U, V>): Instant<L, U> {
    return combine(this, "or", binding.or, other as InstantVector, this.unit, this.labels);
  }

  /** A subquery: the expression over the last `window`, evaluated every `step` (both as PromQL writes durations). */
  over(window: string, step = ""): Range<L, U> {
    return new Range(`${this.within(binding.atom)}[${window}:${step}]`, this.labels, this.unit, atom(this));
  }

  private joined(matching: Matching<string, string, boolean> | undefined): string[] {
    if (matching === undefined) return [...this.labels];
    return matching.extra === undefined ? [...matching.keys] : [...new Set([...this.labels, ...matching.extra])];
  }
}

function combine<L extends string, U extends Unit>(
  left: InstantVector,
  operator: string,
  strength: number,
  right: Quantity | number | Expression,
  unit: U,
  labels: readonly string[],
  matching?: Matching<string, string, boolean>,
): Instant<L, U> {
  const operand = right instanceof Expression ? right.within(strength + 1) : printed(right);
  const match = matching === undefined ? "" : ` ${matching.toString()}`;
  const threshold = thresholdOf(left, operator, right);
  const facts = {
    ...(right instanceof Expression ? atom(left, right) : atom(left)),
    ...(threshold === undefined ? {} : { threshold }),
    binding: strength,
  };
  const text = `${left.within(strength)} ${operator}${match} ${operand}`;
  return new Instant(text, labels as readonly L[], unit, facts);
}

const comparisons: readonly string[] = [">", "<", ">=", "<=", "==", "!="];

function thresholdOf(left: InstantVector, operator: string, right: Quantity | number | Expression): number | undefined {
  if (operator === "and" || operator === "unless") return left.facts.threshold;
  if (!comparisons.includes(operator) || right instanceof Expression) return undefined;
  return typeof right === "number" ? right : right.value;
}
