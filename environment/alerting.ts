import { z } from "zod";
import { alertTuning } from "./alerting-tuning";
import { decimal, digitsAsText, duration, fault, hostAndPort, label, secretName } from "./values";

/** What an environment says about its alerts: which rules, at which thresholds, and who is told when. */

/** The region, wherever AWS is asked for something. */
export const awsRegion = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: fault("is not an AWS region", `for example "us-west-2"`) });

const receiverSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("webhook"),
    name: label,
    url: z.url({ protocol: /^https?$/ }).optional(),
    urlSecret: secretName.optional(),
  }),
  z.strictObject({ kind: z.literal("slack"), name: label, channel: z.string().min(2), urlSecret: secretName }),
  z.strictObject({
    kind: z.literal("pagerduty"),
    name: label,
    /** The key of one service there: who is on call, and who after them, is its escalation policy's to say. */
    routingKeySecret: secretName,
    /** Name of that policy, for whoever reads the incident. @default not said */
    escalationPolicy: z.string().min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal("opsgenie"),
    name: label,
    apiKeySecret: secretName,
    /** Who is told, as they are called there: `[{type: schedule, name: platform-on-call}]`. @default as the key's integration says */
    responders: z
      .array(
        z.strictObject({
          /** A schedule or an escalation knows who is on call. */
          type: z.enum(["team", "user", "escalation", "schedule"]),
          /** Its name there; of a user the address that they log in with. */
          name: z.string().min(1),
        }),
      )
      .optional(),
  }),
  z.strictObject({
    kind: z.literal("email"),
    name: label,
    to: z.email(),
    from: z.email(),
    smarthost: hostAndPort,
    username: z.string().optional(),
    passwordSecret: secretName.optional(),
  }),
  z.strictObject({
    kind: z.literal("sms"),
    name: label,
    /** Region of Amazon SNS, which sends the message. */
    region: awsRegion,
    /** Either this or `topicArn`. */
    phoneNumber: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, {
        error: fault("is not a telephone number", 'in quotes with the country: "+491701234567"'),
      })
      .optional(),
    /** A topic whose subscribers get the message. */
    topicArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$/, {
        error: fault("is not the ARN of a topic", 'for example "arn:aws:sns:eu-west-1:123456789012:oncall"'),
      })
      .optional(),
  }),
]);
export type Receiver = z.output<typeof receiverSchema>;

/** Names of receivers. */
const bySeverity = z
  .strictObject({
    /** Receiver of critical alerts, at all times. */
    critical: label,
    /** Receiver of warnings. */
    warning: label,
    /** Receiver of information, which is shown and recorded, and told to nobody unless somebody is named here. */
    info: label,
  })
  .partial();

const weekday = "(?:sun|mon|tues|wednes|thurs|fri|satur)day";
const month = "(?:january|february|march|april|may|june|july|august|september|october|november|december|1[0-2]|[1-9])";
const day = "-?(?:[12]\\d|3[01]|[1-9])";

/** A list of values or ranges `from:to`, each made of what a pattern takes. */
const ranges = (pattern: string, reason: string, example: string) =>
  z.array(
    z.preprocess(
      digitsAsText,
      z.string().regex(new RegExp(`^${pattern}(:${pattern})?$`), { error: fault(reason, `for example "${example}"`) }),
    ),
  );

/** When something holds; what is left out is any, and all that is given must hold. */
const timeRange = z
  .strictObject({
    weekdays: ranges(weekday, "is no weekday or range of them", "monday:friday"),
    times: z.array(z.string()),
    daysOfMonth: ranges(day, "is no day of the month or range of them", "1:7"),
    months: ranges(month, "is no month or range of them", "january:march"),
    years: ranges("\\d{4}", "is no year or range of them", "2026:2028"),
    location: z.string(),
  })
  .partial();
export type TimeRange = z.output<typeof timeRange>;

const escalationLevel = z.strictObject({
  /** Who hears of it then. */
  receiver: label,
  /** How long an alert of each severity has to stay unsilenced; a severity that is left out does not escalate. */
  after: z
    .strictObject({
      /** Critical alerts (G5 answers within 1 h). */
      critical: duration,
      /** Warnings. */
      warning: duration,
    })
    .partial(),
});

