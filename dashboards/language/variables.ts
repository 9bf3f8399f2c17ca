import {
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { matches, type Counter, type Gauge } from "../../signals";
import { sourceRef, type DataSource } from "./sources";

/** A variable of a page: the values that a label has. */
export interface Variable {
  readonly name: string;
  readonly source: DataSource;
  /** The query that fills it, as the data source's plugin writes it. */
  readonly query: string;
  build(): Builder<VariableModel>;
}

interface VariableOptions {
  readonly label?: string;
  /** Several values at once. @default true */
  readonly multi?: boolean;
  /** All of them, which it then begins with; without it the page opens with the first. @default as `multi` */
  readonly all?: boolean;
}

/** Values of `label` on the series of a metric; the selector may depend on variables before it. */
export function variable<const L extends string>(
  name: string,
  of: Gauge<L> | Counter<L>,
  label: NoInfer<L>,
  { label: shown = name, ...options }: VariableOptions = {},
): Variable {
  const selector = "series" in of ? of.total().text : of.text;
  return queryVariable(name, "prometheus", `label_values(${selector}, ${label})`, shown, options);
}

/** Values of a stream label of Loki. */
export function streamVariable(
  name: string,
  label: string,
  selector: string,
  { label: shown = name, ...options }: VariableOptions = {},
): Variable {
  return queryVariable(name, "loki", `label_values(${selector}, ${label})`, shown, options);
}

function queryVariable(
  name: string,
  source: DataSource,
  query: string,
  label: string,
  { multi = true, all = multi }: VariableOptions,
): Variable {
  const build = () => {
    const builder = new QueryVariableBuilder(name)
      .label(label)
      .datasource(sourceRef(source))
      .query(query)
      .definition(query)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(multi)
      .includeAll(all)
      .current(all ? { selected: true, text: "All", value: "$__all" } : { text: "", value: "" });
    return all ? builder.allValue(".+") : builder;
  };
  return { name, source, query, build };
}

/** What a variable has selected: `where({ cluster: selected("cluster") })`. */
export const selected = (name: string) => matches(`$${name}`);
