/** The catalogue of signals and the typed queries on it; everything that pages and alerts read comes from here. */
export * from "./catalogue";
export { CatalogueError } from "./faults";
export { Expression, Instant, Range, Scalar, type InstantVector, type Level } from "./expression";
export { excluding } from "./excluding";
export * from "./functions";
export { matches, matchesNot, not, oneOf, present, type Match, type Matches } from "./labels";
export {
  furtherStreamLabels,
  levels,
  logFields,
  metadataLabels,
  streamLabels,
  type LogFieldName,
  type MetadataLabel,
  type StreamLabel,
} from "./logs";
export { lineCount, lineRate, logBytes, logBytesRate, logQuantile, logs, LogQuery } from "./logql";
export { Matching, on } from "./matching";
export {
  Counter,
  Gauge,
  Histogram,
  Info,
  kinds,
  NativeHistogram,
  rateInterval,
  Summary,
  type MajorVersion,
  type Kind,
  type Metric,
} from "./metric";
export {
  attributesOf,
  logFieldsOf,
  nodesNamed,
  parseQuery,
  selectorsOf,
  withoutVariables,
  type Language,
} from "./parse";
export { logResultOf } from "./log-result-labels";
export { typeFault } from "./promql-check";
export { isNumber, isScalar, operands } from "./promql-tree";
export { raw } from "./raw";
export { agentRules, controlPlaneRules, hostRules, logCountRules, serviceRules, workloadRules } from "./recorded";
export { recordedLabels, type RecordedBy } from "./recorded-labels";
export { resultOf, type Labels, type Lookup, type QueryFault, type Reading, type Result } from "./result-labels";
export { record, recordedFromLogs, ruleGroup, ruleOf, type RecordedRule, type RuleGroup } from "./recording";
export { isSelector, Registry } from "./registry";
export { sharedNames } from "./naming";
export { counter, gauge, histogram, info, nativeHistogram, source, summary } from "./source";
export { agentNames, applicationLabels } from "./sources/application";
export { type Source } from "./system";
export { spanAttributes, type SpanAttributeName } from "./spans";
export { levelsOf, ownLevels, thresholds, type Levels, type Threshold, type Thresholds } from "./thresholds";
export { hostThresholds } from "./thresholds/hosts";
export { kubernetesThresholds } from "./thresholds/kubernetes";
export { phoenixThresholds } from "./thresholds/phoenix";
export { spansWhere, TraceQuery } from "./traceql";
export { knownThresholds, ownedThresholds, thresholdsOf, tunedLevels, type TunedThresholds } from "./tuning";
export { formatOf, inWords, isUnit, quantity, unitFormats, type Quantity, type Unit, type UnitFormat } from "./units";
