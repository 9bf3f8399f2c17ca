import type { Quantity, Unit } from "../../signals";

/**
 * Why somebody may be woken. Symptoms page, causes are tickets: what no user notices and what loses nothing until the
 * morning is a warning, however bad it looks (decision 20). The situations are fixed in docs/must-page.md.
 */
export const pageReasons = {
  users: "users get errors, wait, or get nothing at all",
  data: "data is lost, or is about to be",
  alerting: "alerts reach nobody, or what raises them is blind",
  cluster: "the cluster can't be changed, resolves no names, or loses a part of itself within hours",
} as const;
export type PageReason = keyof typeof pageReasons;

export const isPageReason = (text: string): text is PageReason => Object.hasOwn(pageReasons, text);

/** The levels of a threshold, as panels draw them. */
interface Drawn<U extends Unit> {
  readonly info?: Quantity<U>;
  readonly warning: Quantity<U>;
  readonly critical: Quantity<U>;
}

/** Severities of a cause: beyond the threshold's last level a ticket; beyond its first it is shown, and nobody is told. */
export const ticket = <U extends Unit>({ info, warning, critical }: Drawn<U>) => ({
  info: info ?? warning,
  warning: critical,
});
