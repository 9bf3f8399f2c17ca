import { defineLanguageFacet, Language } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { Parser as AnyParser, type Input, type PartialParse } from "@lezer/common";
import { Parser } from "@prometheus-io/codemirror-promql/dist/cjs/parser";
import { ValueType } from "@prometheus-io/codemirror-promql/dist/cjs/types";
import { parser } from "@prometheus-io/lezer-promql";

/** Reads a text in one go. An editor reads for twenty milliseconds and goes on later: what it has by then can be half. */
class AtOnce extends AnyParser {
  override createParse(input: Input): PartialParse {
    const tree = parser.parse(input.read(0, input.length));
    return { advance: () => tree, parsedPos: input.length, stopAt: () => undefined, stoppedAt: null };
  }
}

const language = new Language(defineLanguageFacet(), new AtOnce(), [], "promql");

/**
 * What Prometheus' own editor says of a PromQL text that the grammar takes: `rate(up)` lacks its window, `foo(up)` is no
 * function, `a and 1` joins a scalar. A server refuses a rule file with one such text as a whole, and keeps all old ones.
 * @returns the first complaint with its place, or undefined; a rule needs an instant vector or a scalar
 */
export function typeFault(query: string): string | undefined {
  const state = EditorState.create({ doc: query, extensions: language });
  const check = new Parser(state);
  check.analyze();
  const first = check.getDiagnostics().find(({ severity }) => severity === "error");
  if (first !== undefined) return `${first.message}, at character ${first.from + 1}`;
  const type = new Parser(state).checkAST(parser.parse(query).topNode.firstChild);
  return type === ValueType.vector || type === ValueType.scalar
    ? undefined
    : `is a ${type === ValueType.matrix ? "range vector" : type}, and a rule needs one value for each series`;
}
