import { UsageError } from "../cli";
import type { RenderedEnvironment } from "../review/rendered";
import { notified, type Labels } from "../report/routing";
import { compared, toldBy, type Page } from "./difference";
import { bounded, linesOf, nameOf, Saver, type Line, type Source } from "./history";
import type { Replay, Side } from "./model";
import { isExtrapolated, needsOf, secondsOf, type Read } from "./reads";
import { repeated } from "./repeat";
import { replay, type Found } from "./replay";
import { gapsIn, overlap, type Span } from "./spans";
import { Workshop, type Store } from "./store";
import { externalLabels, recordingsOf, stepOf, type Rule, type Subject } from "./subjects";
import { clock, lasts } from "./words";

/** The rules of one environment that are replayed. */
export interface Work {
  /** Undefined when nothing is compared. */
  readonly before: RenderedEnvironment | undefined;
  readonly after: RenderedEnvironment;
  readonly subjects: readonly Subject[];
}

export interface Asked {
  readonly source: Source;
  /** Seconds since 1970. @default a day before `to`; of a file all that it has */
  readonly from?: number | undefined;
  /** @default now; of a file its last sample */
  readonly to?: number | undefined;
  /** Seconds until which the history is continued by itself. */
  readonly repeat?: number | undefined;
  /** Where to keep what was read. */
  readonly save?: string | undefined;
}

/** Seconds of history that a server is asked for unless somebody says otherwise. */
const day = 86_400;
/** Characters of history that go to the store in one request. */
const batch = 8 << 20;
/** Evaluations begin at a full five minutes: a multiple of every interval in use. */
const grid = 300;

/** What the history turned out to have. */
interface History {
  readonly window: Span;
  /** Seconds since 1970 of the first sample of anything. */
  readonly first: number;
  /** Minutes since 1970 with a sample, by the name of the metric. */
  readonly minutes: ReadonlyMap<string, ReadonlySet<number>>;
  /** Selectors that find a series. */
  readonly found: ReadonlySet<string>;
}

const rulesOf = ({ before, after }: Subject) => [before, after].filter((rule) => rule !== undefined);
/** Seconds before a moment from which on anything matters to whether a rule fires. */
const reach = ({ alert, needs }: Rule) => needs.back + secondsOf(alert.holds) + secondsOf(alert.keeps);

/**
 * Replays the rules of each environment over the same history, before and after.
 * @param programs paths of vmalert and of VictoriaMetrics
 * @returns for each work its replays, in the order of its subjects
 * @throws UsageError when there is no history to replay over
 */
export async function backtest(
  works: readonly Work[],
  asked: Asked,
  programs: { readonly store: string; readonly evaluator: string },
): Promise<readonly (readonly Replay[])[]> {
  const workshop = new Workshop(programs);
  try {
    const rules = works.flatMap(({ subjects }) => subjects.flatMap(rulesOf));
    const reads = [
      ...new Map(rules.flatMap(({ needs }) => needs.leaves).map((read) => [read.selector, read])).values(),
    ];
    const history = await load(workshop, reads, asked, Math.max(0, ...rules.map(reach)));
    const results: Replay[][] = [];
    for (const [index, { before, after, subjects }] of works.entries()) {
      const side = (name: string, environment: RenderedEnvironment, pick: (subject: Subject) => Rule | undefined) =>
        firedBy(workshop, `${name}-${index}`, environment, subjects.map(pick), history);
      const old = before === undefined ? [] : await side("before", before, (subject) => subject.before);
      const now = await side("after", after, (subject) => subject.after);
      results.push(subjects.map((subject, at) => replayOf(subject, { before, after }, [old[at], now[at]], history)));
    }
    return results;
  } finally {
    await workshop.close();
  }
}

