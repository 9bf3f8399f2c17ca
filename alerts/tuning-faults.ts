import { at, Duration, unknownName, type Environment, type Fault } from "../environment";
import type { Alert, Level } from "./language";
import { severities as ranks, type Severity } from "./rule";
import { watchdogName } from "./stack";
import { fixedLabels, type Tuning } from "./tuning";

/** What can't be tuned so: alerts, levels and labels that there are not, and what would keep alerting itself silent. */

/**
 * What can't be tuned so, all at once.
 * @param all every alert there is; several of one name have their levels together
 */
export function tuningFaults({ alerting, scrapeInterval }: Environment, all: readonly Alert[]): Fault[] {
  return Object.entries(alerting.alerts).flatMap(([name, given]) => {
    const named = all.filter((each) => each.name === name);
    const path = `alerting.alerts.${name}`;
    if (named.length === 0) {
      return [unknownName(path, name, [...new Set(all.map((each) => each.name))], "no alert has this name")];
    }
    const subject = { path, given, levels: named.flatMap(({ levels }) => levels), alerts: named };
    return [
      ...holdFaults(subject, scrapeInterval),
      ...severityFaults(subject),
      ...levelFaults(subject),
      ...exclusionFaults(subject),
      ...silenceFaults(subject),
    ];
  });
}

interface Subject {
  readonly path: string;
  readonly given: Tuning;
  readonly levels: readonly Level[];
  readonly alerts: readonly Alert[];
}

const severitiesOf = ({ levels }: Subject): readonly Severity[] => [...new Set(levels.map(({ severity }) => severity))];

/** What is written for each level that there is. */
const writtenLevels = ({ given }: Subject) => Object.entries(given.levels ?? {});

function holdFaults(subject: Subject, interval: Environment["scrapeInterval"]): Fault[] {
  const { path, given } = subject;
  const written = [
    [`${path}.for`, given.for] as const,
    ...writtenLevels(subject).map(([level, own]) => [`${path}.levels.${level}.for`, own.for] as const),
  ];
  return written.flatMap(([key, held]): Fault[] => {
    if (held === undefined) return [];
    const fault = { key: at(key), value: held.toString() };
    if (held.seconds < interval.seconds) {
      const reason = `is shorter than the evaluation interval (${interval.toString()}): it would fire as if there were none`;
      return [{ ...fault, reason, fix: `at least ${interval.toString()}` }];
    }
    if (held.seconds <= longestTuned.seconds) return [];
    const reason = "is longer than a day: one good moment a day, or a restart, and it never fires";
    return [{ ...fault, reason, fix: `at most ${longestTuned.toString()}, or enabled: false` }];
  });
}

/** As our own rules are held to (rule/for of the linter). */
const longestTuned = Duration.parse("1d");

/** How an alert of several levels comes to one severity: the others go, or the worst of them takes it. */
const oneLevel = (has: readonly Severity[], wanted: Severity): string =>
  has.includes(wanted)
    ? has.flatMap((each) => (each === wanted ? [] : [`${each}: {enabled: false}`])).join(", ")
    : `${worstOf(has)}: {severity: ${wanted}}`;

const worstOf = (has: readonly Severity[]): Severity => ranks.find((severity) => has.includes(severity)) ?? "none";

function severityFaults(subject: Subject): Fault[] {
  const { path, given } = subject;
  const has = severitiesOf(subject);
  if (has.includes("none")) {
    const asked = [given.severity, ...writtenLevels(subject).map(([, own]) => own.severity)].find(Boolean);
    const reason = "it is machinery: nobody is told of it by its severity";
    return asked === undefined ? [] : [{ key: at(path), value: asked, reason, fix: "take severity away" }];
  }
  const several: Fault[] =
    given.severity === undefined || has.length === 1
      ? []
      : [
          {
            key: at(`${path}.severity`),
            value: given.severity,
            reason: `it has levels of its own: ${has.join(", ")}`,
            fix: `levels: {${oneLevel(has, given.severity)}}, or its thresholds`,
          },
        ];
  const left = has.filter((severity) => given.levels?.[severity]?.enabled !== false);
  const twice = left.flatMap((level): Fault[] => {
    const wanted = given.levels?.[level]?.severity;
    const other = left.find((each) => each !== level && (given.levels?.[each]?.severity ?? each) === wanted);
    if (wanted === undefined || other === undefined) return [];
    const reason = "another level has it: which of the two fires could not be told";
    const fix = `another severity, or levels: {${other}: {enabled: false}} beside it`;
    return [{ key: at(`${path}.levels.${level}.severity`), value: wanted, reason, fix }];
  });
  return [...several, ...twice];
}

