import type { PolicyEnvironment, Resource } from "../../../policies/index";

/** What one policy says of some resources. */
export interface Case {
  readonly policy: string;
  /** The failure that it prevents, or what it has to let through. */
  readonly what: string;
  readonly resources: readonly Resource[];
  /** @default prod with a domain */
  readonly environment?: Partial<PolicyEnvironment>;
  /** Every message, whole; none where the resources comply. */
  readonly messages: readonly string[];
}
