import type { Environment } from "../schema";
import type { SizingRequest } from "./choice";
import { keptBy } from "./kept";
import { loadOf } from "./load";

/** What a person may have written of the keys that sizes follow. */
interface Decisions {
  readonly tempo?: { readonly dialect?: unknown };
  readonly systems?: { readonly [S in WithParts]?: { readonly mode?: unknown } };
}

/** The systems whose parts can run apart. */
type WithParts = "loki" | "tempo" | "victoriametrics";

/**
 * What sizes follow from in an environment.
 * @param decided where modes and dialects stand that are not to be chosen: what a person wrote, or a whole environment
 */
export function sizingRequest(environment: Environment, decided: Decisions): SizingRequest {
  const { profile, scrapeInterval, load, tempo, grafana, storage, systems } = environment;
  const isDecided = (system: WithParts) => decided.systems?.[system]?.mode !== undefined;
  return {
    profile,
    load: loadOf(profile, scrapeInterval, load),
    kept: keptBy(environment),
    given: {
      ...(isDecided("loki") ? { lokiMode: systems.loki.mode } : {}),
      ...(isDecided("tempo") ? { tempoMode: systems.tempo.mode } : {}),
      ...(isDecided("victoriametrics") ? { victoriametricsMode: systems.victoriametrics.mode } : {}),
      ...(decided.tempo?.dialect === undefined ? {} : { tempoDialect: tempo.dialect }),
      kafka: tempo.kafka !== undefined,
      database: grafana.database !== undefined,
      inClusterStorage: storage.kind === "in-cluster",
    },
  };
}
