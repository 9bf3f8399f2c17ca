/** Rules as Prometheus reads them, as plain data. */

export const severities = ["critical", "warning", "info", "none"] as const;
/** `critical` wakes a person, `warning` is for working hours, `info` only explains others, `none` is machinery. */
export type Severity = (typeof severities)[number];

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold, such as `5m`. @default fires at once */
  readonly for?: string;
  /** How long it keeps firing after it stopped to hold, so that flapping makes one notification. @default not at all */
  readonly keep_firing_for?: string;
  readonly labels: { readonly severity: Severity } & Readonly<Record<string, string>>;
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url?: string;
    /** Where the runbook stands in the project, when no link leads to it. */
    readonly runbook?: string;
    readonly dashboard_url?: string;
    /** The page's path in Grafana, when Grafana has no address that a person can reach. */
    readonly dashboard?: string;
  };
}

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  /** @default the global evaluation interval */
  readonly interval?: string;
  /** How many series or alerts a rule of it may give; more is an error of the rule. @default any */
  readonly limit?: number;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

/** Rule groups by the name of their file. */
export type RuleFiles = Readonly<Record<string, readonly RuleGroup[]>>;

/** An alerting rule, and no recording rule. */
export const isAlert = (rule: AlertRule | RecordingRule): rule is AlertRule => "alert" in rule;
