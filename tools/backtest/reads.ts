import type { SyntaxNode } from "@lezer/common";
import { parseQuery } from "../../signals/parse";
import type { Alert, Recording } from "../report/rules";

/** What a rule reads, how far back, and which recording rules stand between it and what was scraped. Pure. */

/** One selector of an expression. */
export interface Read {
  /** As it is written: `up{job="a"}`. */
  readonly selector: string;
  /** Undefined where only labels are matched. */
  readonly name: string | undefined;
  /** Seconds before an evaluation from which on samples count. */
  readonly back: number;
}

/** Seconds for which Prometheus shows a series' last sample (`--query.lookback-delta`, its default). */
const lookback = 300;

const units: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Seconds of a duration as rules write it: `5m`, `1h30m`, `0s`, or a number of seconds. */
export function secondsOf(text: string): number {
  if (/^[\d.]+$/.test(text)) return Number(text);
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0,
  );
}

/** Of expressions that were read before: of a few hundred recording rules each is asked for with every alert. */
const readBefore = new Map<string, readonly Read[]>();

/** Every selector of a PromQL expression with how far back it reads. @throws CatalogueError for a syntax error */
export function readsOf(expression: string): readonly Read[] {
  const found = readBefore.get(expression) ?? parsedReads(expression);
  readBefore.set(expression, found);
  return found;
}

function parsedReads(expression: string): Read[] {
  const text = ({ from, to }: SyntaxNode) => expression.slice(from, to);
  const found: Read[] = [];
  const walk = (node: SyntaxNode, back: number): void => {
    if (node.name === "VectorSelector") {
      const name = node.getChild("Identifier");
      const own = node.parent?.name === "MatrixSelector" ? 0 : lookback;
      found.push({ selector: text(node), name: name ? text(name) : undefined, back: back + own });
      return;
    }
    // A range or an offset; an offset into the future asks for nothing older.
    const [duration] = [...node.getChildren("DurationExpr"), ...node.getChildren("OffsetDurationExpr")];
    const more = duration === undefined || text(duration).startsWith("-") ? 0 : secondsOf(text(duration));
    for (let child = node.firstChild; child !== null; child = child.nextSibling) walk(child, back + more);
  };
  walk(parseQuery("promql", expression).topNode, 0);
  return found;
}

/** What has to be there for alerts to be evaluated. */
export interface Needs {
  /** Recording rules that are read, in an order in which none comes before what it reads; those of a level don't meet. */
  readonly levels: readonly (readonly Recording[])[];
  /** What no rule records: it has to be in the history. */
  readonly leaves: readonly Read[];
  /** Seconds before an evaluation from which on the history counts, through all recordings. */
  readonly back: number;
}

/** How many recordings lie below an expression, and how far back all reads, in seconds. */
interface Reach {
  readonly depth: number;
  readonly back: number;
}

/**
 * What alerts read, through recording rules down to what was scraped. A recording that reads itself is history.
 * @param alerts their expressions
 */
export function needsOf(alerts: readonly Pick<Alert, "expression">[], recordings: readonly Recording[]): Needs {
  const byName = new Map<string, Recording[]>();
  for (const each of recordings) byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
  const leaves = new Map<string, Read>();
  const depth = new Map<Recording, number>();
  /** Each recording is looked at once: a hundred of one name may each read a hundred of another. */
  const known = new Map<Recording, Reach>();
  const below = (recording: Recording, above: readonly Recording[]): Reach => {
    const found = known.get(recording) ?? visit(recording.expression, [...above, recording]);
    known.set(recording, found);
    depth.set(recording, found.depth);
    return found;
  };
  const visit = (expression: string, above: readonly Recording[]): Reach => {
    let result = { depth: 0, back: 0 };
    for (const read of readsOf(expression)) {
      const recorded = (byName.get(read.name ?? "") ?? []).filter((each) => !above.includes(each));
      if (recorded.length === 0) {
        const leaf = leaves.get(read.selector);
        leaves.set(read.selector, { ...read, back: Math.max(read.back, leaf?.back ?? 0) });
        result = { ...result, back: Math.max(result.back, read.back) };
      }
      for (const each of recorded) {
        const reach = below(each, above);
        result = {
          depth: Math.max(result.depth, reach.depth + 1),
          back: Math.max(result.back, read.back + reach.back),
        };
      }
    }
    return result;
  };
  const back = Math.max(0, ...alerts.map(({ expression }) => visit(expression, []).back));
  const deepest = Math.max(-1, ...depth.values());
  const levels = Array.from({ length: deepest + 1 }, (_, level) =>
    recordings.filter((each) => depth.get(each) === level),
  );
  return { levels, leaves: [...leaves.values()], back };
}

/** Functions that Prometheus extrapolates to the ends of their window and MetricsQL does not. */
const extrapolated = /\b(rate|increase|delta)\s*\(/;

/** Whether MetricsQL may count otherwise than Prometheus, in an alert or in what it reads. */
export const isExtrapolated = (alert: Pick<Alert, "expression">, { levels }: Needs) =>
  [alert, ...levels.flat()].some(({ expression }) => extrapolated.test(expression));
