import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const directive = "@ts-expect-error ";
const root = join(__dirname, "../..");

/** One line of a fixture that must not compile. */
export interface Wrong {
  readonly code: string;
  /** Words that stand in the compiler's message. */
  readonly expected: string;
  /** Counted from 0. */
  readonly line: number;
}

/** The lines below directives. */
export function casesOf(fixture: string): Wrong[] {
  const lines = readFileSync(fixture, "utf8").split("\n");
  return lines.flatMap((text, index) => {
    const [, expected] = text.split(`// ${directive}`);
    return expected === undefined ? [] : [{ code: (lines[index + 1] ?? "").trim(), expected, line: index + 1 }];
  });
}

/** What the compiler says about a fixture once its directives are plain comments, by line. */
export function messages(fixture: string): Map<number, string> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = (path) => (path === fixture ? read(path)?.replaceAll(directive, "expected: ") : read(path));
  host.getSourceFile = (path, languageVersion) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, languageVersion);
  };
  const grammars = join(root, "signals/grammars.d.ts");
  const program = ts.createProgram([fixture, grammars], { ...options, types: ["node"], noUnusedLocals: false }, host);
  const source = program.getSourceFile(fixture);
  if (!source) throw new Error(`there is no ${fixture}`);
  return program.getSemanticDiagnostics(source).reduce((found, { start = 0, messageText }) => {
    const { line } = source.getLineAndCharacterOfPosition(start);
    return found.set(line, `${found.get(line) ?? ""}${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  }, new Map<number, string>());
}
