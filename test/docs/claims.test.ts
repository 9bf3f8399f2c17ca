import { faultsIn, featuresIn, newestWhole, rowsIn, stateOf } from "../../docs/claims";

const page = `# Features

## A. Systems

### A1 Prometheus: partly

- [x] scrapes: \`3.3 no scrape target\`, \`test/stacks/prometheus: every target\`
- [ ] shards: dry-run only (\`11.5\`)

### A2 Loki: later

- [ ] all of it
`;
const rows = rowsIn(
  "ok    3.3   no scrape target is down\n            a figure\nskip  1.3   Grafana\nFAIL  4.10  OTLP\n",
);
const sourceOf = (path: string) =>
  path === "test/stacks/prometheus" ? 'test("every target", …); test.each([["a pair"]])("%s", …)' : undefined;
const faultsOf = (text: string) => faultsIn(featuresIn(text), rows, sourceOf);
const claim = (state: string, ...lines: string[]) =>
  `### B1 It: ${state}\n\n${lines.map((line) => `- ${line}\n`).join("")}`;

test("a requirement has clauses, each with its checks", () => {
  const [prometheus, loki] = featuresIn(page);
  expect(prometheus).toMatchObject({ id: "A1", state: "partly" });
  expect(prometheus?.clauses.map(({ proven, checks }) => [proven, checks])).toEqual([
    [true, ["3.3 no scrape target", "test/stacks/prometheus: every target"]],
    [false, ["11.5"]],
  ]);
  expect(loki).toMatchObject({ id: "A2", state: "later" });
  expect(faultsOf(page)).toEqual([]);
});

test("its state follows from its clauses", () => {
  const [proven, missing] = [true, false].map((each) => ({ text: "", proven: each, checks: [] }));
  if (proven === undefined || missing === undefined) throw new Error("two clauses");
  expect([stateOf([proven, proven]), stateOf([proven, missing]), stateOf([missing]), stateOf([])]).toEqual([
    "working",
    "partly",
    "later",
    "later",
  ]);
  expect(faultsOf(claim("working", "[x] one: `3.3`", "[ ] two"))).toEqual([
    "B1 is said to be working, its clauses make it partly",
  ]);
});

test.each([
  ["[x] nothing: see the code, `npm start`", 'B1 has no check for "nothing: see the code, `npm start`"'],
  ["[x] a row that failed: `4.10`", "B1 is proven by 4.10, which failed in the newest run"],
  ["[x] one that was left out: `1.3`", "B1 is proven by 1.3, which was left out in the newest run"],
  ["[x] one that there is not: `3.33`", "B1 is proven by 3.33, which the newest run has not"],
  ["[x] one that is another now: `3.3 logs`", 'B1 is proven by 3.3 as "logs", which is now "no scrape target is down"'],
  ["[x] a file: `test/stacks/loki: every target`", "B1 is proven by test/stacks/loki, which is not there"],
  ["[x] a title: `test/stacks/prometheus: every`", 'B1 is proven by "every", which test/stacks/prometheus has not'],
])("%s is a fault", (line, fault) => expect(faultsOf(claim("working", line))).toEqual([fault]));

test("the case of a table is a test too", () => {
  expect(faultsOf(claim("working", "[x] pairs: `test/stacks/prometheus: a pair`"))).toEqual([]);
});

test("the newest table of the whole counts, and no part of it", () => {
  const names = [
    "2026-11-28-parts.md",
    "2026-11-29-whole-10.md",
    "2026-11-29-whole-2.md",
    "2026-11-29-whole.md",
    "README.md",
  ];
  expect(newestWhole(names)).toBe("2026-11-29-whole-10.md");
  expect(newestWhole([...names, "2026-11-30-whole.md", "2026-12-01-smoke.md"])).toBe("2026-11-30-whole.md");
  expect(newestWhole(["README.md"])).toBeUndefined();
});

test("of a row that ran again in one table the last time counts", () => {
  expect(rowsIn("FAIL  3.1   one\nok    3.1   one\n").get("3.1")).toEqual({ outcome: "ok", title: "one" });
});
