import { EnvironmentError, nearest, type Duration, type Environment, type Fault } from "../environment";
import { quantity } from "../signals";
import type { Alert } from "./kit";
import { asQuantity, limits, limitsWith, type LimitName, type Limits } from "./limits";
import { severities, type Severity } from "./rule";

/** How one alert differs from what the code says. */
export interface AlertTuning {
  /** @default true */
  readonly enabled?: boolean | undefined;
  readonly for?: Duration | undefined;
  /** For all levels of the alert alike: an alert with several levels can't be given one. */
  readonly severity?: Severity | undefined;
}

/** What an environment says about its rules, under `alerting`; routing has settings of its own. */
export interface RuleSettings {
  /** By name of the alert. */
  readonly alerts?: Readonly<Record<string, AlertTuning>> | undefined;
  /** By name of the limit and level: `{cpu: {warning: 85}}`; in the limit's own unit. */
  readonly thresholds?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
  /** Where the runbooks can be read; the name of the page and `.md` follow. @default docs/runbooks of the checkout */
  readonly runbooksUrl?: string | undefined;
}

export const ruleSettings = (environment: Environment): RuleSettings => environment.alerting as RuleSettings;

const at = (key: string) => `observability:alerting.${key}`;

/**
 * The limits of an environment.
 * @throws EnvironmentError for an unknown limit or level, and a number outside of the unit's range
 */
export function limitsOf(environment: Environment): Limits {
  const { thresholds = {} } = ruleSettings(environment);
  const faults = Object.entries(thresholds).flatMap(([name, levels]) =>
    name in limits
      ? Object.entries(levels).flatMap(([level, value]) => limitFault(name as LimitName, level, value))
      : [unknown(`thresholds.${name}`, name, Object.keys(limits))],
  );
  if (faults.length > 0) throw new EnvironmentError(environment.name, faults);
  return limitsWith(thresholds);
}

function limitFault(name: LimitName, level: string, value: number): Fault[] {
  const single = asQuantity(limits[name]);
  const known = single === undefined ? limits[name] : { value: single };
  const of = (known as Readonly<Record<string, { readonly unit: Parameters<typeof quantity>[1] }>>)[level];
  const key = `thresholds.${name}.${level}`;
  if (of === undefined) return [unknown(key, level, Object.keys(known))];
  try {
    quantity(value, of.unit);
    return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ key: at(key), value: String(value), reason: `is outside of its unit: ${error.message}` }];
  }
}

/**
 * The alerts as an environment tunes them.
 * @param known every alert there is, deployed here or not: tuning one whose system is off is no fault
 * @throws EnvironmentError for the name of no alert, one severity for several levels, a `for` below the scrape interval
 */
export function tuned(environment: Environment, all: readonly Alert[], known: readonly Alert[] = all): Alert[] {
  const { alerts: tuning = {} } = ruleSettings(environment);
  const byName = new Map(known.map((each) => [each.name, each]));
  const faults = Object.entries(tuning).flatMap(([name, wanted]) => {
    const found = byName.get(name);
    return found === undefined
      ? [unknown(`alerts.${name}`, name, [...byName.keys()])]
      : tuningFaults(environment, found, wanted);
  });
  if (faults.length > 0) throw new EnvironmentError(environment.name, faults);
  return all.flatMap((each) => {
    const { enabled = true, for: held, severity } = tuning[each.name] ?? {};
    const change = { ...(held ? { for: held.toString() } : {}), ...(severity ? { severity } : {}) };
    return enabled ? [{ ...each, levels: each.levels.map((level) => ({ ...level, ...change })) }] : [];
  });
}

function tuningFaults(
  environment: Environment,
  { name, levels }: Alert,
  { for: held, severity }: AlertTuning,
): Fault[] {
  const faults: Fault[] = [];
  const interval = environment.scrapeInterval;
  if (held !== undefined && held.seconds < interval.seconds) {
    faults.push({
      key: at(`alerts.${name}.for`),
      value: held.toString(),
      reason: `is shorter than the evaluation interval (${interval.toString()}): it would fire as if there were none`,
      fix: `at least ${interval.toString()}`,
    });
  }
  if (severity !== undefined && (levels.length > 1 || !severities.includes(severity))) {
    faults.push({
      key: at(`alerts.${name}.severity`),
      value: severity,
      reason:
        levels.length > 1
          ? `it has levels of its own: ${levels.map((level) => level.severity).join(", ")}`
          : "is no severity",
      fix: levels.length > 1 ? "change its thresholds instead" : severities.join(", "),
    });
  }
  return faults;
}

export function unknown(key: string, name: string, known: readonly string[]): Fault {
  const guess = nearest(name, known);
  const fix = guess === undefined ? `known here: ${known.join(", ")}` : `did you mean "${guess}"?`;
  return { key: at(key), reason: "there is none of this name", fix };
}
