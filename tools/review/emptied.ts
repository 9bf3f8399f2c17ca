import type { Panel } from "../report/dashboard";
import { levels, type DashboardChange, type EnvironmentReview } from "./model";
import { dataOf, type Answers } from "./questions";

/**
 * The reviews with what only data can tell: panels that showed something and whose changed queries find nothing. It
 * stands with the links and variables that broke, and among the risks.
 */
export function withData(reviews: readonly EnvironmentReview[], answers: Answers): EnvironmentReview[] {
  return reviews.map((review) => {
    const dashboards = review.dashboards.map((change) => {
      const panels = emptied(change, answers);
      const told = `no data any more in: ${panels.join(", ")}`;
      return { ...change, broken: [...change.broken, ...(panels.length > 0 ? [told] : [])] };
    });
    const found = dashboards.flatMap(({ title, broken }, index) =>
      broken.slice(review.dashboards[index]?.broken.length).map((what) => ({
        level: "medium" as const,
        where: `dashboard ${title}`,
        what,
        why: "the same server has data for the queries before",
        security: false,
      })),
    );
    const risks = [...review.risks, ...found].sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
    return { ...review, dashboards, risks };
  });
}

function emptied({ before, after, panels }: DashboardChange, answers: Answers): string[] {
  if (before === undefined || after === undefined) return [];
  const [old, now] = [dataOf(answers, before), dataOf(answers, after)];
  const has = (series: ReturnType<typeof old>) => series?.some(({ points }) => points.length > 0);
  const lost = (was: Panel | undefined, is: Panel | undefined) =>
    was !== undefined && is !== undefined && has(old(was)) === true && has(now(is)) === false;
  const titles = panels.flatMap((change) => (lost(change.before, change.after) ? [change.title] : []));
  return [...new Set(titles)];
}
