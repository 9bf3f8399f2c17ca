import { parser as logqlParser } from "@grafana/lezer-logql";
import { parser as traceqlParser } from "@grafana/lezer-traceql";
import { parser as promqlParser } from "@prometheus-io/lezer-promql";
import type { SyntaxNode, Tree } from "@lezer/common";
import { CatalogueError } from "./faults";

/** Reads queries back with the grammars of the servers' own projects. They check syntax, not meaning. */

export type Language = "promql" | "logql" | "traceql";
const parsers = { promql: promqlParser, logql: logqlParser, traceql: traceqlParser } as const;
const languageNames = { promql: "PromQL", logql: "LogQL", traceql: "TraceQL" } as const;

/** Grafana fills these in before a server sees them; a duration of the same length keeps positions right. */
export function withoutVariables(query: string): string {
  return query.replace(
    /\$__(rate_interval|interval|auto|range)\b/g,
    (variable) => `${"1".repeat(variable.length - 1)}s`,
  );
}

/** @throws CatalogueError that points at the first place where the grammar stumbles */
export function parseQuery(language: Language, query: string): Tree {
  const tree = parsers[language].parse(withoutVariables(query));
  const cursor = tree.cursor();
  do {
    if (cursor.type.isError) {
      const [line, mark] = [query, `${" ".repeat(cursor.from)}^`];
      throw new CatalogueError(
        `${languageNames[language]} query`,
        `has a syntax error at character ${cursor.from + 1}:\n  ${line}\n  ${mark}`,
        "see the mark",
      );
    }
  } while (cursor.next());
  return tree;
}

/** Every node of these names in a part of a query, the part itself included, in the order of the text. */
export function nodesNamed(tree: SyntaxNode, ...names: readonly string[]): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  tree.cursor().iterate(({ name, node }) => void (names.includes(name) && found.push(node)));
  return found;
}

/** One series selector of a PromQL query: the series' name and the labels that its matchers name. */
export interface Selected {
  readonly series: string;
  readonly labels: readonly string[];
}

/** Every selector of a PromQL query. @throws CatalogueError for a syntax error */
export function selectorsOf(query: string): readonly Selected[] {
  const found: Selected[] = [];
  parseQuery("promql", query).iterate({
    enter: ({ name, node }) => {
      if (name === "VectorSelector") found.push(selected(node, query));
    },
  });
  return found;
}

function selected(node: SyntaxNode, query: string): Selected {
  const text = ({ from, to }: SyntaxNode) => query.slice(from, to);
  const identifier = node.getChild("Identifier");
  const matchers = node.getChild("LabelMatchers");
  const unquoted = matchers?.getChildren("UnquotedLabelMatcher") ?? [];
  const quoted = matchers?.getChildren("QuotedLabelMatcher") ?? [];
  const names = [
    ...unquoted.flatMap((matcher) => matcher.getChildren("LabelName")),
    ...quoted.flatMap((matcher) => matcher.getChildren("QuotedLabelName")),
  ].map((name) => text(name).replaceAll('"', ""));
  return { series: identifier ? text(identifier) : "", labels: names };
}

/**
 * Every label or field that a LogQL query names in its matchers and filters. @throws CatalogueError for a syntax error
 */
export function logFieldsOf(query: string): readonly string[] {
  const found = new Set<string>();
  parseQuery("logql", query).iterate({
    enter: ({ name, node, from, to }) => {
      const parent = node.parent?.name;
      if (name === "Identifier" && (parent === "Matcher" || parent === "Labels" || parent === "UnwrapExpr")) {
        found.add(query.slice(from, to));
      }
    },
  });
  return [...found];
}

/** Every attribute that a TraceQL query names, with its scope. @throws CatalogueError for a syntax error */
export function attributesOf(query: string): readonly string[] {
  const found = new Set<string>();
  parseQuery("traceql", query).iterate({
    enter: ({ name, from, to }) => {
      if (name === "AttributeField") found.add(query.slice(from, to));
    },
  });
  return [...found];
}
