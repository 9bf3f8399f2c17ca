import type { Profile } from "./profile";

/** A departure from a policy that somebody decided, for a time. */
export interface Exemption {
  /** Name of the policy. */
  readonly policy: string;
  /** Kind and name without the namespace: `DaemonSet node-exporter`; `*` stands for any text. */
  readonly resource: string;
  /** What exactly is let through, as findings call it; anything else about the resource stays a violation. */
  readonly subjects: readonly string[];
  /** Why the policy has to give way, and what would end that. */
  readonly reason: string;
  /** Day of the decision, `2026-11-21`. */
  readonly granted: string;
  /** Last day on which it counts, at most a year after `granted`. */
  readonly expires: string;
  /** @default every profile */
  readonly profiles?: readonly Profile[];
}
