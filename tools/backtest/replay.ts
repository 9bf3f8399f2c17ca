import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Alert, Recording } from "../report/rules";
import type { Labels } from "../report/routing";
import { secondsOf, type Needs } from "./reads";
import { kept, spansOf, type Span } from "./spans";
import type { Store, Workshop } from "./store";
import type { Rule } from "./subjects";

/** Rules through vmalert's replay, and what they were found to do. */

/** A series for which a rule fired. */
export interface Fired {
  /** As Alertmanager gets them, but for the labels of the server. */
  readonly labels: Labels;
  readonly spans: readonly Span[];
}

export interface Found {
  readonly fired: readonly Fired[];
  /** Seconds for which the expression held at a stretch, longest; for any series, whether it fired or not. */
  readonly held: number;
  /** Why it could not be evaluated, in the server's words. */
  readonly fault: string | undefined;
}

/**
 * Replays rules over what a store has. Recording rules come first, level by level, and each level can be read before the
 * next one begins: vmalert itself waits for a time that may be too short.
 * @param name of the files that are written for it
 * @param recordings what all of the rules read
 * @param stepOf seconds between two evaluations of a recording rule
 * @param span seconds since 1970; begins early enough for windows and `for`
 * @returns what became of each rule, in their order
 */
export async function replay(
  workshop: Workshop,
  store: Store,
  name: string,
  rules: readonly Rule[],
  { levels }: Needs,
  stepOf: (recording: Recording) => number,
  span: Span,
): Promise<readonly Found[]> {
  const refused = new Map<string, string>();
  for (const [index, level] of levels.entries()) {
    const timed = level.map((each) => ({ step: stepOf(each), rule: recordingRule(each) }));
    const faults = await evaluated(workshop, store, `${name}-recordings-${index}`, timed, span);
    for (const [recording, why] of faults) refused.set(recording, why);
  }
  const alerts = rules.map(({ alert, step }, index) => ({ step, rule: alertRule(alert, index) }));
  const faults = await evaluated(workshop, store, `${name}-alerts`, alerts, span);
  const series = await store.samples("ALERTS");
  return rules.map((rule, index) => {
    const number = String(index);
    const below = rule.needs.levels.flat().find((each) => refused.has(each.name));
    const fault = below === undefined ? faults.get(number) : `it reads ${below.name}: ${refused.get(below.name) ?? ""}`;
    const own = series.filter(({ labels }) => labels["alertname"] === number);
    return fault === undefined ? { ...firedOf(rule, own), fault } : { fired: [], held: 0, fault };
  });
}

const recordingRule = ({ name, expression, labels }: Recording) => ({
  record: name,
  expr: mergedOverTime(expression, labels),
  labels,
});

/**
 * An alert under its number: several may have the same name and labels. Without annotations, which say nothing of when it
 * fires, and without `keep_firing_for`: a replay ignores it, and {@link kept} counts it.
 */
const alertRule = ({ expression, holds, labels }: Alert, index: number) => ({
  alert: String(index),
  expr: mergedOverTime(expression, labels),
  for: holds,
  labels,
});

/**
 * The same of each instant, as one series over all of them. A server evaluates at instants; a replay asks for the whole
 * time at once, and vmalert gives up where what `or` took from its left side in one hour and from its right side in another
 * are two series of the labels that the rule sets.
 */
const mergedOverTime = (expression: string, labels: Labels) =>
  `max without (${Object.keys(labels).sort().join(", ")}) (${expression})`;

async function evaluated(
  workshop: Workshop,
  store: Store,
  name: string,
  timed: readonly { readonly step: number; readonly rule: object }[],
  span: Span,
): Promise<ReadonlyMap<string, string>> {
  if (timed.length === 0) return new Map();
  const groups = [...new Set(timed.map(({ step }) => step))].map((step) => ({
    name: `each ${step} s`,
    interval: `${step}s`,
    rules: timed.filter((each) => each.step === step).map(({ rule }) => rule),
  }));
  const file = join(workshop.folder, `${name}.yaml`);
  writeFileSync(file, stringify({ groups }));
  return await workshop.evaluate(file, store, span);
}

type Samples = Awaited<ReturnType<Store["samples"]>>;

/** Pending and firing are series of their own; together they are when the expression held. */
function firedOf({ alert, step }: Rule, series: Samples): Pick<Found, "fired" | "held"> {
  const states = new Map<string, { labels: Labels; firing: number[]; active: number[] }>();
  for (const { labels, times } of series) {
    const own = Object.entries(labels).filter(([name]) => name !== "__name__" && name !== "alertstate");
    const key = JSON.stringify(own.sort());
    const known = states.get(key) ?? {
      labels: { ...Object.fromEntries(own), alertname: alert.name },
      firing: [],
      active: [],
    };
    states.set(key, known);
    known.active.push(...times);
    if (labels["alertstate"] === "firing") known.firing.push(...times);
  }
  const all = [...states.values()].map(({ labels, firing, active }) => ({
    labels,
    held: spansOf(active, step),
    spans: kept(spansOf(firing, step), spansOf(active, step), secondsOf(alert.keeps)),
  }));
  return {
    fired: all.flatMap(({ labels, spans }) => (spans.length === 0 ? [] : [{ labels, spans }])),
    held: all.flatMap(({ held }) => held).reduce((longest, { from, to }) => Math.max(longest, to - from), 0),
  };
}
