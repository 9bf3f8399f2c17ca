import type { Severity } from "../../../alerts";

/** Lines of a service, which a real Loki reads, and whether its ruler then alerts. */
export interface LogStream {
  readonly service: string;
  /** @default shop */
  readonly namespace?: string;
  /** Each line as often as it says. */
  readonly lines: readonly (readonly [count: number, line: string])[];
  /** What a person then reads; absent: it must not fire. */
  readonly says?: string;
}

export interface LogProof {
  readonly severity: Severity;
  /** It waits before it fires, or does not. */
  readonly state: "pending" | "firing";
  readonly streams: readonly LogStream[];
}

const errors = (bad: number, good: number) =>
  [
    [bad, "level=error msg=broken"],
    [good, "level=info msg=fine"],
  ] as const;

/** Every alert from log lines, by name. */
export const logProofs: Readonly<Record<string, LogProof>> = {
  LogErrorsHigh: {
    severity: "warning",
    state: "pending",
    streams: [
      {
        service: "failing",
        lines: errors(20, 80),
        says: "20% of the lines of failing are errors. The limit is 5 %.",
      },
      { service: "well", lines: errors(4, 96) },
      { service: "quiet", lines: errors(8, 0) },
    ],
  },
  LogPanic: {
    severity: "warning",
    state: "firing",
    streams: [
      {
        service: "crashed",
        lines: [[1, "panic: runtime error: index out of range"]],
        says: "1 lines of crashed in five minutes speak of a crash.",
      },
      // The stack logs the queries that it is asked, this rule's own words among them.
      { service: "loki", namespace: "observability", lines: [[1, 'level=info query="panic:"']] },
    ],
  },
};
