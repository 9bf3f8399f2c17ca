import type { PageUid } from "../../dashboards/language/links";
import { Duration, UnitError } from "../../environment/units";
import {
  CatalogueError,
  inWords,
  type Expression,
  type Instant,
  type InstantVector,
  type Level as LevelOf,
  type Quantity,
  type Unit,
} from "../../signals";
import type { Severity } from "../rule";
import { pageReasons, type PageReason } from "./paging";
import { shownLabels, shownValue, type Words } from "./text";

/** Who looks after it: `platform` and `product` are ours, a pack can name others. Routes and receivers go by it. */
export type Team = string;

/** One rule of an alert: one severity. */
export interface Level {
  readonly severity: Severity;
  readonly expr: Expression;
  /** Where it begins to fire, in the unit of what it measures; undefined where no single number decides. */
  readonly threshold: Quantity | undefined;
  readonly for: string;
  readonly keepFiringFor?: string;
  readonly summary: string;
  readonly description: string;
  /** Labels beyond those of the alert. */
  readonly labels: Readonly<Record<string, string>>;
}

/** An alert: one name, one runbook, one rule for each severity. */
export interface Alert {
  readonly name: string;
  readonly team: Team;
  readonly component: string;
  /** Name of the page in docs/runbooks: alerts with one failure mode share one. */
  readonly runbook: string;
  readonly dashboard: PageUid | undefined;
  /** Why its critical level wakes somebody; undefined where it has none. */
  readonly pages: PageReason | undefined;
  /** Labels of what it fires for. */
  readonly labels: readonly string[];
  readonly levels: readonly Level[];
}

interface Common<L extends string> {
  /** Upper camel case: subject, then what is wrong. */
  readonly name: string;
  readonly team?: Team;
  readonly component: string;
  /** How long it must hold, e.g. `5m`; `0s` fires at once. One for all severities, or one for each. */
  readonly for: string | Readonly<Partial<Record<Severity, string>>>;
  readonly keepFiringFor?: string;
  /** One line: what is wrong, with whom. */
  readonly summary: Words<L>;
  /** What was measured, and what follows from it. */
  readonly description: Words<L>;
  readonly dashboard?: PageUid;
  /** @default the alert's own name */
  readonly runbook?: string;
  /** Labels beyond severity, team and component. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Why somebody is woken: to be said by whatever has a critical level, and by nothing else. */
  readonly pages?: PageReason;
}

type Options<L extends string, U extends Unit> = Common<L> & {
  readonly severity: Severity;
  /** Fires for each series that this gives. */
  readonly when: InstantVector<L, U>;
};

/**
 * An alert with one severity.
 * @throws CatalogueError for an illegal name, a wrong duration, or a window that only dashboards know
 */
export function alert<L extends string, U extends Unit>(options: Options<L, U>): Alert {
  return built(options, options.when, [[options.severity, options.when]]);
}

/** Levels by severity, each a quantity of the value's own unit. */
type Levels<U extends Unit> = { readonly [S in Severity]?: Quantity<U> };

type Leveled<L extends string, U extends Unit> = Common<L> & {
  /** What is measured. */
  readonly value: Instant<L, U>;
  /** Narrows down where it counts, e.g. to what has enough traffic: `(over) => over.and(...)`. */
  readonly guard?: (over: Instant<L, U>) => Instant<L, U>;
} & ({ readonly above: Levels<U> } | { readonly below: Levels<U> });

/** An alert with several severities on one value: the thresholds are those that the panels draw. */
export function levels<L extends string, U extends Unit>(options: Leveled<L, U>): Alert {
  const { value, guard = (expression) => expression } = options;
  const thresholds = "above" in options ? options.above : options.below;
  const rules = Object.entries(thresholds).map(([severity, threshold]) => {
    // The type of `Levels` holds the units together; the compiler can't follow them through a conditional type.
    const level = threshold as Quantity as LevelOf<U>;
    const when = "above" in options ? value.above(level) : value.below(level);
    return [severity as Severity, guard(when), threshold] as const;
  });
  if (rules.length === 0) throw new CatalogueError(`alert "${options.name}"`, "has no level", "at least one severity");
  return built(options, value, rules);
}

type Rule = readonly [severity: Severity, expression: Expression, threshold?: Quantity];

function built<L extends string, U extends Unit>(
  common: Common<L>,
  of: InstantVector<L, U>,
  rules: readonly Rule[],
): Alert {
  const where = `alert "${common.name}"`;
  const { name, team = "platform", component, dashboard, runbook = name, keepFiringFor, pages } = common;
  if (!/^([A-Z][a-z0-9]*)+$/.test(name)) throw new CatalogueError(where, "has an illegal name", "upper camel case");
  checkPages(
    where,
    pages,
    rules.map(([severity]) => severity),
  );
  const shown = shownLabels(of.labels);
  const value = shownValue(of.unit);
  const service = of.labels.includes("service_name" as L) ? { service: "{{ $labels.service_name }}" } : {};
  return {
    name,
    team,
    component,
    runbook,
    dashboard,
    pages,
    labels: of.labels,
    levels: rules.map(([severity, expr, threshold]) => {
      const held = typeof common.for === "string" ? common.for : common.for[severity];
      if (held === undefined)
        throw new CatalogueError(where, `has no "for" for ${severity}`, `for: { ${severity}: "5m" }`);
      checkDuration(where, held);
      if (expr.text.includes("$__")) {
        throw new CatalogueError(where, `reads a window that only dashboards know: ${expr.text}`, `e.g. .over("5m")`);
      }
      const description = common.description(shown, value);
      return {
        severity,
        expr,
        threshold: threshold ?? thresholdOf(expr),
        for: held,
        ...(keepFiringFor === undefined ? {} : { keepFiringFor }),
        summary: common.summary(shown, value),
        description: threshold === undefined ? description : `${description} The limit is ${inWords(threshold)}.`,
        labels: { ...service, ...common.labels },
      };
    }),
  };
}

/** The number that an expression compares with, in its unit. */
export const thresholdOf = ({ unit, facts: { threshold } }: Expression): Quantity | undefined =>
  threshold === undefined ? undefined : { value: threshold, unit };

/** @throws CatalogueError for a critical level that does not say why it wakes somebody, or a reason without one */
function checkPages(where: string, pages: PageReason | undefined, severities: readonly Severity[]): void {
  const critical = severities.includes("critical");
  if (critical && pages === undefined) {
    const fix = `pages: one of ${Object.keys(pageReasons).join(", ")}; a cause is a warning`;
    throw new CatalogueError(where, "is critical and does not say why it wakes somebody", fix);
  }
  if (!critical && pages !== undefined) {
    throw new CatalogueError(where, `says why it pages ("${pages}") and is never critical`, "leave pages out");
  }
}

/** @throws CatalogueError for what is no duration; `0s` means at once. */
function checkDuration(where: string, text: string): void {
  if (text === "0s") return;
  try {
    Duration.parse(text);
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    throw new CatalogueError(where, `holds for "${text}", which ${error.message}`, `"5m", or "0s" for at once`);
  }
}
