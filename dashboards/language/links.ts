import { DashboardLinkBuilder, DashboardLinkType } from "@grafana/grafana-foundation-sdk/dashboard";
import type { DataSource } from "./sources";

/** The uid of a page. That there is one is checked once all packs and systems are known: `stacks/clashes.ts`. */
export type PageUid = string;

/** A way from a panel to a page that says more. */
export interface DrillDown {
  readonly title: string;
  readonly to: PageUid;
  /** Variables to carry over, and variables to set from labels of the series that was clicked. */
  readonly keep?: readonly string[];
  readonly set?: Readonly<Record<string, `\${__field.labels.${string}}`>>;
}

/** The address of a page with the time range and variables of this one. */
export function urlOf({ to, keep = [], set = {} }: DrillDown): string {
  const parts = [
    "${__url_time_range}",
    ...keep.map((variable) => `\${${variable}:queryparam}`),
    ...Object.entries(set).map(([variable, label]) => `var-${variable}=${label}`),
  ];
  return `/d/${to}?${parts.join("&")}`;
}

/**
 * The path of Grafana's Explore that asks one query, without a slash in front.
 * @param source uid of the data source
 * @param expression the query as a JSON string, encoded for an address; or a template that gives that
 * @param from begin of the time range: `now-3d`, milliseconds, or a template
 */
export const explorePath = (source: DataSource, expression: string, from: string): string =>
  [
    "explore?schemaVersion=1&panes=",
    encodeURIComponent(`{"a":{"datasource":"${source}","queries":[{"refId":"A","expr":`),
    expression,
    encodeURIComponent('}],"range":{"from":"'),
    from,
    encodeURIComponent('","to":"now"}}}'),
  ].join("");

/** A link in a panel's title; links that read labels belong to its data points, see {@link dataLink}. */
export const panelLink = (of: DrillDown): DashboardLinkBuilder =>
  new DashboardLinkBuilder(of.title).type(DashboardLinkType.Link).url(urlOf(of));

/** The row of links on top of each page: all pages of a folder, with time range and variables. */
export const folderLink = (title: string, tag: string): DashboardLinkBuilder =>
  new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Dashboards)
    .tags([tag])
    .asDropdown(true)
    .keepTime(true)
    .includeVars(true);
