import { isAlert, type AlertRule, type RuleGroup } from "./rule";

/** What stands before the last part of a runbook's file, which `npm run docs` writes. */
export const firesMark = "<!-- What follows is written by `npm run docs` from the alerts. -->";

/** The name of the runbook that an alert leads to, wherever that is read. */
export const runbookName = ({ annotations: { runbook_url, runbook } }: AlertRule): string =>
  (runbook_url ?? runbook ?? "").replace(/^.*\//, "").replace(/\.md$|^runbook-/g, "");

/**
 * What fires the alerts of each runbook, as Markdown: every rule with its severity, how long it must hold, and its
 * expression as the server evaluates it. Rules that say the same in several groups stand once.
 * @returns by the name of the runbook
 */
export function fires(groups: readonly RuleGroup[]): ReadonlyMap<string, string> {
  const found = new Map<string, Map<string, string>>();
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    // A further level of support hears of the same, later.
    if (!isAlert(rule) || "escalation" in rule.labels) continue;
    const name = runbookName(rule);
    const ofPage = found.get(name) ?? new Map<string, string>();
    found.set(name, ofPage);
    const window = rule.labels["long"] === undefined ? "" : ` ${rule.labels["long"]}`;
    const key = `${rule.alert} ${rule.labels.severity}${window}`;
    if (!ofPage.has(key)) ofPage.set(key, shown(rule));
  }
  return new Map(
    [...found].map(([name, rules]) => [
      name,
      `**Fires**\n\n\`\`\`text\n${[...rules.values()].sort().join("\n")}\n\`\`\``,
    ]),
  );
}

function shown({ alert, expr, for: held, labels: { severity } }: AlertRule): string {
  const level = severity === "none" ? "" : `, ${severity}`;
  return `${alert}${level}${held === undefined ? "" : `, after ${held}`}\n  ${expr.replaceAll("\n", "\n  ")}`;
}

/** A page as a person wrote it, and after it what fires its alerts; the mark stands where it is written to a file. */
export function withFires(page: string, part: string | undefined, mark?: string): string {
  const written = page.split(firesMark)[0]?.trimEnd() ?? "";
  return part === undefined ? `${written}\n` : `${[written, mark, part].filter(Boolean).join("\n\n")}\n`;
}

/** What completes the pages of a stack that evaluates these rules: by the name of a page and its text. */
export function completedBy(groups: readonly RuleGroup[]): (name: string, text: string) => string {
  const parts = fires(groups);
  return (name, text) => withFires(text, parts.get(name));
}
