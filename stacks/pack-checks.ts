import { isRuleFileName } from "../alerts";
import { missingParts, ownRunbooks } from "../dashboards/runbooks";
import { nearest, printedOwner, type Composition, type Environment, type Fault, type Pack } from "../environment";
import { ownPacks } from "../packs";
import { catalogueOf, CatalogueError, selectorsOf, withoutVariables, type Expression } from "../signals";
import { alertsOfPack, clashes, foreignPacks, isForeign, keyOf, ownerOf, strayLinks } from "./clashes";
import { firstLine } from "./packs";

/**
 * What is wrong with packs that are not ours: names that are taken, links, runbooks and systems that there are not, metrics
 * that nothing has, code that fails. Ours are held to the same by tests.
 */
export function packFaults(environment: Environment): Fault[] {
  const foreign = foreignPacks(environment);
  if (foreign.length === 0) return [];
  const { composition } = environment;
  const claimed = clashesOf(environment);
  if (claimed.length > 0) return claimed;
  // A metric of a pack of ours that is left out is no typo: who reads it shows nothing.
  const whole = { ...composition, packs: [...ownPacks, ...foreign] };
  const own = foreign.flatMap((pack) =>
    guarded(environment, pack, () => [
      ...needFaults(environment, pack),
      ...ruleFileFaults(environment, pack),
      ...metricFaults(environment, pack, whole),
      ...runbookFaults(environment, pack),
      ...partFaults(environment, pack),
    ]),
  );
  if (own.length > 0) return own;
  return strayLinks(environment, isForeign(environment));
}

/** What throws is told of the pack that it belongs to, by {@link guarded}. */
function clashesOf(environment: Environment): Fault[] {
  try {
    return clashes(environment);
  } catch {
    return [];
  }
}

/** What a pack's own code throws is a fault of the pack. */
function guarded(environment: Environment, pack: Pack, work: () => Fault[]): Fault[] {
  try {
    return work();
  } catch (error) {
    const { reason, fix } =
      error instanceof CatalogueError ? error : { reason: firstLine(error), fix: "npm run typecheck says where" };
    return [{ key: keyOf(environment, ownerOf(pack)), value: pack.name, reason: `fails: ${reason}`, fix }];
  }
}

const fault = (environment: Environment, pack: Pack, value: string, reason: string, fix: string): Fault => ({
  key: keyOf(environment, ownerOf(pack)),
  value,
  reason: `${printedOwner(ownerOf(pack))} ${reason}`,
  fix,
});

function needFaults(environment: Environment, pack: Pack): Fault[] {
  const known = environment.composition.systems.map(({ name }) => name as string);
  const needs = [...(pack.pages ?? []), ...(pack.alerts ?? [])].flatMap((each) => each.needs ?? []) as string[];
  return [...new Set(needs)].flatMap((name) =>
    known.includes(name)
      ? []
      : [fault(environment, pack, name, "needs a system that there is not", `one of ${known.join(", ")}`)],
  );
}

const ruleFileFaults = (environment: Environment, pack: Pack): Fault[] =>
  (pack.alerts ?? []).flatMap(({ name }) =>
    isRuleFileName(name)
      ? []
      : [fault(environment, pack, name, "names a file of rules so", "lower-case letters, digits and hyphens")],
  );

function metricFaults(environment: Environment, pack: Pack, whole: Composition): Fault[] {
  const known = catalogueOf(whole);
  const look = (where: string, text: string): Fault[] =>
    selectorsOf(withoutVariables(text)).flatMap(({ series, labels }): Fault[] => {
      try {
        known.require(series, labels);
        return [];
      } catch (error) {
        if (!(error instanceof CatalogueError)) throw error;
        return [fault(environment, pack, series, `reads in ${where}: ${error.reason}`, error.fix)];
      }
    });
  const isPromql = (expression: object): expression is Expression =>
    "facts" in expression && (expression as Expression).facts.language === "promql";
  return [
    ...(pack.pages ?? []).flatMap(({ page }) =>
      page(environment).rows.flatMap(({ panels }) =>
        panels.flatMap(({ title, queries }) =>
          queries.flatMap(({ expression }) =>
            isPromql(expression) ? look(`panel "${title}"`, expression.toString()) : [],
          ),
        ),
      ),
    ),
    ...alertsOfPack(environment, pack).flatMap(({ name, levels }) =>
      levels.flatMap(({ expr }) =>
        expr.facts.language === "promql" && !expr.text.includes("slo:") ? look(`alert ${name}`, expr.text) : [],
      ),
    ),
    ...(pack.recorded ?? []).flatMap(({ rules }) => rules.flatMap(({ record, expr }) => look(`rule ${record}`, expr))),
  ];
}

function runbookFaults(environment: Environment, pack: Pack): Fault[] {
  // Elsewhere nobody can look.
  if (environment.alerting.runbooksUrl !== undefined) return [];
  const { systems } = environment.composition;
  const known = [pack, ...systems].flatMap(({ runbooks = {} }) => Object.keys(runbooks)).concat(ownRunbooks());
  const missing = alertsOfPack(environment, pack).filter(({ runbook }) => !known.includes(runbook));
  return [...new Map(missing.reverse().map((each) => [each.runbook, each])).values()].map(({ name, runbook }) => {
    const guess = nearest(runbook, known);
    const fix = guess === undefined ? `runbooks: { ${runbook}: "…" }` : `did you mean "${guess}"?`;
    return fault(environment, pack, runbook, `has no runbook of this name, to which ${name} leads`, fix);
  });
}

/** A page that lacks a part leaves whoever is woken without it, wherever it is read. */
const partFaults = (environment: Environment, pack: Pack): Fault[] =>
  Object.entries(pack.runbooks ?? {}).flatMap(([name, text]) => {
    const missing = missingParts(text).map((part) => `**${part}**`);
    if (missing.length === 0) return [];
    const reason = `has a runbook without ${missing.join(", ")}`;
    return [fault(environment, pack, name, reason, "a paragraph for each: docs/runbooks/README.md")];
  });
