import type { Environment } from "../environment";
import type { Page } from "./kit";

declare module "../environment/system" {
  interface System {
    /** Its page, shown where Prometheus and it are. @default none */
    readonly page?: (environment: Environment) => Page;
    /** One that exists elsewhere is not scraped, and no data source speaks for it: the page would be empty. */
    readonly seenWhereDeployed?: true;
  }
}
