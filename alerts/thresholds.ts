import type { Environment } from "../environment";
import { thresholdsOf, type Quantity } from "../signals";
import { ownedBy } from "./catalogue";
import { filesOf } from "./figures";
import { linksOf } from "./index";
import { rulesOf } from "./language";
import { isAlert, type AlertRule } from "./rule";
import { tuned } from "./tuning";

/** Where a rule begins to fire: the number in its expression, as data and with its unit. */
export interface RuleThreshold {
  readonly alert: string;
  /** Those of the rule; with its name they tell it from others. */
  readonly labels: AlertRule["labels"];
  readonly threshold: Quantity;
}

/**
 * The thresholds of the rules of an environment, whoever evaluates them. Rules of teams have none: theirs are texts, and
 * which number of a text is the threshold would be a guess.
 */
export function ruleThresholds(environment: Environment): readonly RuleThreshold[] {
  const alerts = ownedBy(environment, thresholdsOf(environment)).map(([, alert]) => alert);
  const known = new Map(
    tuned(environment, alerts).flatMap((alert) =>
      alert.levels.flatMap((level) =>
        rulesOf({ ...alert, levels: [level] }, linksOf(environment), environment.alerting.escalation).map(
          (rule) => [keyOf(rule), level.threshold] as const,
        ),
      ),
    ),
  );
  return filesOf(environment)
    .flatMap(([, groups]) => groups)
    .flatMap(({ rules }) => rules.filter(isAlert))
    .flatMap((rule) => {
      const threshold = known.get(keyOf(rule));
      return threshold === undefined ? [] : [{ alert: rule.alert, labels: rule.labels, threshold }];
    });
}

/** An alert may ask otherwise of another line of a server, under the same name and labels. */
const keyOf = ({ alert, labels, expr }: AlertRule) => JSON.stringify([alert, labels, expr]);
