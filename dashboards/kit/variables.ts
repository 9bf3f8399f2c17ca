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
  /** Several values at once, or all of them. @default true */
  readonly multi?: boolean;
}

/** Values of `label` on the series of a metric; the selector may depend on variables before it. */
export function variable<const L extends string>(
  name: string,
  of: Gauge<L> | Counter<L>,
  label: NoInfer<L>,
  { label: shown = name, multi = true }: VariableOptions = {},
): Variable {
  const selector = "series" in of ? of.total().text : of.text;
  return queryVariable(name, "prometheus", `label_values(${selector}, ${label})`, shown, multi);
}

/** Values of a stream label of Loki. */
export function streamVariable(
  name: string,
  label: string,
  selector: string,
  { label: shown = name, multi = true }: VariableOptions = {},
): Variable {
  return queryVariable(name, "loki", `label_values(${selector}, ${label})`, shown, multi);
}

function queryVariable(name: string, source: DataSource, query: string, label: string, multi: boolean): Variable {
  const build = () => {
    const builder = new QueryVariableBuilder(name)
      .label(label)
      .datasource(sourceRef(source))
      .query(query)
      .definition(query)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(multi)
      .includeAll(multi)
      .current(multi ? { selected: true, text: "All", value: "$__all" } : { text: "", value: "" });
    return multi ? builder.allValue(".+") : builder;
  };
  return { name, source, query, build };
}

/** What a variable has selected: `where({ cluster: chosen("cluster") })`. */
export const chosen = (name: string) => matches(`$${name}`);
