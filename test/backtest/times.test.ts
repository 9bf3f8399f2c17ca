import { durationOf, timeOf } from "../../tools/backtest/times";
import { clock, lasts } from "../../tools/backtest/words";
import { UsageError } from "../../tools/cli";

const now = Date.parse("2026-11-29T12:00Z") / 1000;

test.each([
  ["2026-11-29T10:05Z", "2026-11-29 10:05"],
  ["2026-11-29T10:05:30Z", "2026-11-29 10:05:30"],
  ["2026-11-29 10:05", "2026-11-29 10:05"],
  ["2026-11-29T10:05+02:00", "2026-11-29 08:05"],
  ["2026-11-29", "2026-11-29 00:00"],
  ["36h", "2026-11-28 00:00"],
  ["now", "2026-11-29 12:00"],
])("%s is %s", (text, expected) => {
  expect(clock(timeOf("from", text, now))).toBe(expected);
});

test.each(["yesterday", "2026-13-01", "2026-02-31", "2026-11-29T25:00Z", "10:05", ""])("%j is no time", (text) => {
  expect(() => timeOf("from", text, now)).toThrow(UsageError);
  expect(() => timeOf("from", text, now)).toThrow(`--from ${JSON.stringify(text)} is no time: write 2026-`);
});

test.each([
  [0, "0 s"],
  [45, "45 s"],
  [600, "10 min"],
  [7500, "2 h 5 min"],
  [3600, "1 h"],
  [3605, "1 h"],
  [273_600, "3 d 4 h"],
])("%d seconds last %s", (seconds, text) => {
  expect(lasts(seconds)).toBe(text);
});

test("a duration is one or more numbers with their units, and never nothing", () => {
  expect(["24h", "1d12h", "90s"].map((text) => durationOf("repeat", text))).toEqual([86_400, 129_600, 90]);
  for (const wrong of ["24", "0h", "a day", "-1h", ""])
    expect(() => durationOf("repeat", wrong)).toThrow(`--repeat "${wrong}" is no duration: write 24h`);
});
