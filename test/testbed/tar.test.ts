import {
  digestOf,
  tarContent,
  tarHeader,
  tarSize,
  tarStream,
  textContent,
  type TarEntry,
} from "../../tools/testbed/tar";

const ENTRIES: TarEntry[] = [
  { path: "tmp", mode: 0o1777 },
  { path: "etc/hello", mode: 0o644, uid: 10001, content: textContent("hello\n") },
];

async function archive(entries: TarEntry[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of tarStream(entries)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const text = (block: Buffer, offset: number, length: number) =>
  block
    .subarray(offset, offset + length)
    .toString()
    .replace(/\0.*$/s, "");

test("every field of a header stands where tar looks for it", () => {
  const header = tarHeader(ENTRIES[1] as TarEntry);
  expect(text(header, 0, 100)).toBe("etc/hello");
  expect(text(header, 100, 8)).toBe("0000644");
  expect(parseInt(text(header, 108, 8), 8)).toBe(10001);
  expect(parseInt(text(header, 116, 8), 8)).toBe(10001);
  expect(parseInt(text(header, 124, 12), 8)).toBe(6);
  expect(text(header, 156, 1)).toBe("0");
  expect(text(header, 257, 5)).toBe("ustar");
});

test("the checksum is the one that tar recomputes", () => {
  const header = tarHeader(ENTRIES[0] as TarEntry);
  const blank = Buffer.from(header).fill(" ", 148, 156);
  expect(parseInt(text(header, 148, 7), 8)).toBe(blank.reduce((sum, byte) => sum + byte, 0));
});

test("content is padded to whole blocks and the announced size is the real one", async () => {
  const written = await archive(ENTRIES);
  expect(written.length).toBe(512 + 512 + 512 + 1024);
  expect(tarSize(ENTRIES)).toBe(written.length);
  expect(text(written, 1024, 512)).toBe("hello\n");
});

test("the same files give the same digest, in an archive within an archive too", async () => {
  expect(await digestOf(tarContent(ENTRIES))).toBe(await digestOf(tarContent([...ENTRIES])));
  const outer = await archive([{ path: "inner", mode: 0o644, content: tarContent(ENTRIES) }]);
  expect(outer.length).toBe(512 + tarSize(ENTRIES) + 1024);
});

test("a file that grows while it is read is an error, not a broken image", async () => {
  const content = { size: 3, read: () => [Buffer.from("four")] };
  await expect(archive([{ path: "grown", mode: 0o644, content }])).rejects.toThrow("grown changed while it was read");
});

test("rejects a path that the header would cut off", () => {
  expect(() => tarHeader({ path: "a".repeat(100), mode: 0o644 })).toThrow(/^path too long for a tar header: a+$/);
});
