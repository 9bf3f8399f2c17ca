import type { Fault } from "./faults";
import type { Environment } from "./schema";

/** What must hold between keys. Each rule gives its faults; none of them stops the others from speaking. */
export type Rule = (environment: Environment) => Fault[];
