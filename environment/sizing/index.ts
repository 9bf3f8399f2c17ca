import type { Composition, SystemName } from "../composition";
import type { Choice, SizingRequest } from "./choice";

/** A choice, and the system that made it. */
export type SystemChoice = Choice & { readonly system: SystemName };

/**
 * Replicas, CPU, memory, disks and topology for a load: each number for the key that a person would write it at, with
 * its reason. Pure. More load never gives less of anything in sum.
 */
export function sizing({ systems }: Composition, request: SizingRequest): SystemChoice[] {
  return systems.flatMap(({ name, sizing: size }) =>
    (size?.(request) ?? []).map((each) => ({ ...each, system: name })),
  );
}

/** The choices as a stack file would have them. */
export function asInput(choices: readonly Choice[]): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const { key, value } of choices) {
    const path = key.split(".");
    const last = path.pop() ?? key;
    const parent = path.reduce<Record<string, unknown>>(
      (at, part) => (at[part] ??= {}) as Record<string, unknown>,
      input,
    );
    parent[last] = value;
  }
  return input;
}

export type { Choice, Pod, SizingRequest } from "./choice";
export { loadOf, type Load } from "./load";
export { compression, objectBytes, spanBytes } from "./objects";
