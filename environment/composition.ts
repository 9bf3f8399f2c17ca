/**
 * What the stack is made of. The interfaces here are empty on purpose: each system adds its own settings to them
 * (`declare module`), so that no list of systems stands beside `stacks/systems.ts`.
 */

/** The settings of each system, below `observability:systems`. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by the systems
export interface Systems {}

/** Keys of the first level that belong to one system and bear its name: `observability:loki`. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by the systems
export interface SystemSections {}

/** Everything that an environment can be made of; see `system.ts`. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by what is above
export interface Composition {}

/** The same word names the folder, the labels, the manifests and the configuration key. */
export type SystemName = keyof Systems;
