import { dev, local, refused } from "./support";

const hook = { kind: "webhook", name: "oncall", url: "https://hooks.example.com/oncall" };

/** What is wrong with `alerting`: key, value, reason and fix of each fault. */
function faults(alerting: object) {
  return refused(() => local({ alerting: { receivers: [hook], ...alerting } })).faults.map(
    ({ key, value, reason, fix }) => [key.replace("observability:alerting.", ""), value, reason, fix],
  );
}
const unknown = (key: string, value: string, reason: string, guess: string) => [
  key,
  value,
  reason,
  `did you mean "${guess}"?`,
];

test.each<[string, object, unknown[]]>([
  [
    "of a severity",
    { severities: { critical: "oncal" } },
    unknown("severities.critical", "oncal", "no receiver has this name", "oncall"),
  ],
  [
    "of a team",
    { teams: { product: { warning: "oncal" } } },
    unknown("teams.product.warning", "oncal", "no receiver has this name", "oncall"),
  ],
  [
    "of an escalation",
    { escalation: { L2: { receiver: "oncal", after: { critical: "1h" } } } },
    unknown("escalation.L2.receiver", "oncal", "no receiver has this name", "oncall"),
  ],
  [
    "of the Watchdog",
    { watchdogReceiver: "oncal" },
    unknown("watchdogReceiver", "oncal", "no receiver has this name", "oncall"),
  ],
])("an unknown receiver %s is refused", (_, alerting, fault) => {
  expect(faults(alerting)).toEqual([fault]);
});

test("who names a receiver is not blamed for a receiver that is wrong itself", () => {
  const receivers = [{ kind: "webhook", name: "oncall", url: "oncall" }];
  expect(faults({ receivers, severities: { critical: "oncall" } }).map(([key]) => key)).toEqual(["receivers[0].url"]);
});

const times = (...ranges: object[]) => ({ timeIntervals: { office: ranges } });
const office = "timeIntervals.office";

test.each<[string, object, unknown[]]>([
  [
    "unknown",
    { ...times({ times: ["09:00-17:00"] }), workingHours: "ofice" },
    unknown("workingHours", "ofice", "no time interval has this name", "office"),
  ],
  [
    "unknown to maintenance",
    { ...times({ times: ["09:00-17:00"] }), maintenance: [{ interval: "ofice" }] },
    unknown("maintenance[0].interval", "ofice", "no time interval has this name", "office"),
  ],
  ...[
    { times: ["00:00-24:00"] },
    { times: ["12:00-24:00", "00:00-12:00"], months: ["january:december"] },
    { weekdays: ["monday:saturday", "sunday"] },
  ].map((range): [string, object, unknown[]] => [
    `maintenance without an end: ${JSON.stringify(range)}`,
    { ...times(range), maintenance: [{ interval: "office" }] },
    [
      "maintenance[0].interval",
      "office",
      "always holds: nobody would ever be told of anything",
      'say when it ends, for example daysOfMonth and months, or years: ["2026"]',
    ],
  ]),
  [
    "empty: no range",
    times(),
    [office, undefined, "is empty: it would never hold", 'say when, for example [{weekdays: ["monday:friday"]}]'],
  ],
  [
    "empty: a range without a condition",
    times({ weekdays: [] }, { times: ["09:00-17:00"] }),
    [office, undefined, "is empty: it would always hold", 'say when, for example [{weekdays: ["monday:friday"]}]'],
  ],
  [
    "overlapping in its times",
    times({ times: ["09:00-12:00", "11:00-13:00"] }),
    [`${office}[0].times`, "11:00-13:00", "overlaps 09:00-12:00", "one range"],
  ],
  [
    "overlapping in its days",
    times({ weekdays: ["monday:friday", "friday"] }),
    [`${office}[0].weekdays`, "friday", "overlaps monday:friday", "one range"],
  ],
  [
    "two ranges that hold at once",
    times({ weekdays: ["monday:wednesday"], times: ["09:00-17:00"] }, { weekdays: ["wednesday"] }),
    [`${office}[1]`, undefined, "overlaps range 0 of the same interval", "one range, or two that exclude each other"],
  ],
  [
    "past midnight",
    times({ times: ["22:00-06:00"] }),
    [
      `${office}[0].times`,
      "22:00-06:00",
      "is no range of times within one day",
      'for example "09:00-17:30"; past midnight write two: "22:00-24:00" and "00:00-06:00"',
    ],
  ],
  [
    "past the end of the week",
    times({ weekdays: ["saturday:sunday"] }),
    [
      `${office}[0].weekdays`,
      "saturday:sunday",
      "ends before it begins",
      'the week begins with sunday; write two: "saturday" and "sunday"',
    ],
  ],
  [
    "a weekday nobody knows",
    times({ weekdays: ["mon:fri"] }),
    [`${office}[0].weekdays[0]`, '"mon:fri"', "is no weekday or range of them", 'for example "monday:friday"'],
  ],
  [
    "a time zone nobody knows",
    times({ months: ["may"], location: "Europe/Atlantis" }),
    [`${office}[0].location`, "Europe/Atlantis", "is no time zone", 'an IANA name, for example "Europe/Berlin"'],
  ],
])("a time interval is refused: %s", (_, alerting, fault) => {
  expect(faults(alerting)).toEqual([fault]);
});

test.each([
  ["days that follow each other", [{ weekdays: ["saturday"] }, { weekdays: ["sunday"] }]],
  ["times that touch", [{ times: ["00:00-06:00", "06:00-08:00", "22:00-24:00"] }]],
  ["the same times on other days", [{ weekdays: ["monday"], times: ["09:00-17:00"] }, { weekdays: ["friday"] }]],
  ["the end of each month", [{ daysOfMonth: ["-3:-1"] }, { daysOfMonth: ["1:3"] }]],
  ["the same times elsewhere", [{ times: ["09:00-17:00"] }, { times: ["09:00-17:00"], location: "Asia/Tokyo" }]],
])("a time interval may have %s", (_, ranges) => {
  expect(() => local({ alerting: { timeIntervals: { office: ranges } } })).not.toThrow();
});

test.each<[string, object, unknown[]]>([
  [
    "neither number nor topic",
    {},
    [
      "receivers[1]",
      "sms",
      "a text message needs either phoneNumber or topicArn",
      "add phoneNumber, or topicArn for several people",
    ],
  ],
  [
    "number and topic",
    { phoneNumber: "+491701234567", topicArn: "arn:aws:sns:eu-west-1:123456789012:oncall" },
    ["receivers[1]", "sms", "a text message needs either phoneNumber or topicArn", "take one of them away"],
  ],
  [
    "a number without its country",
    { phoneNumber: "0170 1234567" },
    [
      "receivers[1].phoneNumber",
      '"0170 1234567"',
      "is not a telephone number",
      'in quotes with the country: "+491701234567"',
    ],
  ],
])("text messages are refused with %s", (_, more, fault) => {
  const sms = { kind: "sms", name: "sms", region: "eu-west-1", ...more };
  // On AWS: elsewhere nobody may send one, see test/storage/messages.test.ts.
  const said = refused(() => dev({ alerting: { receivers: [hook, sms] } })).faults;
  expect(
    said.map(({ key, value, reason, fix }) => [key.replace("observability:alerting.", ""), value, reason, fix]),
  ).toEqual([fault]);
});

test("a level of support that nothing escalates to is refused", () => {
  expect(faults({ escalation: { L2: { receiver: "oncall", after: {} } } })).toEqual([
    ["escalation.L2.after", "{}", "nothing ever escalates to it", "for example {critical: 1h, warning: 4h}"],
  ]);
});
