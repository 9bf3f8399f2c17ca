import type { Replay } from "../backtest/model";
import { clock, strips, summary, toldText, verdict } from "../backtest/words";
import { visible } from "../report/html";
import { allRisks, isUnchanged, type EnvironmentReview, type ValueChange } from "./model";
import type { RenderedState } from "./refs";
import type { Edit } from "./text";
import { headline } from "./words";

/** By this the workflow finds its own comment and writes it anew instead of adding one. */
export const marker = "<!-- observability review -->";

/** GitHub takes 65,536 characters a comment. */
const limit = 60_000;

/** Text that Markdown shows as it is: no markup, no link, nobody mentioned. */
function plain(text: string): string {
  return visible(text)
    .replace(/\s+/g, " ")
    .replace(/[&<>]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character] ?? "")
    .replace(/[\\`*_{}[\]()#+!|~$-]/g, "\\$&")
    .replace(/@/g, "&#64;")
    .replace(/:\/\//g, "&#58;//")
    .replace(/\bwww\./gi, "www&#46;");
}

/** A fenced block that its content can't end. */
function fenced(language: string, content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${visible(content)}\n${fence}`;
}

/** Edits as a diff of lines: Markdown marks no words within code. */
function diff(edits: readonly Edit[]): string {
  const side = (kind: Edit["kind"], sign: string) =>
    edits
      .filter((edit) => edit.kind === "same" || edit.kind === kind)
      .map(({ text }) => text)
      .join("")
      .split("\n")
      .map((line) => `${sign} ${line}`)
      .join("\n");
  return fenced("diff", `${side("removed", "-")}\n${side("added", "+")}`);
}

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length)}…` : text);
const cell = (text: string | undefined) => (text === undefined ? "–" : plain(cut(text, 120)));

function valueRows(title: string, changes: readonly ValueChange[], most = 20): string[] {
  if (changes.length === 0) return [];
  const shown = changes.slice(0, most);
  return [
    `**${title}**`,
    "",
    row(["what", "before", "after", "means"]),
    row(["---", "---", "---", "---"]),
    ...shown.map(({ name, before, after, note }) => row([cell(name), cell(before), cell(after), plain(note)])),
    ...(changes.length > shown.length ? ["", `and ${changes.length - shown.length} more`] : []),
    "",
  ];
}

/**
 * The review as a pull-request comment: the sentence, the risks, and what changed by environment. Environments with the
 * same changes are told together.
 * @param where the whole page is to be found, in words
 */
export function reviewComment(
  base: RenderedState,
  head: RenderedState,
  reviews: readonly EnvironmentReview[],
  where = "build/review/report.html",
): string {
  const start = [
    marker,
    "### What this change does",
    "",
    `${plain(headline(base, reviews))} From ${plain(base.name)} to ${plain(head.name)}.`,
    "",
    ...[...new Set([...base.notes, ...head.notes])].flatMap((note) => [`> ${plain(note)}`, ""]),
  ];
  if (base.failure !== undefined) return closed([...start, fenced("", base.failure)], where);
  const changed = reviews.filter((review) => !isUnchanged(review));
  const groups = new Map<string, string[]>();
  for (const review of changed) {
    const text = environment(review).join("\n");
    groups.set(text, [...(groups.get(text) ?? []), review.name]);
  }
  const bodies = [...groups].flatMap(([text, names]) => [
    "",
    `#### ${names.map(plain).join(", ")}`,
    "",
    ...text.split("\n"),
  ]);
  return closed([...start, ...riskRows(changed), ...bodies], where);
}

function riskRows(reviews: readonly EnvironmentReview[]): string[] {
  const risks = allRisks(reviews);
  if (risks.length === 0) return [];
  const shown = risks.slice(0, 25);
  return [
    row(["risk", "where", "what", "why it matters", "environments"]),
    row(["---", "---", "---", "---", "---"]),
    ...shown.map(({ level, where, what, why, environments, security }) =>
      row([
        `${level}${security ? " (security)" : ""}`,
        cell(where),
        cell(what),
        cell(why),
        environments.map(plain).join(", "),
      ]),
    ),
    ...(risks.length > shown.length ? ["", `and ${risks.length - shown.length} more`] : []),
    "",
  ];
}

