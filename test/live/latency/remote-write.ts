import { expect } from "../report";
import type { Series, Shape } from "./series";

/** Bytes of a request before it is sent; the servers take up to 32 MB. */
const REQUEST = 4 << 20;
/** Requests on their way at once. */
const PARALLEL = 2;
/** Seconds that counters have grown for when the back-fill begins. */
const AGE = 3 * 86_400;

/** A series ready to be sent: its labels as Prometheus' remote write 1.0 has them. */
export interface Encoded {
  readonly labels: Buffer;
  readonly shape: Shape;
}

export function encoded({ labels, shape }: Series): Encoded {
  // Sorted by bytes, as the protocol asks.
  const sorted = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
  const parts = sorted.map(([name, value]) => field(1, Buffer.concat([field(1, text(name)), field(2, text(value))])));
  return { labels: Buffer.concat(parts), shape };
}

const text = (value: string) => Buffer.from(value, "utf8");

/** A length-delimited field of Protocol Buffers. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(content.length)]), content]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return [...bytes, value];
}

/** @param time seconds since 1970 @param start of the back-fill */
function valueAt({ kind, level, phase }: Shape, time: number, start: number): number {
  switch (kind) {
    case "steady":
      return level < 0 ? start + level : level;
    case "clock":
      return time + level / 100;
    case "waves":
      return level * (1 + 0.3 * Math.sin(time / 3000 + phase) + 0.05 * Math.sin(time / 97 + 3 * phase));
    case "grows":
      return Math.floor(level * (AGE + time - start + 300 * Math.sin(time / 3000 + phase)) * 100) / 100;
  }
}

/**
 * Sends samples of all series at the given times, oldest first, to every address.
 * @param times seconds since 1970; less than an hour between first and last, so that Prometheus takes them in any order of series
 * @param start when the back-fill begins
 * @throws Error with the server's answer when it refuses
 */
export async function send(
  series: readonly Encoded[],
  times: readonly number[],
  start: number,
  urls: readonly string[],
): Promise<void> {
  const stamps = times.map((time) => Buffer.from([0x10, ...varint(time * 1000)]));
  const size = (stamps[0]?.length ?? 0) + 9;
  const onTheWay = new Set<Promise<unknown>>();
  let buffer = Buffer.alloc(REQUEST);
  let end = 0;
  const flush = async () => {
    if (end === 0) return;
    const body = literal(buffer.subarray(0, end));
    buffer = Buffer.alloc(REQUEST);
    end = 0;
    const request = Promise.all(urls.map((url) => post(url, body))).finally(() => onTheWay.delete(request));
    onTheWay.add(request);
    if (onTheWay.size >= PARALLEL) await Promise.race(onTheWay);
  };
  for (const { labels, shape } of series) {
    const length = labels.length + times.length * (size + 2);
    if (end + length + 10 > REQUEST) await flush();
    buffer[end++] = 0x0a;
    for (const byte of varint(length)) buffer[end++] = byte;
    end += labels.copy(buffer, end);
    for (const [index, stamp] of stamps.entries()) {
      buffer[end++] = 0x12;
      buffer[end++] = size;
      buffer[end++] = 0x09;
      end = buffer.writeDoubleLE(valueAt(shape, times[index] ?? 0, start), end);
      end += stamp.copy(buffer, end);
    }
  }
  await flush();
  await Promise.all(onTheWay);
}

/** Snappy's block format without any compression: one literal that is the whole. */
function literal(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length - 1);
  return Buffer.concat([Buffer.from([...varint(content.length), 63 << 2]), length, content]);
}

async function post(url: string, body: Buffer): Promise<void> {
  const headers = {
    "Content-Encoding": "snappy",
    "Content-Type": "application/x-protobuf",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
  };
  const answer = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
  expect(answer.ok, `${url} answers ${answer.status}: ${await answer.text()}`);
}
