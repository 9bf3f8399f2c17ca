import { UsageError } from "../cli";
import type { EnvironmentReview } from "../review/model";
import type { RenderedEnvironment } from "../review/rendered";
import { KitError } from "../testbed/shell";
import { backtest, type Asked } from "./backtest";
import { backtestPrograms } from "./programs";
import { changedSubjects } from "./subjects";

type Environments = ReadonlyMap<string, RenderedEnvironment>;

/**
 * The reviews with what only history can tell: when the alerts that fire otherwise would have fired, before and after.
 * Whatever prevents that is told, and the review goes on without it.
 * @param notes for readers of the page
 */
export async function withReplays(
  reviews: readonly EnvironmentReview[],
  before: Environments,
  after: Environments,
  asked: Asked,
): Promise<{ readonly reviews: readonly EnvironmentReview[]; readonly notes: readonly string[] }> {
  const works = reviews.flatMap(({ name }) => {
    const [old, now] = [before.get(name), after.get(name)];
    const subjects = old && now ? changedSubjects(old, now) : [];
    return old && now && subjects.length > 0 ? [{ before: old, after: now, subjects }] : [];
  });
  if (works.length === 0) return { reviews, notes: [] };
  const without = (why: string) => ({ reviews, notes: [`Changed alerts were not replayed: ${why}`] });
  const programs = backtestPrograms();
  if ("missing" in programs) return without(programs.missing);
  try {
    const found = await backtest(works, asked, programs);
    const byName = new Map(works.map(({ after: { name } }, index) => [name, found[index] ?? []]));
    return { reviews: reviews.map((review) => ({ ...review, replays: byName.get(review.name) ?? [] })), notes: [] };
  } catch (error) {
    if (error instanceof UsageError || error instanceof KitError) return without(error.message.replace(/\n/g, "; "));
    throw error;
  }
}
