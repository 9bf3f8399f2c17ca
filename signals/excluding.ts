import { atom, Instant, type Expression } from "./expression";
import { quoted } from "./labels";

/** A label that no series has, and that none keeps. */
const mark = "excluded";

const labelsOf = (of: Expression): readonly string[] => (of instanceof Instant ? of.labels : []);

/**
 * What an expression gives, but for the series that fulfil every condition: text of labels as patterns (RE2, anchored).
 * What matches is marked, and only what has no mark meets a vector without labels. That holds of whatever the expression
 * is, in PromQL and in LogQL; a matcher inside of it would change what it counts, and `absent()` would fire. Not all of
 * several conditions hold where one of them doesn't, so each is left out in its turn.
 */
export function excluding(of: Expression, conditions: Readonly<Record<string, string>>): Instant {
  const turns = Object.entries(conditions).map(([label, pattern]) => {
    const marked = [of.text, ...[mark, "yes", label, pattern].map(quoted)].join(", ");
    return `label_replace(${marked}) and on (${mark}) vector(1)`;
  });
  const binding = turns.length > 1 ? 1 : 2;
  return new Instant(turns.join(" or "), labelsOf(of), of.unit, { ...atom(of), binding });
}
