import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const fixture = join(__dirname, "fixtures", "wrong.ts");
const directive = "@ts-expect-error ";

/** What the compiler says about the fixture once its directives are plain comments, by line. */
function messages(): Map<number, string> {
  const { config } = ts.readConfigFile(join(__dirname, "../../tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, join(__dirname, "../.."));
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = (path) => (path === fixture ? read(path)?.replaceAll(directive, "expected: ") : read(path));
  host.getSourceFile = (path, languageVersion) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, languageVersion);
  };
  const grammars = join(__dirname, "../../signals/grammars.d.ts");
  const program = ts.createProgram([fixture, grammars], { ...options, types: ["node"], noUnusedLocals: false }, host);
  const source = program.getSourceFile(fixture);
  if (!source) throw new Error("no fixture");
  return program.getSemanticDiagnostics(source).reduce((found, { start = 0, messageText }) => {
    const { line } = source.getLineAndCharacterOfPosition(start);
    return found.set(line, `${found.get(line) ?? ""}${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  }, new Map<number, string>());
}

describe("what can't be a query doesn't compile, and the compiler names the fault", () => {
  const lines = readFileSync(fixture, "utf8").split("\n");
  const cases = lines.flatMap((text, index) => {
    const [, expected] = text.split(`// ${directive}`);
    return expected === undefined ? [] : [{ code: (lines[index + 1] ?? "").trim(), expected, line: index + 1 }];
  });
  const said = messages();

  it.each(cases)("$code", ({ expected, line }) => {
    expect(said.get(line)).toContain(expected);
  });

  it("finds no other fault in the fixture", () => {
    expect([...said.keys()].sort((a, b) => a - b)).toEqual(cases.map(({ line }) => line));
  });
});
