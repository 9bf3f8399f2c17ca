import { notifiedSeverities, type DeepReadonly, type Environment, type TimeRange } from "../../environment";
import { infoInhibitorName } from "../stack";
import { inhibitRules } from "./inhibition";
import { nobody, type Route } from "./route";
import { alertingPathMatchers, receiverConfigs, receiversIn, switchesOf, watchdogRoute } from "./watchdog";
export { messageTemplates, templatesFile } from "./messages";
export { receiverSecrets, receiverSecretsPath } from "./receivers";
export { nobody } from "./route";

type Settings = Environment["alerting"];
type Notified = (typeof notifiedSeverities)[number];

/** The parts of Alertmanager's configuration that say who is told. */
export interface Routing {
  readonly route: Route;
  readonly inhibit_rules: readonly object[];
  readonly receivers: readonly object[];
  readonly time_intervals: readonly object[];
}

/** Severities of which somebody is told unasked; information is for whoever looks. */
const paging = ["critical", "warning"] as const satisfies readonly Notified[];

/** How patient each severity is: a critical alert is sent at once and again each hour until somebody silences it. */
const pace: Readonly<Record<Notified, Pick<Route, "group_wait" | "repeat_interval">>> = {
  critical: { group_wait: "10s", repeat_interval: "1h" },
  warning: { group_wait: "30s", repeat_interval: "4h" },
  info: { group_wait: "1m", repeat_interval: "12h" },
};

/**
 * Alerts that are one message, and one incident at those who keep incidents. Where two of a name are about different things
 * (services, agents, nodes, hosts), the second is news to whoever acknowledged the first.
 */
const groupBy = ["cluster", "namespace", "alertname", "service_name", "agent", "node", "instance"] as const;

/** Who is told what, when: routes by escalation, team and severity; inhibition; receivers; intervals. */
export function routing(environment: Environment): Routing {
  const settings = environment.alerting;
  const { receivers, defaultReceiver, timeIntervals } = settings;
  const fallback = defaultReceiver ?? receivers[0]?.name ?? nobody;
  const people = [
    ...alertingPathRoutes(environment),
    ...escalationRoutes(settings),
    ...teamsOf(settings).map((team) => teamRoute(settings, team, fallback)),
    ...severityRoutes(settings, receiversBy(settings, fallback)),
  ];
  const switches = switchesOf(settings, [fallback, ...receiversIn(people)]);
  return {
    route: {
      receiver: fallback,
      group_by: groupBy,
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "4h",
      routes: [
        watchdogRoute(settings, switches),
        { matchers: [`alertname="${infoInhibitorName}"`], receiver: nobody },
        ...people,
      ],
    },
    inhibit_rules: inhibitRules(environment),
    receivers: [{ name: nobody }, ...receivers.flatMap((each) => receiverConfigs(each, switches))],
    time_intervals: Object.entries(timeIntervals).map(([name, ranges]) => ({
      name,
      time_intervals: ranges.map(rangeOf),
    })),
  };
}

/**
 * Whom alerts don't reach is told by a second way as well, whoever else hears of it: the first one may be what is broken.
 * Further levels of support have theirs.
 */
function alertingPathRoutes(environment: Environment): Route[] {
  const { alertingPathReceiver: receiver } = environment.alerting;
  if (receiver === undefined) return [];
  return severityRoutes(environment.alerting, () => receiver, undefined, ["critical"]).map((route) => ({
    ...route,
    matchers: [...alertingPathMatchers(environment), 'escalation=""'],
    continue: true,
  }));
}

/** A further level is told as the first one is: not in maintenance, of warnings in working hours only. */
function escalationRoutes(settings: Settings): Route[] {
  const muted = [...new Set(settings.maintenance.flatMap(({ team }) => team ?? []))];
  return Object.entries(settings.escalation).map(([level, { receiver }]) => ({
    matchers: [`escalation="${level}"`],
    receiver,
    routes: [
      ...muted.map((team) => ({
        matchers: [`team="${team}"`],
        routes: severityRoutes(settings, () => receiver, team, paging),
      })),
      ...severityRoutes(settings, () => receiver, undefined, paging),
    ],
  }));
}

/** Teams about which something differs: only those have a branch of their own. */
const teamsOf = ({ teams, maintenance }: Settings) => [
  ...new Set([...Object.keys(teams), ...maintenance.flatMap(({ team }) => team ?? [])]),
];

function teamRoute(settings: Settings, team: string, fallback: string): Route {
  return {
    matchers: [`team="${team}"`],
    routes: severityRoutes(settings, receiversBy(settings, fallback, team), team),
  };
}

type Receivers = (severity: Notified) => string;

/** Who is told by severity: the team's own receiver, the environment's, the fallback; of information nobody. */
const receiversBy =
  ({ severities, teams }: Settings, fallback: string, team?: string): Receivers =>
  (severity) =>
    (team === undefined ? undefined : teams[team]?.[severity]) ??
    severities[severity] ??
    (severity === "info" ? nobody : fallback);

function severityRoutes(
  { workingHours, maintenance }: Settings,
  receiverOf: Receivers,
  team?: string,
  severities: readonly Notified[] = notifiedSeverities,
): Route[] {
  const muted = maintenance
    .filter((window) => window.team === undefined || window.team === team)
    .map(({ interval }) => interval);
  return severities.map((severity) => ({
    matchers: [`severity="${severity}"`],
    receiver: receiverOf(severity),
    ...pace[severity],
    ...(muted.length === 0 ? {} : { mute_time_intervals: muted }),
    ...(workingHours === undefined || severity === "critical" ? {} : { active_time_intervals: [workingHours] }),
  }));
}

function rangeOf({ weekdays, times, daysOfMonth, months, years, location }: DeepReadonly<TimeRange>): object {
  const given = (name: string, list: readonly unknown[] | undefined) =>
    list === undefined || list.length === 0 ? {} : { [name]: list };
  const split = (times ?? []).map((text) => {
    const [start_time, end_time] = text.split("-");
    return { start_time, end_time };
  });
  return {
    ...given("weekdays", weekdays),
    ...given("times", split),
    ...given("days_of_month", daysOfMonth),
    ...given("months", months),
    ...given("years", years),
    ...(location === undefined ? {} : { location }),
  };
}
