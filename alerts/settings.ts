import { at, Duration, EnvironmentError, unknownName, type Environment, type Fault } from "../environment";
import {
  CatalogueError,
  knownThresholds,
  levelsOf,
  quantity,
  thresholdsOf,
  tunedLevels,
  type Threshold,
} from "../signals";
import { everyAlert } from "./catalogue";
import type { Alert } from "./language";
import { objectives } from "./slos";
import { ruleTeams, teamRuleFaults } from "./teams";

/** Alerts as an environment tunes them: without those that are switched off. */
export function tuned({ alerting }: Environment, all: readonly Alert[]): Alert[] {
  return all.flatMap((each) => {
    const { enabled = true, for: held, severity } = alerting.alerts[each.name] ?? {};
    const change = { ...(held ? { for: held.toString() } : {}), ...(severity ? { severity } : {}) };
    return enabled ? [{ ...each, levels: each.levels.map((level) => ({ ...level, ...change })) }] : [];
  });
}

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
  const sound = thresholds.length === 0 ? thresholdsOf(environment) : knownThresholds(environment.composition);
  const byName = new Map(everyAlert(environment, sound).map((each) => [each.name, each]));
  const alerts = Object.keys(environment.alerting.alerts).flatMap((name) => {
    const found = byName.get(name);
    return found === undefined
      ? [unknownName(`alerting.alerts.${name}`, name, [...byName.keys()], "no alert has this name")]
      : tuningFaults(environment, found);
  });
  const given = teamRuleFaults(environment, new Set(byName.keys()));
  return [...period, ...thresholds, ...alerts, ...teamFaults(environment), ...given];
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
    return threshold === undefined
      ? [unknownName(`alerting.thresholds.${name}`, name, [...known.keys()], "no threshold has this name")]
      : Object.entries(levels).flatMap(([level, value]) => levelFault(environment, name, threshold, level, value));
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

function tuningFaults({ alerting, scrapeInterval }: Environment, { name, levels }: Alert): Fault[] {
  const { for: held, severity } = alerting.alerts[name] ?? {};
  const faults: Fault[] = [];
  if (held !== undefined && held.seconds < scrapeInterval.seconds) {
    faults.push({
      key: at(`alerting.alerts.${name}.for`),
      value: held.toString(),
      reason: `is shorter than the evaluation interval (${scrapeInterval.toString()}): it would fire as if there were none`,
      fix: `at least ${scrapeInterval.toString()}`,
    });
  }
  if (severity !== undefined && levels.length > 1) {
    faults.push({
      key: at(`alerting.alerts.${name}.severity`),
      value: severity,
      reason: `it has levels of its own: ${levels.map((level) => level.severity).join(", ")}`,
      fix: "change its thresholds instead",
    });
  }
  return faults;
}

/** Teams that no alert has: nothing would ever go their way. */
function teamFaults(environment: Environment): Fault[] {
  const { alerting } = environment;
  const ours = everyAlert(environment, knownThresholds(environment.composition)).map(({ team }) => team);
  const known = [...new Set([...ours, ...ruleTeams(environment)])];
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
