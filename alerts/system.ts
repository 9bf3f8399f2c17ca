import type { Environment, SystemName } from "../environment";
import type { Thresholds } from "../signals";
import type { Alert } from "./language";
import type { Slo } from "./language/slo";

/** Service level objectives, as they follow from the thresholds and the period of an environment. */
export type Objectives = (thresholds: Thresholds, environment: Environment) => readonly Slo[];

/** Alerts on one subject: a rule file with a group of the same name. */
export interface Subject {
  readonly name: string;
  /** Systems without which none of them could fire. @default none */
  readonly needs?: readonly SystemName[];
  readonly alerts: (environment: Environment, thresholds: Thresholds) => Alert[];
}

declare module "../environment/system" {
  interface System {
    /** What is wrong with it when. @default nothing */
    readonly alerts?: Subject;
  }
}

declare module "../environment/pack" {
  interface Pack {
    /** Alerts by subject; what several packs say of one subject stands in one file. @default none */
    readonly alerts?: readonly Subject[];
    /** Service level objectives, with their alerts. @default none */
    readonly objectives?: Objectives;
  }
}
