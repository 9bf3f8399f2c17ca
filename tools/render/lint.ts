import { isAlert, isOfTeam, prometheusRules, vmalertRules, type RuleFiles } from "../../alerts";
import { ruleFindings } from "../../alerts/lint";
import { entriesOf, pages } from "../../dashboards";
import { findings } from "../../dashboards/lint";
import type { Environment } from "../../environment";
import { catalogueOf } from "../../signals";
import { alertsOfPack, foreignPacks, isForeign } from "../../stacks/clashes";

/**
 * What the linters hold against rules and pages that are not ours: those of teams and of their packs. Ours are held to them
 * by tests. A finding is worth a look, and no fault: a rule may know better.
 */
export function lintOfTeams(environment: Environment): string[] {
  const packs = foreignPacks(environment);
  if (packs.length === 0 && Object.keys(environment.alerting.rules).length === 0) return [];
  const ofTeams = isForeign(environment);
  const owned = packs.flatMap((pack) => alertsOfPack(environment, pack));
  const files = { ...prometheusRules(environment), ...vmalertRules(environment) };
  const names = new Set([
    ...owned.map(({ name }) => name),
    ...packs.flatMap(({ recorded = [] }) => recorded.flatMap(({ rules }) => rules.map(({ record }) => record))),
    ...namesIn(Object.fromEntries(Object.entries(files).filter(([name]) => isOfTeam(name)))),
  ]);
  const uids = new Set(
    entriesOf(environment)
      .filter(({ owner }) => ofTeams(owner))
      .map(({ page }) => page(environment).uid),
  );
  const known = {
    catalogue: catalogueOf(environment.composition),
    teams: [...new Set([...owned.map(({ team }) => team), ...Object.keys(environment.alerting.rules)])],
  };
  const found = [
    ...(names.size === 0 ? [] : ruleFindings(files, known))
      .filter(({ rule }) => names.has(rule))
      .map(({ check, rule, text }) => `rule ${rule}: ${text} (${check})`),
    ...findings(pages(environment).filter(({ uid }) => uids.has(uid))).map(
      ({ rule, page, panel, text }) => `page ${page}, panel "${panel}": ${rule} in ${text}`,
    ),
  ];
  return [...new Set(found)];
}

const namesIn = (files: RuleFiles): string[] =>
  Object.values(files)
    .flat()
    .flatMap(({ rules }) => rules.map((rule) => (isAlert(rule) ? rule.alert : rule.record)));
