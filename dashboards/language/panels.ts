import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as gaugePanel from "@grafana/grafana-foundation-sdk/gauge";
import * as heatmaps from "@grafana/grafana-foundation-sdk/heatmap";
import * as logsPanel from "@grafana/grafana-foundation-sdk/logs";
import * as nodegraph from "@grafana/grafana-foundation-sdk/nodegraph";
import * as piechart from "@grafana/grafana-foundation-sdk/piechart";
import * as stats from "@grafana/grafana-foundation-sdk/stat";
import * as statetimeline from "@grafana/grafana-foundation-sdk/statetimeline";
import * as tables from "@grafana/grafana-foundation-sdk/table";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import type { ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import { MappingType } from "@grafana/grafana-foundation-sdk/dashboard";
import { formatOf, type LogQuery, type Unit } from "../../signals";
import { panel, type Panel, type PanelOptions } from "./panel";
import { latest, lines, type AnyQuery, type Query } from "./query";
import { thresholdsOf, type Steps } from "./steps";

/** The kinds of panels. Each takes a title, a sentence that says what bad looks like, its queries, and options. */

const lastValue = () => new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false);
const legendBelow = () =>
  new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(common.LegendDisplayMode.Table)
    .placement(common.LegendPlacement.Bottom)
    .calcs(["mean", "max", "lastNotNull"]);
const allSeries = () =>
  new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending);

/**
 * Points that a panel asks for at most: a line has one for each second or third pixel, a cell of a heatmap is broad enough
 * to point at. Grafana's own limit, a point a pixel, costs the stores twice to seven times as much over a day.
 */
const points = { line: 360, cells: 100 } as const;

interface GraphOptions<U extends Unit> extends PanelOptions<U> {
  /** Series on top of each other, for parts of a whole. */
  readonly stacked?: boolean;
  readonly style?: "line" | "bars";
}

/** How a value went over time; thresholds are drawn as lines. All queries have one unit. */
export function timeSeries<U extends Unit>(
  title: string,
  description: string,
  queries: readonly Query<U>[],
  options: GraphOptions<U> = {},
): Panel {
  const builder = () => {
    const built = new timeseries.PanelBuilder()
      .maxDataPoints(points.line)
      .drawStyle(options.style === "bars" ? common.GraphDrawStyle.Bars : common.GraphDrawStyle.Line)
      .fillOpacity(options.stacked || options.style === "bars" ? 40 : 10)
      .lineWidth(1)
      .showPoints(common.VisibilityMode.Never)
      .legend(legendBelow())
      .tooltip(allSeries());
    if (options.stacked) built.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"));
    if (options.thresholds) {
      built.thresholdsStyle(
        new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
      );
    }
    return built;
  };
  return panel(builder, title, description, queries, { min: 0, ...options });
}

/** One number, coloured by its thresholds. */
export function stat<U extends Unit>(
  title: string,
  description: string,
  query: Query<U>,
  options: PanelOptions<U> = {},
): Panel {
  const builder = () =>
    new stats.PanelBuilder()
      .reduceOptions(lastValue())
      .colorMode(common.BigValueColorMode.Value)
      .graphMode(common.BigValueGraphMode.Area)
      .justifyMode(common.BigValueJustifyMode.Auto)
      .textMode(common.BigValueTextMode.Auto);
  return panel(builder, title, description, [query], { width: "sixth", height: 4, ...options });
}

/** Words for numbers, e.g. `{ 1: ["up", "green"], 0: ["down", "red"] }`. */
export type Words = Readonly<Record<number, readonly [word: string, color: string]>>;

const mappingOf = (words: Words): ValueMapping => ({
  type: MappingType.ValueToText,
  options: Object.fromEntries(
    Object.entries(words).map(([value, [text, color]], index) => [value, { text, color, index }]),
  ),
});

/** How things stand, in words: one tile for each series. */
export function status<U extends Unit>(
  title: string,
  description: string,
  query: Query<U>,
  words: Words,
  options: PanelOptions<U> = {},
): Panel {
  const builder = () =>
    new stats.PanelBuilder()
      .reduceOptions(lastValue())
      .colorMode(common.BigValueColorMode.Background)
      .graphMode(common.BigValueGraphMode.None)
      .textMode(common.BigValueTextMode.ValueAndName)
      .mappings([mappingOf(words)]);
  return panel(builder, title, description, [latest(query)], { height: 6, ...options });
}

/** How states followed each other: one lane for each series. */
export function stateTimeline<U extends Unit>(
  title: string,
  description: string,
  query: Query<U>,
  words: Words,
  options: PanelOptions<U> = {},
): Panel {
  const builder = () =>
    new statetimeline.PanelBuilder()
      .mergeValues(true)
      .showValue(common.VisibilityMode.Never)
      .mappings([mappingOf(words)]);
  return panel(builder, title, description, [query], { width: "half", ...options });
}

/** A gauge between two ends. */
export function gauge<U extends Unit>(
  title: string,
  description: string,
  query: Query<U>,
  options: PanelOptions<U> = {},
): Panel {
  const builder = () =>
    new gaugePanel.PanelBuilder().reduceOptions(lastValue()).showThresholdMarkers(true).showThresholdLabels(false);
  return panel(builder, title, description, [latest(query)], { width: "sixth", height: 6, min: 0, ...options });
}

