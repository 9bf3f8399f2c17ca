import type { Environment, SystemName } from "../environment";
import type { Alert } from "./kit";
import type { Limits } from "./limits";

/** Alerts on one subject: a rule file with a group of the same name. */
export interface Subject {
  readonly name: string;
  /** Systems without which none of them could fire. */
  readonly needs: readonly SystemName[];
  readonly alerts: (environment: Environment, limits: Limits) => Alert[];
}

declare module "../environment/system" {
  interface System {
    /** What is wrong with it when. @default nothing */
    readonly alerts?: Subject;
  }
}
