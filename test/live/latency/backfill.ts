import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { prometheusRules } from "../../../alerts";
import type { Environment } from "../../../environment";
import { toolPath } from "../../../tools/testbed/build";
import { cacheRoot } from "../../../tools/testbed/paths";
import { LocalServers } from "../local/servers";
import { encoded, send, type Encoded } from "./remote-write";
import { exposedSeries, type Series } from "./series";
import { startStores } from "./servers";

const DAY = 86_400;
/** Seconds before the day in which rules find their first windows filled. */
const LEAD = 900;
/** Samples of each series in one go. */
const SLICE = 48;

/** A day of data that servers can be started on. */
export interface Backfill {
  readonly folder: string;
  /** Seconds since 1970 of the last sample. */
  readonly end: number;
  readonly series: number;
  readonly samples: number;
  /** Series of each rule that records. */
  readonly recorded: Readonly<Record<string, number>>;
  /** Seconds that filling took. */
  readonly took: number;
}

/**
 * The back-fill of an environment: kept outside of the checkout and made anew when the catalogue, the rules, the servers
 * or what makes it has changed.
 */
export async function backfill(
  environment: Environment,
  note: (line: string) => void,
): Promise<Backfill & { fresh: boolean }> {
  const exposed = exposedSeries();
  const rules = recordingRules(environment);
  const root = path.join(cacheRoot(), "latency");
  const folder = path.join(root, keyOf(environment, exposed, rules));
  const about = path.join(folder, "about.json");
  if (fs.existsSync(about)) return { ...(JSON.parse(fs.readFileSync(about, "utf8")) as Backfill), fresh: false };
  // Of what was made before, or half made, nothing is of use any more.
  fs.rmSync(root, { recursive: true, force: true });
  const servers = new LocalServers();
  try {
    const begin = Date.now();
    const filled = await fill(servers, environment, folder, exposed, rules, note);
    const made: Backfill = { folder, ...filled, took: Math.round((Date.now() - begin) / 1000) };
    fs.writeFileSync(about, JSON.stringify(made));
    return { ...made, fresh: true };
  } finally {
    await servers.stop();
  }
}

interface Rule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The rules that record, in the order in which the server evaluates them. */
function recordingRules(environment: Environment): readonly Rule[] {
  return Object.values(prometheusRules(environment))
    .flat()
    .flatMap(({ rules }) => rules.flatMap((rule) => ("record" in rule ? [rule] : [])));
}

/** What the back-fill depends on, as the name of its folder. */
function keyOf(environment: Environment, exposed: readonly Series[], rules: readonly Rule[]): string {
  const key = createHash("sha256");
  for (const file of ["backfill.ts", "remote-write.ts"]) key.update(fs.readFileSync(path.join(__dirname, file)));
  key.update(JSON.stringify([exposed, rules, environment.scrapeInterval.seconds]));
  key.update(toolPath("prometheus") + toolPath("victoria-metrics"));
  return key.digest("hex").slice(0, 16);
}

async function fill(
  servers: LocalServers,
  environment: Environment,
  folder: string,
  exposed: readonly Series[],
  rules: readonly Rule[],
  note: (line: string) => void,
): Promise<Pick<Backfill, "end" | "series" | "samples" | "recorded">> {
  const step = environment.scrapeInterval.seconds;
  const end = Math.floor(Date.now() / 1000 / step) * step;
  const start = end - DAY;
  const stores = await startStores(servers, environment, folder);
  const [one, other] = [`${stores.prometheus}/api/v1/write`, `${stores.victoriametrics}/api/v1/write`];
  const all: Encoded[] = exposed.map(encoded);
  await send(all, times(start - LEAD, start, step), start, [one]);
  const recorded: Record<string, number> = {};
  for (const rule of rules) {
    const found = await evaluated(stores.prometheus, rule, start - step);
    recorded[rule.record] = (recorded[rule.record] ?? 0) + found.length;
    const ready = found.map(encoded);
    // Rules that come later read it.
    await send(ready, [start - step], start, [one]);
    all.push(...ready);
  }
  let samples = 0;
  for (let from = start; from < end; from += SLICE * step) {
    const slice = times(from, Math.min(from + SLICE * step, end), step);
    await send(all, slice, start, [one, other]);
    samples += all.length * slice.length;
    note(`back-fill: ${(samples / 1e6).toFixed(0)} million samples of ${all.length} series`);
  }
  await stores.stop();
  return { end: end - step, series: all.length, samples, recorded };
}

const times = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);

/** The series that a rule makes of what is there at a time, and how each goes on from the value it has then. */
async function evaluated(url: string, { record, expr, labels = {} }: Rule, time: number): Promise<Series[]> {
  const query = new URLSearchParams({ query: expr, time: String(time) });
  const answer = await fetch(`${url}/api/v1/query`, { method: "POST", body: query });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`rule ${record}: ${text}`);
  const { data } = JSON.parse(text) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  return data.result
    .filter(({ value: [, value] }) => Number.isFinite(Number(value)))
    .map(({ metric, value: [, value] }, index) => {
      const level = Number(value);
      const shape = counted.test(record)
        ? ({ kind: "grows", level: level / (3 * DAY), phase: index } as const)
        : ({ kind: "waves", level, phase: index } as const);
      return { labels: { ...metric, ...labels, __name__: record }, shape };
    });
}

/** Rules that pass a counter on (C12). */
const counted = /^(disk_io_(reads|writes)|network_(bytes|packets)_(in|out)|network_errors)$/;
