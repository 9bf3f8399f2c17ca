import fc from "fast-check";
import { edits, lineEdits } from "../../tools/review/text";

const pieces = fc.array(fc.constantFrom("a", "b", "c", "\n"), { maxLength: 30 });

test("the edits of any two texts give back both", () => {
  fc.assert(
    fc.property(pieces, pieces, (before, after) => {
      const all = edits(before, after);
      const side = (left: string) => all.filter(({ kind }) => kind !== left).map(({ text }) => text);
      expect(side("added").join("")).toBe(before.join(""));
      expect(side("removed").join("")).toBe(after.join(""));
    }),
  );
});

test("two texts that share nothing and are too long to compare are shown one after the other, at once", () => {
  const long = (letter: string) => Array.from({ length: 50_000 }, (_, index) => `${letter}${index}`);
  expect(edits(long("a"), long("b")).map(({ kind }) => kind)).toEqual(["removed", "added"]);
});

test("lines far from a change are left out, and counted", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const after = lines.map((line) => (line === "line 10" ? "other" : line));
  const [before, ...rest] = lineEdits(lines.join("\n"), after.join("\n"));
  expect(before?.text).toBe("⋯ 8 lines as before\nline 8\nline 9\n");
  expect(rest.map(({ text }) => text)).toEqual(["line 10\n", "other\n", "line 11\nline 12\n⋯ 7 lines as before\n"]);
});
