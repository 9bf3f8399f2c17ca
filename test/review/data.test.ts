import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../tools/cli";
import { readDashboard } from "../../tools/report/dashboard";
import { dashboardPicture } from "../../tools/report/drawing";
import type { Series } from "../../tools/report/series";
import { shownValue } from "../../tools/report/values";
import { compare } from "../../tools/review/compare";
import { withData } from "../../tools/review/emptied";
import { ask, readData, seriesOf } from "../../tools/review/data";
import { dataOf, keyOf, questionsOf } from "../../tools/review/questions";
import { panel, read, small, type Small } from "./pair";

const variables = [
  { type: "query", name: "cluster", query: "label_values(up, cluster)", current: { value: "$__all" }, allValue: ".+" },
  { type: "query", name: "instance", query: "label_values(up, instance)", multi: true, current: { value: ["a", "b"] } },
  { type: "query", name: "unknown", query: "label_values(up, job)" },
];
const board = (panels: object[]) =>
  readDashboard({ uid: "b", title: "Board", panels, templating: { list: variables } });
const asked = (expr: string, more: object = {}) => {
  const one = panel(1, "One", 0, 0, expr);
  const after = board([{ ...one, targets: [{ refId: "A", expr, ...more }] }]);
  return questionsOf([{ uid: "b", title: "", before: undefined, after, panels: [], values: [], broken: [] }]);
};

describe("questions", () => {
  test("variables stand for all values or for those chosen, Grafana's own for the span of the picture", () => {
    expect(asked('rate(a{cluster=~"$cluster", i=~"$instance"}[$__rate_interval]) or b[$__range]')).toEqual([
      { expression: 'rate(a{cluster=~".+", i=~"(a|b)"}[105s]) or b[3600s]', instant: false },
    ]);
  });

  test("what can't be known is not asked, and no other server's language either", () => {
    expect(asked('a{job="$unknown"}')).toEqual([]);
    expect(asked('{app="a"}', { datasource: { type: "loki", uid: "x" } })).toEqual([]);
  });
});

describe("answers", () => {
  const matrix = {
    resultType: "matrix",
    result: [
      {
        metric: { a: "1" },
        values: [
          [0, "1"],
          [90, "NaN"],
          [180, "3"],
        ],
      },
    ],
  };

  test("a matrix, a vector and a number are series; what is no number is left out", () => {
    expect(seriesOf(matrix)).toEqual([
      {
        labels: { a: "1" },
        points: [
          [0, 1],
          [180, 3],
        ],
      },
    ]);
    expect(seriesOf({ resultType: "vector", result: [{ metric: {}, value: [5, "+Inf"] }] })).toEqual([
      { labels: {}, points: [] },
    ]);
    expect(seriesOf({ resultType: "scalar", result: [5, "2"] })).toEqual([{ labels: {}, points: [[5, 2]] }]);
    expect(seriesOf("nonsense")).toEqual([]);
  });

  test("more points than a picture shows are thinned, the last one stays", () => {
    const values = Array.from({ length: 1000 }, (_, index) => [index, String(index)]);
    const [series] = seriesOf({ resultType: "matrix", result: [{ metric: {}, values }] });
    expect(series?.points.length).toBeLessThanOrEqual(60);
    expect(series?.points.at(-1)).toEqual([999, 999]);
  });

  test("a panel has the answers to all its queries; without any, nobody knows what it shows", () => {
    const one = board([panel(1, "One", 0, 0, "a")]);
    const [first] = one.panels;
    const answers = new Map([[keyOf({ expression: "a", instant: false }), seriesOf(matrix)]]);
    expect(first && dataOf(answers, one)(first)).toHaveLength(1);
    expect(first && dataOf(new Map(), one)(first)).toBeUndefined();
  });
});

describe("panels that are empty now", () => {
  const change =
    (expr: string) =>
    ({ dashboards }: Small) => {
      const target = dashboards["logs"]?.panels[0]?.targets[0];
      if (target) target.expr = expr;
    };
  const answer = (expression: string, values: unknown[]) =>
    [
      keyOf({ expression, instant: false }),
      seriesOf({ resultType: "matrix", result: values.length === 0 ? [] : [{ metric: {}, values }] }),
    ] as const;
  const told = (after: unknown[]) => {
    const before = small();
    change("old")(before);
    const now = small();
    change("new")(now);
    const answers = new Map([answer("old", [[0, "1"]]), answer("new", after)]);
    const [review] = withData([compare(read(before), read(now))], answers);
    return {
      broken: review?.dashboards[0]?.broken,
      risks: review?.risks.map(({ level, what }) => `${level}: ${what}`),
    };
  };

  test("are a risk: the change lost what they showed", () => {
    expect(told([])).toEqual({
      broken: ["no data any more in: Lines"],
      risks: ["medium: no data any more in: Lines"],
    });
  });

  test("are none while their queries find something", () => {
    expect(told([[0, "5"]])).toEqual({ broken: [], risks: [] });
  });
});

