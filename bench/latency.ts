import { goals } from "../test/live/latency/measure";
import { latencyFile, measureLatency } from "../test/live/latency/latency";
import { Report } from "../test/live/report";
import { median, type Figure, type Measured } from "./measure";

/**
 * How long panels and pages take over a day of data, on servers of their own: what live check 15 judges, without a node.
 * @throws Error when a server refuses a query
 */
export async function latencyTimes(): Promise<Measured> {
  const report = new Report();
  const check = report.check(15);
  const times = await measureLatency(
    (what, work) => check.step(what, work),
    (line) => report.note(line),
  );
  if (times === undefined || times.pages.length === 0) throw new Error(`see above; as far as it went: ${latencyFile}`);
  const { queries, pages } = times;
  const within = queries.filter(({ p99 }) => p99 < goals.query).length;
  const figures: Figure[] = [
    {
      id: "latency.query",
      what: `a panel's query over 24 h, median of ${queries.length}`,
      value: median(queries.map(({ median }) => median)),
      unit: "ms",
      goal: goals.query,
      note: `p99 of ${within} of ${queries.length} within the goal`,
    },
    {
      id: "latency.page",
      what: `a page as it opens, median of ${pages.length}`,
      value: median(pages.map(({ opened }) => opened)),
      unit: "ms",
      goal: goals.page,
      note: `slowest: ${pages[0]?.dashboard}, ${((pages[0]?.opened ?? 0) / 1000).toFixed(1)} s`,
    },
  ];
  return { figures, missing: [] };
}
