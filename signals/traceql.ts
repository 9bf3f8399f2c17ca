import { condition, quoted, type Match } from "./labels";
import { spanAttributes, type SpanAttributeName } from "./spans";
import type { Quantity } from "./units";

/** TraceQL as far as panels and links need it. */

interface Intrinsics {
  /** Name of the operation. */
  readonly name?: Match;
  readonly status?: "error" | "ok" | "unset";
  readonly kind?: "server" | "client" | "producer" | "consumer" | "internal";
  /** Spans that take longer. */
  readonly longerThan?: Quantity<"seconds">;
  /** The service whose span has no parent. */
  readonly rootServiceName?: Match;
}

/** Conditions on one span: intrinsics and attributes of the catalogue. */
export type SpanConditions = Intrinsics & { readonly [A in Exclude<SpanAttributeName, "name">]?: Match | number };

/** A TraceQL query. */
export class TraceQuery {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }

  /** Traces that have spans of both kinds. */
  and(other: TraceQuery): TraceQuery {
    return new TraceQuery(`${this.text} && ${other.text}`);
  }

  /** Traces in which a span of the second kind lies below one of the first. */
  above(other: TraceQuery): TraceQuery {
    return new TraceQuery(`${this.text} >> ${other.text}`);
  }
}

const render = (name: string, match: Match | number): string => {
  if (typeof match === "number") return `${name} = ${match}`;
  const { operator, value } = condition(match);
  return `${name} ${operator} ${quoted(value)}`;
};

/** Traces with a span that fulfils all conditions: `spansWhere({ "service.name": "api", status: "error" })`. */
export function spansWhere(conditions: SpanConditions): TraceQuery {
  const parts = Object.entries(conditions).flatMap(([key, value]: [string, unknown]) => {
    if (value === undefined) return [];
    if (key === "status" || key === "kind") return [`${key} = ${String(value)}`];
    if (key === "longerThan") return [`duration > ${(value as Quantity).value * 1000}ms`];
    if (key === "name" || key === "rootServiceName") return [render(key, value as Match)];
    return [render(`${spanAttributes[key as SpanAttributeName].scope}.${key}`, value as Match | number)];
  });
  return new TraceQuery(`{${parts.join(" && ")}}`);
}
