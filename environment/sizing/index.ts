import type { Choice, SizingRequest, SystemSizing } from "./choice";
import { sizeLoki } from "./loki";
import { sizePrometheus, sizeVictoriametrics, sizeVmagent } from "./metrics";
import { sizeAlertmanager, sizeCollector, sizeGrafana, sizeKubeStateMetrics, sizeVersitygw } from "./others";
import { sizeTempo } from "./tempo";

const systems: readonly SystemSizing[] = [
  sizePrometheus,
  sizeVictoriametrics,
  sizeVmagent,
  sizeLoki,
  sizeTempo,
  sizeGrafana,
  sizeAlertmanager,
  sizeCollector,
  sizeKubeStateMetrics,
  sizeVersitygw,
];

/**
 * Replicas, CPU, memory, disks and topology for a load: each number for the key that a person would write it at, with
 * its reason. Pure. More load never gives less of anything in sum.
 */
export function sizing(request: SizingRequest): Choice[] {
  return systems.flatMap((size) => size(request));
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
export { tooMuchForOne } from "./metrics";
export { type Kept } from "./kept";
export { loadOf, type Load } from "./load";
export { compression, objectBytes } from "./others";
export { largestSingle as tempoLimits, spanBytes } from "./tempo";
