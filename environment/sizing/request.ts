import type { Environment } from "../schema";
import type { SizingRequest } from "./choice";
import { keptBy } from "./kept";
import { loadOf } from "./load";

/**
 * What sizes follow from in an environment.
 * @param decided where that stands which is not to be chosen: what a person wrote, or a whole environment
 */
export function sizingRequest(environment: Environment, decided: object): SizingRequest {
  return {
    profile: environment.profile,
    load: loadOf(environment),
    kept: keptBy(environment),
    written: (key) => (valueAt(decided, key) === undefined ? undefined : valueAt(environment, key)),
    setting: (key) => valueAt(environment, key),
  };
}

/** What stands at a key such as `systems.loki.mode`. */
export function valueAt(tree: object, key: string): unknown {
  return key.split(".").reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], tree);
}
