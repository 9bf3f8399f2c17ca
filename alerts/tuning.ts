import type { Environment } from "../environment";
import { excluding } from "../signals";
import type { Alert, Level } from "./language";

/** What an environment changes of single alerts (`alerting.alerts`): the rules as they are tuned. */

export type Tuning = Environment["alerting"]["alerts"][string];
type Exclusion = Readonly<Record<string, string>>;

/** Alerts as an environment tunes them: without those, and those levels, that are switched off. */
export function tuned({ alerting }: Environment, all: readonly Alert[]): Alert[] {
  return all.flatMap((each) => {
    const given = alerting.alerts[each.name];
    if (given === undefined) return [each];
    const levels = each.levels.flatMap((level) => tunedLevel(level, given));
    return levels.length === 0 ? [] : [{ ...each, levels }];
  });
}

function tunedLevel(level: Level, { enabled = true, ...all }: Tuning): Level[] {
  const own = all.levels?.[level.severity] ?? {};
  if (!enabled || own.enabled === false) return [];
  const held = own.for ?? all.for;
  const severity = own.severity ?? all.severity;
  const changed = { ...level, ...(held ? { for: held.toString() } : {}), ...(severity ? { severity } : {}) };
  return (all.exclude ?? []).reduce<Level[]>((left, entry) => left.flatMap((each) => without(each, entry)), [changed]);
}

/** A level without what an entry excludes. Labels that its rule sets itself hold of all that it gives, or of nothing. */
function without(level: Level, entry: Exclusion): Level[] {
  const fixed = fixedLabels(level);
  const own = Object.entries(entry).filter(([label]) => fixed[label] !== undefined);
  if (own.some(([label, text]) => !new RegExp(`^(?:${patternOf(text)})$`).test(fixed[label] ?? ""))) return [level];
  const rest = Object.entries(entry).filter(([label]) => fixed[label] === undefined);
  if (rest.length === 0) return [];
  const patterns = Object.fromEntries(rest.map(([label, text]) => [label, patternOf(text)]));
  return [{ ...level, expr: excluding(level.expr, patterns) }];
}

/** Labels of a rule whose value no series changes. */
export const fixedLabels = ({ labels }: Level): Exclusion =>
  Object.fromEntries(Object.entries(labels).filter(([, value]) => !value.includes("{{")));

/** `batch-*` as RE2: `*` is any text, everything else itself. */
const patternOf = (text: string): string =>
  text
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join(".*");