/** Copies what rules read into a store, which ends again: each replay begins with a copy of it. */
async function load(workshop: Workshop, reads: readonly Read[], asked: Asked, back: number): Promise<History> {
  const { source, save, repeat } = asked;
  const isFile = "file" in source;
  const to = asked.to ?? (isFile ? undefined : Math.floor(Date.now() / 1000));
  const from = asked.from ?? (isFile || to === undefined ? undefined : to - day);
  // What is repeated is its own past.
  const past = from === undefined || repeat !== undefined ? 0 : back;
  const span = { from: (from ?? 0) - past, to: to ?? Number.MAX_SAFE_INTEGER / 1000 };
  const store = await workshop.store("history");
  const saver = save === undefined ? undefined : new Saver(save);
  const minutes = new Map<string, Set<number>>();
  const ends = { first: Infinity, last: -Infinity };
  let buffer: string[] = [];
  let length = 0;
  const send = async () => {
    if (length > 0) await store.add(buffer.join("\n"));
    [buffer, length] = [[], 0];
  };
  const read = linesOf(source, reads, span);
  const lines = repeat === undefined ? read : bounded(source, repeated(source, read, repeat));
  for await (const line of lines) {
    note(line, minutes, ends);
    await saver?.add(line);
    length += buffer.push(line.text) && line.text.length;
    if (length > batch) await send();
  }
  await send();
  await saver?.end();
  await store.flush();
  if (ends.first === Infinity && (from === undefined || to === undefined))
    throw new UsageError(`${nameOf(source)} has nothing of what the alerts read: ${namesOf(reads)}`);
  const found = await selectorsFound(store, reads);
  await store.end();
  const window =
    repeat === undefined
      ? { from: from ?? ends.first, to: to ?? ends.last }
      : { from: ends.first, to: ends.first + repeat };
  return { window, first: ends.first, minutes, found };
}

function note({ labels, times }: Line, minutes: Map<string, Set<number>>, ends: { first: number; last: number }): void {
  const name = labels["__name__"] ?? "";
  const own = minutes.get(name) ?? new Set<number>();
  minutes.set(name, own);
  for (const time of times) {
    own.add(Math.floor(time / 60_000));
    ends.first = Math.min(ends.first, time / 1000);
    ends.last = Math.max(ends.last, time / 1000);
  }
}

async function selectorsFound(store: Store, reads: readonly Read[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { selector } of reads) if (await store.has(selector)) found.add(selector);
  return found;
}

const namesOf = (reads: readonly Read[]) => {
  const names = [...new Set(reads.map(({ name, selector }) => name ?? selector))];
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
};

/** What was found of each rule; nothing where there is no rule, or none that can be replayed. */
async function firedBy(
  workshop: Workshop,
  name: string,
  environment: RenderedEnvironment,
  rules: readonly (Rule | undefined)[],
  { window, first }: History,
): Promise<readonly Found[]> {
  const able = rules.filter((rule) => rule !== undefined && rule.fault === undefined) as readonly Rule[];
  const nothing = (rule: Rule | undefined): Found => ({ fired: [], held: 0, fault: rule?.fault });
  if (able.length === 0) return rules.map(nothing);
  const alerts = able.map(({ alert }) => alert);
  const wanted = window.from - Math.max(...able.map(reach));
  // Before there is anything, everything is absent.
  const begin = wanted < first ? Math.ceil(Math.min(first, window.from) / grid) : Math.floor(wanted / grid);
  const span = { from: begin * grid, to: window.to };
  const store = await workshop.store(name, "history");
  const needs = needsOf(alerts, recordingsOf(environment));
  const found = await replay(workshop, store, name, able, needs, (each) => stepOf(environment, each), span);
  await store.end();
  return rules.map((rule) => (rule && found[able.indexOf(rule)]) ?? nothing(rule));
}

