import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../environment/faults";
import { backtest } from "./backtest/backtest";
import { checkSource, type Source } from "./backtest/history";
import { caveats, type Replay } from "./backtest/model";
import { backtestPrograms } from "./backtest/programs";
import { replaySection, replayText } from "./backtest/section";
import { changedSubjects, namedSubjects, type Subject } from "./backtest/subjects";
import { durationOf, timeOf } from "./backtest/times";
import { clock, isPending, summary } from "./backtest/words";
import { environmentFlag, runCommand, typed, UsageError, type Command } from "./cli";
import { count, markup } from "./report/html";
import { page } from "./report/page";
import { render, resolve, workingTree, type RenderedState } from "./review/refs";
import type { RenderedEnvironment } from "./review/rendered";
import { projectRoot as root, readDocument } from "./stack-file";
import { KitError } from "./testbed/shell";

const command = {
  name: "backtest",
  summary:
    "Replays alerts over history: when they would have fired, for whom; with --base, what a change makes of that.",
  flags: {
    alert: {
      type: "string",
      value: "NAME",
      description: "one alert; without it all, or all that --base has otherwise",
    },
    env: environmentFlag,
    base: { type: "string", value: "REF", description: "compares with the alert of this commit" },
    head: { type: "string", value: "REF", description: "the alert of this commit; of the working tree without it" },
    from: { type: "string", value: "TIME", description: "2026-11-29T10:00Z, or 36h ago as 36h; a day before --to" },
    to: { type: "string", value: "TIME", description: "now without it; of a file its last sample" },
    data: { type: "string", value: "FILE", description: "history: series as VictoriaMetrics exports them, .gz or not" },
    url: {
      type: "string",
      value: "URL",
      description: "history: a VictoriaMetrics or a Prometheus, which is only read",
    },
    repeat: {
      type: "string",
      value: "TIME",
      description: "the history again and again, counters going on, until it lasts so long: 24h",
    },
    save: { type: "string", value: "FILE", description: "keeps what --url had, for --data; a .jsonl.gz" },
  },
} as const satisfies Command;

const folder = join("build", "backtest");

void runCommand(command, async ({ alert, env, base, head, from, to, data, url, repeat, save }) => {
  const fault = (text: string) => new UsageError(`${typed("backtest")}: ${text}`);
  if ((data === undefined) === (url === undefined))
    throw fault(
      `history is needed: one of --data FILE (${typed("backtest", "--url URL --save FILE")} makes one) and --url URL`,
    );
  if (save !== undefined && !save.endsWith(".gz")) throw fault(`--save ${save} is compressed: ${save}.gz`);
  if (repeat !== undefined && save !== undefined) throw fault("--save keeps what there was: without --repeat");
  const source: Source = data === undefined ? { flag: "url", url: url ?? "" } : { flag: "data", file: data };
  checkSource(source);
  const now = Date.now() / 1000;
  const window = {
    from: from === undefined ? undefined : timeOf("from", from, now),
    to: to === undefined ? undefined : timeOf("to", to, now),
  };
  if ((window.from ?? -Infinity) >= (window.to ?? now)) throw fault(`--from ${from ?? ""} is not before --to`);
  const asked = { source, ...window, repeat: repeat === undefined ? undefined : durationOf("repeat", repeat), save };
  readDocument(env);
  const programs = backtestPrograms();
  if ("missing" in programs) throw new KitError(`${typed("backtest")}: ${programs.missing}`);
  const old = base === undefined ? undefined : await resolve(root, base, "base");
  const state = head === undefined ? await workingTree(root) : await resolve(root, head, "head");
  const [before, after] = await Promise.all([old && render(root, old, env), render(root, state, env)]);
  const [was, is] = [before && environmentOf(before, env), environmentOf(after, env)];
  const subjects = subjectsOf(alert, was, is);
  const [replays = []] = await backtest([{ before: was, after: is, subjects }], asked, programs);
  const again = repeat === undefined ? "" : ", one stretch again and again";
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(
    join(root, folder, "report.html"),
    written(before, after, env, replays, `${data ?? url ?? ""}${again}`),
  );
  const [first] = replays;
  if (first !== undefined) console.log(`${clock(first.window.from)} to ${clock(first.window.to)} UTC, ${env}${again}`);
  // Of all that there are, those that somebody has to look at; the page has the others.
  const isOfAll = alert === undefined && base === undefined;
  const shown = replays.filter(({ pages, after }) => !isOfAll || pages.length > 0 || isPending(after));
  for (const each of shown) console.log(replayText(each));
  if (isOfAll) console.log(`${count(replays.length, "rule")}. ${summary(replays)}`);
  console.log([...caveats, join(folder, "report.html")].join("\n"));
  return 0;
});

function environmentOf({ name, failure, environments }: RenderedState, env: string): RenderedEnvironment {
  const found = environments.get(env);
  if (failure !== undefined) throw new KitError(`${name} can't be rendered:\n${failure}`);
  if (found === undefined) throw new UsageError(`${typed("backtest")}: ${name} has no environment "${env}"`);
  return found;
}

/** @throws UsageError when there is no such alert, with the nearest that there is; or when nothing has changed */
function subjectsOf(
  alert: string | undefined,
  before: RenderedEnvironment | undefined,
  after: RenderedEnvironment,
): Subject[] {
  const names = [...new Set([...after.rules.alerts, ...(before?.rules.alerts ?? [])].map(({ name }) => name))];
  if (alert !== undefined && !names.includes(alert)) {
    const guess = nearest(alert, names);
    const hint = guess === undefined ? "" : `; did you mean ${guess}?`;
    throw new UsageError(
      `${typed("backtest")}: --alert ${JSON.stringify(alert)} is no alert of ${after.name}${hint}\nbuild/${after.name}/report.html lists all ${names.length}`,
    );
  }
  if (before === undefined) return namedSubjects(after, alert);
  const changed = changedSubjects(before, after);
  const wanted = changed.filter((each) =>
    [each.before, each.after].some((rule) => alert === undefined || rule?.alert.name === alert),
  );
  if (wanted.length > 0) return wanted;
  if (alert === undefined) throw new UsageError(`${typed("backtest")}: every alert fires as it does in --base`);
  return namedSubjects(after, alert);
}

function written(
  before: RenderedState | undefined,
  after: RenderedState,
  env: string,
  replays: readonly Replay[],
  source: string,
): string {
  const change = before === undefined ? after.name : `${before.name} → ${after.name}`;
  return page({
    title: "When alerts would have fired",
    lead: markup`<p><strong>${change}</strong>, ${env}, over the history of ${source}.</p>`,
    sections: [{ id: "replays", title: "Alerts over history", content: replaySection("replay", replays) }],
    footer: "Replayed on this machine; the source of the history was only read.",
  });
}
