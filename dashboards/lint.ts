import { parseQuery, selectorsOf, type Language } from "../signals";
import type { AnyQuery, Page, Panel } from "./language";

/**
 * The rules of dashboard-linter and pint's offline checks, as far as they concern queries of panels. Neither tool can be
 * had from a registry as a library; what they hold against a query is looked for here on the same grammar.
 */
export interface Finding {
  readonly rule: string;
  readonly page: string;
  readonly panel: string;
  readonly text: string;
}

type Rule = (of: {
  readonly page: Page;
  readonly panel: Panel;
  readonly query: AnyQuery;
  readonly text: string;
}) => boolean;

const functionsOfRates = /\b(rate|irate|increase)\(/;
const isMetric = ({ source }: AnyQuery) => ["prometheus", "victoriametrics", "alert-history"].includes(source);
const hasInstances = ({ variables }: Page) => variables.some(({ name }) => name === "instance");

/** Each rule says whether a query breaks it. */
const rules: Readonly<Record<string, Rule>> = {
  "target-promql": ({ query, text }) => isMetric(query) && !parses("promql", text),
  "target-logql": ({ query, text }) => query.source === "loki" && !parses("logql", text),
  "target-traceql": ({ query, text }) => query.source === "tempo" && !parses("traceql", text),
  "target-logql-auto": ({ query, text }) => query.source === "loki" && /\[(?!\$__auto\])/.test(text),
  "target-rate-interval": ({ query, text }) =>
    isMetric(query) &&
    functionsOfRates.test(text) &&
    [...text.matchAll(/\b(?:rate|irate|increase)\([^[\]]*\[([^\]]+)\]/g)].some(
      ([, window]) => window !== "$__rate_interval",
    ),
  "target-job": ({ page, query, text }) =>
    isMetric(query) && hasInstances(page) && selectorsOf(text).some(({ labels }) => !labels.includes("job")),
  "target-instance": ({ page, query, text }) =>
    isMetric(query) && hasInstances(page) && selectorsOf(text).some(({ labels }) => !labels.includes("instance")),
  "target-cluster": ({ query, text }) =>
    isMetric(query) && selectorsOf(text).some(({ labels }) => !labels.includes("cluster")),
  "promql/regexp": ({ query, text }) =>
    isMetric(query) &&
    [...text.matchAll(/(?:=|!)~"([^"]*)"/g)].some(
      ([, pattern = ""]) => /^\^|\$$/.test(pattern) || /^[\w /-]*$/.test(pattern),
    ),
  "promql/fragile": ({ query, text }) => isMetric(query) && /\btopk\(|\bbottomk\(/.test(text) && query.mode === "range",
  "promql/nan": ({ query, text }) => isMetric(query) && /\/ 0(?![.\d])/.test(text),
};

function parses(language: Language, text: string): boolean {
  try {
    parseQuery(language, text);
    return true;
  } catch {
    return false;
  }
}

/** What the rules find on the pages. */
export function findings(pages: readonly Page[]): readonly Finding[] {
  return pages.flatMap((page) =>
    page.rows.flatMap(({ panels }) =>
      panels.flatMap((panel) =>
        panel.queries.flatMap((query) => {
          const text = query.expression.toString();
          return Object.entries(rules).flatMap(([rule, breaks]) =>
            breaks({ page, panel, query, text }) ? [{ rule, page: page.uid, panel: panel.title, text }] : [],
          );
        }),
      ),
    ),
  );
}
