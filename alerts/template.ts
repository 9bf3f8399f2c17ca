import { nearest } from "../environment";
import type { Labels } from "../signals";

/** Templates of labels and annotations: what makes a server refuse the file, or a person read an empty word. */

/** Functions of Go's templates and of Prometheus' own (its documentation, "Template reference"). */
const functions: ReadonlySet<string> = new Set(
  (
    "and call html index js len not or print printf println slice urlquery eq ne lt le gt ge " +
    "query first label value sortByLabel strvalue args safeHtml match title toUpper toLower graphLink tableLink " +
    "reReplaceAll humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp toTime toDuration now " +
    "parseDuration stripPort stripDomain pathPrefix externalURL urlQueryEscape"
  ).split(" "),
);
const opening: ReadonlySet<string> = new Set(["if", "range", "with", "define", "block"]);
const words: ReadonlySet<string> = new Set([
  ...opening,
  "else",
  "end",
  "template",
  "break",
  "continue",
  "nil",
  "true",
  "false",
]);
const variables: ReadonlySet<string> = new Set(["labels", "externalLabels", "externalURL", "value"]);

/** What is wrong with a template: unbalanced, or naming something that is not there. Empty when nothing is. */
export function templateFaults(template: string, labels: Labels): { value: string; reason: string; fix?: string }[] {
  const faults: { value: string; reason: string; fix?: string }[] = [];
  const rest = template.replace(/\{\{.*?\}\}/gs, "");
  if (/\{\{|\}\}/.test(rest))
    faults.push({ value: template, reason: "opens or closes an action without its other end" });
  const made = new Set([...template.matchAll(/\$(\w+)\s*(?:,\s*\$(\w+)\s*)?:=/g)].flatMap(([, ...names]) => names));
  let depth = 0;
  for (const [action, code = ""] of template.matchAll(/\{\{-?(.*?)-?\}\}/gs)) {
    // A comment is no code.
    if (/^\s*\/\*/.test(code)) continue;
    for (const [, label = ""] of code.matchAll(/index\s+(?:\$labels|\.Labels)\s+"([^"]*)"/g)) require(label, action);
    for (const [, label = ""] of code.matchAll(/(?:\$labels|\.Labels)\.(\w+)/g)) require(label, action);
    const plain = code.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
    for (const [, name = ""] of plain.matchAll(/(?<![\w.])\$(\w+)/g)) {
      if (variables.has(name) || made.has(name)) continue;
      faults.push({ value: action, reason: `there is no variable $${name}`, fix: "$labels, $value" });
    }
    const named = [...plain.matchAll(/(?<![\w.$])([a-zA-Z_]\w*)/g)].map(([, word = ""]) => word);
    for (const word of named) {
      if (opening.has(word)) depth += named[0] === "else" ? 0 : 1;
      if (word === "end") depth -= 1;
      if (words.has(word) || functions.has(word)) continue;
      const near = nearest(word, [...functions, ...words]);
      faults.push({
        value: action,
        reason: `templates have no function ${word}`,
        ...(near === undefined ? {} : { fix: `did you mean "${near}"?` }),
      });
    }
  }
  if (depth !== 0) faults.push({ value: template, reason: "has an if, range or with too many, or an end" });
  return faults;

  function require(label: string, action: string): void {
    if (labels === undefined || labels.has(label)) return;
    const kept = [...labels].sort().join(", ") || "none";
    faults.push({
      value: action,
      reason: `the expression has no label "${label}": people would read an empty word`,
      fix: `labels that it keeps: ${kept}; or add "${label}" to its by (…)`,
    });
  }
}
