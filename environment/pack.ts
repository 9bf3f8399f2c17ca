/**
 * What is watched besides the stack itself: metrics, what is recorded of them, pages, alerts and objectives of one
 * subject. The rooms above add what they know of packs to this interface. Ours stand in packs/, a team's own beside them.
 */
export interface Pack {
  /** Also its folder, and its word in `observability:packs`. */
  readonly name: string;
}

declare module "./composition" {
  interface Composition {
    /** In the order in which they are shown. */
    readonly packs: readonly Pack[];
  }
}
