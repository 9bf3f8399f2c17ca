import { slowPages, slowQueries, type SlowPage, type SlowQueries } from "./exceptions";
import type { PageTime, QueryTime } from "./measure";

/** Milliseconds that a query over a day (I5), and a page (F14), may take. */
export const goals = { query: 100, page: 1000 } as const;
/** Queries that may be excepted from their goal, as a share of all. */
const EXCEPTIONS = 0.05;

/** What is wrong with the times that were taken, and what is said of those that are right. */
export interface Judgement {
  readonly faults: readonly string[];
  readonly text: string;
}

/** Every query against the goal, or against the bound of its exception. */
export function judgedQueries(
  queries: readonly QueryTime[],
  exceptions: readonly SlowQueries[] = slowQueries,
): Judgement {
  const of = ({ page, panel, refIds }: SlowQueries) =>
    queries.filter(
      (query) => query.dashboard === page && query.title === panel && (refIds?.includes(query.refId) ?? true),
    );
  const excepted = new Map(
    exceptions.flatMap((exception) => of(exception).map((query) => [query, exception] as const)),
  );
  const slow = queries.filter((query) => query.p99 >= (excepted.get(query)?.below ?? goals.query));
  const share = excepted.size / queries.length;
  const unused = exceptions.filter((exception) => of(exception).length === 0);
  const within = queries.filter(({ p99 }) => p99 < goals.query).length;
  const shown = [...excepted].sort(([one], [other]) => other.p99 - one.p99);
  return {
    faults: [
      ...slowest(slow).map((query) => `${named(query)}, not below ${excepted.get(query)?.below ?? goals.query} ms`),
      ...unused.map(({ page, panel }) => `the exception of ${page} / ${panel} is about no query`),
      ...(share > EXCEPTIONS
        ? [`${excepted.size} of ${queries.length} queries are excepted, more than ${EXCEPTIONS * 100} %`]
        : []),
    ],
    text: [
      `${within} of ${queries.length} queries; the others are excepted, each with a bound of its own:`,
      ...shown.map(([query, { below, why }]) => `${named(query)}, below ${below} ms: ${why}`),
    ].join("\n"),
  };
}

/** Every page as it opens against the goal; over the last day against the goal, or the bound of its exception. */
export function judgedPages(pages: readonly PageTime[], exceptions: readonly SlowPage[] = slowPages): Judgement {
  const exceptionOf = (page: PageTime) => exceptions.find((each) => each.page === page.dashboard);
  const unused = exceptions.filter(({ page }) => pages.every(({ dashboard }) => dashboard !== page));
  const lines = pages.flatMap((page) => {
    const exception = exceptionOf(page);
    return exception === undefined
      ? []
      : [`${page.dashboard} over 24 h: ${milliseconds(page.day)}, below ${exception.below} ms: ${exception.why}`];
  });
  const within = (of: "opened" | "day") => pages.filter((page) => page[of] < goals.page).length;
  return {
    faults: pages
      .flatMap((page) => {
        const below = exceptionOf(page)?.below ?? goals.page;
        return [
          ...(page.opened < goals.page ? [] : [`${page.dashboard} opens in ${milliseconds(page.opened)}`]),
          ...(page.day < below
            ? []
            : [`${page.dashboard} over 24 h: ${milliseconds(page.day)}, not below ${below} ms`]),
        ];
      })
      .concat(unused.map(({ page }) => `the exception of ${page} is about no page`)),
    text: [`${within("opened")} of ${pages.length} as they open, ${within("day")} over 24 h`, ...lines].join("\n"),
  };
}

const slowest = (queries: readonly QueryTime[]) => [...queries].sort((one, other) => other.p99 - one.p99);
const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const named = ({ dashboard, row, title, refId, p99, median }: QueryTime) =>
  `${dashboard} / ${row} / ${title} ${refId}: ${milliseconds(p99)} (median ${milliseconds(median)})`;
