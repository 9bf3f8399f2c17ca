/**
 * The grammars ship CommonJS for `require` but declare their types for ES modules alone, which the compiler refuses to
 * import from a CommonJS file. These declarations stand in for theirs.
 */
declare module "@prometheus-io/lezer-promql" {
  import type { LRParser } from "@lezer/lr";
  export const parser: LRParser;
}
declare module "@grafana/lezer-logql" {
  import type { LRParser } from "@lezer/lr";
  export const parser: LRParser;
}
declare module "@grafana/lezer-traceql" {
  import type { LRParser } from "@lezer/lr";
  export const parser: LRParser;
}
