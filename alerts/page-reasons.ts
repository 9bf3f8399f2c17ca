import type { Environment } from "../environment";
import { thresholdsOf } from "../signals";
import { ownedBy } from "./catalogue";
import { filesOf } from "./figures";
import type { PageReason } from "./language";
import { isAlert } from "./rule";

/**
 * Why each alert of an environment wakes somebody, by its name: of those that have a critical rule as they are tuned. What
 * has no reason of ours is left out: rules of teams, and what only a stack file makes critical.
 */
export function pageReasonsOf(environment: Environment): Readonly<Record<string, PageReason>> {
  const reasons = new Map(
    ownedBy(environment, thresholdsOf(environment)).flatMap(([, { name, pages }]) =>
      pages === undefined ? [] : [[name, pages] as const],
    ),
  );
  const waking = filesOf(environment)
    .flatMap(([, groups]) => groups)
    .flatMap(({ rules }) => rules.filter(isAlert))
    .flatMap(({ alert, labels }) => (labels.severity === "critical" ? [alert] : []));
  return Object.fromEntries(
    [...new Set(waking)].sort().flatMap((name) => {
      const reason = reasons.get(name);
      return reason === undefined ? [] : [[name, reason] as const];
    }),
  );
}
