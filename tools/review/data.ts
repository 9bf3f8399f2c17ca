import { readFileSync } from "node:fs";
import { typed, UsageError } from "../cli";
import type { Series } from "../report/series";
import { keyOf, span, step, type Answers, type Question } from "./questions";
import { record, records } from "./rendered";

/** Data for pictures: from a running Prometheus, or from what an earlier run saved. */

/** A saved file: `{"answers": {"<range|instant> <expression>": <data of Prometheus' answer>}}`. */
interface Saved {
  readonly answers: Readonly<Record<string, unknown>>;
}

export interface Asked {
  readonly answers: Answers;
  /** What a reader should know: how many questions had no answer, and why. */
  readonly notes: readonly string[];
  /** To save. */
  readonly saved: Saved;
}

/** Questions under way at the same time, and seconds that one may take. */
const atOnce = 4;
const patience = 20;

/**
 * Asks a Prometheus, or whatever speaks its API, for the last hour.
 * @param address where its API is, with a path in front of `/api/v1` if it has one
 * @throws UsageError when the address can't be asked at all
 */
export async function ask(address: string, questions: readonly Question[], now = Date.now() / 1000): Promise<Asked> {
  const base = baseOf(address);
  const end = Math.floor(now / step) * step;
  const found: Record<string, unknown> = {};
  const failed: string[] = [];
  const left = [...questions];
  const worker = async () => {
    for (let question = left.shift(); question !== undefined; question = left.shift()) {
      const { expression, instant } = question;
      const time = instant ? { time: `${end}` } : { start: `${end - span}`, end: `${end}`, step: `${step}` };
      const url = `${base}/api/v1/${instant ? "query" : "query_range"}`;
      const said = await answerOf(url, new URLSearchParams({ query: expression, ...time }));
      if ("error" in said) failed.push(said.error);
      else found[keyOf(question)] = said.data;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (questions.length > 0 && failed.length === questions.length)
    throw new UsageError(`${typed("review")}: --prometheus ${address} answers no question: ${failed[0] ?? ""}`);
  const notes = [
    `Pictures show the hour before ${new Date(end * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC.`,
  ];
  if (failed.length > 0) notes.push(`${failed.length} of ${questions.length} queries failed: ${failed[0] ?? ""}`);
  return { answers: answersOf(found), notes, saved: { answers: found } };
}

function baseOf(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    throw new UsageError(
      `${typed("review")}: --prometheus ${JSON.stringify(address)} is no address such as http://localhost:9090`,
    );
  return url.href.replace(/\/$/, "");
}

/** By form, since a query may be longer than an address. */
async function answerOf(url: string, body: URLSearchParams): Promise<{ data: unknown } | { error: string }> {
  try {
    const response = await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(patience * 1000) });
    const text = await response.text();
    const { status, data, error } = record(JSON.parse(text));
    if (status === "success") return { data };
    return { error: typeof error === "string" ? error : `it answered ${response.status}` };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: unknown };
    return { error: cause instanceof Error ? cause.message || message : message };
  }
}

/** @throws UsageError for a file that is not there, or is none of ours */
export function readData(file: string): Answers {
  const fault = (reason: string) => new UsageError(`${typed("review")}: --data ${file} ${reason}`);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw fault(`can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw fault("is no JSON; --prometheus writes build/review/data.json, which can be given here");
  }
  const { answers } = record(json);
  if (typeof answers !== "object" || answers === null)
    throw fault('has no "answers": {"range <expression>": <the data of Prometheus\' answer>}');
  return answersOf(record(answers));
}

const answersOf = (found: Readonly<Record<string, unknown>>): Answers =>
  new Map(Object.entries(found).map(([key, data]) => [key, seriesOf(data)]));

/** Points of a series at most: more can't be seen in a picture, and make the page large. */
const mostPoints = 60;

/** The `data` of an answer of Prometheus: a matrix, a vector, or a single number. */
export function seriesOf(data: unknown): Series[] {
  const { resultType, result } = record(data);
  if (resultType === "scalar") return [{ labels: {}, points: points([result]) }];
  return records(result).map((each) => {
    const { metric, values, value } = each;
    const labels = Object.fromEntries(Object.entries(record(metric)).map(([name, text]) => [name, String(text)]));
    return { labels, points: points(Array.isArray(values) ? values : [value]) };
  });
}

function points(raw: readonly unknown[]): (readonly [number, number])[] {
  const all = raw.flatMap((each): (readonly [number, number])[] => {
    const [time, value] = Array.isArray(each) ? (each as unknown[]).map(Number) : [];
    return time !== undefined && Number.isFinite(time) && Number.isFinite(value) ? [[time, value ?? 0]] : [];
  });
  const every = Math.ceil(all.length / mostPoints);
  return every <= 1 ? all : all.filter((_, index) => (all.length - 1 - index) % every === 0);
}
