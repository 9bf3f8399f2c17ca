import * as crypto from "node:crypto";
import * as fs from "node:fs";

/** What stands at one path of an archive. */
export interface TarEntry {
  /** Without a leading slash; folders are named without a trailing one. */
  path: string;
  mode: number;
  uid?: number;
  gid?: number;
  /** Absent for a folder. */
  content?: TarContent;
}

/** Content whose size is known before it is read. */
export interface TarContent {
  size: number;
  read: () => AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** Content from memory. */
export function textContent(text: string): TarContent {
  const buffer = Buffer.from(text);
  return { size: buffer.length, read: () => [buffer] };
}

/** Content of a file, read only when the archive is written. */
export function fileContent(file: string): TarContent {
  return {
    size: fs.statSync(file).size,
    read: () => fs.createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>,
  };
}

const BLOCK = 512;

/** One header block in the `ustar` format. Times are zero, so that the same files give the same archive. */
export function tarHeader(entry: TarEntry): Buffer {
  if (Buffer.byteLength(entry.path) > 99) throw new Error(`path too long for a tar header: ${entry.path}`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, offset, "ascii");
  header.write(entry.content ? entry.path : `${entry.path}/`, 0);
  octal(entry.mode, 100, 8);
  octal(entry.uid ?? 0, 108, 8);
  octal(entry.gid ?? entry.uid ?? 0, 116, 8);
  octal(entry.content?.size ?? 0, 124, 12);
  octal(0, 136, 12);
  header.write(entry.content ? "0" : "5", 156, "ascii");
  header.write("ustar\x0000", 257, "ascii");
  // The checksum is taken with its own field full of spaces.
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return header;
}

/** Size of the archive of these entries. */
export function tarSize(entries: TarEntry[]): number {
  const content = (size: number) => Math.ceil(size / BLOCK) * BLOCK;
  return entries.reduce((total, entry) => total + BLOCK + content(entry.content?.size ?? 0), 2 * BLOCK);
}

/** The archive piece by piece: nothing larger than one read is held in memory. */
export async function* tarStream(entries: TarEntry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield tarHeader(entry);
    if (!entry.content) continue;
    let written = 0;
    for await (const chunk of entry.content.read()) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== entry.content.size) throw new Error(`${entry.path} changed while it was read`);
    if (written % BLOCK > 0) yield Buffer.alloc(BLOCK - (written % BLOCK));
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** An archive as content of another one. */
export function tarContent(entries: TarEntry[]): TarContent {
  return { size: tarSize(entries), read: () => tarStream(entries) };
}

/** Digest of content in the notation of container images. */
export async function digestOf(content: TarContent): Promise<string> {
  const hash = crypto.createHash("sha256");
  for await (const chunk of content.read()) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}
