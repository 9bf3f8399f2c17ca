/**
 * What becomes here of an alert of another rule set. The list of reasons is closed: whoever wants another one says first
 * what can be proved of it.
 */
export type Verdict = {
  readonly severities: readonly ForeignSeverity[];
} & (
  | {
      /**
       * Ours fire on the series that make the other one fire, at its own level, as a ticket or a page where the other one is
       * more than information: test/alerts/coverage proves it.
       */
      readonly kind: "ours";
      readonly alerts: readonly string[];
      /** Where ours are narrower. @default nowhere */
      readonly but?: string;
    }
  | {
      /** Ours read the same, and tell somebody only from a worse value on: test/alerts/coverage proves that one. */
      readonly kind: "later";
      readonly alerts: readonly string[];
      readonly why: string;
    }
  | {
      /** The same trouble is seen by other series, which ours read. */
      readonly kind: "otherSignal";
      readonly alerts: readonly string[];
      readonly why: string;
    }
  | {
      /** What it reads is not there in the version, or as it is deployed here. */
      readonly kind: "noSuchMetric";
      readonly why: string;
      /** Ours that see the same by what is there. @default none */
      readonly alerts: readonly string[];
    }
  | {
      /** As it is written it never fires on what servers of these versions expose: promtool says so too. */
      readonly kind: "cantFire";
      readonly why: string;
      /** Ours that fire where it is meant to. */
      readonly alerts: readonly string[];
    }
  | { readonly kind: "notDeployed" | "notUseful" | "wanted"; readonly why: string }
);

export type ForeignSeverity = "critical" | "warning" | "info" | "none";

/** Alerts of somebody else, at the commit at which they were read. Names, severities and figures are all that is kept. */
export interface RuleSet {
  readonly name: string;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly commit: string;
  /** By name, as the other set spells it. */
  readonly alerts: Readonly<Record<string, Verdict>>;
}

type Severities = ForeignSeverity | readonly ForeignSeverity[];
const listed = (severities: Severities) => (typeof severities === "string" ? [severities] : severities);

/** Ours fire where it does. @param but where ours are narrower */
export const ours = (severities: Severities, alerts: readonly string[], but?: string): Verdict => ({
  kind: "ours",
  severities: listed(severities),
  alerts,
  ...(but === undefined ? {} : { but }),
});

/** Ours read the same, and tell somebody only from a worse value on. */
export const later = (severities: Severities, alerts: readonly string[], why: string): Verdict => ({
  kind: "later",
  severities: listed(severities),
  alerts,
  why,
});

/** Ours see the same trouble by other series. */
export const otherSignal = (severities: Severities, alerts: readonly string[], why: string): Verdict => ({
  kind: "otherSignal",
  severities: listed(severities),
  alerts,
  why,
});

/** What it reads is not there. @param alerts ours that see the same by what is there */
export const noSuchMetric = (severities: Severities, why: string, alerts: readonly string[] = []): Verdict => ({
  kind: "noSuchMetric",
  severities: listed(severities),
  alerts,
  why,
});

/** It never fires as it is written. @param alerts ours that fire where it is meant to */
export const cantFire = (severities: Severities, alerts: readonly string[], why: string): Verdict => ({
  kind: "cantFire",
  severities: listed(severities),
  alerts,
  why,
});

const without =
  (kind: "notDeployed" | "notUseful" | "wanted") =>
  (severities: Severities, why: string): Verdict => ({ kind, severities: listed(severities), why });

/** What it watches is no part of this stack. */
export const notDeployed = without("notDeployed");
/** Nobody would do anything about it. */
export const notUseful = without("notUseful");
/** A gap. */
export const wanted = without("wanted");

/** Ours that a verdict names. */
export const alertsOf = (verdict: Verdict): readonly string[] => ("alerts" in verdict ? verdict.alerts : []);
