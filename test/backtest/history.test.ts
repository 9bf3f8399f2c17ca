import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { checkSource, linesOf, type Line, type Source } from "../../tools/backtest/history";
import type { Span } from "../../tools/backtest/spans";
import { UsageError } from "../../tools/cli";

const folder = mkdtempSync(join(tmpdir(), "backtest-history-"));
afterAll(() => rmSync(folder, { recursive: true }));

const line = (name: string, ...times: number[]) =>
  JSON.stringify({ metric: { __name__: name }, values: times.map(() => 1), timestamps: times });
const reads = [{ selector: "up", name: "up", back: 300 }];

async function all(source: Source, span?: Span): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const each of linesOf(source, reads, span)) lines.push(each);
  return lines;
}
const file = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return { flag: "data", file: join(folder, name) };
};

describe("a file", () => {
  const text = [line("up", 1000, 2000), "", line("down", 1000), line("up", 9000)].join("\n");

  test("gives what is read of it, compressed or not", async () => {
    const found = await all(file("a.jsonl", text));
    expect(found.map(({ labels, times }) => [labels["__name__"], times])).toEqual([
      ["up", [1000, 2000]],
      ["up", [9000]],
    ]);
    expect(await all(file("a.jsonl.gz", gzipSync(text)))).toEqual(found);
  });

  test("gives no sample from outside of the time", async () => {
    const [found, ...more] = await all(file("b.jsonl", text), { from: 2, to: 5 });
    expect(more).toEqual([]);
    expect(JSON.parse(found?.text ?? "")).toEqual({ metric: { __name__: "up" }, values: [1], timestamps: [2000] });
  });

  test.each([
    ["no JSON", "{"],
    ["another object", '{"a":1}'],
    ["fewer values than times", '{"metric":{"__name__":"up"},"values":[],"timestamps":[1]}'],
  ])("with %s names the line", async (_, wrong) => {
    const reading = all(file("c.jsonl", `${line("up", 1)}\n${wrong}`));
    await expect(reading).rejects.toThrow(UsageError);
    await expect(all(file("c.jsonl", `${line("up", 1)}\n${wrong}`))).rejects.toThrow("c.jsonl line 2 is no series");
  });

  test("that is not compressed as its name says can't be read", async () => {
    await expect(all(file("d.jsonl.gz", text))).rejects.toThrow("d.jsonl.gz can't be read: incorrect header check");
  });
});

test.each([
  [{ flag: "data", file: "/nowhere" }, "--data /nowhere is not there"],
  [{ flag: "url", url: "localhost:8428" }, "--url localhost:8428 is no address such as http://localhost:8428"],
])("%j is a fault of the command line", (source, message) => {
  expect(() => checkSource(source as Source)).toThrow(UsageError);
  expect(() => checkSource(source as Source)).toThrow(message);
});

describe("a Prometheus", () => {
  let server: Server;
  let source: Source & { readonly url: string };
  const asked: [string, number][] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        if (request.url !== "/api/v1/query") return response.writeHead(404).end("404 page not found");
        const form = new URLSearchParams(body);
        const [query, time] = [form.get("query") ?? "", Number(form.get("time"))];
        asked.push([query, time]);
        const values = [
          [time - 0.5, "NaN"],
          [time, "+Inf"],
        ];
        const data = { resultType: "matrix", result: [{ metric: { __name__: "up" }, values }] };
        return response.end(JSON.stringify({ status: "success", data }));
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    source = { flag: "url", url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  });
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });

  test("is asked hour by hour, and what it says is written as an export", async () => {
    const found = await all(source, { from: 0, to: 5400 });
    expect(asked).toEqual([
      ["up[3600s]", 3600],
      ["up[1800s]", 5400],
    ]);
    expect(found.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
      [3600, 5400].map((end) => ({
        metric: { __name__: "up" },
        values: [null, "Infinity"],
        timestamps: [end * 1000 - 500, end * 1000],
      })),
    );
  });

  test("that does not answer is named", async () => {
    await expect(all({ flag: "url", url: "http://127.0.0.1:1" }, { from: 0, to: 1 })).rejects.toThrow(
      "--url http://127.0.0.1:1 doesn't answer",
    );
  });
});
