import { interpolate } from "../grafana/interpolate";
import type { Dashboard, Panel, Query } from "../report/dashboard";
import type { Series } from "../report/series";
import type { DashboardChange } from "./model";

/** A query as a server can answer it: no variable of Grafana's is left in it. */
export interface Question {
  readonly expression: string;
  readonly instant: boolean;
}

/** Seconds that pictures show, and between two points: forty of them tell a line's shape. */
export const span = 3600;
export const step = 90;

/** By this an answer is found again, in a file too. */
export const keyOf = ({ expression, instant }: Question) => `${instant ? "instant" : "range"} ${expression}`;

/** Milliseconds. A rate covers a step and a scrape, as Grafana computes it. */
const macros = { interval: step * 1000, rateInterval: (step + 15) * 1000, range: span * 1000 };

function questionOf({ expression, engine, instant }: Query, { variables }: Dashboard): Question | undefined {
  if (expression === "" || (engine !== "prometheus" && engine !== "")) return undefined;
  const selected = variables.flatMap((variable) => variable.selected ?? []);
  try {
    return { expression: interpolate(expression, "prometheus", selected, macros), instant };
  } catch {
    // A variable that nothing selects here, or that is broken: that is told elsewhere.
    return undefined;
  }
}

/** What has to be asked to draw the changed dashboards, before and after; each question once. */
export function questionsOf(changes: readonly DashboardChange[]): Question[] {
  const boards = changes.flatMap(({ before, after }) => [before, after].filter((board) => board !== undefined));
  const all = boards.flatMap((board) =>
    board.panels
      .filter(({ hidden }) => !hidden)
      .flatMap(({ queries }) => queries.flatMap((query) => questionOf(query, board) ?? [])),
  );
  return [...new Map(all.map((question) => [keyOf(question), question])).values()];
}

/** Series by {@link keyOf} of the question. */
export type Answers = ReadonlyMap<string, readonly Series[]>;

/** What was answered to a panel's queries; undefined where none of them was: nobody knows what it shows then. */
export function dataOf(answers: Answers, board: Dashboard): (panel: Panel) => readonly Series[] | undefined {
  return ({ queries }) => {
    const found = queries.flatMap((query) => {
      const question = questionOf(query, board);
      const answer = question && answers.get(keyOf(question));
      return answer === undefined ? [] : [answer];
    });
    return found.length === 0 ? undefined : found.flat();
  };
}