describe("a server that is asked", () => {
  let server: Server;
  let address: string;
  const queries: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        const query = new URLSearchParams(body).get("query") ?? "";
        queries.push(`${request.url ?? ""} ${query}`);
        response.statusCode = query === "bad" ? 400 : 200;
        response.end(
          JSON.stringify(
            query === "bad"
              ? { status: "error", error: "parse error <b>" }
              : { status: "success", data: { resultType: "vector", result: [{ metric: {}, value: [1, "2"] }] } },
          ),
        );
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/path/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });

  test("gets each question once; those that fail are counted, and what it said can be read again", async () => {
    const questions = [
      { expression: "good", instant: true },
      { expression: "bad", instant: false },
    ];
    const { answers, notes, saved } = await ask(address, questions, 1_000_000);
    expect(queries.sort()).toEqual(["/path/api/v1/query good", "/path/api/v1/query_range bad"]);
    expect([...answers.keys()]).toEqual(["instant good"]);
    expect(notes).toEqual([
      "Pictures show the hour before 1970-01-12 13:46 UTC.",
      "1 of 2 queries failed: parse error <b>",
    ]);
    const folder = mkdtempSync(join(tmpdir(), "review-data-"));
    writeFileSync(join(folder, "data.json"), JSON.stringify(saved));
    expect(readData(join(folder, "data.json"))).toEqual(answers);
    rmSync(folder, { recursive: true });
  });

  test.each([
    ["localhost:9090", "is no address such as http://localhost:9090"],
    ["ftp://x", "is no address"],
    ["http://127.0.0.1:1", "answers no question"],
  ])("%s is a fault of the command line", async (wrong, message) => {
    const asking = ask(wrong, [{ expression: "up", instant: true }]);
    await expect(asking).rejects.toThrow(UsageError);
    await expect(ask(wrong, [{ expression: "up", instant: true }])).rejects.toThrow(message);
  });
});

test.each([
  ["there is none", undefined, "can't be read"],
  ["no JSON", "{", "is no JSON"],
  ["something else", "[]", 'has no "answers"'],
])("a file of data that is wrong (%s) says so", (_, text, message) => {
  const folder = mkdtempSync(join(tmpdir(), "review-data-"));
  const file = join(folder, "data.json");
  if (text !== undefined) writeFileSync(file, text);
  expect(() => readData(file)).toThrow(message);
  expect(() => readData(file)).toThrow(UsageError);
  rmSync(folder, { recursive: true });
});

describe("pictures with data", () => {
  const series = (labels: Record<string, string>, ...values: number[]): Series => ({
    labels,
    points: values.map((value, index) => [index * 90, value] as const),
  });
  const drawn = (type: string, ...data: Series[]) => {
    const one = board([{ ...panel(1, "One", 0, 0, "a"), type }]);
    return dashboardPicture("p", one, { data: () => data }).text;
  };

  test("a line goes through its points, from zero, and breaks where nothing was measured", () => {
    const text = drawn("timeseries", {
      labels: {},
      points: [
        [0, 0],
        [90, 1],
        [180, 2],
        [900, 1],
        [990, 2],
      ],
    });
    const [, path = ""] = /class="line c0" d="([^"]*)"/.exec(text) ?? [];
    expect(path.match(/[ML]/g)?.join("")).toBe("MLLML");
    expect(path.startsWith("M10 132")).toBe(true);
    expect(text).toContain("One (timeseries): 0/s to 2/s.");
  });

  test.each([
    ["stat", 'class="figure"', ">3/s<"],
    ["gauge", 'class="ring full"', ">3/s<"],
    ["bargauge", 'class="area"', ">3/s b<"],
    ["piechart", 'class="fill c0"', ">3/s b<"],
    ["table", 'class="kind"', ">3/s<"],
    ["state-timeline", 'class="band c0 fill"', ""],
  ])("%s shows the last values", (type, element, words) => {
    const text = drawn(type, series({ name: "b" }, 1, 3));
    expect(text).toContain(element);
    expect(text).toContain(words);
  });

  test("a heatmap takes buckets apart: each holds those below it", () => {
    const text = drawn("heatmap", series({ le: "+Inf" }, 4, 4), series({ le: "1" }, 4, 0));
    expect(text.match(/class="heat h4"/g)).toHaveLength(2);
    expect(text.match(/class="heat/g)).toHaveLength(2);
  });

  test("an answer without series is no data, and a name is no markup", () => {
    expect(drawn("timeseries")).toContain(">no data<");
    expect(drawn("table", series({ a: "<script>" }, 1))).toContain("&lt;script&gt;");
  });

  test("no series at all gives no number that is none", () => {
    for (const type of ["timeseries", "stat", "gauge", "bargauge", "piechart", "table", "heatmap", "state-timeline"])
      for (const data of [[], [series({}, 0)], [series({}, -1, -1)], [series({ le: "x" }, 1)]])
        expect(drawn(type, ...data)).not.toMatch(/NaN|Infinity|undefined/);
  });
});

test.each([
  [0.034, "s", "34 ms"],
  [7200, "s", "2 h"],
  [0, "s", "0 s"],
  [0.5, "percentunit", "50 %"],
  [12_345, "short", "12.3 k"],
  [5 * 2 ** 30, "bytes", "5 GiB"],
  [2048, "binBps", "2 KiB/s"],
  [0.002, "reqps", "0.002/s"],
  [3, "suffix: cores", "3 cores"],
  [NaN, "s", "–"],
])("%d of %j is %j", (value, unit, text) => expect(shownValue(value, unit)).toBe(text));
