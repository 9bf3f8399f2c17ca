import type { SystemName } from "./composition";
import { at, type Fault } from "./faults";
import type { Environment } from "./schema";
import { Duration } from "./units";

/** What must hold between keys. Each rule gives its faults; none of them stops the others from speaking. */
export type Rule = (environment: Environment) => Fault[];

/** A fault at a key below `observability:`. */
export const faultAt = (key: string, value: string | number, reason: string, fix: string): Fault => ({
  key: at(key),
  value: String(value),
  reason,
  fix,
});

/**
 * The shortest retention that a server takes, from its own documentation and start-up checks.
 * @param of the keys below `retention` that it keeps to
 */
export function keptAtLeast(
  least: string,
  why: string,
  of: (retention: Environment["retention"]) => Readonly<Record<string, Duration | undefined>>,
): Rule {
  return ({ retention }) =>
    Object.entries(of(retention)).flatMap(([name, value]) => {
      if (value === undefined || value.seconds >= Duration.parse(least).seconds) return [];
      return [faultAt(`retention.${name}`, value.toString(), why, `at least ${least}`)];
    });
}

/** A system whose replicas know nothing of each other. @param why and what to do instead */
export function singleReplica(name: SystemName, why: string): Rule {
  return ({ systems }) => {
    const { replicas } = systems[name];
    return replicas > 1 ? [faultAt(`systems.${name}.replicas`, replicas, why, "1")] : [];
  };
}
