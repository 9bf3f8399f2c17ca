import { summary } from "../backtest/words";
import { count } from "../report/html";
import { allRisks, isUnchanged, levels, type EnvironmentReview } from "./model";
import type { RenderedState } from "./refs";

/** The whole review in a sentence or two. */
export function headline(base: RenderedState, reviews: readonly EnvironmentReview[]): string {
  if (base.failure !== undefined)
    return `${base.name} could not be rendered, so nothing is compared: head stands alone.`;
  const changed = reviews.filter((review) => !isUnchanged(review));
  const names = reviews.map(({ name }) => name).join(", ");
  if (changed.length === 0) return `Nothing changed in ${names || "any environment"}.`;
  const parts = [
    ...counted(changed, ({ dashboards }) => dashboards, "dashboard"),
    ...counted(changed, ({ alerts }) => alerts, "alert"),
    ...counted(changed, ({ slos }) => slos, "objective"),
    ...counted(changed, ({ retention }) => retention, "retention setting"),
    ...counted(changed, ({ resources }) => resources, "resource"),
    ...counted(changed, ({ configuration }) => configuration, "configuration file"),
  ];
  const same = reviews.filter(isUnchanged).map(({ name }) => name);
  const what = parts.length === 0 ? "values" : parts.join(", ");
  return [
    `Changes ${what} in ${changed.map(({ name }) => name).join(", ")}.`,
    summary(changed.map(({ replays }) => replays).find((replays) => replays.length > 0) ?? []),
    same.length > 0 ? `Nothing changed in ${same.join(", ")}.` : "",
    riskWords(changed),
  ]
    .filter(Boolean)
    .join(" ");
}

/** The most that one environment has: the same change in three is one change. */
function counted(
  reviews: readonly EnvironmentReview[],
  pick: (review: EnvironmentReview) => readonly unknown[],
  one: string,
): string[] {
  const most = Math.max(...reviews.map((review) => pick(review).length));
  return most === 0 ? [] : [count(most, one)];
}

function riskWords(reviews: readonly EnvironmentReview[]): string {
  const risks = allRisks(reviews);
  if (risks.length === 0) return "No risks found.";
  const parts = levels.flatMap((level) => {
    const number = risks.filter((risk) => risk.level === level).length;
    return number === 0 ? [] : [`${number} ${level}`];
  });
  return `Risks: ${parts.join(", ")}.`;
}
