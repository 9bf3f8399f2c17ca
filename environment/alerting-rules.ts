import type { TimeRange } from "./alerting";
import { at, missingSecret, unknownName, type Fault } from "./faults";
import { metricsKept } from "./retention";
import type { DeepReadonly, Environment } from "./schema";
import { alwaysHolds, intervalFaults } from "./time-intervals";
import { Duration } from "./units";

/** What must hold between the keys of `alerting`; what needs to know the alerts themselves is checked in alerts/. */

type Rule = (environment: Environment) => Fault[];

const somebodyToTell: Rule = ({ alerting, profile, stages }) =>
  profile === "prod" && stages.includes("alerts") && alerting.receivers.length === 0
    ? [
        {
          key: at("alerting.receivers"),
          value: "[]",
          reason: "prod has nobody to tell: no alert would reach a person",
          fix: 'add one, for example {kind: slack, name: oncall, channel: "#alerts", urlSecret: slackUrl}',
        },
      ]
    : [];

/** Keys of a receiver of which exactly one is given, and what each is for. */
const alternatives = {
  webhook: ["url", "urlSecret", "a webhook needs either url or urlSecret", "add url, or urlSecret when it is secret"],
  sms: [
    "phoneNumber",
    "topicArn",
    "a text message needs either phoneNumber or topicArn",
    "add phoneNumber, or topicArn for several people",
  ],
} as const;

const receivers: Rule = ({ alerting, secrets }) => {
  const names = alerting.receivers.map(({ name }) => name);
  const twice = names.flatMap((name, index): Fault[] => {
    const key = at(`alerting.receivers[${index}].name`);
    return names.indexOf(name) === index
      ? []
      : [{ key, value: name, reason: "two receivers have one name", fix: "a name of its own" }];
  });
  const own = alerting.receivers.flatMap((receiver, index): Fault[] => {
    const path = `alerting.receivers[${index}]`;
    const missing = Object.entries(receiver).flatMap(([field, secret]) =>
      !field.endsWith("Secret") || typeof secret !== "string" || secrets.includes(secret)
        ? []
        : [missingSecret(`${path}.${field}`, secret)],
    );
    return [...oneOfTwo(at(path), receiver), ...missing];
  });
  return [...twice, ...own];
};

function oneOfTwo(key: string, receiver: DeepReadonly<Environment["alerting"]["receivers"][number]>): Fault[] {
  if (receiver.kind !== "webhook" && receiver.kind !== "sms") return [];
  const [first, second, reason, fix] = alternatives[receiver.kind];
  const given = Object.keys(receiver).filter((field) => field === first || field === second).length;
  if (given === 1) return [];
  return [{ key, value: receiver.name, reason, fix: given === 0 ? fix : "take one of them away" }];
}

/** SNS takes a message only from somebody with the right to send it. */
const messagesNeedARole: Rule = ({ alerting, storage }) =>
  alerting.receivers.flatMap(({ kind, name }, index): Fault[] =>
    kind !== "sms" || storage.kind === "aws"
      ? []
      : [
          {
            key: at(`alerting.receivers[${index}]`),
            value: name,
            reason: "text messages go through Amazon SNS: without AWS Alertmanager has no right to send them",
            fix: "storage.kind aws with an aws section, or a webhook of whoever sends your messages",
          },
        ],
  );

/** Everything that names a receiver, by its path. */
const namedReceivers: Rule = ({ alerting }) => {
  const { defaultReceiver, watchdogReceiver, watchdogReceivers, alertingPathReceiver } = alerting;
  const { severities, teams, escalation } = alerting;
  const within = (path: string, of: object) =>
    Object.entries(of).map(([key, name]) => [`${path}.${key}`, name as string | undefined] as const);
  const named: readonly (readonly [path: string, name: string | undefined])[] = [
    ["defaultReceiver", defaultReceiver],
    ["watchdogReceiver", watchdogReceiver],
    ...within("watchdogReceivers", watchdogReceivers),
    ["alertingPathReceiver", alertingPathReceiver],
    ...within("severities", severities),
    ...Object.entries(teams).flatMap(([team, of]) => within(`teams.${team}`, of)),
    ...Object.entries(escalation).map(([level, { receiver }]) => [`escalation.${level}.receiver`, receiver] as const),
  ];
  const known = alerting.receivers.map(({ name }) => name);
  return named.flatMap(([path, name]) =>
    name === undefined || known.includes(name)
      ? []
      : [unknownName(`alerting.${path}`, name, known, "no receiver has this name")],
  );
};

