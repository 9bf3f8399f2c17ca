import { formatOf, type Unit } from "../../signals";

/** Labels of an expression as they stand in a template; one that the expression dropped is a compile error. */
export type Shown<L extends string> = { readonly [K in L]: string };

/** Words of an alert. `value` is the measured value, written in its unit. */
export type Words<L extends string> = (labels: Shown<L>, value: string) => string;

const labelValue = (label: string) => (/^[a-zA-Z_]\w*$/.test(label) ? `$labels.${label}` : `index $labels "${label}"`);

/** `{{ $labels.x }}` for each label. */
export function shownLabels<L extends string>(labels: readonly L[]): Shown<L> {
  return Object.fromEntries(labels.map((label) => [label, `{{ ${labelValue(label)} }}`])) as Shown<L>;
}

/** The value of a label as a part of an address: `{{ $labels.x | urlquery }}`. */
export const shownInAddress = (label: string): string => `{{ ${labelValue(label)} | urlquery }}`;

/** The measured value as a template of Prometheus, formatted as its unit wants. */
export function shownValue(unit: Unit): string {
  const { template, suffix } = formatOf(unit);
  return `{{ $value${template === undefined ? "" : ` | ${template}`} }}${suffix}`;
}

/** Whom a rule speaks of: the labels but for the cluster, or the cluster where there is no other. */
export function subjectOf(labels: readonly string[]): string {
  const shown = shownLabels(labels);
  const whose = labels.filter((label) => label !== "cluster").map((label) => shown[label]);
  return whose.length === 0 ? `cluster ${shownLabels(["cluster"]).cluster}` : whose.join(" ");
}