function environment(review: EnvironmentReview): string[] {
  const { only, dashboards, alerts, replays, alerting, slos, paged, retention, sizing, judged, resources } = review;
  const lines: string[] = [];
  if (only !== undefined) lines.push(`This environment is ${only === "head" ? "new" : "gone"}.`, "");
  for (const { title, before, after, panels, broken } of dashboards) {
    lines.push(`**Dashboard ${plain(title)}**${!before ? " is new" : !after ? " is gone" : ""}`, "");
    lines.push(...broken.map((each) => `- ⚠ ${plain(each)}`));
    if (!before || !after) continue;
    for (const { mark, title: panel, values, queries } of panels) {
      const names = [...new Set([...values.map(({ name }) => name), ...queries.map(({ name }) => name)])];
      lines.push(`- ${mark}: ${plain(panel)}${names.length > 0 ? ` (${plain(cut(names.join(", "), 160))})` : ""}`);
      lines.push(...queries.flatMap(({ edits }) => ["", diff(edits), ""]));
    }
    lines.push("");
  }
  lines.push(...valueRows("Who gets paged: rules by receiver", paged), ...valueRows("Objectives and budgets", slos));
  // A hundred new alerts are one thing to know here; the page has each.
  const added = alerts.filter(({ action }) => action === "new");
  const told = added.length > 12 ? alerts.filter(({ action }) => action !== "new") : alerts;
  if (told !== alerts) {
    const names = [...new Set(added.map(({ name }) => plain(name)))];
    lines.push(
      `<details><summary>${added.length} alerts are new</summary>`,
      "",
      names.join(", "),
      "",
      "</details>",
      "",
    );
  }
  for (const { name, action, severity, values, expression, toldBefore, toldAfter } of told) {
    const told =
      toldBefore.join("; ") === toldAfter.join("; ")
        ? ""
        : ` tells ${plain(toldBefore.join("; ") || "nobody")} → ${plain(toldAfter.join("; ") || "nobody")}`;
    lines.push(`- alert **${plain(name)}** (${plain(severity)}) ${action}${told}`);
    lines.push(
      ...values.map(({ name: what, before, after }) => `  - ${plain(what)}: ${cell(before)} → ${cell(after)}`),
    );
    if (expression) lines.push("", diff(expression), "");
  }
  lines.push("", ...replayRows(replays));
  lines.push(...valueRows("Routing and rules", alerting), ...valueRows("Retention and storage", retention));
  lines.push(...valueRows("Quotas, sizing and cost", sizing), ...valueRows("Checks and policies", judged));
  if (resources.length > 0) {
    lines.push("<details><summary>Resources</summary>", "");
    lines.push(
      ...resources.map(
        ({ action, name, reason }) =>
          `- ${action}: ${plain(name)}${reason === "" ? "" : ` (${plain(cut(reason, 200))})`}`,
      ),
    );
    lines.push("", "</details>", "");
  }
  return lines;
}

/** What becomes of pages over history, and when, in signs: a comment shows no picture of ours. */
function replayRows(replays: readonly Replay[]): string[] {
  if (replays.length === 0) return [];
  const [shown, drawn] = [replays.slice(0, 25), replays.filter(({ pages }) => pages.length > 0).slice(0, 5)];
  return [
    `**Alerts over history** ${plain(summary(replays))}`,
    "",
    row(["rule", "severity", "what becomes of it", "who is told"]),
    row(["---", "---", "---", "---"]),
    ...shown.map((each) => {
      const who = each.told.map((told) => `${told.receiver}: ${toldText(told)}`).join("; ");
      return row([cell(each.name), cell(each.severity), plain(cut(verdict(each), 200)), plain(cut(who, 300))]);
    }),
    ...(replays.length > shown.length ? ["", `and ${replays.length - shown.length} more`] : []),
    "",
    ...drawn.flatMap((each) => {
      const [before, after] = strips(each);
      const { from, to } = each.window;
      return [
        fenced("", `${each.name}\n${clock(from)} to ${clock(to)} UTC\nbefore ${before}\nafter  ${after}`),
        ...each.notes.map((note) => `> ${plain(note)}`),
        "",
      ];
    }),
  ];
}

/** Cut at a line, with every block closed, and a pointer to where the rest stands. */
function closed(lines: readonly string[], where: string): string {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > limit) {
      const opened = kept.filter((each) => each.startsWith("<details>")).length;
      const open = opened > kept.filter((each) => each === "</details>").length;
      return [
        ...kept,
        ...(open ? ["", "</details>"] : []),
        "",
        `The rest is too long for a comment: see ${plain(where)}.`,
        "",
      ].join("\n");
    }
    kept.push(line);
  }
  return [...kept, "", `Pictures and details: ${plain(where)}.`, ""].join("\n");
}
