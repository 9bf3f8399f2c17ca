import type { SpanAttributeName, spanAttributes } from "../signals/spans";

type Attributes = typeof spanAttributes;
type Typed = { string: string; number: number; boolean: boolean };

/** Names of one scope: those of a span, or those of what sends it. */
type Names<Scope extends "span" | "resource"> = {
  [N in SpanAttributeName]: Attributes[N]["scope"] extends Scope ? N : never;
}[SpanAttributeName];

/** Attributes of a span (E8): a name that the catalogue doesn't have, and a value of another type, don't compile. */
export type SpanAttributeValues = { [N in Names<"span">]?: Typed[Attributes[N]["type"]] };

/** Attributes of the service that sends, the same on all of its signals. */
export type ResourceAttributeValues = { [N in Names<"resource">]?: Typed[Attributes[N]["type"]] };

/** Checks attributes against the catalogue at compile time. */
export const spanAttributesOf = (attributes: SpanAttributeValues): SpanAttributeValues => attributes;
/** {@link spanAttributesOf} for a resource. */
export const resourceAttributesOf = (attributes: ResourceAttributeValues): ResourceAttributeValues => attributes;