/** What became of one rule. */
function replayOf(
  { action, before, after }: Subject,
  environments: { readonly before: RenderedEnvironment | undefined; readonly after: RenderedEnvironment },
  [foundBefore, foundAfter]: readonly [Found | undefined, Found | undefined],
  history: History,
): Replay {
  const { window } = history;
  const own = new Set(["alertname", ...[before, after].flatMap((rule) => Object.keys(rule?.alert.labels ?? {}))]);
  const pages = (found: Found | undefined, environment: RenderedEnvironment | undefined) =>
    (found?.fired ?? []).flatMap(({ labels, spans }) =>
      spans
        .filter((span) => overlap(span, window))
        .map((span): Page => ({ of: without(labels, own), span, told: hearers(environment, labels) })),
    );
  const [old, now] = [pages(foundBefore, environments.before), pages(foundAfter, environments.after)];
  const rules = [before, after].filter((rule) => rule !== undefined);
  const changes = compared(old, now, Math.max(0, ...rules.map(({ step }) => step)));
  const alert = (after ?? before)?.alert;
  const name = alert?.name ?? "";
  const formerly = before?.alert.name;
  const gaps = silent(rules, history);
  return {
    name,
    formerly: formerly === name ? undefined : formerly,
    severity: alert?.labels["severity"] ?? "none",
    action,
    window,
    before: before && sideOf(before, foundBefore, old, history),
    after: after && sideOf(after, foundAfter, now, history),
    pages: changes,
    told: toldBy(changes, window),
    gaps,
    notes: notesOf(rules, old.length + now.length > 0, history, gaps),
  };
}

const without = (labels: Labels, names: ReadonlySet<string>): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !names.has(name)));

/** Receivers that reach somebody. */
function hearers(environment: RenderedEnvironment | undefined, labels: Labels): string[] {
  if (environment?.alertmanager === undefined) return [];
  const told = notified(environment.alertmanager, { ...externalLabels(environment), ...labels });
  return told
    .filter(({ channels }) => channels.length > 0)
    .map(({ receiver, channels }) => `${receiver} (${channels.join(", ")})`);
}

function sideOf({ alert, needs }: Rule, own: Found | undefined, pages: readonly Page[], { found }: History): Side {
  const fault = own?.fault;
  if (fault !== undefined) return { outcome: "not replayed", why: fault };
  if (pages.length > 0) return { outcome: "fires", why: "" };
  const held = own?.held ?? 0;
  if (held > 0) return { outcome: "quiet", why: `pending for ${lasts(held)} at most, of ${alert.holds}` };
  const isEmpty = needs.leaves.length > 0 && needs.leaves.every(({ selector }) => !found.has(selector));
  return isEmpty
    ? { outcome: "no data", why: `the history has no series of ${namesOf(needs.leaves)}` }
    : { outcome: "quiet", why: "" };
}

/** When there is nothing at all of what rules read. */
function silent(rules: readonly Rule[], { minutes, window }: History): Span[] {
  const names = [...new Set(rules.flatMap(({ needs }) => needs.leaves.map(({ name }) => name)))];
  if (names.length === 0 || names.includes(undefined)) return [];
  const all = new Set(names.flatMap((name) => [...(minutes.get(name ?? "") ?? [])]));
  return all.size === 0 ? [] : gapsIn(all, window);
}

function notesOf(rules: readonly Rule[], fires: boolean, { window, first, found }: History, gaps: readonly Span[]) {
  const able = rules.filter(({ fault }) => fault === undefined);
  const leaves = [...new Map(able.flatMap(({ needs }) => needs.leaves).map((read) => [read.selector, read])).values()];
  const missing = leaves.filter(({ selector }) => !found.has(selector));
  const back = Math.max(0, ...able.map(({ needs }) => needs.back));
  const notes: string[] = [];
  if (first + back > window.from + 2 * grid && first < Infinity)
    notes.push(
      `Its windows reach ${lasts(back)} back, and the history begins at ${clock(first)}: until ${clock(first + back)} it sees less than it asks for.`,
    );
  if (gaps.length > 0)
    notes.push(
      `The history has nothing of what it reads for ${gaps.map(({ from, to }) => `${lasts(to - from)} from ${clock(from)}`).join(", ")}: there it could not fire.`,
    );
  if (missing.length > 0 && fires && missing.length === leaves.length)
    notes.push(`The history has no series of ${namesOf(missing)}: it fires because they are absent.`);
  else if (missing.length > 0 && missing.length < leaves.length)
    notes.push(`The history has no series of ${missing.map(({ selector }) => selector).join(", ")}.`);
  if (able.some(({ alert, needs }) => alert.file.startsWith("prometheus/") && isExtrapolated(alert, needs)))
    notes.push(
      "Prometheus evaluates it, and extrapolates rate, increase and delta to the ends of their window; MetricsQL does not: near the threshold a page may begin or end otherwise.",
    );
  return notes;
}
