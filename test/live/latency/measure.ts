import { asksOf, asOpened, openedView, type Ask, type Settings, type View } from "../../../tools/grafana/asks";
import { nameOf, queriesOf, type DashboardModel, type PanelQuery } from "../../../tools/grafana/model";
import { seriesOf, timed } from "./client";

/** Milliseconds that a query over a day (I5), and a page (F14), may take. */
export const goals = { query: 100, page: 1000 } as const;

/** Times that each query is asked, after a first one that does not count: a day's blocks are opened by it. */
const ROUNDS = 100;
/** Milliseconds after which a query, or twice of it a page, is not asked again; a slow one is then judged by fewer. */
const PATIENCE = 1500;
/** Milliseconds after which an answer is given up, and counts as having taken so long: nobody waits for such a panel. */
const LIMIT = 30_000;
/** Times that each page is loaded. */
const LOADS = 3;
/** Requests of a browser to one server at the same time. */
const PARALLEL = 6;

/** One query of one panel over the last day. */
export interface QueryTime {
  readonly dashboard: string;
  /** The heading that its panel stands under. */
  readonly row: string;
  /** Of the panel. */
  readonly title: string;
  readonly refId: string;
  /** Uid of the data source. */
  readonly source: string;
  /** Milliseconds of up to a hundred runs, the cache of results left aside. */
  readonly median: number;
  /** What 99 of a hundred runs stay below or reach; of fewer runs the slowest. */
  readonly p99: number;
  /** Share of the runs that stay below the goal, 0 to 1. */
  readonly within: number;
  /** Series of the answer; undefined when it was given up. */
  readonly series: number | undefined;
  readonly query: string;
}

/** One page with its variables and all panels that are open, in milliseconds: the median of several loads. */
export interface PageTime {
  readonly dashboard: string;
  readonly queries: number;
  /** Over the time range that it opens with. */
  readonly opened: number;
  /** Over the last day. */
  readonly day: number;
}

const day = { from: "now-24h", to: "now" };

/** Asks the stores what Grafana asks them. */
export class Stopwatch {
  constructor(
    /** Address of each data source's server, by uid; queries of other sources are left out. */
    private readonly urls: ReadonlyMap<string, string>,
    private readonly settings: Settings,
    /** Milliseconds since 1970 of the last sample. */
    private readonly now: number,
  ) {}

  /** Times every query of a page, one after the other. @throws Error for a query that a server refuses */
  async queries(dashboard: DashboardModel): Promise<QueryTime[]> {
    const view = await this.view(dashboard, day);
    const found: QueryTime[] = [];
    for (const query of queriesOf(dashboard)) {
      for (const ask of this.asks(query, view)) {
        const times: number[] = [];
        const series = await named(nameOf(query), seriesOf(this.url(ask), LIMIT));
        for (const end = performance.now() + PATIENCE; times.length < ROUNDS;) {
          if (times.length > 0 && performance.now() > end) break;
          times.push(await named(nameOf(query), timed(this.url(ask), LIMIT)));
        }
        const { source, text } = ask;
        const [median, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
        const within = times.filter((each) => each < goals.query).length / times.length;
        const { row, panel, target } = query;
        const place = { dashboard: dashboard.uid, row, title: panel.title, refId: target.refId };
        found.push({ ...place, source, median, p99, within, series, query: text });
      }
    }
    return found;
  }

  /** Loads a page as a browser does: first its variables, then its panels, so many at once. */
  async page(dashboard: DashboardModel): Promise<PageTime> {
    const [opened, queries] = await this.loads(dashboard, dashboard.time);
    const [overDay] = await this.loads(dashboard, day);
    return { dashboard: dashboard.uid, queries, opened, day: overDay };
  }

  private async loads(dashboard: DashboardModel, time: DashboardModel["time"]): Promise<[number, number]> {
    const times: number[] = [];
    let queries = 0;
    for (let load = 0, end = performance.now() + 2 * PATIENCE; load < LOADS; load++) {
      if (load > 0 && performance.now() > end) break;
      const begin = performance.now();
      const view = await this.view(dashboard, time);
      const shown = queriesOf(dashboard).filter(({ collapsed }) => !collapsed);
      const waiting = dashboard.panels.map((panel) =>
        shown.filter((query) => query.panel === panel).flatMap((query) => this.asks(query, view)),
      );
      queries = waiting.flat().length;
      const worker = async () => {
        // Grafana's server asks for all queries of a panel at once.
        for (let asks = waiting.shift(); asks !== undefined; asks = waiting.shift())
          await Promise.all(asks.map((ask) => named(dashboard.uid, timed(this.url(ask), LIMIT))));
      };
      await Promise.all(Array.from({ length: PARALLEL }, worker));
      times.push(performance.now() - begin);
    }
    return [quantile(times, 0.5), queries];
  }

  private view(dashboard: DashboardModel, time: DashboardModel["time"]): Promise<View> {
    const answer = async (ask: Ask): Promise<unknown> =>
      this.urls.has(ask.source) ? (await this.answer(ask, dashboard.uid)).json() : { data: [] };
    return openedView(dashboard, time, this.now, this.settings, answer, asOpened);
  }

  /** What is asked for a query; of exemplars there are none. */
  private asks(query: PanelQuery, view: View): readonly Ask[] {
    return asksOf(query, view).filter(({ source, exemplars }) => this.urls.has(source) && !exemplars);
  }

  private url({ source, path, parameters }: Ask): string {
    // VictoriaMetrics keeps results: what counts here is a panel that nobody has looked at for a while.
    const query = new URLSearchParams({ ...parameters, nocache: "1" });
    return `${this.urls.get(source) ?? ""}${path}?${query.toString()}`;
  }

  private async answer(ask: Ask, name: string): Promise<Response> {
    const answer = await fetch(this.url(ask));
    if (!answer.ok) throw new Error(`${name}: ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
    return answer;
  }
}

/** Says of an error whose query it is. */
const named = <T>(name: string, work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  });

/** The value that so many of all stay below or reach: one of them, none between two. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
