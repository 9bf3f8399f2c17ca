import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { createGunzip, createGzip, type Gzip } from "node:zlib";
import { typed, UsageError } from "../cli";
import { messageOf } from "../engine/errors";
import { record } from "../review/rendered";
import type { Read } from "./reads";
import type { Span } from "./spans";

/**
 * What was scraped, from a file or a server. A file has a series, or a part of one, on each line, as VictoriaMetrics
 * exports and imports them: `{"metric":{"__name__":"up",…},"values":[1,…],"timestamps":[1700000000000,…]}`, with the
 * times in milliseconds. A name that ends in `.gz` is compressed.
 */

/** Where it comes from, and the flag that says so. */
export type Source = { readonly flag: string } & ({ readonly file: string } | { readonly url: string });

/** A line of it. */
export interface Line {
  readonly text: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly times: readonly number[];
}

/** Samples that are read at most: what a laptop imports and replays in minutes. */
const mostSamples = 50_000_000;

/** Seconds that a server may take for one request. */
const patience = 120;

/**
 * The lines that rules read.
 * @param reads what has to be there, see needsOf
 * @param span of time; undefined for all that a file has
 * @throws UsageError when there is none, it is something else, or more than can be replayed
 */
export const linesOf = (source: Source, reads: readonly Read[], span: Span | undefined): AsyncGenerator<Line, void> =>
  bounded(source, "file" in source ? fileLines(source, reads, span) : serverLines(source, reads, span));

/** @throws UsageError for more samples than can be replayed */
export async function* bounded(source: Source, lines: AsyncIterable<Line>): AsyncGenerator<Line, void> {
  let samples = 0;
  for await (const line of lines) {
    samples += line.times.length;
    if (samples > mostSamples)
      throw new UsageError(
        `${nameOf(source)} has more than ${mostSamples / 1e6} million samples of what is asked\ntake a shorter time, or fewer alerts`,
      );
    yield line;
  }
}

/** `--data FILE`: by this people know it. */
export const nameOf = (source: Source) => `--${source.flag} ${"file" in source ? source.file : source.url}`;

/** @throws UsageError when there is nothing of the kind, before anything costly begins */
export function checkSource(source: Source): void {
  if ("url" in source) baseOf(source);
  else if (!existsSync(source.file))
    throw new UsageError(
      `${nameOf(source)} is not there; ${typed("backtest", "--alert NAME --url URL --save FILE")} makes one`,
    );
}

type FileSource = Source & { readonly file: string };
type ServerSource = Source & { readonly url: string };

async function* fileLines(source: FileSource, reads: readonly Read[], span: Span | undefined): AsyncGenerator<Line> {
  const { file } = source;
  checkSource(source);
  const names = new Set(reads.map(({ name }) => name));
  const raw = createReadStream(file);
  const input = file.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
  let number = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      if (text.trim() === "") continue;
      const line = parsed(text);
      if (line === undefined)
        throw new UsageError(
          `${nameOf(source)} line ${number} is no series: {"metric":{"__name__":…},"values":[…],"timestamps":[…]}, as VictoriaMetrics' /api/v1/export writes it`,
        );
      // A selector without a name may mean any series.
      if (!names.has(line.labels["__name__"]) && !names.has(undefined)) continue;
      const inside = span === undefined ? line : cut(line, span);
      if (inside.times.length > 0) yield inside;
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${nameOf(source)} can't be read: ${messageOf(error)}`);
  } finally {
    raw.destroy();
  }
}

function parsed(text: string): Line | undefined {
  try {
    const { metric, values, timestamps } = record(JSON.parse(text));
    if (!Array.isArray(values) || !Array.isArray(timestamps) || values.length !== timestamps.length) return undefined;
    const times = timestamps.map(Number);
    if (!times.every(Number.isFinite) || Object.keys(record(metric)).length === 0) return undefined;
    const labels = Object.entries(record(metric)).map(([name, value]) => [name, String(value)]);
    return { text, labels: Object.fromEntries(labels) as Record<string, string>, times };
  } catch {
    return undefined;
  }
}

export const lineOf = (labels: Line["labels"], values: readonly unknown[], times: readonly number[]): Line => ({
  text: JSON.stringify({ metric: labels, values, timestamps: times }),
  labels,
  times,
});

