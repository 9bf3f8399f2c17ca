/* eslint-disable @typescript-eslint/no-empty-object-type -- filled by systems, packs and the rooms above */

/**
 * What the stack is made of. The interfaces here are empty on purpose: each system adds its own settings to them
 * (`declare module`), so that no list of systems stands beside `stacks/systems.ts`.
 */

/** The settings of each system, below `observability:systems`. */
export interface Systems {}

/** Keys of the first level that belong to one system and bear its name: `observability:loki`. */
export interface SystemSections {}

/** The images of each system by name. */
export interface SystemImages {}

/** Everything that an environment can be made of; see `system.ts`. */
export interface Composition {}

/** The same word names the folder, the labels, the manifests and the configuration key. */
export type SystemName = keyof Systems;

/** What an image is called in code and in `observability:images.overrides`. */
export type ImageName = { [Each in keyof SystemImages]: keyof SystemImages[Each] }[keyof SystemImages];
