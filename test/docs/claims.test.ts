import { checksIn, newest } from "../../docs/claims";

test.each([
  ["checks 3, 4, 8, 19; two nodes, and a cluster: check 21", [3, 4, 8, 19, 21]],
  ["checks 7, 17, 18 (a pair), test/alerts", [7, 17, 18]],
  ["checks 9 and 27: refused pods; 1,647 tries", [9, 27]],
  ["check 8 (agent and gateway, 2 of them), and 19 others", [8]],
  ["`npm start`, part of `npm run check`", []],
])("%s names %j", (proof, checks) => {
  expect(checksIn(proof)).toEqual(checks);
});

test("the newest table that has a check counts, and of a step its last row", () => {
  const tables = [
    ["2026-11-28.md", "ok    3.1   one\nFAIL  3.2   two\nok    4.1   three"],
    ["2026-11-29-parts.md", "```\nFAIL  3.1   one\n```\nagain\nok    3.1   one\nskip  4.1   three"],
  ] as const;
  const results = newest(tables);
  const again = [["2026-11-29.md", "FAIL  5.1   five"] as const, ["2026-11-29-2.md", "ok    5.1   five"] as const];
  expect(newest(again).get(5)?.get("5.1")).toBe("ok");
  expect([...(results.get(3) ?? [])]).toEqual([["3.1", "ok"]]);
  // What was left out shows nothing, neither well nor ill.
  expect([...(results.get(4) ?? [])]).toEqual([["4.1", "ok"]]);
});
