import { labelName } from "./labels";

/**
 * Which series of two vectors meet. `on("namespace")` and `ignoring("pod")` as in PromQL; the side called on is the
 * "many" side when `.groupLeft(...)` is added.
 */
export class Matching<K extends string, Extra extends string = never, Grouped extends boolean = false> {
  declare private readonly grouped: Grouped;

  constructor(
    readonly mode: "on" | "ignoring",
    readonly keys: readonly K[],
    readonly extra?: readonly Extra[],
  ) {}

  /** Many series of the left side meet one of the right side, which lends the given labels. */
  groupLeft<const E extends string = never>(...extra: readonly E[]): Matching<K, E, true> {
    return new Matching(this.mode, this.keys, extra);
  }

  toString(): string {
    const list = (labels: readonly string[]) => labels.map(labelName).join(", ");
    const group = this.extra === undefined ? "" : ` group_left (${list(this.extra)})`;
    return `${this.mode} (${list(this.keys)})${group}`;
  }
}

/** Series meet when these labels are equal. */
export const on = <const K extends string>(...keys: readonly K[]) => new Matching<K>("on", keys);

/** Says which labels keep two vectors from meeting; shows up in the compiler's message. */
export type Mismatch<
  L extends string,
  M extends string,
> = `labels differ: ${Exclude<L, M> | Exclude<M, L>} is on one side only; aggregate both sides by the same labels or match on(...)`;

/** `unknown` when both vectors have the same labels, else the sentence of {@link Mismatch}. */
export type SameLabels<L extends string, M extends string> = [L] extends [M]
  ? [M] extends [L]
    ? unknown
    : Mismatch<L, M>
  : Mismatch<L, M>;

/** `unknown` when the units are equal, else a sentence that names both. */
export type SameUnit<U extends string, V extends string> = [U] extends [V] ? unknown : `units differ: ${U} and ${V}`;
