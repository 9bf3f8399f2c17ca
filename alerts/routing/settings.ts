import { EnvironmentError, type Duration, type Environment, type Fault, type Receiver } from "../../environment";
import { teams, type Escalation, type Team } from "../kit";
import { unknown } from "../settings";

/** Severities that reach people. */
export const notified = ["critical", "warning", "info"] as const;
export type Notified = (typeof notified)[number];

/** Names of receivers by severity. */
export type BySeverity = Readonly<Partial<Record<Notified, string | undefined>>>;

/** When something holds; what is left out is any. All that is given must hold. */
export interface TimeRange {
  /** `monday:friday`, `saturday` */
  readonly weekdays?: readonly string[] | undefined;
  /** `09:00-17:30`; a range that passes midnight is two. */
  readonly times?: readonly string[] | undefined;
  /** `1:7`; negative ones count from the end of the month. */
  readonly daysOfMonth?: readonly string[] | undefined;
  /** `january:march`, `12` */
  readonly months?: readonly string[] | undefined;
  /** `2026`, `2026:2028` */
  readonly years?: readonly string[] | undefined;
  /** IANA name of the time zone. @default UTC */
  readonly location?: string | undefined;
}

/** Text messages, through Amazon SNS. */
export interface SmsReceiver {
  readonly kind: "sms";
  readonly name: string;
  readonly region: string;
  /** `+491701234567`; or a topic that has subscribers. */
  readonly phoneNumber?: string | undefined;
  readonly topicArn?: string | undefined;
}

/** What an environment says about who is told, under `alerting`. */
export interface RoutingSettings {
  readonly receivers: readonly (Receiver | SmsReceiver)[];
  /** @default the first receiver */
  readonly defaultReceiver?: string | undefined;
  readonly watchdogReceiver?: string | undefined;
  /** @default critical and warning the default receiver, info nobody */
  readonly severities?: BySeverity | undefined;
  /** Receivers of a team's own; what it leaves out goes by severity. */
  readonly teams?: Readonly<Partial<Record<Team, BySeverity>>> | undefined;
  readonly timeIntervals?: Readonly<Record<string, readonly TimeRange[]>> | undefined;
  /** Interval in which warnings and information are sent; critical alerts are sent at all times. @default at all times */
  readonly workingHours?: string | undefined;
  /** Intervals in which nobody is told, the Watchdog's receiver apart. */
  readonly maintenance?: readonly { readonly interval: string; readonly team?: Team | undefined }[] | undefined;
  /** Who hears of alerts that nobody has silenced after a time (G5). */
  readonly escalation?:
    | Readonly<
        Record<string, { readonly receiver: string; readonly after: Readonly<Partial<Record<Notified, Duration>>> }>
      >
    | undefined;
}

export const routingSettings = (environment: Environment): RoutingSettings => environment.alerting as RoutingSettings;

/** The further levels of support, as rules need them. */
export function escalationsOf(environment: Environment): Escalation[] {
  const { escalation = {} } = routingSettings(environment);
  return Object.entries(escalation).map(([to, { after }]) => ({
    to,
    after: after as Readonly<Record<string, Duration>>,
  }));
}

const at = (key: string) => `observability:alerting.${key}`;

/**
 * What can't be routed.
 * @throws EnvironmentError for unknown receivers, teams and intervals, and intervals that are empty or overlap
 */
export function checkRouting(environment: Environment): void {
  const settings = routingSettings(environment);
  const {
    receivers,
    severities = {},
    teams: ofTeams = {},
    timeIntervals = {},
    maintenance = [],
    escalation = {},
  } = settings;
  const receiver = (key: string, name: string | undefined) =>
    name === undefined || receivers.some((each) => each.name === name)
      ? []
      : [
          unknown(
            key,
            name,
            receivers.map((each) => each.name),
          ),
        ];
  const interval = (key: string, name: string | undefined) =>
    name === undefined || name in timeIntervals ? [] : [unknown(key, name, Object.keys(timeIntervals))];
  const bySeverity = (key: string, of: BySeverity) =>
    Object.entries(of).flatMap(([severity, name]) => receiver(`${key}.${severity}`, name));
  const faults: Fault[] = [
    ...bySeverity("severities", severities),
    ...Object.entries(ofTeams).flatMap(([team, of]) => [
      ...((teams as readonly string[]).includes(team) ? [] : [unknown(`teams.${team}`, team, teams)]),
      ...bySeverity(`teams.${team}`, of),
    ]),
    ...Object.entries(timeIntervals).flatMap(([name, ranges]) => intervalFaults(`timeIntervals.${name}`, ranges)),
    ...interval("workingHours", settings.workingHours),
    ...maintenance.flatMap((window, index) => interval(`maintenance[${index}].interval`, window.interval)),
    ...Object.entries(escalation).flatMap(([level, { receiver: name }]) =>
      receiver(`escalation.${level}.receiver`, name),
    ),
  ];
  if (faults.length > 0) throw new EnvironmentError(environment.name, faults);
}

function intervalFaults(key: string, ranges: readonly TimeRange[]): Fault[] {
  const conditions = ({ location: _, ...rest }: TimeRange) =>
    Object.values(rest).filter((list) => (list ?? []).length > 0);
  if (ranges.length === 0 || ranges.some((range) => conditions(range).length === 0)) {
    return [
      {
        key: at(key),
        reason: "is empty: it would hold always",
        fix: 'say when, for example {weekdays: ["monday:friday"]}',
      },
    ];
  }
  return ranges.flatMap(({ times = [], location }, index) => {
    const here = at(`${key}[${index}]`);
    const spans = times.map((text) => ({ text, span: spanOf(text) }));
    const wrong = spans
      .filter(({ span }) => span === undefined)
      .map(({ text }) => ({
        key: `${here}.times`,
        value: text,
        reason: "is no range of times within one day",
        fix: 'for example "09:00-17:30"; past midnight write two: "22:00-24:00" and "00:00-06:00"',
      }));
    const sorted = spans.flatMap(({ span, text }) => (span ? [{ ...span, text }] : [])).sort((a, b) => a.from - b.from);
    const overlaps = sorted.flatMap((span, position) => {
      const next = sorted[position + 1];
      return next !== undefined && next.from < span.to
        ? [{ key: `${here}.times`, value: next.text, reason: `overlaps ${span.text}`, fix: "one range" }]
        : [];
    });
    return [...wrong, ...overlaps, ...(location === undefined || isZone(location) ? [] : [zoneFault(here, location)])];
  });
}

const zoneFault = (key: string, location: string): Fault => ({
  key: `${key}.location`,
  value: location,
  reason: "is no time zone",
  fix: 'an IANA name, for example "Europe/Berlin"',
});

/** Minutes since midnight; undefined for what is no range. */
export function spanOf(text: string): { readonly from: number; readonly to: number } | undefined {
  const match = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/.exec(text);
  if (match === null) return undefined;
  const [from = 0, to = 0] = [1, 3].map((group) => Number(match[group]) * 60 + Number(match[group + 1]));
  return from < to && to <= 1440 ? { from, to } : undefined;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
