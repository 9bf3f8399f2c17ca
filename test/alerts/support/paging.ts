import { lokiRules, prometheusRules, routing, vmalertRules, type AlertRule, isAlert } from "../../../alerts";
import { Duration, type Environment } from "../../../environment";
import { alertmanagerConfig } from "../../../stacks/alertmanager/config";
import { readAlertmanager, routesOf } from "../../../tools/report/routing";
import { yamlOf } from "./promtool";

/** Who is told of each alert: what a reviewer reads when a route, a receiver or a severity changes. */

export const rulesOf = (environment: Environment): AlertRule[] =>
  [prometheusRules(environment), vmalertRules(environment), lokiRules(environment)]
    .flatMap((files) => Object.values(files).flat())
    .flatMap(({ rules }) => rules)
    .filter(isAlert);

/** The labels by which an alert is routed, as far as its rule knows them. */
export const labelsOf = ({ alert, labels }: AlertRule): Record<string, string> => ({
  alertname: alert,
  ...Object.fromEntries(Object.entries(labels).filter(([, value]) => !value.includes("{{"))),
});

export const configOf = (environment: Environment): string => yamlOf(alertmanagerConfig(environment));

/** Receivers by severity, such as `pager` or `chat (office only)`, for each alert of an environment. */
export function told(environment: Environment, at: Date): Map<string, string> {
  const alertmanager = readAlertmanager(configOf(environment));
  if (alertmanager === undefined) throw new Error(`${environment.name}: no configuration of Alertmanager`);
  const { time_intervals: intervals } = routing(environment);
  const rules = rulesOf(environment);
  const first = new Map(
    rules.filter(({ labels }) => labels["escalation"] === undefined).map((rule) => [keyOf(rule), rule.for ?? "0s"]),
  );
  const rows = new Map<string, string[]>();
  for (const rule of rules) {
    const level = rule.labels["escalation"];
    const receivers = routesOf(alertmanager.root, labelsOf(rule)).map(({ receiver, times }) =>
      silent(times, intervals as readonly Interval[], at) ? "–" : receiver,
    );
    const later = level === undefined ? "" : `${level} after ${minus(rule.for, first.get(keyOf(rule)))}: `;
    const said = `${later}${receivers.join(" + ")}`;
    const row = rows.get(`${rule.alert} ${rule.labels.severity}`) ?? [];
    // Several rules of one severity, such as the windows of an SLO, are one row.
    if (!row.includes(said)) rows.set(`${rule.alert} ${rule.labels.severity}`, [...row, said]);
  }
  return new Map([...rows].map(([alert, all]) => [alert, all.join("; ")]));
}

function keyOf({ alert, expr, labels }: AlertRule): string {
  return JSON.stringify([alert, labels.severity, expr]);
}

function minus(later: string | undefined, first: string | undefined): string {
  const seconds = (text: string | undefined) =>
    text === undefined || text === "0s" ? 0 : Duration.parse(text).seconds;
  return Duration.seconds(seconds(later) - seconds(first)).toString();
}

/** As Alertmanager reads it; written anew here, so that the table does not believe what made the intervals. */
interface Interval {
  readonly name: string;
  readonly time_intervals: readonly {
    readonly weekdays?: readonly string[];
    readonly times?: readonly { readonly start_time: string; readonly end_time: string }[];
    readonly days_of_month?: readonly string[];
    readonly months?: readonly string[];
    readonly years?: readonly string[];
    readonly location?: string;
  }[];
}

const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const monthNames = "january february march april may june july august september october november december".split(" ");

/** Whether a route says nothing at a moment; `times` are those of tools/report/routing.ts. */
function silent(times: readonly string[], intervals: readonly Interval[], at: Date): boolean {
  const holds = (name: string) =>
    (intervals.find((each) => each.name === name)?.time_intervals ?? []).some((range) => within(range, at));
  const named = (words: string) => times.flatMap((text) => (text.startsWith(words) ? [text.slice(words.length)] : []));
  const active = named("only during ");
  return named("silent during ").some(holds) || (active.length > 0 && !active.some(holds));
}

export function within(range: Interval["time_intervals"][number], at: Date): boolean {
  const zone = range.location ?? "UTC";
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(at);
  const [hour = 0, minute = 0] = part({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).split(":").map(Number);
  const now = hour * 60 + minute;
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const month = Number(part({ month: "numeric" }));
  const year = Number(part({ year: "numeric" }));
  const inList = (list: readonly string[] | undefined, value: number, number: (word: string) => number) =>
    list === undefined ||
    list.some((text) => {
      const [from = "", to = from] = text.split(":");
      return number(from) <= value && value <= number(to);
    });
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return (
    (range.times === undefined ||
      range.times.some(({ start_time, end_time }) => minutes(start_time) <= now && now < minutes(end_time))) &&
    inList(range.weekdays, days.indexOf(part({ weekday: "long" }).toLowerCase()), (word) => days.indexOf(word)) &&
    inList(range.days_of_month, Number(part({ day: "numeric" })), (word) =>
      Number(word) < 0 ? lastDay + 1 + Number(word) : Number(word),
    ) &&
    inList(range.months, month, (word) => (monthNames.includes(word) ? monthNames.indexOf(word) + 1 : Number(word))) &&
    inList(range.years, year, Number)
  );
}
