/** What alerts are written with. */
export { alert, checkDuration, levels, type Alert, type Level, type Team } from "./alert";
export { budgetSeries, burnWindows, factorOf, slo, sloSeries, type Slo } from "./slo";
export { escalated, rulesOf, type Escalations, type Links } from "./render";
export { shownLabels, shownValue } from "./text";