function levelFaults(subject: Subject): Fault[] {
  const known = severitiesOf(subject);
  return writtenLevels(subject).flatMap(([level]) =>
    (known as readonly string[]).includes(level)
      ? []
      : [unknownName(`${subject.path}.levels.${level}`, level, known, "the alert has no such level")],
  );
}

/** Labels by which an alert can be narrowed down: those of what it fires for, and those that its rules set. */
const selectable = ({ alerts, levels }: Subject): readonly string[] =>
  [
    ...new Set([
      ...alerts.flatMap(({ labels }) => labels),
      ...levels.flatMap((level) => Object.keys(fixedLabels(level))),
    ]),
  ].sort();

function exclusionFaults(subject: Subject): Fault[] {
  const { path, given } = subject;
  const known = selectable(subject);
  return (given.exclude ?? []).flatMap((entry, index): Fault[] => {
    const key = `${path}.exclude[${index}]`;
    if (Object.values(entry).every((text) => /^\*+$/.test(text))) {
      return [{ key: at(key), reason: "excludes everything that the alert could fire for", fix: "enabled: false" }];
    }
    return Object.keys(entry).flatMap((label) =>
      known.includes(label)
        ? []
        : [unknownName(`${key}.${label}`, label, known, "the alert has no such label: nothing would be excluded")],
    );
  });
}

/** What says that alerts reach nobody wakes somebody (`pages: "alerting"`), and is silenced only by somebody who says why. */
const onAlertingPath = ({ name, pages }: Alert): boolean => pages === "alerting" || name === watchdogName;

function silenceFaults(subject: Subject): Fault[] {
  const { path, given, alerts } = subject;
  const silent = alerts.some(onAlertingPath) ? silencing(subject) : undefined;
  if (silent === undefined) {
    const fix = "take it away";
    return given.insist === undefined
      ? []
      : [{ key: at(`${path}.insist`), value: given.insist, reason: "nothing here has to be insisted on", fix }];
  }
  if (given.insist !== undefined) return [];
  const [key, value] = silent;
  const reason = "it watches over alerting itself: without it nobody learns that alerts no longer arrive";
  return [{ key: at(`${path}.${key}`), value, reason, fix: 'insist: "<why>" beside it' }];
}

/** Beyond this nobody answers within the hour that a critical alert has (G5). */
const longestHold = Duration.parse("1h");

/** Which key keeps an alert, or the worst of its levels, from waking somebody in time, whatever it fires for. */
function silencing(subject: Subject): readonly [key: string, value: string] | undefined {
  const { given } = subject;
  const worst = worstOf(severitiesOf(subject));
  const keys = [
    ["", given],
    [`levels.${worst}.`, given.levels?.[worst] ?? {}],
  ] as const;
  const found = keys.flatMap(([key, { enabled, severity, for: held }]): (readonly [string, string])[] => [
    ...(enabled === false ? [[`${key}enabled`, "false"] as const] : []),
    ...(severity !== undefined && severity !== worst ? [[`${key}severity`, severity] as const] : []),
    ...(held !== undefined && held.seconds > longestHold.seconds ? [[`${key}for`, held.toString()] as const] : []),
  ]);
  const [entry] = given.exclude ?? [];
  return found[0] ?? (entry === undefined ? undefined : ["exclude", Object.values(entry).join()]);
}