/** As many as there are times. */
export const valuesOf = ({ text }: Line) => (JSON.parse(text) as { values: unknown[] }).values;

/** Without the samples outside of a span. */
function cut(line: Line, { from, to }: Span): Line {
  const inside = (time: number) => time >= from * 1000 && time <= to * 1000;
  if (line.times.every(inside)) return line;
  const values = valuesOf(line);
  const kept = line.times.flatMap((time, index) => (inside(time) ? [[values[index], time] as const] : []));
  return lineOf(
    line.labels,
    kept.map(([value]) => value),
    kept.map(([, time]) => time),
  );
}

/** From VictoriaMetrics by its export, from whatever else speaks Prometheus' API by asking for ranges. */
async function* serverLines(
  source: ServerSource,
  reads: readonly Read[],
  span: Span | undefined,
): AsyncGenerator<Line> {
  const base = baseOf(source);
  const { from, to } = span ?? { from: 0, to: Date.now() / 1000 };
  for (const { selector } of reads) {
    const query = new URLSearchParams({ "match[]": selector, start: String(from), end: String(to) });
    const answer = await ask(source, `${base}/api/v1/export`, query);
    if (answer.ok && answer.body !== null) {
      const input = Readable.fromWeb(answer.body);
      for await (const text of createInterface({ input, crlfDelay: Infinity })) {
        const line = parsed(text);
        if (line !== undefined) yield line;
      }
      continue;
    }
    await answer.text();
    yield* rangeLines(source, base, selector, { from, to });
  }
}

/** Seconds that one question for raw samples covers: a hundred thousand series are within Prometheus' own limit then. */
const slice = 3600;

async function* rangeLines(source: Source, base: string, selector: string, span: Span): AsyncGenerator<Line> {
  // A range excludes its oldest moment, so that slices neither overlap nor leave a sample out.
  for (let start = span.from; start < span.to; start += slice) {
    const end = Math.min(start + slice, span.to);
    const query = new URLSearchParams({ query: `${selector}[${Math.ceil(end - start)}s]`, time: String(end) });
    const answer = await ask(source, `${base}/api/v1/query`, query);
    const { status, error, data } = record(JSON.parse(await answer.text()));
    if (status !== "success")
      throw new UsageError(
        `${nameOf(source)} refuses ${selector}: ${typeof error === "string" ? error : answer.status}`,
      );
    const { result } = record(data);
    for (const each of Array.isArray(result) ? (result as unknown[]).map(record) : []) {
      const points = (Array.isArray(each["values"]) ? each["values"] : []) as [number, string][];
      const labels = record(each["metric"]) as Record<string, string>;
      yield lineOf(
        labels,
        points.map(([, value]) => written(value)),
        points.map(([time]) => Math.round(time * 1000)),
      );
    }
  }
}

/** As an export has it: JSON knows neither NaN nor the infinities. */
function written(value: string): number | string | null {
  if (value === "NaN") return null;
  return value.endsWith("Inf") ? value.replace("Inf", "Infinity").replace("+", "") : Number(value);
}

function baseOf(source: ServerSource): string {
  const url = URL.canParse(source.url) ? new URL(source.url) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    throw new UsageError(`${nameOf(source)} is no address such as http://localhost:8428`);
  return url.href.replace(/\/$/, "");
}

async function ask(source: Source, url: string, body: URLSearchParams): Promise<Response> {
  try {
    return await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(patience * 1000) });
  } catch (error) {
    const { message, cause } = error as Error & { cause?: unknown };
    throw new UsageError(`${nameOf(source)} doesn't answer: ${cause instanceof Error ? cause.message : message}`);
  }
}

/** Keeps what was read, for `--data`. */
export class Saver {
  private readonly out: Gzip;
  private readonly done: Promise<void>;

  constructor(file: string) {
    this.out = createGzip();
    const sink = this.out.pipe(createWriteStream(file));
    this.done = new Promise((resolve, reject) => sink.once("finish", resolve).once("error", reject));
  }

  async add({ text }: Line): Promise<void> {
    if (!this.out.write(`${text}\n`)) await new Promise((resolve) => this.out.once("drain", resolve));
  }

  async end(): Promise<void> {
    this.out.end();
    await this.done;
  }
}
