export { type EvaluatorName, type Receiver, type TimeRange } from "./alerting";
export {
  agentsNamespace,
  deployedSystems,
  endpointOf,
  grafanaHost,
  grafanaUrl,
  isDeployed,
  namespaceOf,
  portOf,
  replicaUrls,
  samplesTraces,
  serviceHost,
  urlOf,
  writeUrls,
} from "./addresses";
export { readConfiguration } from "./configuration";
export { type Exemption } from "./exemption";
export { at, EnvironmentError, nearest, unknownName, type Fault } from "./faults";
export { imageReference, imagesOf, imageVersion, type Image } from "./images";
export { deepMerge } from "./merge";
export { project } from "./issues";
export { parseComposed } from "./parse";
export { profileNames, type Profile } from "./profile";
export {
  burnWindowLengths,
  historyLost,
  logsKept,
  metricsKept,
  queryLength,
  tenantHeader,
  traceTiers,
  type LostHistory,
} from "./retention";
export {
  controlPlaneParts,
  stages,
  type DeepReadonly,
  type Environment,
  type RuleFileTexts,
  type Stage,
} from "./schema";
export {
  alertHistory,
  keepings,
  logCountsKept,
  metricsStores,
  metricsTiers,
  metricsWriter,
  storeName,
  type MetricsStore,
} from "./stores";
export { type Composition, type ImageName, type SystemName } from "./composition";
export { type ComponentSettings, type Resources } from "./settings";
export { located } from "./places";
export { printedOwner, theStack, type Owner, type Pack } from "./pack";
export { notifiedSeverities } from "./severities";
export { systemOf, type System, type Use } from "./system";
export { monthlyCost, type Cost } from "./cost/estimate";
export { priceTable } from "./cost/prices";
export { explain, explainLoad, tooSmall, type Explained } from "./sizing/explain";
export { type Quota } from "./capacity";
export { Bytes, Cpu, Duration, Rate, Series, UnitError } from "./units";
