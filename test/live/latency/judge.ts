import { slowPages, slowQueries, type SlowPage, type SlowQueries } from "./exceptions";
import { goals, type PageTime, type QueryTime } from "./measure";

/** Queries that may be excepted from their goal, as a share of all. */
const EXCEPTIONS = 0.05;
/** Answers of all others that have to come in time. */
const ANSWERS = 0.99;

/** What is wrong with the times that were taken, and what is said of those that are right. */
export interface Judgement {
  readonly faults: readonly string[];
  readonly text: string;
}

/** Every query against the goal, or against the bound of its exception, by its median; and all answers together. */
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
  const bound = (query: QueryTime) => excepted.get(query)?.below ?? goals.query;
  const slow = queries.filter((query) => query.median >= bound(query));
  const share = excepted.size / queries.length;
  const unused = exceptions.filter((exception) => of(exception).length === 0);
  const ordinary = queries.filter((query) => !excepted.has(query));
  const [ofOrdinary, ofAll] = [answersWithin(ordinary), answersWithin(queries)];
  const shown = [...excepted].sort(([one], [other]) => other.median - one.median);
  return {
    faults: [
      ...slowest(slow).map((query) => `${named(query)}, not below ${bound(query)} ms`),
      ...unused.map(({ page, panel }) => `the exception of ${page} / ${panel} is about no query`),
      ...(share > EXCEPTIONS
        ? [`${excepted.size} of ${queries.length} queries are excepted, more than ${EXCEPTIONS * 100} %`]
        : []),
      ...(ofOrdinary < ANSWERS
        ? [`${percent(ofOrdinary)} of the answers of queries without an exception, less than ${percent(ANSWERS)}`]
        : []),
    ],
    text: [
      `answers in time: ${percent(ofOrdinary)} of ${ordinary.length} queries, ${percent(ofAll)} with the ${excepted.size} that are excepted, each with a bound of its own:`,
      ...shown.map(([query, { below, why }]) => `${named(query)}, below ${below} ms: ${why}`),
    ].join("\n"),
  };
}

/** Each query counts alike, however often it was asked. */
const answersWithin = (queries: readonly QueryTime[]) =>
  queries.reduce((sum, { within }) => sum + within, 0) / Math.max(1, queries.length);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

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

const slowest = (queries: readonly QueryTime[]) => [...queries].sort((one, other) => other.median - one.median);
const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const named = ({ dashboard, row, title, refId, p99, median }: QueryTime) =>
  `${dashboard} / ${row} / ${title} ${refId}: ${milliseconds(median)} (p99 ${milliseconds(p99)})`;
