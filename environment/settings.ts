import { z } from "zod";
import { bytes, cpu, label } from "./values";

/** The building blocks of a system's settings and of their defaults. */

const resources = z.strictObject({
  requests: z.strictObject({ cpu, memory: bytes }),
  /** No CPU limit by default: throttling a server under load loses data, a request already guarantees its share. */
  limits: z.strictObject({ cpu: cpu.optional(), memory: bytes }),
});
export { resources as resourcesSchema };
export type Resources = z.output<typeof resources>;

export const toleration = z
  .strictObject({ key: z.string(), operator: z.string(), value: z.string(), effect: z.string() })
  .partial();

/** Sections of a server's own configuration; which ones exist is known, what stands in them is the server's business. */
export const sections = <const Section extends string>(names: readonly [Section, ...Section[]]) =>
  z.partialRecord(z.enum(names), z.unknown());

/** What every system can be told. */
export function settingsOf<Config extends z.ZodType>(config: Config) {
  return z.strictObject({
    /** Off: nothing of it is deployed and nothing of the stack expects it. */
    enabled: z.boolean(),
    /** Base URL of one that exists already; then none is deployed and the stack uses that one. */
    existingUrl: z.url({ protocol: /^https?$/ }).optional(),
    replicas: z.int().min(1).max(50),
    resources,
    storageClass: label.optional(),
    nodeSelector: z.record(z.string(), z.string()).optional(),
    tolerations: z.array(toleration).optional(),
    /**
     * Merged over the server's own configuration, key by key; lists are replaced, null takes a key away.
     * @default nothing
     */
    // No default among the profiles' ones: a merge there would already swallow the nulls.
    config: config.prefault({} as z.input<Config>),
  });
}

/** A server that keeps something: without a volume it could not even start, its root file system is read-only. */
export function statefulSettingsOf<Config extends z.ZodType>(config: Config) {
  return settingsOf(config).extend({ volume: bytes });
}

const component = z.strictObject({ replicas: z.int().min(1).max(200), resources, volume: bytes.optional() });
export type ComponentSettings = z.output<typeof component>;

/** The sizes of a system's parts where they run apart; each has a default, so each is there. */
export const componentSettingsOf = <const Name extends string>(names: readonly [Name, ...Name[]]) =>
  z.record(z.enum(names), component);

/** CPU and memory as a stack file has them: requested, and the memory that is the limit. */
export const size = (cpu: string, memory: string, limit = memory) => ({
  requests: { cpu, memory },
  limits: { memory: limit },
});

/** A system that is on, as a stack file has it. */
export const enabledWith = (replicas: number, resources: object, volume?: string) => ({
  enabled: true,
  replicas,
  resources,
  ...(volume === undefined ? {} : { volume }),
});

/** The default of a part, as a stack file has it. */
export interface ComponentDefault {
  readonly replicas: number;
  readonly resources: ReturnType<typeof size>;
  readonly volume?: string;
}

/** The size of a part before anybody says so. */
export const componentDefault = (
  replicas: number,
  resources: ComponentDefault["resources"],
  volume?: string,
): ComponentDefault => ({
  replicas,
  resources,
  ...(volume === undefined ? {} : { volume }),
});
