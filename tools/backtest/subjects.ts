import { parse } from "yaml";
import { alertLabels, type Alert, type Recording } from "../report/rules";
import { notified, type Labels } from "../report/routing";
import { paired } from "../review/alerts";
import { record, string, type RenderedEnvironment } from "../review/rendered";
import type { Replay } from "./model";
import { needsOf, secondsOf, type Needs } from "./reads";

/** Which rules are worth replaying, and what each needs for it. Pure. */

/** One state of a rule. */
export interface Rule {
  readonly alert: Alert;
  readonly needs: Needs;
  /** Seconds between two evaluations. */
  readonly step: number;
  /** Why it can't be replayed. */
  readonly fault: string | undefined;
}

/** A rule before and after. */
export interface Subject {
  readonly action: Replay["action"];
  readonly before: Rule | undefined;
  readonly after: Rule | undefined;
}

/** The server that evaluates a file of rules: `prometheus`. */
const evaluatorOf = ({ file }: Pick<Alert, "file">) => file.split("/")[0] ?? "";

/** Recording rules on metrics; what Loki records of logs is data like any other. */
export const recordingsOf = ({ rules }: RenderedEnvironment): Recording[] =>
  rules.recordings.filter((each) => evaluatorOf(each) !== "loki");

/** Prometheus' own default, from its documentation (`evaluation_interval`), and vmalert's. */
const defaultInterval = "1m";

/** How often a server evaluates groups that do not say it themselves: where each writes that, by its file. */
export function stepOf({ config }: RenderedEnvironment, rule: Pick<Alert, "file" | "every">): number {
  const own = rule.every;
  if (own !== undefined) return secondsOf(own);
  const { global } = record(parse(config["prometheus/prometheus.yml"] ?? ""));
  const { evaluationInterval } = record(parse(config["vmalert/flags.yaml"] ?? ""));
  const said = evaluatorOf(rule) === "vmalert" ? evaluationInterval : record(global)["evaluation_interval"];
  return secondsOf(string(said) || defaultInterval);
}

function ruleOf(environment: RenderedEnvironment, alert: Alert): Rule {
  const step = stepOf(environment, alert);
  const none = { levels: [], leaves: [], back: 0 };
  if (evaluatorOf(alert) === "loki") return { alert, needs: none, step, fault: "Loki evaluates it, on logs" };
  try {
    return { alert, needs: needsOf([alert], recordingsOf(environment)), step, fault: undefined };
  } catch (error) {
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { alert, needs: none, step, fault: `its expression can't be read: ${line}` };
  }
}

/** When it fires and for whom: everything but its words. */
const meaning = (environment: RenderedEnvironment, { alert, needs, step }: Rule) =>
  JSON.stringify([
    alert.name,
    alert.expression,
    alert.holds,
    alert.keeps,
    Object.entries(alert.labels).sort(),
    step,
    needs.levels.flat().map((each) => [each.name, each.expression, each.labels, stepOf(environment, each)]),
    environment.alertmanager && notified(environment.alertmanager, alertLabels(alert)),
  ]);

/** Rules that fire at other times than before, or tell others: also when only what they read is recorded otherwise. */
export function changedSubjects(before: RenderedEnvironment, after: RenderedEnvironment): Subject[] {
  const pairs = renamed(paired(before.rules.alerts, after.rules.alerts));
  return pairs.flatMap(([old, now]): Subject[] => {
    const [from, to] = [old && ruleOf(before, old), now && ruleOf(after, now)];
    if (from && to && meaning(before, from) === meaning(after, to)) return [];
    const action = !from ? "new" : !to ? "gone" : from.alert.name === to.alert.name ? "changed" : "renamed";
    return [{ action, before: from, after: to }];
  });
}

/** All rules of a name in one state, or without one all that there are. */
export const namedSubjects = (environment: RenderedEnvironment, name: string | undefined): Subject[] =>
  environment.rules.alerts
    .filter((alert) => name === undefined || alert.name === name)
    .map((alert) => ({ action: "as it is", before: undefined, after: ruleOf(environment, alert) }));

type Pairs = ReturnType<typeof paired>;

/** What is gone and what is new of the same severity and the same expression, but for its numbers, is one with a new name. */
function renamed(pairs: Pairs): Pairs {
  const gone = pairs.flatMap(([old, now]) => (old && !now ? [old] : []));
  const shape = (alert: Alert) => alert.expression.replace(/\s+/g, " ");
  const loose = (alert: Alert) => shape(alert).replace(/(?<![\w.])\d+(\.\d+)?/g, "#");
  const partner = new Map<Alert, Alert>();
  for (const same of [shape, loose]) {
    for (const [old, now] of pairs) {
      if (old || !now || partner.has(now)) continue;
      const index = gone.findIndex(
        (each) => same(each) === same(now) && each.labels["severity"] === now.labels["severity"],
      );
      const [found] = index < 0 ? [] : gone.splice(index, 1);
      if (found) partner.set(now, found);
    }
  }
  const taken = new Set(partner.values());
  return pairs.flatMap(([old, now]): Pairs => {
    if (old && !now && taken.has(old)) return [];
    return [[old ?? (now && partner.get(now)), now]];
  });
}

/**
 * Labels that the server adds to every alert that it sends (`external_labels`), as far as they are known before it runs.
 */
export function externalLabels({ config }: RenderedEnvironment): Labels {
  const { global } = record(parse(config["prometheus/prometheus.yml"] ?? ""));
  const all = Object.entries(record(record(global)["external_labels"]));
  return Object.fromEntries(
    all.flatMap(([name, value]) => (string(value).includes("${") ? [] : [[name, string(value)]])),
  );
}