const seriesName = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, {
  error: fault("is not the name of a metric", 'for example "orders_total"'),
});
const labelName = z
  .string()
  .regex(/^[a-zA-Z_]\w*$/, { error: fault("is not the name of a label", 'for example "outcome"') });

const teamRules = z.strictObject({
  /**
   * Folder of rule files, relative to the project: `*.yaml` is for Prometheus, `loki/*.yaml` for Loki's ruler, and
   * `*.test.yaml` is left alone.
   */
  folder: z.string().min(1),
  /**
   * Metrics of the team's own that the rules read, each with its own labels: `{orders_total: [shop, outcome]}`; a
   * histogram without `_bucket`. What is in no catalogue and not here is a typo.
   */
  metrics: z.record(seriesName, z.array(labelName)).default({}),
  /** Fields of the team's own log lines that the rules read. */
  logFields: z.array(labelName).default([]),
});

const watchdogReceivers = z
  .strictObject({
    /** Of Prometheus' Watchdog. */
    prometheus: label,
    /** Of vmalert's. */
    vmalert: label,
    /** Of the second vmalert's, which shards with tiers have. */
    "vmalert-long": label,
    /** Of the ruler's, which evaluates alerts from logs. */
    loki: label,
  })
  .partial();
/** Who evaluates rules, each with a Watchdog of its own. */
export type EvaluatorName = keyof z.output<typeof watchdogReceivers>;

export const alertingSchema = z.strictObject({
  receivers: z.array(receiverSchema),
  /** Receiver of every alert. @default the first receiver */
  defaultReceiver: label.optional(),
  /** Receiver of the Watchdogs, which must always fire (a dead man's switch): it hears that they fire, and no more. */
  watchdogReceiver: label.optional(),
  /**
   * Switches of their own by who evaluates: one that hears several Watchdogs may not notice that one of them is silent.
   * @default watchdogReceiver
   */
  watchdogReceivers,
  /**
   * Receiver that also hears of what wakes somebody because alerts reach nobody: by another way than the first one, which
   * may be what is broken. @default nobody besides
   */
  alertingPathReceiver: label.optional(),
  /** Receivers by severity. @default critical and warning go to `defaultReceiver`, info to nobody */
  severities: bySeverity,
  /** Receivers of a team's own, by severity: `{product: {warning: product-chat}}`. What it leaves out goes by severity. */
  teams: z.record(z.string(), bySeverity),
  /** Named times: lists of weekdays, times, daysOfMonth, months, years and a location (IANA time zone, UTC otherwise). */
  timeIntervals: z.record(z.string(), z.array(timeRange)),
  /** The time interval in which warnings and information are sent. Critical alerts are sent at all times. @default at all times */
  workingHours: z.string().optional(),
  /** Windows in which nobody is told, or nobody of one team: `{interval, team}`. The Watchdog is heard all the same. */
  maintenance: z.array(
    z.strictObject({
      /** Name of a time interval. */
      interval: z.string(),
      /** @default every team */
      team: z.string().optional(),
    }),
  ),
  /**
   * Further levels of support: `{L2: {receiver, after: {critical: 1h}}}`. Whoever silences the alert has taken it, and
   * no further level hears of it.
   */
  escalation: z.record(z.string(), escalationLevel),
  /** Alerts by name: switched off, held longer or shorter, of another severity, or not for some things; also by level. */
  alerts: z.record(z.string(), alertTuning),
  /** Thresholds by name and level, in the threshold's own unit: `{cpu: {warning: 85}}`. */
  thresholds: z.record(z.string(), z.record(z.string(), decimal)),
  /**
   * Over which objectives hold, as alerts have it; the page of SLOs shows 30 days. At least 28d, and no longer than
   * metrics are kept. @default 30d; where metrics are kept for less, what is left of a budget is not recorded
   */
  objectivePeriod: duration.optional(),
  /** Rule files that teams bring along, by team: checked as ours are, and deployed beside them. */
  rules: z.record(label, teamRules),
  /**
   * Where the runbooks can be read; the name of the page and `.md` follow. @default pages of this stack's own Grafana
   */
  runbooksUrl: z.url({ protocol: /^https?$/ }).optional(),
});
