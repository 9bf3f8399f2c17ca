import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import type { DashboardLink, Panel as PanelModel, ThresholdsConfig } from "@grafana/grafana-foundation-sdk/dashboard";
import { CatalogueError, formatOf, type Unit } from "../../signals";
import { panelLink, urlOf, type DrillDown } from "./links";
import { target, type AnyQuery } from "./query";
import { dataSources, sourceRef } from "./sources";
import { thresholdsOf, type Steps } from "./steps";
import { DashboardLinkBuilder } from "@grafana/grafana-foundation-sdk/dashboard";

/** Widths in Grafana's 24 columns. */
const widths = { full: 24, twoThirds: 16, half: 12, third: 8, quarter: 6, sixth: 4 } as const;
export type Width = keyof typeof widths;

/** What every panel may be told besides its title, its sentence and its queries. */
export interface PanelOptions<U extends Unit = Unit> {
  /** @default a third of the page */
  readonly width?: Width;
  /** Rows of 30 pixels. @default 8, stats 4 */
  readonly height?: number;
  readonly thresholds?: Steps<U>;
  /** Ways to pages that say more; those that set variables from labels hang on the data points. */
  readonly links?: readonly DrillDown[];
  readonly min?: number;
  readonly max?: number;
  /** What of it a healthy stack rightly shows nothing of. @default nothing */
  readonly mayBeEmpty?: MayBeEmpty;
}

/** Queries that a healthy stack rightly answers with nothing. The live suite holds to it. */
export interface MayBeEmpty {
  /** When there is something to see. */
  readonly only: string;
  /** @default all of the panel */
  readonly refIds?: readonly string[];
  /** Shown by phoenix' faults, and then asked for: `POST /faults` of the reference application. */
  readonly underFaults?: true;
}

/** A panel before it has a place on a page. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  readonly queries: readonly AnyQuery[];
  readonly width: number;
  readonly height: number;
  readonly links: readonly DrillDown[];
  readonly mayBeEmpty?: MayBeEmpty | undefined;
  /** The same panel with other links. */
  withLinks(links: readonly DrillDown[]): Panel;
  /** The panel in Grafana's own form, without id and position. */
  build(): PanelModel;
}

/** What the builders of all kinds of panels have in common. */
interface AnyBuilder extends Builder<PanelModel> {
  title(title: string): this;
  description(description: string): this;
  datasource(ref: DataSourceRef): this;
  targets(targets: Builder<Dataquery>[]): this;
  unit(unit: string): this;
  thresholds(thresholds: Builder<ThresholdsConfig>): this;
  links(links: Builder<DashboardLink>[]): this;
  dataLinks(links: Builder<DashboardLink>[]): this;
  min(min: number): this;
  max(max: number): this;
}

/** Grafana's name for a query of a panel, by its position. */
export const refIdOf = (index: number): string => "ABCDEFGHIJKLMNOPQRSTUVWXYZ".charAt(index);

/**
 * A panel from a builder of the SDK: unit from its queries, refIds by position.
 * @param description one or two sentences: what it shows and what bad looks like
 * @throws CatalogueError for a panel without queries, without a data source, and for one that asks several
 */
export function panel<U extends Unit>(
  builder: () => AnyBuilder,
  title: string,
  description: string,
  queries: readonly (AnyQuery & { readonly unit: U })[],
  options: PanelOptions<U>,
): Panel {
  const [first] = queries;
  if (first === undefined) throw new CatalogueError(`panel "${title}"`, "has no query", "give it at least one");
  if (queries.some(({ source }) => source !== first.source)) {
    throw new CatalogueError(
      `panel "${title}"`,
      `asks several data sources: ${queries.map(({ source }) => source).join(", ")}`,
      "one panel for each",
    );
  }
  if (!Object.hasOwn(dataSources, first.source)) {
    throw new CatalogueError(
      `panel "${title}"`,
      `has no data source: ${first.source} is none`,
      `one of ${Object.keys(dataSources).join(", ")}`,
    );
  }
  const { width = "third", height = 8, links = [], min, max } = options;
  const build = () => {
    const built = builder()
      .title(title)
      .description(description)
      .datasource(sourceRef(first.source))
      .targets(queries.map((query, index) => target(query, refIdOf(index))))
      .unit(formatOf(first.unit).grafana)
      .thresholds(thresholdsOf(options.thresholds));
    if (min !== undefined) built.min(min);
    if (max !== undefined) built.max(max);
    const [onData, onTitle] = [links.filter(({ set }) => set), links.filter(({ set }) => !set)];
    if (onTitle.length > 0) built.links(onTitle.map(panelLink));
    if (onData.length > 0) built.dataLinks(onData.map((link) => new DashboardLinkBuilder(link.title).url(urlOf(link))));
    return built.build();
  };
  return {
    title,
    description,
    queries,
    width: widths[width],
    height,
    links,
    mayBeEmpty: options.mayBeEmpty,
    withLinks: (others) => panel(builder, title, description, queries, { ...options, links: others }),
    build,
  };
}
