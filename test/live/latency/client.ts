import * as http from "node:http";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** Connections stay open, and answers come compressed, as a data source of Grafana has them. */
const agent = new http.Agent({ keepAlive: true });
const headers = { "Accept-Encoding": "gzip" };

/** What each series of an answer begins with. */
const mark = Buffer.from('"metric":');

/**
 * Asks once, and drops what comes: unpacking and reading would measure this process, not the server.
 * @returns milliseconds until the last byte; the limit, where the answer is given up for taking longer
 * @throws Error for an answer other than 200
 */
export async function timed(url: string, limit: number): Promise<number> {
  const begin = performance.now();
  const whole = await received(url, limit, (answer) => drained(answer));
  return whole === undefined ? limit : performance.now() - begin;
}

/**
 * Counts the series of an answer without keeping it: it may be too long for a string.
 * @returns undefined when it is given up for taking longer than the limit, in milliseconds
 * @throws Error for an answer other than 200
 */
export function seriesOf(url: string, limit: number): Promise<number | undefined> {
  return received(url, limit, (answer) => counted(unpacked(answer)));
}

async function received<T>(
  url: string,
  limit: number,
  read: (answer: http.IncomingMessage) => Promise<T>,
): Promise<T | undefined> {
  const signal = AbortSignal.timeout(limit);
  try {
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get(url, { agent, headers, signal }, resolve).once("error", reject);
    });
    if (answer.statusCode === 200) return await read(answer);
    throw new Error(`${answer.statusCode}: ${await drained(unpacked(answer))}`);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** The answer itself, and its end: one that is given up half way would leave a reader waiting otherwise. */
const unpacked = (answer: http.IncomingMessage): Readable =>
  answer.headers["content-encoding"] === "gzip" ? pipeline(answer, createGunzip(), () => undefined) : answer;

/** Reads to the end. @returns what it begins with */
async function drained(answer: Readable): Promise<string> {
  let first = "";
  for await (const chunk of answer) if (first === "") first = (chunk as Buffer).toString("utf8", 0, 500);
  return first;
}

async function counted(answer: Readable): Promise<number> {
  let found = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of answer) {
    const text = Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    for (let next = text.indexOf(mark); next >= 0; next = text.indexOf(mark, at)) {
      found++;
      at = next + mark.length;
    }
    rest = text.subarray(Math.max(at, text.length - mark.length + 1));
  }
  return found;
}
