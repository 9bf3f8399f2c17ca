/** A failure with a type that stands on metrics and spans: few values, never a message. */
export class Failure extends Error {
  constructor(
    readonly type: "injected" | "timeout" | "unavailable" | "refused" | "down" | "internal",
    message: string,
    readonly status = 500,
  ) {
    super(message);
    this.name = "Failure";
  }
}

/** The type of anything that was thrown. */
export const typeOf = (error: unknown): Failure["type"] => (error instanceof Failure ? error.type : "internal");
