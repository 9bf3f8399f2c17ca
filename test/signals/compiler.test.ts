import { join } from "node:path";
import { casesOf, messages } from "./messages";

const fixture = join(__dirname, "fixtures", "wrong.ts");

describe("what can't be a query doesn't compile, and the compiler names the fault", () => {
  const cases = casesOf(fixture);
  const said = messages(fixture);

  it.each(cases)("$code", ({ expected, line }) => {
    expect(said.get(line)).toContain(expected);
  });

  it("finds no other fault in the fixture", () => {
    expect([...said.keys()].sort((a, b) => a - b)).toEqual(cases.map(({ line }) => line));
  });
});
