import type { Environment } from "../../environment";

/** Streams that a tenant may have at once. */
export const defaultStreamLimit = 20_000;

/** The same as Loki is told it: an environment's own configuration goes first. 0 is no limit. */
export function streamLimit({ systems }: Pick<Environment, "systems">): number {
  const { limits_config: own } = systems.loki.config as { limits_config?: { max_global_streams_per_user?: number } };
  return own?.max_global_streams_per_user ?? defaultStreamLimit;
}
