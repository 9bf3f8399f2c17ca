import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Asked } from "./backtest/backtest";
import { checkSource, type Source } from "./backtest/history";
import { withReplays } from "./backtest/review";
import { timeOf } from "./backtest/times";
import { runCommand, typed, UsageError, type Command } from "./cli";
import { reviewComment } from "./review/comment";
import { compareAll } from "./review/compare";
import { levels, type EnvironmentReview, type Level } from "./review/model";
import { withData } from "./review/emptied";
import { ask, readData } from "./review/data";
import { reviewPage } from "./review/page";
import { questionsOf } from "./review/questions";
import { render, resolve, workingTree } from "./review/refs";
import { headline } from "./review/words";
import { projectRoot as root } from "./stack-file";

const command = {
  name: "review",
  summary: "Says what a change does: renders two commits, compares their meaning, writes a page and a comment.",
  flags: {
    base: { type: "string", value: "REF", description: "the commit to compare with; needed" },
    head: { type: "string", value: "REF", description: "the commit to look at; the working tree without it" },
    env: { type: "string", value: "all|local|dev|prod", description: "only this environment", default: "all" },
    "fail-on": { type: "string", value: levels.join("|"), description: "exit 1 at a risk of this size or larger" },
    prometheus: { type: "string", value: "URL", description: "draws changed dashboards with the data of this server" },
    data: { type: "string", value: "FILE", description: "draws them with what an earlier --prometheus saved" },
    history: {
      type: "string",
      value: "FILE|URL",
      description: "replays changed alerts over it; --prometheus without it",
    },
    from: {
      type: "string",
      value: "TIME",
      description: "where the replay begins: 2026-11-29T10:00Z, or 36h ago as 36h",
    },
    to: { type: "string", value: "TIME", description: "where it ends" },
    where: { type: "string", value: "TEXT", description: "where readers of the comment find the page" },
  },
} as const satisfies Command;

const folder = join("build", "review");

interface Wanted {
  readonly history: string | undefined;
  readonly prometheus: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Over what changed alerts are replayed; undefined when nobody names a history. @throws UsageError for a wrong one */
function historyOf({ history, prometheus, from, to }: Wanted): Asked | undefined {
  const [flag, place] = history === undefined ? ["prometheus", prometheus] : ["history", history];
  if (place === undefined) {
    if (from === undefined && to === undefined) return undefined;
    throw new UsageError(
      `${typed("review")}: --from and --to are of a replay: --history FILE or URL, or --prometheus URL`,
    );
  }
  const isServer = flag === "prometheus" || /^https?:/.test(place);
  const source: Source = isServer ? { flag, url: place } : { flag, file: place };
  checkSource(source);
  const now = Date.now() / 1000;
  const time = (name: string, text: string | undefined) => (text === undefined ? undefined : timeOf(name, text, now));
  const save = isServer ? join(root, folder, "history.jsonl.gz") : undefined;
  return { source, from: time("from", from), to: time("to", to), save };
}

void runCommand(command, async ({ base, head, env, "fail-on": failOn, prometheus, data, where, ...replay }) => {
  if (base === undefined) throw new UsageError(`${typed("review")}: --base REF is needed, such as --base main`);
  if (failOn !== undefined && !levels.includes(failOn as Level))
    throw new UsageError(
      `${typed("review")}: --fail-on ${JSON.stringify(failOn)} is no size of a risk: ${levels.join(", ")}`,
    );
  if (prometheus !== undefined && data !== undefined)
    throw new UsageError(`${typed("review")}: pictures have the data of --prometheus or of --data, not of both`);
  const history = historyOf({ prometheus, ...replay });
  const saved = data === undefined ? undefined : readData(data);
  const environment = env === "all" ? undefined : env;
  const from = await resolve(root, base, "base");
  const to = head === undefined ? await workingTree(root) : await resolve(root, head, "head");
  const [before, after] = await Promise.all([render(root, from, environment), render(root, to, environment)]);
  if (after.failure !== undefined) {
    console.error(`${after.name} can't be rendered:\n${after.failure}`);
    return 1;
  }
  const rendered = before.failure === undefined ? compareAll(before.environments, after.environments) : [];
  mkdirSync(join(root, folder), { recursive: true });
  const { reviews: compared, notes } =
    history === undefined
      ? { reviews: rendered, notes: [] }
      : await withReplays(rendered, before.environments, after.environments, history);
  const changes = compared.flatMap(({ dashboards }) => dashboards);
  const asked = prometheus === undefined ? undefined : await ask(prometheus, questionsOf(changes));
  if (asked !== undefined) writeFileSync(join(root, folder, "data.json"), `${JSON.stringify(asked.saved)}\n`);
  const drawn =
    asked ?? (saved === undefined ? {} : { answers: saved, notes: [`Pictures show the data of ${data ?? ""}.`] });
  const reviews = drawn.answers === undefined ? compared : withData(compared, drawn.answers);
  const shown = { ...drawn, notes: [...(drawn.notes ?? []), ...notes] };
  writeFileSync(join(root, folder, "report.html"), reviewPage(before, after, reviews, shown));
  writeFileSync(join(root, folder, "comment.md"), reviewComment(before, after, reviews, where));
  console.log(
    `${from.name} → ${to.name}: ${headline(before, reviews)}\n${join(folder, "report.html")}, ${join(folder, "comment.md")}`,
  );
  for (const note of notes) console.log(note);
  const failing = failOn === undefined ? 0 : risksFrom(reviews, failOn as Level);
  if (failing > 0) console.error(`${failing} risks of size ${failOn ?? ""} or larger`);
  return failing > 0 ? 1 : 0;
});

/** How many risks are of this size or larger. */
function risksFrom(reviews: readonly EnvironmentReview[], level: Level): number {
  const risks = reviews.flatMap((review) => review.risks);
  return risks.filter((risk) => levels.indexOf(risk.level) <= levels.indexOf(level)).length;
}
