import { dashboards, pages } from "../../../dashboards";
import { whyEmpty } from "../../../dashboards/conditional";
import { asksOf, openedView, type Ask, type View } from "../../../tools/grafana/asks";
import { nameOf, queriesOf, type DashboardModel, type PanelQuery } from "../../../tools/grafana/model";
import { provisioned } from "../../../tools/grafana/provisioned";
import type { Live, LiveCheck } from "../context";
import { flushedChunks, lineTooOld, podThatStarts, podWithoutImage, spanWithoutId, targetDown } from "../provoke";
import { expect, Skipped, type Check } from "../report";
import { NotInTime, until } from "../wait";

/** Queries that may be declared empty, as a share of all. */
const EXCEPTIONS = 0.05;
/** Seconds: Loki compacts every ten minutes, and after that its figures have to arrive. */
const PATIENCE = 720;
/** Requests at the same time; a browser has six to one server. */
const PARALLEL = 6;

/** What came of one query. */
interface Outcome {
  readonly query: PanelQuery;
  /** What the server refused it with. */
  readonly refused?: string;
  readonly empty: boolean;
  /** Whether it has exemplars; undefined where it asks for none. */
  readonly exemplars?: boolean;
}

/** Every query of every panel, as Grafana asks it (F1 to F11, F14 to F16). */
export const panels: LiveCheck = {
  id: 14,
  what: "every panel shows something",
  smoke: false,
  async run(live) {
    const check = live.report.check(this.id);
    const exception = exceptionsOf(live);
    const outcomes: Outcome[] = [];
    const end = Date.now() + PATIENCE * 1000;
    const mended: (() => Promise<void>)[] = [];
    await check.step("small mishaps that some panels are about", async () => {
      mended.push(await podWithoutImage(live), await targetDown(live));
      await lineTooOld(live);
      await spanWithoutId(live);
      await flushedChunks(live);
      await podThatStarts(live);
      return "a pod waits for an image that there isn't, a target is down, a line from a month ago and a span without an id were refused, chunks were flushed, a pod started";
    });
    try {
      for (const { model } of dashboards(live.environment)) {
        const dashboard = model as DashboardModel;
        await check.step(`${dashboard.title}: every query is valid, and not empty`, async () => {
          const found = await filled(live, dashboard, end);
          outcomes.push(...found);
          const refused = found.flatMap(({ query, refused }) =>
            refused === undefined ? [] : [`${nameOf(query)}: ${refused}`],
          );
          const empty = found.filter((outcome) => outcome.empty && exception(outcome) === undefined);
          expect(refused.length === 0, refused.join("\n"));
          expect(empty.length === 0, `empty: ${empty.map(({ query }) => nameOf(query)).join(", ")}`);
          const rightly = found
            .filter(({ empty }) => empty)
            .map((outcome) => `${nameOf(outcome.query)} (only ${exception(outcome)?.only})`);
          return `${found.length} queries${rightly.length === 0 ? "" : `\nempty, as declared: ${rightly.join(", ")}`}`;
        });
      }
    } finally {
      for (const mend of mended) await mend();
    }
    if (live.plan.systems.every(({ name }) => name !== "grafana")) {
      check.skip("Grafana", "its page is about a server that can't be had from package registries");
    }
    await check.step(`declared exceptions: at most ${EXCEPTIONS * 100} % of the queries`, () => {
      const declared = outcomes.filter((outcome) => exception(outcome) !== undefined);
      const share = declared.length / outcomes.length;
      const text = `${declared.length} of ${outcomes.length} queries (${(share * 100).toFixed(1)} %), ${declared.filter(({ empty }) => empty).length} of them empty now`;
      expect(share <= EXCEPTIONS, text);
      return Promise.resolve(text);
    });
    await check.step("exemplars: dots that lead to traces", () => {
      const asked = outcomes.filter(({ exemplars }) => exemplars !== undefined);
      const [dotted, bare] = [asked.filter(({ exemplars }) => exemplars), asked.filter(({ exemplars }) => !exemplars)];
      const names = (of: readonly Outcome[]) => of.map(({ query }) => nameOf(query)).join(", ");
      // Tempo writes them for every span metric; of applications' own histograms it depends on their SDK.
      const wrong = bare.filter(({ query }) => query.target.expr?.includes("traces_spanmetrics_"));
      expect(dotted.length > 0 && wrong.length === 0, `without exemplars: ${names(wrong)}`);
      return Promise.resolve(
        `${names(dotted)}${bare.length === 0 ? "" : `\nnone, as the SDK sends none: ${names(bare)}`}`,
      );
    });
    await underFaults(live, check, outcomes);
  },
};

