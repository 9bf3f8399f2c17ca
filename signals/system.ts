import type { RuleGroup } from "./recording";
import type { Levels } from "./thresholds";

/** A source of metrics: the expressions that read them, by name. */
export type Source = Readonly<Record<string, unknown>>;

declare module "../environment/system" {
  interface System {
    /** What it exposes about itself. @default nothing */
    readonly metrics?: readonly Source[];
    /** Levels of its own at which something is wrong; an environment tunes them as those that all share. @default none */
    readonly thresholds?: Levels;
  }
}

declare module "../environment/pack" {
  interface Pack {
    /** What its subjects expose, and what is recorded of it. @default nothing */
    readonly metrics?: readonly Source[];
    /** Recording rules. @default none */
    readonly recorded?: readonly RuleGroup[];
    /** Levels of its own at which something is wrong; an environment tunes them as those that all share. @default none */
    readonly thresholds?: Levels;
  }
}
