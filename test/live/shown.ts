import { type Kind, type Metric } from "../../signals";
import { conditionalLabels, onlyWhere, wrongTypes } from "../../signals/conditional";
import { catalogue } from "../../stacks/systems";

/** What a server says of a metric. */
export interface Shown {
  /** Empty where it says none: what is written by remote write or by a rule has no type. */
  readonly types: readonly string[];
  readonly series: number;
  readonly labels: ReadonlySet<string>;
}

/** Where server and catalogue differ, each in a line that names the metric. */
export function difference(metric: Metric, { types, series, labels }: Shown): string[] {
  const { name, kind } = metric;
  if (series === 0) return onlyWhere(metric) === undefined ? [`${name}: no series`] : [];
  const allowed = conditionalLabels(metric);
  const declared = catalogue.series(name)?.labels ?? new Set<string>();
  const unknown = [...labels].filter((label) => label !== "__name__" && !declared.has(label));
  const unseen = [...declared].filter((label) => !labels.has(label) && !["le", "quantile"].includes(label));
  const missing = unseen.filter((label) => !allowed.missing.has(label));
  const wrongKind = types.filter((type) => ![...writtenAs(kind), ...wrongTypes(metric)].includes(type));
  return [
    ...(wrongKind.length > 0 ? [`${name}: is a ${wrongKind.join(" and a ")}, catalogued as ${kind}`] : []),
    ...(unknown.length > 0 && !allowed.others
      ? [`${name}: has labels that are not catalogued: ${unknown.join(", ")}`]
      : []),
    ...(missing.length > 0 ? [`${name}: has none of the catalogued labels ${missing.join(", ")}`] : []),
  ];
}

/** The types under which a kind may stand on a server's page. Few write info metrics as such. */
const writtenAs = (kind: Kind): readonly string[] =>
  kind === "info" ? ["info", "gauge"] : kind === "native histogram" ? ["histogram"] : [kind];
