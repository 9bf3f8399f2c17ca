import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { dashboards } from "../../../dashboards";
import type { DashboardModel } from "../../../tools/grafana/model";
import { provisioned } from "../../../tools/grafana/provisioned";
import { withLock } from "../../../tools/kit/lock";
import { projectRoot } from "../../../tools/engine/stack-file";
import { readEnvironment } from "../../../tools/engine/target";
import { LocalServers } from "../local/servers";
import { expect } from "../report";
import { backfill } from "./backfill";
import { Stopwatch, type PageTime, type QueryTime } from "./measure";
import { startStores } from "./servers";

/** Milliseconds that a query over a day (I5), and a page (F14), may take. */
export const goals = { query: 100, page: 1000 } as const;
/** Series that the figures are for. */
const SERIES = 100_000;

/** Where every figure stands, slowest first. */
export const latencyFile = path.join(projectRoot, "build", "e2e", "latency.json");

/** One panel: as slow as the slowest of its queries. */
export interface PanelTime {
  readonly dashboard: string;
  readonly panel: string;
  readonly p99: number;
}

export interface Latency {
  readonly queries: readonly QueryTime[];
  readonly panels: readonly PanelTime[];
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
 * minute of every metric in the catalogue, for an imagined cluster of twenty nodes. Times are reported and fail nothing.
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
  const slowest = <T extends { readonly p99: number }>(of: readonly T[]) => [...of].sort((a, b) => b.p99 - a.p99);
  await step(`every query over 24 h: p99 below ${goals.query} ms`, async () => {
    for (const model of models) {
      queries.push(...(await watch.queries(model)));
      note(`${model.title}: ${queries.length} queries so far`);
    }
    const empty = queries.filter(({ series }) => series === 0);
    expect(empty.length < queries.length / 10, `empty: ${empty.map(shortName).join(", ")}`);
    const within = queries.filter(({ p99 }) => p99 < goals.query);
    const busy = `${os.loadavg()[0]?.toFixed(1)} processes on ${os.cpus().length} CPUs`;
    return (
      `${within.length} of ${queries.length} queries; ${empty.length} have no series; ${busy}` +
      slowest(queries)
        .slice(0, 10)
        .map((time) => `\n${milliseconds(time.p99)} (median ${milliseconds(time.median)}) ${shortName(time)}`)
        .join("")
    );
  });
  const panels = slowest(panelsOf(queries));
  await step(`every panel over 24 h: p99 below ${goals.query} ms`, () => {
    const within = panels.filter(({ p99 }) => p99 < goals.query);
    return Promise.resolve(`${within.length} of ${panels.length} panels`);
  });
  await step(`every page, six requests at a time: below ${goals.page / 1000} s`, async () => {
    for (const model of models) pages.push(await watch.page(model));
    const within = (of: "opened" | "day") => pages.filter((page) => page[of] < goals.page).length;
    const beyond = pages.filter(({ opened, day }) => Math.max(opened, day) >= goals.page);
    const lines = beyond.map((page) => `\n${page.dashboard}: ${milliseconds(page.opened)}, ${milliseconds(page.day)}`);
    return (
      `${within("opened")} of ${pages.length} as they open, ${within("day")} over 24 h` +
      (lines.length === 0 ? "" : `\nbeyond it, as it opens and over 24 h:${lines.join("")}`)
    );
  });
  return { queries: slowest(queries), panels, pages: [...pages].sort((a, b) => b.opened - a.opened) };
}

function panelsOf(queries: readonly QueryTime[]): PanelTime[] {
  const panels = new Map<string, PanelTime>();
  for (const { dashboard, panel, p99 } of queries) {
    const key = `${dashboard} / ${panel}`;
    panels.set(key, { dashboard, panel, p99: Math.max(p99, panels.get(key)?.p99 ?? 0) });
  }
  return [...panels.values()];
}

const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const shortName = ({ dashboard, panel, refId }: QueryTime) => `${dashboard} / ${panel} ${refId}`;

/** Series with a sample in the last minutes of the back-fill. */
async function count(url: string, time: number): Promise<number> {
  const query = new URLSearchParams({ query: 'count({__name__!=""})', time: String(time) });
  const answer = (await (await fetch(`${url}/api/v1/query?${query.toString()}`)).json()) as {
    data: { result: { value: [number, string] }[] };
  };
  return Number(answer.data.result[0]?.value[1] ?? 0);
}