/** Values side by side, the longest on top. */
export function bars<U extends Unit>(
  title: string,
  description: string,
  queries: readonly Query<U>[],
  options: PanelOptions<U> = {},
): Panel {
  const builder = () =>
    new bargauge.PanelBuilder()
      .reduceOptions(lastValue())
      .orientation(common.VizOrientation.Horizontal)
      .displayMode(common.BarGaugeDisplayMode.Basic)
      .showUnfilled(true);
  return panel(builder, title, description, queries.map(latest), { min: 0, ...options });
}

/** Parts of a whole at the latest moment. */
export function pie<U extends Unit>(
  title: string,
  description: string,
  query: Query<U>,
  options: PanelOptions<U> = {},
): Panel {
  const builder = () =>
    new piechart.PanelBuilder()
      .reduceOptions(lastValue())
      .pieType(piechart.PieChartType.Donut)
      .legend(
        new piechart.PieChartLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(common.LegendDisplayMode.Table)
          .placement(common.LegendPlacement.Right)
          .values([piechart.PieChartLegendValues.Value, piechart.PieChartLegendValues.Percent]),
      );
  return panel(builder, title, description, [latest(query)], options);
}

/** How durations or sizes are distributed over time, from the buckets of a histogram. */
export function heatmap<M extends string>(
  title: string,
  description: string,
  query: Query<Extract<Unit, `buckets of ${M} per second`>>,
  options: PanelOptions = {},
): Panel {
  const builder = () =>
    new heatmaps.PanelBuilder()
      .maxDataPoints(points.cells)
      .calculate(false)
      .yAxis(new heatmaps.YAxisConfigBuilder().unit(formatOf(query.unit).grafana))
      .color(
        new heatmaps.HeatmapColorOptionsBuilder().mode(heatmaps.HeatmapColorMode.Scheme).scheme("Oranges").steps(64),
      )
      .cellGap(1)
      .showLegend();
  return panel<Unit>(builder, title, description, [{ ...query, mode: "heatmap" } as AnyQuery], options);
}

/** A column of a table: its heading, its query, and where it turns red. */
export interface Column {
  readonly heading: string;
  readonly query: AnyQuery;
  readonly thresholds?: Steps;
}

/** A column whose thresholds have the unit of its query. */
export const column = <U extends Unit>(heading: string, query: Query<U>, thresholds?: Steps<U>): Column =>
  thresholds === undefined ? { heading, query } : { heading, query, thresholds };

/** One row for each series, one column for each query; columns meet by the labels that they share. */
export function table(
  title: string,
  description: string,
  columns: readonly Column[],
  options: Omit<PanelOptions, "thresholds"> = {},
): Panel {
  const value = (index: number) =>
    columns.length === 1 ? "Value" : `Value #${"ABCDEFGHIJKLMNOPQRSTUVWXYZ".charAt(index)}`;
  const builder = () => {
    const built = new tables.PanelBuilder().showHeader(true).cellHeight(common.TableCellHeight.Sm);
    if (columns.length > 1) built.withTransformation({ id: "merge", options: {} });
    built.withTransformation({
      id: "organize",
      options: { excludeByName: { Time: true }, indexByName: {}, renameByName: {} },
    });
    columns.forEach(({ heading, query, thresholds }, index) => {
      built.overrideByName(value(index), [
        { id: "displayName", value: heading },
        { id: "unit", value: formatOf(query.unit).grafana },
        { id: "thresholds", value: thresholdsOf(thresholds).build() },
        ...(thresholds ? [{ id: "custom.cellOptions", value: { type: "color-text" } }] : []),
      ]);
    });
    return built;
  };
  const queries = columns.map(({ query }): AnyQuery => ({ ...query, mode: "table" }));
  return panel<Unit>(builder, title, description, queries, { width: "full", ...options });
}

/** Lines of logs, newest first. */
export function logLines(
  title: string,
  description: string,
  of: LogQuery<string>,
  options: PanelOptions<"state"> = {},
): Panel {
  const builder = () =>
    new logsPanel.PanelBuilder()
      .showTime(true)
      .wrapLogMessage(true)
      .enableLogDetails(true)
      .sortOrder(common.LogsSortOrder.Descending)
      .dedupStrategy(common.LogsDedupStrategy.None);
  return panel(builder, title, description, [lines(of)], { width: "full", height: 12, ...options });
}

/** Who calls whom. */
export function nodeGraph(
  title: string,
  description: string,
  query: Query<"state">,
  options: PanelOptions<"state"> = {},
): Panel {
  return panel(() => new nodegraph.PanelBuilder(), title, description, [query], {
    width: "full",
    height: 14,
    ...options,
  });
}

/** A list of traces; a click opens one. */
export function traceList(
  title: string,
  description: string,
  query: Query<"state">,
  options: PanelOptions<"state"> = {},
): Panel {
  return panel(() => new tables.PanelBuilder().showHeader(true), title, description, [query], {
    width: "full",
    height: 10,
    ...options,
  });
}
