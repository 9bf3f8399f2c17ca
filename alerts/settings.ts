import { at, Duration, EnvironmentError, unknownName, type Environment, type Fault } from "../environment";
import {
  CatalogueError,
  knownThresholds,
  levelsOf,
  quantity,
  thresholdsOf,
  tunedLevels,
  type Threshold,
  type Thresholds,
} from "../signals";
import { notifiedSeverities } from "../environment/severities";
import { everyAlert, everyOwned } from "./catalogue";
import type { Alert } from "./language";
import { objectives } from "./slos";
import { ruleTeams, teamRuleFaults } from "./teams";
import { tuningFaults } from "./tuning-faults";

/**
 * What `alerting` says of alerts, thresholds and teams that there are not, or that can't be. Tuning an alert whose system
 * is off is no fault.
 */
export function alertingFaults(written: Environment): Fault[] {
  const period = periodFaults(written);
  // What can't be is not looked at below, so that it is said once.
  const usual = { ...written.alerting, objectivePeriod: Duration.parse("30d") };
  const environment = period.length === 0 ? written : { ...written, alerting: usual };
  const thresholds = thresholdFaults(environment);
  const instead = thresholds.length === 0 ? undefined : knownThresholds(environment.composition);
  const all = everyOwned(environment, instead).map(([, each]) => each);
  const alerts = tuningFaults(environment, [
    ...all,
    ...leftOutAlerts(environment, instead ?? thresholdsOf(environment)),
  ]);
  const given = teamRuleFaults(environment, new Set(all.map(({ name }) => name)));
  return [...period, ...thresholds, ...alerts, ...teamFaults(environment, all), ...given];
}

/** Alerts of packs of ours that a configuration leaves out: as with their thresholds, a file need not follow its packs. */
function leftOutAlerts(environment: Environment, thresholds: Thresholds): Alert[] {
  const { composition } = environment;
  const packs = composition.leftOut ?? [];
  return packs.length === 0
    ? []
    : everyOwned({ ...environment, composition: { ...composition, packs } }, thresholds).flatMap(([owner, each]) =>
        owner.kind === "pack" ? [each] : [],
      );
}

/** @throws EnvironmentError with every fault of `alerting` at once */
export function checkAlerting(environment: Environment): void {
  const faults = alertingFaults(environment);
  if (faults.length > 0) throw new EnvironmentError(environment.name, faults);
}

function thresholdFaults(environment: Environment): Fault[] {
  const known = new Map(Object.entries<Threshold>(knownThresholds(environment.composition)));
  return Object.entries(environment.alerting.thresholds).flatMap(([name, levels]) => {
    const threshold = known.get(name);
    if (threshold === undefined)
      return [unknownName(`alerting.thresholds.${name}`, name, [...known.keys()], "no threshold has this name")];
    const own = Object.entries(levels).flatMap(([level, value]) =>
      levelFault(environment, name, threshold, level, value),
    );
    return own.length > 0 ? own : orderFaults(name, threshold, levels);
  });
}

/** From the mildest to the worst. */
const ranked = [...notifiedSeverities].reverse();

/** A level that comes after a worse one, where they are declared the other way round: the milder one would say nothing. */
function orderFaults(name: string, threshold: Threshold, tuned: Readonly<Record<string, number>>): Fault[] {
  const declared = levelsOf(threshold);
  const has = ranked.filter((level) => declared[level] !== undefined);
  const before = (level: string) => declared[level]?.value ?? 0;
  const now = (level: string) => tuned[level] ?? before(level);
  return has.flatMap((worse, index): Fault[] => {
    const milder = has[index - 1];
    if (milder === undefined) return [];
    const rising = before(worse) > before(milder);
    if (before(worse) === before(milder) || (rising ? now(worse) >= now(milder) : now(worse) <= now(milder))) return [];
    const level = tuned[milder] === undefined ? worse : milder;
    const key = at(`alerting.thresholds.${name}.${level}`);
    const reason = `${milder} (${now(milder)}) would come after ${worse} (${now(worse)})`;
    const bound = level === milder ? now(worse) : now(milder);
    const fix = `${(level === milder) === rising ? "at most" : "at least"} ${bound}, or another ${level === milder ? worse : milder}`;
    return [{ key, value: String(now(level)), reason, fix }];
  });
}

function levelFault(
  environment: Environment,
  name: string,
  threshold: Threshold,
  level: string,
  value: number,
): Fault[] {
  const levels = new Map(Object.entries(levelsOf(threshold)));
  const of = levels.get(level);
  const path = `alerting.thresholds.${name}.${level}`;
  if (of === undefined) return [unknownName(path, level, [...levels.keys()], "the threshold has no such level")];
  const fault = { key: at(path), value: String(value) };
  try {
    quantity(value, of.unit);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ ...fault, reason: `is outside of its unit: ${error.message}` }];
  }
  // An objective of 100 % is a ratio like any other; only who builds an SLO of it finds out.
  const refused = refusal(() =>
    everyAlert(environment, tunedLevels(knownThresholds(environment.composition), { [name]: { [level]: value } })),
  );
  return refused === undefined ? [] : [{ ...fault, ...refused }];
}

/** A period over which the objectives that nobody changed can't hold. */
function periodFaults(environment: Environment): Fault[] {
  const { objectivePeriod: period } = environment.alerting;
  const refused = refusal(() => objectives(knownThresholds(environment.composition), environment));
  return period === undefined || refused === undefined
    ? []
    : [{ key: at("alerting.objectivePeriod"), value: period.toString(), ...refused }];
}

/** What keeps something from being built; undefined when it can be. */
function refusal(build: () => unknown): Pick<Fault, "reason" | "fix"> | undefined {
  try {
    build();
    return undefined;
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    return { reason: error.reason, fix: error.fix };
  }
}

/** Teams that no alert has: nothing would ever go their way. */
function teamFaults(environment: Environment, alerts: readonly Alert[]): Fault[] {
  const { alerting } = environment;
  const known = [...new Set([...alerts.map(({ team }) => team), ...ruleTeams(environment)])];
  const named = [
    ...Object.keys(alerting.teams).map((team) => [`teams.${team}`, team] as const),
    ...alerting.maintenance.flatMap(({ team }, index) =>
      team === undefined ? [] : [[`maintenance[${index}].team`, team] as const],
    ),
  ];
  return named.flatMap(([path, team]) =>
    known.includes(team) ? [] : [unknownName(`alerting.${path}`, team, known, "no alert belongs to this team")],
  );
}
