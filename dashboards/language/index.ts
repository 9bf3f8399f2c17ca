/** What pages are made of. */
export {
  heatmap,
  bars,
  column,
  gauge,
  logLines,
  nodeGraph,
  pie,
  stat,
  stateTimeline,
  status,
  table,
  timeSeries,
  traceList,
} from "./panels";
export { page, pageTag, type Page } from "./page";
export { collapsedRow, row, type Row } from "./rows";
export { explorePath, type DrillDown, type PageUid } from "./links";
export type { Panel } from "./panel";
export { latest, query, serviceMap, traces, type AnyQuery, type Query } from "./query";
export { dataSources, dataSourceUids, type DataSource } from "./sources";
export { falling, redBelow, redFrom, rising, type Steps } from "./steps";
export { selected, streamVariable, variable, type Variable } from "./variables";
