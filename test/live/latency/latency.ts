import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { dashboards } from "../../../dashboards";
import type { DashboardModel } from "../../../tools/grafana/model";
import { provisioned } from "../../../tools/grafana/provisioned";
import { withLock } from "../../../tools/testbed/lock";
import { projectRoot } from "../../../tools/stack-file";
import { readEnvironment } from "../../../tools/stack-file";
import { LocalServers } from "../local/servers";
import { expect } from "../report";
import { backfill } from "./backfill";
import { judgedPages, judgedQueries, type Judgement } from "./judge";
import { goals, Stopwatch, type PageTime, type QueryTime } from "./measure";
import { startStores } from "./servers";

/** Series that the figures are for. */
const SERIES = 100_000;
/** Queries that the day of data may have nothing for, as a share of all. */
const EMPTY = 0.02;

/** Where every figure stands, slowest first. */
export const latencyFile = path.join(projectRoot, "build", "e2e", "latency.json");

export interface Latency {
  readonly queries: readonly QueryTime[];
  /** Empty when a server refused a query. */
  readonly pages: readonly PageTime[];
}

type Step = (what: string, work: () => Promise<string>) => Promise<unknown>;

/**
 * {@link times} by one process of this machine at a time: they share what is kept, and the processors.
 * @returns undefined when a step before failed
 */
export function measureLatency(step: Step, note: (line: string) => void): Promise<Latency | undefined> {
  return withLock("latency", note, () => times(step, note));
}

/**
 * How long every query of every panel takes over a day of data, and every page: real servers on this machine, a sample a
 * minute of every metric in the catalogue, for an imagined cluster of twenty nodes. A time beyond its goal is a failure,
 * unless exceptions.ts gives it another bound.
 */
async function times(step: Step, note: (line: string) => void): Promise<Latency | undefined> {
  const environment = readEnvironment("local", { scrapeInterval: "1m" });
  const servers = new LocalServers();
  try {
    let watch: Stopwatch | undefined;
    await step(`a day of at least ${SERIES.toLocaleString("en")} series`, async () => {
      const { folder, end, series, samples, recorded, took, fresh } = await backfill(environment, note);
      const stores = await startStores(servers, environment, folder);
      const active = await count(stores.prometheus, end);
      expect(active >= SERIES, `${active} series`);
      const without = Object.entries(recorded).flatMap(([rule, found]) => (found === 0 ? [rule] : []));
      const { serviceMapSource } = provisioned(environment);
      const settings = { scrapeInterval: environment.scrapeInterval.seconds * 1000, serviceMapSource };
      // Both hold everything, as in an environment without tiers.
      const urls = new Map([
        ["prometheus", stores.prometheus],
        ["victoriametrics", stores.victoriametrics],
        ["alert-history", stores.victoriametrics],
      ]);
      watch = new Stopwatch(urls, settings, end * 1000);
      const rules = Object.values(recorded);
      return (
        `${active} active series, ${(samples / 1e6).toFixed(0)} million samples, one a minute; of ${series}, ` +
        `${rules.reduce((sum, found) => sum + found, 0)} are of the ${rules.length} recording rules` +
        `\n${fresh ? `filled in ${took} s` : "kept from an earlier run"}` +
        (without.length === 0 ? "" : `\nrules that record nothing of it: ${without.join(", ")}`)
      );
    });
    if (watch === undefined) return undefined;
    const found = await timed(watch, step, note);
    fs.mkdirSync(path.dirname(latencyFile), { recursive: true });
    fs.writeFileSync(latencyFile, `${JSON.stringify(found, null, 2)}\n`);
    return found;
  } finally {
    await servers.stop();
  }
}

async function timed(watch: Stopwatch, step: Step, note: (line: string) => void): Promise<Latency> {
  const models = dashboards(readEnvironment("local")).map(({ model }) => model as DashboardModel);
  const queries: QueryTime[] = [];
  const pages: PageTime[] = [];
  await step("every query of metrics has something to answer over 24 h", async () => {
    for (const model of models) {
      queries.push(...(await watch.queries(model)));
      note(`${model.title}: ${queries.length} queries so far`);
    }
    const empty = queries.filter(({ series }) => series === 0);
    const names = empty.map(({ dashboard, title, refId }) => `${dashboard} / ${title} ${refId}`).join(", ");
    expect(empty.length < queries.length * EMPTY, `${empty.length} of ${queries.length} have no series: ${names}`);
    return `${queries.length} queries; without series: ${names || "none"}; ${busy()}`;
  });
  if (queries.length === 0) return { queries, pages };
  await step(`each in less than ${goals.query} ms, 99 answers of 100`, () => judged(judgedQueries(queries)));
  await step(`every page, six requests at a time, in less than ${goals.page / 1000} s`, async () => {
    for (const model of models) pages.push(await watch.page(model));
    return judged(judgedPages(pages));
  });
  const slowest = [...queries].sort((one, other) => other.p99 - one.p99);
  return { queries: slowest, pages: [...pages].sort((one, other) => other.opened - one.opened) };
}

/** @throws Error with every fault */
function judged({ faults, text }: Judgement): Promise<string> {
  expect(faults.length === 0, `${[...faults, busy()].join("\n")}`);
  return Promise.resolve(`${text}\n${busy()}`);
}

const busy = () => `${os.loadavg()[0]?.toFixed(1)} processes on ${os.cpus().length} CPUs`;

/** Series with a sample in the last minutes of the back-fill. */
async function count(url: string, time: number): Promise<number> {
  const query = new URLSearchParams({ query: 'count({__name__!=""})', time: String(time) });
  const answer = (await (await fetch(`${url}/api/v1/query?${query.toString()}`)).json()) as {
    data: { result: { value: [number, string] }[] };
  };
  return Number(answer.data.result[0]?.value[1] ?? 0);
}
