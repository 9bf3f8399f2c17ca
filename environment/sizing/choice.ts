import type { Profile } from "../profile";
import type { Bytes, Cpu } from "../units";
import type { Kept } from "./kept";
import type { Load } from "./load";
import { limitAbove } from "./steps";

/** Everything that sizes follow from. */
export interface SizingRequest {
  readonly profile: Profile;
  readonly load: Load;
  readonly kept: Kept;
  /** What a person wrote at a key that sizes choose else; undefined: nothing. */
  readonly written: (key: string) => unknown;
  /** What stands at a key that no size chooses. */
  readonly setting: (key: string) => unknown;
}

/** CPU and memory of a pod, as a stack file has them. */
export interface Pod {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly memory: string };
}

/** One number (or the size of one pod) that was chosen, or a default that is taken away (null), for the key that a person would write it at. */
export interface Choice {
  /** `systems.loki.components.ingester.replicas` */
  readonly key: string;
  readonly value: string | number | Pod | { readonly minReplicas: number; readonly maxReplicas: number } | null;
  /** The formula, with its numbers. */
  readonly reason: string;
  /** Where the rule is from. */
  readonly source: string;
  /** Another key for the same, which stands above this one where it is written. */
  readonly unless?: string;
  /** Of a volume: what its data takes before rounding; less can't hold what is to be kept. */
  readonly needs?: { readonly bytes: number };
}

/** What the sizing of one system needs besides the load: how small its parts may be, by profile. */
export type SystemSizing = (request: SizingRequest) => Choice[];

/** A pod's size. @param limit @default one step above the request */
export function pod(cpu: Cpu, memory: Bytes, limit: Bytes = limitAbove(memory)): Pod {
  return {
    requests: { cpu: cpu.toString(), memory: memory.toString() },
    limits: { memory: limit.toString() },
  };
}

export const sources = {
  victoriametrics: "VictoriaMetrics docs, capacity planning",
  prometheus: "Prometheus docs, storage; 3 kB a series with remote write, doubled for queries",
  loki: "Loki docs, size the cluster",
  tempo: "Tempo docs, size the cluster",
  collector: "OpenTelemetry Collector docs, scaling; its benchmarks for each core",
  availability: "losing one pod interrupts nothing",
  kubeStateMetrics: "kube-state-metrics README, resource recommendation",
  derived: "derived from the reference topologies (docs/decisions/0016-sizing.md)",
} as const;
