import { Instant, type Facts } from "./expression";
import { conditionsOf, quoted, renderMatchers, labelName, type Matches } from "./labels";
import {
  logFields,
  metadataLabels,
  streamLabels,
  type LogFieldName,
  type MetadataLabel,
  type StreamLabel,
} from "./logs";
import type { Unit } from "./units";

/** LogQL as far as panels and rules need it. Metric queries are instants and aggregate with the same functions. */

const auto = "$__auto";
const facts: Facts = { series: [], rawParts: 0, binding: 10, language: "logql" };

/** A log query. `F` are the labels and fields that its lines have by now. */
export class LogQuery<F extends string> {
  constructor(
    readonly text: string,
    readonly fields: readonly F[],
  ) {}

  toString(): string {
    return this.text;
  }

  /** Lines with this text; upper and lower case differ. */
  containing(text: string): LogQuery<F> {
    return this.then(`|= ${quoted(text)}`);
  }

  /** Lines without this text. */
  lacking(text: string): LogQuery<F> {
    return this.then(`!= ${quoted(text)}`);
  }

  /** Lines that match a regular expression (RE2). */
  matching(pattern: string): LogQuery<F> {
    return this.then(`|~ ${quoted(pattern)}`);
  }

  /**
   * Parses the line as JSON: the fields of D1 can be read from here on. Lines that are no JSON are left out: a single
   * one would make Loki refuse every query that counts.
   */
  json(): LogQuery<F | LogFieldName> {
    return new LogQuery<F | LogFieldName>(`${this.text} | json | __error__ = ""`, [
      ...this.fields,
      ...(Object.keys(logFields) as LogFieldName[]),
    ]);
  }

  /** Keeps lines whose labels or fields fulfil all conditions. */
  where(matchers: Matches<F>): LogQuery<F> {
    return conditionsOf(matchers).reduce<LogQuery<F>>(
      (query, [label, { operator, value }]) => query.then(`| ${labelName(label)} ${operator} ${quoted(value)}`),
      this,
    );
  }

  /** Reads a numeric field for the functions below that want one. */
  unwrap<const U extends Unit>(field: F, unit: U): Unwrapped<F, U> {
    return new Unwrapped(`${this.text} | unwrap ${labelName(field)} | __error__ = ""`, this.fields, unit);
  }

  private then(stage: string): LogQuery<F> {
    return new LogQuery(`${this.text} ${stage}`, this.fields);
  }
}

/** A log query whose lines are numbers. */
export class Unwrapped<F extends string, U extends Unit> extends LogQuery<F> {
  constructor(
    text: string,
    fields: readonly F[],
    readonly unit: U,
  ) {
    super(text, fields);
  }
}

/** Lines of streams: `logs({ service_name: "api" })`; at least one condition, as Loki wants it. */
export function logs(matchers: Matches<StreamLabel>): LogQuery<StreamLabel | MetadataLabel> {
  const conditions = conditionsOf(matchers);
  return new LogQuery(conditions.length === 0 ? `{service_name=~".+"}` : renderMatchers(conditions), [
    ...streamLabels,
    ...metadataLabels,
  ]);
}

const over =
  <U extends Unit>(name: string, unit: U) =>
  <F extends string>(query: LogQuery<F>, window = auto, ago?: string): Instant<F, U> =>
    new Instant(
      `${name}(${query.text} [${window}]${ago === undefined ? "" : ` offset ${ago}`})`,
      query.fields,
      unit,
      facts,
    );

/** Lines per second; over Grafana's own window unless one is given, up to `ago` before now. The others alike. */
export const lineRate = over("rate", "lines per second");
/** Lines in the window. */
export const lineCount = over("count_over_time", "lines");
/** Bytes of lines per second. */
export const logBytesRate = over("bytes_rate", "bytes per second");
/** Bytes of lines in the window. */
export const logBytes = over("bytes_over_time", "bytes");

/**
 * The φ-quantile of an unwrapped field in the window, for each value of the given labels. Without them each line's own
 * fields would make a series of their own, and Loki refuses the query.
 */
export function logQuantile<F extends string, U extends Unit, const K extends F>(
  q: number,
  of: Unwrapped<F, U>,
  by: readonly K[],
  window = auto,
): Instant<K, U> {
  return new Instant(
    `quantile_over_time(${q}, ${of.text} [${window}]) by (${by.map(labelName).join(", ")})`,
    by,
    of.unit,
    facts,
  );
}
