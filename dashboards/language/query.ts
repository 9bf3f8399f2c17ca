import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import * as loki from "@grafana/grafana-foundation-sdk/loki";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as tempo from "@grafana/grafana-foundation-sdk/tempo";
import { type LogQuery, TraceQuery, type Expression, type InstantVector, type Unit } from "../../signals";
import { sourceRef, type DataSource } from "./sources";

/** The first label of a legend that the expression doesn't have, or never. */
type UnknownLabel<T extends string, L extends string> = T extends `${string}{{${infer K}}}${infer Rest}`
  ? K extends L
    ? UnknownLabel<Rest, L>
    : K
  : never;

/** The legend itself when the expression has all its labels, else a sentence that names the one it lacks. */
export type Legend<T extends string, L extends string> = [UnknownLabel<T, L>] extends [never]
  ? T
  : `the expression has no label ${UnknownLabel<T, L>}`;

/** What a panel asks for, whatever its unit. */
export interface AnyQuery {
  readonly expression: Expression | LogQuery<string> | TraceQuery;
  readonly unit: Unit;
  readonly legend: string;
  readonly source: DataSource;
  readonly mode: "range" | "instant" | "table" | "heatmap" | "service map";
  /** Dots on the graph that lead to traces. */
  readonly exemplars: boolean;
}

/** What a panel asks for, in one unit: queries of different units are different types, neither part of the other. */
export interface Query<U extends Unit> extends AnyQuery {
  readonly unit: U;
  readonly exactly?: (unit: U) => U;
}

interface QueryOptions {
  readonly source?: "prometheus" | "victoriametrics" | "alert-history";
  readonly exemplars?: boolean;
}

/** A line for each series; the legend may name labels of the expression: `query(x, "{{instance}} {{device}}")`. */
export function query<L extends string, U extends Unit, const T extends string>(
  expression: InstantVector<L, U>,
  legend: Legend<T, L>,
  options: QueryOptions = {},
): Query<U> {
  const source = expression.facts.language === "logql" ? "loki" : (options.source ?? "prometheus");
  return { expression, unit: expression.unit, legend, source, mode: "range", exemplars: options.exemplars ?? false };
}

/** The same query for the latest moment alone, as stats, bars and tables want it. */
export const latest = <U extends Unit>(of: Query<U>): Query<U> => ({ ...of, mode: "instant" });

/** Lines of logs. */
export const lines = (expression: LogQuery<string>): Query<"state"> => plain(expression, "loki", "range");
/** A list of traces. */
export const traces = (expression: TraceQuery): Query<"state"> => plain(expression, "tempo", "table");
/** Tempo's picture of who calls whom; the text is an optional filter on series of the service graph. */
export const serviceMap = (): Query<"state"> => plain(new TraceQuery("{}"), "tempo", "service map");

const plain = (
  expression: LogQuery<string> | TraceQuery,
  source: DataSource,
  mode: AnyQuery["mode"],
): Query<"state"> => ({
  expression,
  unit: "state",
  legend: "",
  source,
  mode,
  exemplars: false,
});

/** A query as Grafana's data source plugins read it. */
export function target(of: AnyQuery, refId: string): Builder<Dataquery> {
  const text = of.expression.toString();
  const ref = sourceRef(of.source);
  if (of.source === "loki") {
    const builder = new loki.DataqueryBuilder().datasource(ref).refId(refId).expr(text).legendFormat(of.legend);
    return of.mode === "range" ? builder.queryType("range").range(true) : builder.queryType("instant").instant(true);
  }
  if (of.source === "tempo") {
    const builder = new tempo.DataqueryBuilder().datasource(ref).refId(refId);
    if (of.mode === "service map") return builder.queryType("serviceMap");
    return builder.queryType("traceql").query(text).limit(50).tableType(tempo.SearchTableType.Traces);
  }
  const builder = new prometheus.DataqueryBuilder().datasource(ref).refId(refId).expr(text).legendFormat(of.legend);
  if (of.mode === "heatmap")
    return builder.range().format(prometheus.PromQueryFormat.Heatmap).legendFormat("{{le}}").exemplar(of.exemplars);
  if (of.mode === "table") return builder.instant().format(prometheus.PromQueryFormat.Table);
  return of.mode === "instant" ? builder.instant() : builder.range().exemplar(of.exemplars);
}
