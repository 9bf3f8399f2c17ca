import type { Environment, Fault } from "../../environment";
import type { AlertRule, RecordingRule, RuleFiles, RuleGroup } from "../rule";
import { escalated } from "../language";
import { labelsOfAlerts, ruleFaults } from "./check";
import { givenFiles, rulesIn, type GivenFile, type GivenGroup, type GivenRule } from "./files";

/** Rules that teams bring along in files of their own (`alerting.rules`), checked and rendered as ours are. */

export { isOfTeam } from "./files";

/** Teams that bring rules along. */
export const ruleTeams = ({ alerting }: Environment): readonly string[] => Object.keys(alerting.rules);

/**
 * Every fault of the files at once, each with file, group and rule.
 * @param ours names of our own alerts, which no team can take
 */
export function teamRuleFaults(environment: Environment, ours: ReadonlySet<string>): Fault[] {
  const { files, faults } = givenFiles(environment);
  return [...faults, ...ruleFaults(environment, rulesIn(files), ours)];
}

/** Every label that an alert of a team can have, as far as its expression tells. */
export const teamLabels = (environment: Environment): readonly string[] =>
  labelsOfAlerts(environment, rulesIn(givenFiles(environment).files));

/** The rule files of teams for one evaluator, by the name under which they are deployed. */
export function teamRules(environment: Environment, by: GivenFile["by"]): RuleFiles {
  const { alerting, stages } = environment;
  const wanted = (rule: GivenRule): (AlertRule | RecordingRule)[] => {
    if ("record" in rule) return [rule];
    // Whether its labels and annotations are those of an alert was checked before: see checkAlerting.
    return stages.includes("alerts") ? escalated([rule as unknown as AlertRule], alerting.escalation) : [];
  };
  const groupOf = ({ name, interval, limit, rules }: GivenGroup): RuleGroup[] => {
    const all = rules.flatMap(wanted);
    const settings = { ...(interval === undefined ? {} : { interval }), ...(limit === undefined ? {} : { limit }) };
    return all.length === 0 ? [] : [{ name, ...settings, rules: all }];
  };
  const files = givenFiles(environment)
    .files.filter((file) => file.by === by)
    .map(({ name, groups }) => [name, groups.flatMap(groupOf)] as const);
  return Object.fromEntries(files.filter(([, groups]) => groups.length > 0));
}
