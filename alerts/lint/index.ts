import { CatalogueError, recordedLabels, resultOf, type Lookup, type Reading, type Registry } from "../../signals";
import { isAlert, type RuleFiles } from "../rule";
import { rulesOf, type Checks, type Known } from "./check";
import { queryChecks } from "./queries";
import { ruleChecks } from "./rules";
import { windowChecks } from "./windows";

export type { Known } from "./check";

/**
 * pint's offline checks under pint's names, on Prometheus' own grammar: the tool itself is in no package registry that
 * serves Go modules here. Its other checks ask a server, which the live suite does; which labels there are, the catalogue
 * knows as well.
 */
export interface RuleFinding {
  readonly check: string;
  /** Name of the alert or of the series that is recorded. */
  readonly rule: string;
  readonly text: string;
}

export const checks: Checks = { ...ruleChecks, ...queryChecks, ...windowChecks };

/** What the checks find in rule files for Prometheus or vmalert. */
export function ruleFindings(files: RuleFiles, known: Known): readonly RuleFinding[] {
  const lookup = lookupIn(files, known.catalogue);
  return Object.values(files)
    .flat()
    .flatMap(({ rules, interval }) =>
      rules.flatMap((rule) => {
        const name = isAlert(rule) ? rule.alert : rule.record;
        let query: Reading;
        try {
          query = resultOf(rule.expr, lookup);
        } catch (error) {
          if (!(error instanceof CatalogueError)) throw error;
          return [{ check: "promql/syntax", rule: name, text: String(error) }];
        }
        return Object.entries(checks).flatMap(([check, found]) =>
          found({ rule, query, files, interval, known }).map((text) => ({ check, rule: name, text })),
        );
      }),
    );
}

/** Labels of a series: as the catalogue has them, else as it is recorded. Whether there is one at all is another check. */
function lookupIn(files: RuleFiles, catalogue: Registry): Lookup {
  const recorded = recordedLabels(
    rulesOf(files).flatMap((rule) => (isAlert(rule) ? [] : [{ ...rule, read: () => resultOf(rule.expr, lookup) }])),
  );
  const lookup: Lookup = (series) => catalogue.series(series)?.labels ?? recorded(series);
  return lookup;
}
