/** What alerts are written with. */
export { alert, levels, type Alert, type Level, type Team } from "./alert";
export { isPageReason, pageReasons, ticket, type PageReason } from "./paging";
export { slo, type Slo } from "./slo";
export { perService, takenDownSeries, usualTraffic } from "./traffic";
export { escalated, rulesOf, type Links } from "./render";