/** Says of a query of the suite's environment why it may be empty. */
function exceptionsOf(live: Live) {
  const shown = pages(live.environment);
  return ({ query: { dashboard, panel, target } }: Pick<Outcome, "query">) =>
    whyEmpty(shown, dashboard.uid, panel.title, target.refId);
}

/**
 * Asks all queries of a page, and those that are empty without being declared so again until they aren't.
 * @param end milliseconds since 1970: pages are looked at one after the other, but the stack fills them all at once
 */
export async function filled(live: Live, dashboard: DashboardModel, end: number): Promise<readonly Outcome[]> {
  const exception = exceptionsOf(live);
  let outcomes = await outcomesOf(live, dashboard, queriesOf(dashboard));
  const wait = async () => {
    const pending = outcomes.filter((outcome) => outcome.empty && exception(outcome) === undefined);
    if (pending.length === 0) return true;
    const again = await outcomesOf(
      live,
      dashboard,
      pending.map(({ query }) => query),
    );
    outcomes = outcomes.map((outcome) => again.find(({ query }) => query === outcome.query) ?? outcome);
    return undefined;
  };
  await until(dashboard.uid, (end - Date.now()) / 1000, wait, 10).catch((error: unknown) => {
    if (!(error instanceof NotInTime)) throw error;
  });
  return outcomes;
}

async function outcomesOf(live: Live, dashboard: DashboardModel, queries: readonly PanelQuery[]): Promise<Outcome[]> {
  // As the page opens; then the last hour, since the step of a page over weeks is longer than this stack is old; then
  // the last day, for what writes a line when it starts and never again.
  const views: View[] = [];
  for (const from of [dashboard.time.from, "now-1h", "now-24h"])
    views.push(await viewOf(live, dashboard, { from, to: "now" }));
  const waiting = [...queries];
  const outcomes: Outcome[] = [];
  const worker = async () => {
    for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) {
      outcomes.push(await outcomeOf(live, query, views));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return queries.flatMap((query) => outcomes.filter((outcome) => outcome.query === query));
}

async function outcomeOf(live: Live, query: PanelQuery, views: readonly View[]): Promise<Outcome> {
  const outcome: { query: PanelQuery; empty: boolean; exemplars?: boolean } = { query, empty: true };
  try {
    for (const view of views) {
      const asks = await Promise.all(
        asksOf(query, view).map(async (ask) => ({ ...ask, shown: ask.shows(await answer(live, ask)) })),
      );
      for (const { shown } of asks.filter(({ exemplars }) => exemplars)) outcome.exemplars = shown;
      outcome.empty = !asks.every(({ exemplars, shown }) => exemplars || shown);
      if (!outcome.empty) break;
    }
    return outcome;
  } catch (error) {
    return { query, empty: false, refused: error instanceof Error ? error.message : String(error) };
  }
}

const answer = (live: Live, { source, path, parameters }: Ask): Promise<unknown> =>
  live.dataSource(source).json("GET", path, parameters, 60);

const viewOf = (live: Live, dashboard: DashboardModel, time: DashboardModel["time"]): Promise<View> =>
  openedView(
    dashboard,
    time,
    Date.now(),
    {
      scrapeInterval: live.environment.scrapeInterval.seconds * 1000,
      serviceMapSource: provisioned(live.environment).serviceMapSource,
    },
    (ask) => answer(live, ask),
  );

/** What is empty while all is well shows something while phoenix fails. */
async function underFaults(live: Live, check: Check, outcomes: readonly Outcome[]): Promise<void> {
  await check.step("what only failures show is shown while phoenix fails", async () => {
    if (live.plan.systems.every(({ name }) => name !== "phoenix")) throw new Skipped("phoenix does not run here");
    const exception = exceptionsOf(live);
    const waiting = outcomes.filter((outcome) => exception(outcome)?.underFaults === true).map(({ query }) => query);
    await live.faults({ errors: 0.3, latency: "800ms", for: "10m" });
    try {
      let left = waiting;
      await until(
        "data in all of them",
        PATIENCE,
        async () => {
          const again: PanelQuery[] = [];
          for (const query of left) {
            const [outcome] = await outcomesOf(live, query.dashboard, [query]);
            if (outcome === undefined || outcome.empty || outcome.refused !== undefined) again.push(query);
          }
          left = again;
          if (left.length > 0) throw new Error(`empty: ${left.map(nameOf).join(", ")}`);
          return true;
        },
        10,
      );
    } finally {
      await live.faults({});
    }
    return `${waiting.length} queries: ${waiting.map(nameOf).join(", ")}`;
  });
}
