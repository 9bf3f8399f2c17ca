import {
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
  type Dashboard as Model,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { CatalogueError, ownLevels, thresholds, type Levels, type Thresholds } from "../../signals";
import { folderLink } from "./links";
import { place, type PlacedRow } from "./layout";
import type { AnyQuery } from "./query";
import type { Row } from "./rows";
import { dataSources, dataSourceUids, sourceVariable, type DataSource } from "./sources";
import type { Variable } from "./variables";

/** A page as it is written, and as Grafana reads it. */
export interface Page {
  readonly uid: string;
  readonly title: string;
  readonly folder: string;
  readonly rows: readonly Row[];
  readonly variables: readonly Variable[];
  /** Classic (v1) JSON, a new object each time. */
  model(): Model;
  /** The same page without what the environment hasn't. */
  restrictedTo(there: There): Page;
  /** The same page with other thresholds: its colours, sentences and expressions follow them, its uid does not. */
  tuned(thresholds: Thresholds): Page;
}

/** What an environment has of what pages can show. */
export interface There {
  readonly sources: ReadonlySet<DataSource>;
  /** Uids that a link can lead to. */
  readonly pages: ReadonlySet<string>;
  /** Whether anything can have series of a name. */
  readonly series: (name: string) => boolean;
}

interface PageOptions {
  readonly uid: string;
  readonly title: string;
  /** What the page is for, in a sentence. */
  readonly description: string;
  readonly folder: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
  /** @default the last hour */
  readonly from?: string;
}

/** How a page follows from thresholds. */
type Written<Known> = (thresholds: Known) => PageOptions;

/** Every page carries this tag; the links on top list the pages that do. */
export const pageTag = "observability";

/**
 * A page from its rows.
 * @param own the thresholds that its pack or its system declares. @default none besides those that all share
 * @param written the page, or how it follows from the thresholds that an environment tunes
 * @throws CatalogueError for a variable that nothing defines, two panels of one title in a row, or panels too wide
 */
export function page<Own extends Levels>(own: Own, written: Written<Thresholds & Own>): Page;
export function page(written: PageOptions | Written<Thresholds>): Page;
export function page(
  ...given: [own: Levels, written: Written<Thresholds & Levels>] | [written: PageOptions | Written<Thresholds>]
): Page {
  const [own, written] = given.length === 2 ? given : [{}, given[0]];
  const at = (levels: Thresholds): Page =>
    built(typeof written === "function" ? written(ownLevels(own, levels)) : written, at);
  return at(thresholds);
}

function built(options: PageOptions, tuned: Page["tuned"]): Page {
  const { uid, title, folder, rows, variables } = options;
  const used = usedSources(options);
  const placed = place(uid, rows);
  checkVariables(options, used);
  return {
    uid,
    title,
    folder,
    rows,
    variables,
    model: () => render(options, used, placed),
    restrictedTo: (there) =>
      built({ ...options, rows: rowsWith(rows, there) }, (changed) => tuned(changed).restrictedTo(there)),
    tuned,
  };
}

function rowsWith(rows: readonly Row[], { sources, pages, series }: There): readonly Row[] {
  const shows = ({ source, expression }: AnyQuery) =>
    sources.has(source) && (!("facts" in expression) || expression.facts.series.every(series));
  return rows
    .map((row) => ({
      ...row,
      panels: row.panels
        .filter(({ queries }) => queries.every(shows))
        .map((panel) => panel.withLinks(panel.links.filter(({ to }) => pages.has(to)))),
    }))
    .filter(({ panels }) => panels.length > 0);
}

function usedSources({ rows, variables }: PageOptions): readonly DataSource[] {
  const asked = new Set([
    ...rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ source }) => source))),
    ...variables.map(({ source }) => source),
  ]);
  return dataSourceUids.filter((source) => asked.has(source));
}

function checkVariables({ uid, rows, variables }: PageOptions, used: readonly DataSource[]): void {
  const defined = new Set([
    ...variables.map(({ name }) => name),
    ...used.map((source) => dataSources[source].variable as string),
  ]);
  const texts = [
    ...rows.flatMap(({ panels }) =>
      panels.flatMap(({ title, queries, links }) => [
        ...queries.map(({ expression }) => [`panel "${title}"`, expression.toString()] as const),
        ...links.flatMap(({ keep = [] }) => keep.map((name) => [`a link of panel "${title}"`, `$${name}`] as const)),
      ]),
    ),
    ...variables.map(({ name, query }) => [`variable "${name}"`, query] as const),
  ];
  for (const [where, text] of texts) {
    for (const [, name = ""] of text.matchAll(/\$\{?([a-zA-Z]\w*)/g)) {
      if (!defined.has(name)) {
        throw new CatalogueError(
          `page "${uid}"`,
          `reads variable "${name}" in ${where}, which nothing defines`,
          `one of ${[...defined].sort().join(", ")}, or define it`,
        );
      }
    }
  }
}

function render(
  { uid, title, description, variables, from = "now-1h" }: PageOptions,
  used: readonly DataSource[],
  placed: readonly PlacedRow[],
): Model {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([pageTag])
    .readonly()
    .refresh("1m")
    .time({ from, to: "now" })
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .links([folderLink("Pages", pageTag)])
    .variables([...used.map(sourceVariable), ...variables.map((variable) => variable.build())]);
  for (const { row, id, y, panels } of placed) {
    const heading = new RowBuilder(row.title).id(id).gridPos({ h: 1, w: 24, x: 0, y }).collapsed(row.collapsed);
    // Grafana keeps the panels of a collapsed row inside of it.
    const built = panels.map(({ panel, id, gridPos }) => ({ build: () => ({ ...panel.build(), id, gridPos }) }));
    if (row.collapsed) built.forEach((panel) => heading.withPanel(panel));
    builder.withRow(heading);
    if (!row.collapsed) built.forEach((panel) => builder.withPanel(panel));
  }
  // The builder hands out the object it goes on changing: a copy is nobody else's.
  return JSON.parse(JSON.stringify(builder.build())) as Model;
}