/** A second way that is the first one tells nothing new when that is broken. */
const secondWay: Rule = ({ alerting }) => {
  const { alertingPathReceiver: second, receivers, defaultReceiver, severities, teams } = alerting;
  const first = teams["platform"]?.critical ?? severities.critical ?? defaultReceiver ?? receivers[0]?.name;
  if (second === undefined || second !== first) return [];
  const others = receivers.map(({ name }) => name).filter((name) => name !== first);
  const reason = "is how critical alerts go anyway: when that is broken, nobody learns of it";
  const fix = `another receiver${others.length === 0 ? "" : `: ${others.join(", ")}`}`;
  return [{ key: at("alerting.alertingPathReceiver"), value: second, reason, fix }];
};

const intervals: Rule = ({ alerting }) => {
  const { timeIntervals, workingHours, maintenance } = alerting;
  const known = Object.keys(timeIntervals);
  const named: readonly (readonly [path: string, name: string | undefined])[] = [
    ["workingHours", workingHours],
    ...maintenance.map(({ interval }, index) => [`maintenance[${index}].interval`, interval] as const),
  ];
  const unknown = named.flatMap(([path, name]) =>
    name === undefined || known.includes(name)
      ? []
      : [unknownName(`alerting.${path}`, name, known, "no time interval has this name")],
  );
  const wrong = Object.entries(timeIntervals).flatMap(([name, ranges]) =>
    intervalFaults(`alerting.timeIntervals.${name}`, ranges as readonly TimeRange[]),
  );
  return [...unknown, ...wrong, ...endlessFaults(alerting)];
};

/** Maintenance that never ends silences everything, what watches over alerting too, and looks like a window. */
const endlessFaults = ({ timeIntervals, maintenance }: Environment["alerting"]): Fault[] =>
  maintenance.flatMap(({ interval }, index): Fault[] =>
    (timeIntervals[interval] ?? []).some((range) => alwaysHolds(range as TimeRange))
      ? [
          {
            key: at(`alerting.maintenance[${index}].interval`),
            value: interval,
            reason: "always holds: nobody would ever be told of anything",
            fix: 'say when it ends, for example daysOfMonth and months, or years: ["2026"]',
          },
        ]
      : [],
  );

/** A level that comes before the one below it, or of which nobody ever hears. */
const escalations: Rule = ({ alerting }) =>
  Object.entries(alerting.escalation).flatMap(([level, { after }]): Fault[] => {
    const key = at(`alerting.escalation.${level}.after`);
    if (!/^[A-Za-z0-9_-]+$/.test(level))
      return [{ key: at(`alerting.escalation.${level}`), reason: "is no name of a level", fix: 'for example "L2"' }];
    return Object.keys(after).length > 0
      ? []
      : [{ key, value: "{}", reason: "nothing ever escalates to it", fix: "for example {critical: 1h, warning: 4h}" }];
  });

/** Shorter ones would be spent by what their longest burn-rate window, three days, lets pass. */
const shortestPeriod = Duration.parse("28d");

/** What is left of a budget is read from the whole period. */
const periodWithinRetention: Rule = (environment) => {
  const { objectivePeriod: period } = environment.alerting;
  const kept = metricsKept(environment);
  const fault = (reason: string, fix: string): Fault[] => [
    { key: at("alerting.objectivePeriod"), value: period?.toString() ?? "", reason, fix },
  ];
  if (period === undefined) return [];
  if (period.seconds > kept.seconds) {
    const reason = `metrics are kept for ${kept.toString()} (retention.metrics): what is left of a budget would be unknown`;
    return fault(reason, `at most ${kept.toString()}, or a tier of retention.metrics that keeps ${period.toString()}`);
  }
  return period.seconds < shortestPeriod.seconds
    ? fault(
        "burn rates look back three days, a large part of so short a period",
        `at least ${shortestPeriod.toString()}`,
      )
    : [];
};

export const alertingRules: readonly Rule[] = [
  somebodyToTell,
  receivers,
  messagesNeedARole,
  namedReceivers,
  secondWay,
  intervals,
  escalations,
  periodWithinRetention,
];
