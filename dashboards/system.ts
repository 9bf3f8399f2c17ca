import type { Environment, SystemName } from "../environment";
import type { Page } from "./language";

/** A page, and the systems without which it would be empty. */
export interface Entry {
  readonly page: (environment: Environment) => Page;
  /** Besides Prometheus. @default none */
  readonly needs?: readonly SystemName[];
}

declare module "../environment/system" {
  interface System {
    /** Its page, shown where Prometheus and it are. @default none */
    readonly page?: (environment: Environment) => Page;
    /** One that exists elsewhere is not scraped, and no data source speaks for it: the page would be empty. */
    readonly seenWhereDeployed?: true;
    /** What to do at 3 a.m., as Markdown, by the name that its alerts have it by. @default those in docs/runbooks */
    readonly runbooks?: Readonly<Record<string, string>>;
  }
}

declare module "../environment/pack" {
  interface Pack {
    /** @default none */
    readonly pages?: readonly Entry[];
    /** What to do at 3 a.m., as Markdown, by the name that alerts have it by. @default none, or those in docs/runbooks */
    readonly runbooks?: Readonly<Record<string, string>>;
  }
}
