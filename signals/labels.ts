/** Conditions on labels, as in PromQL and LogQL selectors. */

export type Operator = "=" | "!=" | "=~" | "!~";

export interface Condition {
  readonly operator: Operator;
  readonly value: string;
}

/** A plain string means equality. */
export type Match = string | Condition;

/** `{ code: "500" }`, `{ mode: not("idle") }`, `{ code: matches("5..") }`; only labels that the series have. */
export type Matches<L extends string> = { readonly [K in L]?: Match };

/** `label!="value"` */
export const not = (value: string): Condition => ({ operator: "!=", value });
/** `label=~"pattern"`, anchored at both ends; RE2 syntax. */
export const matches = (pattern: string): Condition => ({ operator: "=~", value: pattern });
/** `label!~"pattern"` */
export const matchesNot = (pattern: string): Condition => ({ operator: "!~", value: pattern });
/** `label=~"a|b"`, each value taken literally. */
export const oneOf = (...values: readonly string[]): Condition => ({
  operator: "=~",
  value: values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join("|"),
});
/** `label!=""` */
export const present = not("");

export function condition(match: Match): Condition {
  return typeof match === "string" ? { operator: "=", value: match } : match;
}

/** A string literal of PromQL, LogQL and TraceQL. */
export const quoted = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

const bareLabel = /^[a-zA-Z_]\w*$/;

/** A label as it stands in a query: names beyond `[a-zA-Z_]\w*` (Prometheus 3, UTF-8) are quoted. */
export const labelName = (name: string): string => (bareLabel.test(name) ? name : quoted(name));

/** `{a="x", b=~"y"}`, or nothing without conditions; a label may carry several conditions. */
export function renderMatchers(conditions: readonly (readonly [string, Condition])[]): string {
  if (conditions.length === 0) return "";
  return `{${conditions.map(([label, { operator, value }]) => `${labelName(label)}${operator}${quoted(value)}`).join(", ")}}`;
}

export function conditionsOf(matchers: Readonly<Record<string, Match | undefined>>): (readonly [string, Condition])[] {
  return Object.entries(matchers).flatMap(([label, match]) =>
    match === undefined ? [] : [[label, condition(match)] as const],
  );
}
