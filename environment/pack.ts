/**
 * What is watched besides the stack itself: metrics, what is recorded of them, pages, alerts and objectives of one
 * subject. The rooms above add what they know of packs to this interface. Ours stand in packs/, a team's own beside them.
 */
export interface Pack {
  /** Also its folder, and its word in `observability:packs`. */
  readonly name: string;
}

/** Whose a page, an alert or a metric is. */
export type Owner = { readonly kind: "the stack" } | { readonly kind: "pack" | "system"; readonly name: string };

export const theStack: Owner = { kind: "the stack" };

/** An owner in words: `pack shop`. */
export const printedOwner = (owner: Owner): string => ("name" in owner ? `${owner.kind} ${owner.name}` : owner.kind);

declare module "./composition" {
  interface Composition {
    /** In the order in which they are shown. */
    readonly packs: readonly Pack[];
    /** Ours that a configuration doesn't name. What it says of their thresholds is no fault. @default none */
    readonly leftOut?: readonly Pack[];
  }
}
